import { expect, test } from "vitest";
import { languages } from "./index";
import { guideNames, loadGuide, type Guide } from "./guides";

const flat = (guide: Guide) => [guide.title, ...guide.intro, ...Object.values(guide.parts).flatMap((part) => [part.title, ...part.lines, part.note ?? ""])];
const codes = (guide: Guide) => flat(guide).flatMap((text) => text.match(/`[^`]+`/g) ?? []).toSorted();

test.each(guideNames)("the guide %s has the same parts, in the same order, in every language", async (name) => {
  const english = await loadGuide(name, "en");
  for (const language of languages) {
    const guide = await loadGuide(name, language);
    expect(Object.keys(guide.parts), language).toEqual(Object.keys(english.parts));
    for (const [id, part] of Object.entries(guide.parts)) {
      expect(part.lines.length, `${language} ${id}`).toBe(english.parts[id]!.lines.length);
      expect(part.note === undefined, `${language} ${id}`).toBe(english.parts[id]!.note === undefined);
    }
  }
});

test.each(guideNames)("the guide %s names the same values to type in every language, and its marks are closed", async (name) => {
  const english = codes(await loadGuide(name, "en"));
  for (const language of languages) {
    const guide = await loadGuide(name, language);
    expect(codes(guide), language).toEqual(english);
    for (const text of flat(guide)) {
      expect((text.match(/\*\*/g) ?? []).length % 2, `${language}: ${text}`).toBe(0);
      expect((text.match(/`/g) ?? []).length % 2, `${language}: ${text}`).toBe(0);
    }
  }
});

test.each(guideNames)("no line of the guide %s is an English copy", async (name) => {
  const english = new Set(flat(await loadGuide(name, "en")).filter((text) => text !== ""));
  for (const language of languages.filter((one) => one !== "en")) {
    for (const text of flat(await loadGuide(name, language))) expect(english.has(text), `${language}: ${text}`).toBe(false);
  }
});
