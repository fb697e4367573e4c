import { expect, test } from "vitest";
import type { Column, ColumnType } from "../../engine";
import { continued } from "./fill";

const column = (type: ColumnType): Column => ({ id: 1, name: "C", type, settings: {}, description: "", width: 100 });
const next = (type: ColumnType, values: unknown[], count = 3) => Array.from({ length: count }, (_, at) => continued(column(type), values, at));

test("numbers with a step go on by it; a single one and others repeat", () => {
  expect(next("number", [2, 4])).toEqual([6, 8, 10]);
  expect(next("number", [0.1, 0.2])).toEqual([0.3, 0.4, 0.5]);
  expect(next("number", [5])).toEqual([5, 5, 5]);
  expect(next("number", [1, 2, 4])).toEqual([1, 2, 4]);
  expect(next("number", [1, null])).toEqual([1, null, 1]);
});

test("days go on over the end of a month and keep their time of day", () => {
  expect(next("date", ["2026-01-30", "2026-01-31"])).toEqual(["2026-02-01", "2026-02-02", "2026-02-03"]);
  expect(next("date", ["2026-03-01 09:30", "2026-03-08 09:30"], 1)).toEqual(["2026-03-15 09:30"]);
  expect(next("date", ["2026-03-01"])).toEqual(["2026-03-01", "2026-03-01", "2026-03-01"]);
});

test("everything else repeats in its order", () => {
  expect(next("text", ["a", "b"])).toEqual(["a", "b", "a"]);
  expect(next("rating", [1, 2])).toEqual([1, 2, 1]);
});
