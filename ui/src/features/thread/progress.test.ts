import { act } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { setLanguage } from "../../i18n";
import * as design from "../../design";
import { Progress } from "./progress";

afterEach(() => vi.useRealTimers());

test("what takes long is counted in a toast whose button stops it", async () => {
  await setLanguage("de");
  vi.useFakeTimers({ toFake: ["performance"] });
  const shown = vi.spyOn(design, "toast");
  const progress = new Progress();
  progress.at(500, 100_000);
  expect(shown).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  progress.at(1500, 100_000);
  expect(shown.mock.calls[0]?.[0]).toBe("1.500 von 100.000");
  act(() => shown.mock.calls[0]?.[1]?.action?.perform());
  expect(progress.stopped).toBe(true);
  progress.end();
  await setLanguage("en");
});
