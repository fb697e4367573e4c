// Errors of the door in the user's words.
import { toast, type Trouble } from "../design";
import type { EngineError, Error as DoorError } from "../engine";
import { translate, type MessageKey, type T } from "../i18n";
import { askPassphrase } from "./unlocking";

/** Words for an error: a title in the user's language by its code, then what the engine says of it. */
export function troubleOf(error: EngineError | DoorError, t: T): Trouble {
  return {
    title: t(`error:${error.code}` as MessageKey),
    message: error.message,
    remedy: error.remedy,
    detail: error.detail,
  };
}

/** Tells a failed write; a cancelled one needs no words. */
export function tellError(error: EngineError): void {
  if (error.code === "cancelled") return;
  const { title, message, remedy } = troubleOf(error, translate);
  const action = error.code === "locked" ? { label: translate("account:unlock.do"), perform: askPassphrase } : undefined;
  toast(title, { tone: "danger", action, hint: [message, remedy].filter(Boolean).join(" ") || (error.detail ?? undefined) });
}
