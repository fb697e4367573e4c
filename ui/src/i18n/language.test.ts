import { afterEach, expect, test } from "vitest";
import { currentLanguage, setLanguage, translate } from "./index";

afterEach(() => setLanguage("en"));

test("a language is spoken once its words are there", async () => {
  expect(translate("common:cancel")).toBe("Cancel");
  await setLanguage("de");
  expect(translate("common:cancel")).toBe("Abbrechen");
  expect(document.documentElement.lang).toBe("de");
});

test("of two languages asked for at once the last one is spoken, whichever came first", async () => {
  await Promise.all([setLanguage("pl"), setLanguage("en")]);
  expect(currentLanguage()).toBe("en");
  await Promise.all([setLanguage("ru"), setLanguage("uk")]);
  expect(currentLanguage()).toBe("uk");
  expect(translate("common:cancel")).toBe("Скасувати");
});
