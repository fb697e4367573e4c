import { afterEach, expect, test } from "vitest";
import { setLanguage, translate } from "../i18n";
import { doorError } from "../testing/transport";
import { troubleOf } from "./trouble";

afterEach(() => setLanguage("en"));

const full = doorError("disk", "Only 80 MB are free.", { remedy: "Make room.", detail: "ENOSPC" });

test("in English the engine's own sentences are shown", () => {
  expect(troubleOf(full, translate)).toMatchObject({ message: "Only 80 MB are free.", remedy: "Make room.", detail: "ENOSPC" });
});

test("in another language the advice is in that language, and the engine's sentences stand in the detail", async () => {
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
