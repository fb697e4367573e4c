import { expect, test } from "vitest";
import { hiddenOn, segmentsOf } from "./weeks";

const entry = (index: number, start: number, end = start) => ({ index, start, end });

test("entries that touch the same day stand in different lanes, others share one", () => {
  const found = segmentsOf([entry(0, 10, 12), entry(1, 11), entry(2, 13), entry(3, 12, 13)], 10);
  expect(found.map(({ entry: { index }, lane }) => [index, lane])).toEqual([[0, 0], [1, 1], [3, 1], [2, 0]]);
});

test("an entry over the edge of a week is cut there and says so", () => {
  const [before] = segmentsOf([entry(0, 5, 11)], 10);
  expect(before).toMatchObject({ from: 0, to: 1, before: true, after: false });
  const [after] = segmentsOf([entry(0, 15, 30)], 10);
  expect(after).toMatchObject({ from: 5, to: 6, before: false, after: true });
  expect(segmentsOf([entry(0, 5, 9)], 10)).toEqual([]);
});

test("what finds no room on a day is counted", () => {
  const found = segmentsOf([entry(0, 10), entry(1, 10), entry(2, 10), entry(3, 11)], 10);
  expect(hiddenOn(found, 0, 2)).toBe(1);
  expect(hiddenOn(found, 1, 2)).toBe(0);
});
