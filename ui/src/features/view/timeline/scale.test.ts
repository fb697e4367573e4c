import { expect, test } from "vitest";
import { dayFrom, partsOf, textOf } from "../day";
import { lowerMarks, movedBar, rangeOf, upperMarks } from "./scale";

const day = (text: string) => {
  const [year, month, date] = text.split("-").map(Number) as [number, number, number];
  return dayFrom(year, month, date);
};

test("the axis begins and ends with whole months and holds every date and today", () => {
  const [first, last] = rangeOf([day("2026-03-10"), null, day("2026-05-02")], day("2026-04-15"));
  expect(textOf(first)).toBe("2026-01-01");
  expect(textOf(last)).toBe("2026-08-31");
});

test("a date far away does not make the axis endless", () => {
  const [first, last] = rangeOf([day("0001-01-01"), day("9999-12-31")], day("2026-04-15"));
  expect(last - first).toBeLessThan(111_000);
});

test("months stand above days, and years above months", () => {
  expect(upperMarks(day("2026-04-20"), day("2026-05-03"), "day", "en").map((mark) => mark.label)).toEqual(["April 2026", "May 2026"]);
  const days = lowerMarks(day("2026-04-24"), day("2026-04-27"), "day", "en", day("2026-04-24"));
  expect(days.map((mark) => [mark.label, mark.kind])).toEqual([["24", "now"], ["25", "off"], ["26", "off"], ["27", "plain"]]);
  expect(lowerMarks(day("2026-01-15"), day("2026-03-01"), "month", "de", 0).map((mark) => partsOf(mark.day).month)).toEqual([1, 2, 3]);
});

test("the ends of a bar stop at each other", () => {
  expect(movedBar(10, 14, "whole", 3)).toEqual([13, 17]);
  expect(movedBar(10, 14, "end", -9)).toEqual([10, 10]);
  expect(movedBar(10, 14, "start", 9)).toEqual([14, 14]);
});
