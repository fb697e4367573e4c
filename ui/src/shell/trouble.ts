// Errors of the door in the user's words.
import { toast, type Trouble } from "../design";
import type { EngineError, Error as DoorError, ErrorCode } from "../engine";
import { currentLanguage, translate, type MessageKey, type T } from "../i18n";
import { askPassphrase } from "./unlocking";

/** Codes whose meaning is in the engine's own sentence: it names the argument, the place or the server's words. */
const specific = new Set<ErrorCode>(["invalid", "conflict", "cancelled", "refused", "template"]);

/**
 * Words for an error: a title by its code, then what happened and what to do. The engine speaks English;
 * in other languages its sentences stand in the detail, and the advice is that of the code.
 */
export function troubleOf(error: EngineError | DoorError, t: T): Trouble {
  const { code, message, remedy, detail } = error;
  const title = t(`error:${code}` as MessageKey);
  if (specific.has(code)) return { title, message, remedy, detail };
  const help = t(`error:help.${code}` as MessageKey);
  if (currentLanguage() === "en") return { title, message, remedy: remedy || (message ? "" : help), detail };
  return { title, remedy: help, detail: [message, remedy, detail].filter(Boolean).join("\n") || null };
}

/** Tells a failed write; a cancelled one needs no words. */
export function tellError(error: EngineError): void {
  if (error.code === "cancelled") return;
  const { title, message, remedy } = troubleOf(error, translate);
  const action = error.code === "locked" ? { label: translate("account:unlock.do"), perform: askPassphrase } : undefined;
  toast(title, { tone: "danger", action, hint: [message, remedy].filter(Boolean).join(" ") || (error.detail ?? undefined) });
}
