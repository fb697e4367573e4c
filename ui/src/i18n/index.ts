// Words of the window in the user's language, and numbers, dates and sizes as that language writes them.
import i18next from "i18next";
import { useMemo } from "react";
import { initReactI18next, useTranslation } from "react-i18next";
import { english, languages, type Language, type MessageKey } from "./catalogue";
import { said } from "./engine";
import { formats, type Formats } from "./format";
import { loadWords } from "./words";

export { languageNames, languages, type Language, type MessageKey } from "./catalogue";
export { say, sayPhrase, spoken } from "./engine";
export { formats, type Formats } from "./format";

/** Values for the placeholders of a message; `count` chooses the plural form. */
export type Values = { count?: number; [name: string]: string | number | undefined };
export type T = (key: MessageKey, values?: Values) => string;

/** The supported language nearest to what the system prefers. */
export function systemLanguage(): Language {
  for (const tag of navigator.languages ?? [navigator.language]) {
    const found = languages.find((language) => tag.toLowerCase().split("-")[0] === language);
    if (found) return found;
  }
  return "en";
}

/** The language that a setting means: empty follows the system. */
export function chosenLanguage(setting: string): Language {
  return languages.find((language) => language === setting) ?? systemLanguage();
}

void i18next.use(initReactI18next).init({
  resources: { en: english },
  lng: "en",
  fallbackLng: "en",
  defaultNS: "common",
  ns: Object.keys(english),
  initAsync: false,
  returnNull: false,
  interpolation: { escapeValue: false },
});
document.documentElement.lang = i18next.language;
i18next.on("languageChanged", (language) => {
  document.documentElement.lang = language;
});

/** Languages whose words are there or on their way. */
const loaded = new Map<Language, Promise<void>>();

function withWords(language: Language): Promise<void> {
  if (language === "en") return Promise.resolve();
  const known = loaded.get(language);
  if (known) return known;
  const loading = loadWords(language).then(({ messages, sentences }) => {
    for (const [noun, tree] of Object.entries(messages)) i18next.addResourceBundle(language, noun, tree);
    said[language] = sentences;
  });
  loaded.set(language, loading);
  return loading;
}

let wanted: Language = "en";

/** Speaks a language once its words are there; the last one that was asked for. */
export async function setLanguage(language: Language): Promise<void> {
  wanted = language;
  await withWords(language);
  if (wanted === language && i18next.language !== language) await i18next.changeLanguage(language);
}

/** The language of the window now. */
export function currentLanguage(): Language {
  return chosenLanguage(i18next.language);
}

/** Outside of components; inside use {@link useT}, which follows a change of language. */
export const translate: T = (key, values) => i18next.t(key, localised(values)) as string;

/** A count that stands in a sentence is written as the language writes numbers. */
function localised(values: Values | undefined): Record<string, unknown> | undefined {
  if (!values || values.count === undefined) return values;
  return { ...values, n: formats(i18next.language).number(values.count) };
}

export function useT(): T {
  const { t } = useTranslation();
  return useMemo(() => (key: MessageKey, values?: Values) => t(key as never, localised(values) as never) as unknown as string, [t]);
}

/** Numbers, dates and sizes in the chosen language. */
export function useFormats(): Formats {
  const { i18n } = useTranslation();
  return formats(i18n.language);
}

/** Like {@link useFormats}, outside of components. */
export function currentFormats(): Formats {
  return formats(i18next.language);
}
