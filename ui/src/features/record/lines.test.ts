import { expect, test } from "vitest";
import type { RecordGroup } from "../../engine";
import { groupedLines, groupKeys, plainLines } from "./lines";

const group = (value: string, offset: number, count: number, children: RecordGroup[] = []): RecordGroup => ({ value, label: value, count, offset, subtotals: {}, children });
const groups = [group("a", 0, 5, [group("x", 0, 2), group("y", 2, 3)]), group("b", 5, 1_000_000, [group("z", 5, 1_000_000)])];

test("without groups a line is the record of the same place", () => {
  const lines = plainLines(3);
  expect([lines.at(0), lines.at(2), lines.at(3)]).toEqual([{ record: 0 }, { record: 2 }, null]);
  expect(lines.records(1, 9)).toEqual([1, 2]);
});

test("heads of groups stand before their records", () => {
  const lines = groupedLines(groups, new Set());
  expect(lines.count).toBe(5 + 1_000_000 + 5);
  expect(lines.at(0)).toMatchObject({ head: { level: 0, group: { value: "a" } } });
  expect(lines.at(1)).toMatchObject({ head: { level: 1, group: { value: "x" } } });
  expect(lines.at(2)).toEqual({ record: 0 });
  expect(lines.at(4)).toMatchObject({ head: { group: { value: "y" } } });
  expect(lines.at(5)).toEqual({ record: 2 });
  expect(lines.at(lines.count - 1)).toEqual({ record: 1_000_004 });
  expect(lines.at(lines.count)).toBeNull();
});

test("every record is found on the line that shows it", () => {
  const lines = groupedLines(groups, new Set());
  for (const record of [0, 1, 2, 4, 5, 6, 500_000, 1_000_004]) expect(lines.at(lines.of(record))).toEqual({ record });
});

test("a shut group is one line, and its records are found there", () => {
  const lines = groupedLines(groups, new Set(['/"a"']));
  expect(lines.at(0)).toMatchObject({ head: { open: false } });
  expect(lines.at(1)).toMatchObject({ head: { group: { value: "b" } } });
  expect(lines.of(3)).toBe(0);
  const inner = groupedLines(groups, new Set(['/"a"/"x"']));
  expect(inner.of(1)).toBe(1);
  expect(inner.of(2)).toBe(3);
});

test("a range over heads means the records between, and stops before a shut group", () => {
  const open = groupedLines(groups, new Set());
  expect(open.records(3, 6)).toEqual([1, 3]);
  expect(open.records(0, 1)).toBeNull();
  expect(groupedLines(groups, new Set(['/"a"/"y"'])).records(2, 8)).toEqual([0, 1]);
});

test("the keys of groups name their whole path", () => {
  expect(groupKeys(groups)).toEqual(['/"a"', '/"a"/"x"', '/"a"/"y"', '/"b"', '/"b"/"z"']);
});
