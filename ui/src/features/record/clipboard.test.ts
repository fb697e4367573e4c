import fc from "fast-check";
import { expect, test } from "vitest";
import { layOut } from "./cells";
import { formatHtml, formatTsv, parseHtml, parseTsv } from "./clipboard";

test("rows as a spreadsheet copies them become cells", () => {
  expect(parseTsv("Ada\t5\r\nGrace\t7\r\n")).toEqual([["Ada", "5"], ["Grace", "7"]]);
});

test("a quoted cell keeps its tabs, line breaks and quotes", () => {
  expect(parseTsv('a\t"two\nlines ""quoted"""\tb')).toEqual([["a", 'two\nlines "quoted"', "b"]]);
});

test("a quote that opens nothing is a character", () => {
  expect(parseTsv('5" pipe\t"loose\tx')).toEqual([['5" pipe', '"loose', "x"]]);
});

test("empty cells and empty last cells stay", () => {
  expect(parseTsv("a\t\tc\n\t\t\n")).toEqual([["a", "", "c"], ["", "", ""]]);
});

test("whatever is copied is pasted as the same cells", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", "я", '"', "\t", "\n", " ", "ł", "\r") });
  const block = fc.integer({ min: 1, max: 4 }).chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }));
  fc.assert(
    fc.property(block, (rows) => {
      // One empty cell alone is no text at all.
      fc.pre(formatTsv(rows) !== "" && rows.at(-1)?.join("") !== "");
      expect(parseTsv(formatTsv(rows))).toEqual(rows);
    }),
  );
});

test("cells copied as HTML can't be read as markup", () => {
  const rows = [["<img src=x>", "a & b"], ["1\n2", '"']];
  expect(formatHtml(rows)).not.toContain("<img");
  expect(parseHtml(formatHtml(rows))).toEqual(rows);
});

test("one cell fills the whole range, a block repeats where it fits, else it is laid out once", () => {
  const range = (height: number, width: number) => ({ top: 0, left: 0, bottom: height - 1, right: width - 1 });
  expect(layOut([["x"]], range(2, 3))).toEqual([["x", "x", "x"], ["x", "x", "x"]]);
  expect(layOut([["a", "b"]], range(2, 2))).toEqual([["a", "b"], ["a", "b"]]);
  expect(layOut([["a", "b"], ["c", "d"]], range(1, 1))).toEqual([["a", "b"], ["c", "d"]]);
  expect(layOut([["a", "b", "c"]], range(1, 2))).toEqual([["a", "b", "c"]]);
});
