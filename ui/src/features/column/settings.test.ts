import { expect, test } from "vitest";
import type { Column, ColumnType } from "../../engine";
import { canType, canWrite, isLocked } from "../cell/kinds";
import { draftOf, mistakeOf, optionColors, settingsOf } from "./settings";

const column = (type: ColumnType, settings: Record<string, unknown> = {}): Column => ({ id: 1, name: "C", type, settings, description: "", width: 100 });

test("settings the dialog does not know stay", () => {
  const before = column("date", { format: "YYYY-MM-DD", default_value: "x" });
  const draft = { ...draftOf(before, "de"), timed: true };
  expect(settingsOf(draft, before.settings, "de")).toEqual({ format: "YYYY-MM-DD HH:mm", default_value: "x" });
});

test("names that letters can't quote are refused", () => {
  const draft = draftOf(null, "en");
  expect(mistakeOf({ ...draft, name: " " }, [])).toBe("name");
  expect(mistakeOf({ ...draft, name: "a{b" }, [])).toBe("name_sign");
  expect(mistakeOf({ ...draft, name: "mail" }, ["Mail"])).toBe("name_taken");
  expect(mistakeOf({ ...draft, name: "ok" }, ["Mail"])).toBeNull();
});

test("an option without a colour is stored without one, for the engine to give", () => {
  const before = column("single_select", { options: [{ id: 1, name: "A" }, { id: 2, name: "B", color: optionColors[1] }] });
  expect(settingsOf(draftOf(before, "en"), before.settings, "en")["options"]).toEqual([{ id: 1, name: "A" }, { id: 2, name: "B", color: optionColors[1] }]);
});

test("the lock of the cells is told when it is set, and when it is taken off", () => {
  const before = column("number", { format: "number" });
  const locked = settingsOf({ ...draftOf(before, "en"), locked: true }, before.settings, "en");
  expect(locked["locked"]).toBe(true);
  const now = column("number", locked);
  expect([isLocked(now), canWrite(now), canType(now), canWrite(before)]).toEqual([true, false, false, true]);
  expect(settingsOf({ ...draftOf(now, "en"), locked: false }, locked, "en")["locked"]).toBe(false);
  expect(settingsOf(draftOf(before, "en"), before.settings, "en")).not.toHaveProperty("locked");
});
