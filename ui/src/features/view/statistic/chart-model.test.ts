import { expect, test } from "vitest";
import type { RecordStatistics } from "../../../engine";
import { dateLabel } from "../../cell/date-label";
import { arc, chartModel, MOST_CATEGORIES, slices, steps } from "./chart-model";

const of = (values: (number | null)[], columns: string[] = []): RecordStatistics => ({ rows: values.map((_, at) => ({ label: at === 1 ? "" : `R${at}`, value: at })), columns: columns.map((label) => ({ label, value: label })), values: values.map((value) => [value]) });

test("a scale has round steps, holds every value, and begins with zero", () => {
  expect(steps([3, 97])).toEqual([0, 20, 40, 60, 80, 100]);
  expect(steps([0.02, 0.11])).toEqual([0, 0.025, 0.05, 0.075, 0.1, 0.125]);
  expect(steps([-40, 60])).toEqual([-40, -20, 0, 20, 40, 60]);
  expect(steps([null, 0])).toEqual([0, 1]);
});

test("too many categories are left out and counted", () => {
  const model = chartModel(of(Array.from({ length: 200 }, (_, at) => at)), "Sum", "empty");
  expect(model.categories).toHaveLength(MOST_CATEGORIES);
  expect(model.categories[1]).toBe("empty");
  expect(model.cut.categories).toBe(140);
  expect(model.series).toEqual([{ label: "Sum", values: expect.any(Array) }]);
});

test("small slices of a pie stand together, and shares make a whole", () => {
  const found = slices(of([50, -3, 20, 1, 2, 3, 4, 5, 6, 7, 8, null]), "empty", "rest");
  expect(found[0]).toMatchObject({ label: "R0", value: 50 });
  expect(found.at(-1)?.label).toBe("rest");
  expect(found.reduce((sum, one) => sum + one.share, 0)).toBeCloseTo(1);
});

test("days and months of an axis are written as the language writes them, weeks and quarters stay", () => {
  expect(["2026-11", "2026-11-05", "2026-W45", "2026-Q4", "2026"].map((label) => dateLabel(label, "de"))).toEqual(["Nov. 2026", "05.11.2026", "2026-W45", "2026-Q4", "2026"]);
});

test("a ring of one slice is whole", () => {
  expect(arc(0, 1, 10, 5).match(/M/g)).toHaveLength(2);
});
