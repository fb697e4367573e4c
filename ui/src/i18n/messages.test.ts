import { expect, test } from "vitest";
import { english, languages, type Tree } from "./catalogue";
import { loadWords } from "./words";

const forms = ["zero", "one", "two", "few", "many", "other"];
const formOf = (key: string) => forms.find((form) => key.endsWith(`_${form}`));

function flat(tree: Tree, before = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") found.set(before + key, value);
    else for (const [path, text] of flat(value, `${before}${key}.`)) found.set(path, text);
  }
  return found;
}

const messagesOf = async (language: (typeof languages)[number]): Promise<Tree> => (language === "en" ? english : (await loadWords(language)).messages);
const all = Object.fromEntries(await Promise.all(languages.map(async (language) => [language, flat(await messagesOf(language))] as const)));
const base = (key: string) => {
  const form = formOf(key);
  return form ? key.slice(0, -form.length - 1) : key;
};
const placeholders = (text: string) => new Set(text.match(/\{\{\s*[\w.]+\s*\}\}/g) ?? []);

test("every language has every message, and no others", () => {
  const keys = new Set([...all["en"]!.keys()].map(base));
  for (const language of languages) {
    const mine = new Set([...all[language]!.keys()].map(base));
    expect([...keys].filter((key) => !mine.has(key)), `${language} lacks`).toEqual([]);
    expect([...mine].filter((key) => !keys.has(key)), `${language} has too many`).toEqual([]);
  }
});

test("a message that counts has every plural form its language needs", () => {
  for (const language of languages) {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const counted = new Set([...all["en"]!.keys()].filter(formOf).map(base));
    for (const key of counted) {
      const present = forms.filter((form) => all[language]!.has(`${key}_${form}`));
      expect(present.toSorted(), `${language} ${key}`).toEqual([...needed].toSorted());
    }
  }
});

test("a translation has the placeholders of the English text", () => {
  for (const language of languages) {
    for (const [key, text] of all[language]!) {
      const form = formOf(key);
      const english = all["en"]!.get(form ? `${base(key)}_other` : key);
      // A form for exactly one thing may say it in words.
      const wanted = placeholders(english ?? "");
      const found = placeholders(text);
      if (form === "one") wanted.delete("{{n}}");
      if (form === "one") found.delete("{{n}}");
      expect(found, `${language} ${key}`).toEqual(wanted);
    }
  }
});

test("no message is empty, and none is an English copy", () => {
  // Names and words that are the same in both.
  const names = /Tabella|IMAP|SMTP|STARTTLS|TLS|Gmail|GMX|WEB\.DE|iCloud|Yahoo|Outlook|Microsoft|CSV|PEM|Message-ID|HTML|Unicode|OK|API|Graph/g;
  for (const language of languages) {
    for (const [key, text] of all[language]!) {
      expect(text.trim(), `${language} ${key}`).not.toBe("");
      if (language === "en") continue;
      const english = all["en"]!.get(key);
      const words = text.replaceAll(/\{\{.*?\}\}/g, "").replaceAll(names, "").match(/\p{L}{3,}/gu) ?? [];
      const cyrillic = language === "uk" || language === "ru";
      const copied = text === english && words.length > (cyrillic ? 0 : 1);
      expect(copied, `${language} ${key} is still English: ${text}`).toBe(false);
    }
  }
});

test("every error code of the door has a title, and advice where the engine's sentence does not say it", async () => {
  const bindings = (await import("../engine/bindings.ts?raw")).default;
  const codes = /export type ErrorCode = ([^;]+);/.exec(bindings)?.[1]?.match(/"(\w+)"/g)?.map((code) => code.slice(1, -1)) ?? [];
  expect(codes.length).toBeGreaterThan(15);
  const ownWords = new Set(["invalid", "conflict", "cancelled", "refused", "template"]);
  for (const code of codes) expect(all["en"]!.has(`error.help.${code}`), `advice for ${code}`).toBe(!ownWords.has(code));
  for (const code of codes) expect(all["en"]!.has(`error.${code}`), code).toBe(true);
});
