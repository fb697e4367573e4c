// Errors of the door in the user's words.
import { toast, type Trouble } from "../design";
import type { EngineError, Error as DoorError, ErrorCode } from "../engine";
import { say, spoken, translate, type MessageKey, type T } from "../i18n";
import { askPassphrase } from "./unlocking";

/** Codes whose meaning is in the engine's own sentence: it names the argument, the place or the server's words. */
const specific = new Set<ErrorCode>(["invalid", "conflict", "cancelled", "refused", "template"]);

/**
 * Words for an error: a title by its code, then what happened and what to do. A sentence that the language
 * does not have stands in the detail, and the advice is that of the code.
 */
export function troubleOf(error: EngineError | DoorError, t: T): Trouble {
  const { code, detail } = error;
  const title = t(`error:${code}` as MessageKey);
  const message = spoken(error.message, error.message_parts);
  const remedy = spoken(error.remedy, error.remedy_parts);
  if (message !== null || specific.has(code)) {
    const words = message ?? error.message;
    return { title, message: words, remedy: (remedy ?? error.remedy) || (words || specific.has(code) ? "" : t(`error:help.${code}` as MessageKey)), detail };
  }
  return { title, remedy: remedy || t(`error:help.${code}` as MessageKey), detail: [error.message, remedy ? "" : error.remedy, detail].filter(Boolean).join("\n") || null };
}

/** What happened and what to do, in a line, where there is no room for more. */
export function wordsOf(error: EngineError | DoorError): string {
  return [say(error.message, error.message_parts), say(error.remedy, error.remedy_parts)].filter(Boolean).join(" ");
}

/** Tells a failed write; a cancelled one needs no words. */
export function tellError(error: EngineError): void {
  if (error.code === "cancelled") return;
  const { title, message, remedy } = troubleOf(error, translate);
  const action = error.code === "locked" ? { label: translate("account:unlock.do"), perform: askPassphrase } : undefined;
  toast(title, { tone: "danger", action, hint: [message, remedy].filter(Boolean).join(" ") || (error.detail ?? undefined) });
}
