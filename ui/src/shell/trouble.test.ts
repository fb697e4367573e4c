import { afterEach, expect, test } from "vitest";
import { setLanguage, translate } from "../i18n";
import { doorError } from "../testing/transport";
import { troubleOf, wordsOf } from "./trouble";

afterEach(() => setLanguage("en"));

const full = doorError("disk", "Only 80 MB are free.", { remedy: "Make room.", detail: "ENOSPC" });

test("in English the engine's own sentences are shown", () => {
  expect(troubleOf(full, translate)).toMatchObject({ message: "Only 80 MB are free.", remedy: "Make room.", detail: "ENOSPC" });
});

test("in another language the engine's sentences are said in that language, whatever the code", async () => {
  await setLanguage("uk");
  const error = doorError("disk", "C:\\Пошта can't be written.", {
    message_parts: { template: "{path} can't be written.", args: { path: "C:\\Пошта" } },
    remedy: "Free some space and try again.",
    detail: "ENOSPC",
  });
  expect(troubleOf(error, translate)).toEqual({
    title: "Не вдалося прочитати або записати диск",
    message: "Не вдалося записати C:\\Пошта.",
    remedy: "Звільніть місце й спробуйте ще раз.",
    detail: "ENOSPC",
  });
  expect(wordsOf(error)).toBe("Не вдалося записати C:\\Пошта. Звільніть місце й спробуйте ще раз.");
});

test("a sentence that the language does not have stands in the detail, and the advice is the code's", async () => {
  await setLanguage("uk");
  const trouble = troubleOf(full, translate);
  expect(trouble.message ?? "").toBe("");
  expect(trouble.remedy).toMatch(/Звільніть місце/);
  expect(trouble.detail).toBe("Only 80 MB are free.\nMake room.\nENOSPC");
});

test("what only the engine knows stays in sight in every language", async () => {
  await setLanguage("de");
  expect(troubleOf(doorError("invalid", "The port must be 1 to 65535."), translate).message).toBe("The port must be 1 to 65535.");
});
