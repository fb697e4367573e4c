import { afterEach, expect, test } from "vitest";
import { languages } from "./catalogue";
import { say, said, spoken } from "./engine";
import templates from "./engine/templates.json";
import { setLanguage } from "./index";
import type { Said } from "./words";

for (const language of languages) await setLanguage(language);

afterEach(() => setLanguage("en"));

const all = Object.values(templates).flat();
const others = languages.filter((language) => language !== "en");
const names = (text: string) => new Set([...text.replaceAll(/\{\{|\}\}/g, "").matchAll(/\{(\w+)\}/g)].map((found) => found[1]));
const forms = (text: Said) => (typeof text === "string" ? [text] : Object.values(text));

test.each(others)("%s says every sentence of the engine, and no others", (language) => {
  const known = said[language] ?? new Map<string, Said>();
  expect(all.filter((template) => !known.has(template)), "lacks").toEqual([]);
  const wanted = new Set(all);
  expect([...known.keys()].filter((template) => !wanted.has(template)), "has too many").toEqual([]);
});

test.each(others)("%s names the arguments of each sentence", (language) => {
  for (const template of all) {
    for (const form of forms(said[language]?.get(template) ?? template)) {
      expect(form.trim(), template).not.toBe("");
      expect(names(form), `${template}\n${form}`).toEqual(names(template));
    }
  }
});

test.each(others)("%s has the plural forms it needs where a sentence counts, and only there", (language) => {
  const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
  for (const template of all) {
    const text = said[language]?.get(template) ?? template;
    if (names(template).has("count")) expect(Object.keys(text).toSorted(), template).toEqual(needed);
    else expect(typeof text, template).toBe("string");
  }
});

test.each(others)("%s ends a sentence where English does, and copies none", (language) => {
  // Sentences that are arguments alone, and names.
  const same = new Set(["“{name}”: {words}", "API", "token"]);
  for (const template of all) {
    for (const form of forms(said[language]?.get(template) ?? "")) {
      expect(/[.?]$/.test(form), `${template}\n${form}`).toBe(/[.?]$/.test(template));
      if (!same.has(template)) expect(form, template).not.toBe(template);
    }
  }
});

test("arguments stand in their places, and words of ours among them are translated too", async () => {
  await setLanguage("de");
  const why = { text: "“viel” is not a number.", parts: { template: "“{text}” is not a number.", args: { text: "viel" } } };
  const parts = { template: "The column “{name}” can't take this: {why}", args: { name: "Preis", why } };
  expect(say("", parts)).toBe("");
  expect(spoken("The column “Preis” can't take this: “viel” is not a number.", parts)).toBe("Die Spalte „Preis“ nimmt das nicht an: „viel“ ist keine Zahl.");
});

test("a number that counts chooses its plural form and is written as the language writes it", async () => {
  await setLanguage("uk");
  const of = (count: number) => say("x", { template: "{name}() takes {count} values.", args: { name: "IF", count } });
  expect([of(2), of(5), of(21)]).toEqual(["IF() приймає 2 значення.", "IF() приймає 5 значень.", "IF() приймає 21 значення."]);
});

test("braces are braces", async () => {
  await setLanguage("pl");
  expect(say("a } is missing.", { template: "a }} is missing.", args: {} })).toBe("brakuje }.");
});

test("English needs no catalogue, and an unknown sentence stays English", async () => {
  expect(spoken("Anything.")).toBe("Anything.");
  await setLanguage("de");
  expect(spoken("Anything.")).toBeNull();
  expect(say("Anything.")).toBe("Anything.");
});
