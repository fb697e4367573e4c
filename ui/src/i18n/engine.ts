// What the engine says, in the user's language. It speaks English; a sentence crosses with its template and
// arguments, and the catalogues under engine/ are keyed by the template, as in gettext. engine.test.ts holds
// them to the list of all sentences, which the engine's sources make (engine/templates.json).
import i18next from "i18next";
import type { Arg, Parts, Phrase } from "../engine";
import { formats } from "./format";
import type { Said } from "./words";

/** What the languages that were loaded say, by English template. */
export const said: Partial<Record<string, Map<string, Said>>> = {};

/** The sentence in the window's language; null where its language has none. English has all. */
export function spoken(text: string, parts?: Parts | null): string | null {
  const language = i18next.language;
  if (language === "en" || text === "") return text;
  const found = said[language]?.get(parts?.template ?? text);
  if (found === undefined) return null;
  // Without arguments a sentence stands as it is, braces and all.
  if (!parts) return typeof found === "string" ? found : (found.other ?? null);
  const count = parts.args["count"];
  const form = typeof found === "string" ? found : (found[new Intl.PluralRules(language).select(typeof count === "number" ? count : 0)] ?? found.other ?? "");
  return form.replaceAll(/\{\{|\}\}|\{(\w+)\}/g, (brace, name: string | undefined) => (name === undefined ? brace.charAt(0) : argument(name, parts.args[name], language)));
}

function argument(name: string, arg: Arg | undefined, language: string): string {
  if (arg === undefined) return "";
  if (typeof arg === "number") return name === "count" ? formats(language).number(arg) : String(arg);
  return typeof arg === "string" ? arg : sayPhrase(arg);
}

/** The sentence in the window's language, else in English. */
export function say(text: string, parts?: Parts | null): string {
  return spoken(text, parts) ?? text;
}

/** Like {@link say}. */
export function sayPhrase(phrase: Phrase): string {
  return say(phrase.text, phrase.parts);
}
