import fc from "fast-check";
import { expect, test } from "vitest";
import type { Column, ColumnType } from "../../engine";
import { layOut, pastedValue } from "./cells";
import { formatHtml, formatTsv, parseHtml, parseTsv, readCells } from "./clipboard";

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
  const html = formatHtml(rows.map((row) => row.map((text) => ({ text }))));
  expect(html).not.toContain("<img");
  expect(parseHtml(html).map((row) => row.map((cell) => cell.text))).toEqual(rows);
});

test("one cell fills the whole range, a block repeats where it fits, else it is laid out once", () => {
  const range = (height: number, width: number) => ({ top: 0, left: 0, bottom: height - 1, right: width - 1 });
  expect(layOut([["x"]], range(2, 3), "")).toEqual([["x", "x", "x"], ["x", "x", "x"]]);
  expect(layOut([["a", "b"]], range(2, 2), "")).toEqual([["a", "b"], ["a", "b"]]);
  expect(layOut([["a", "b"], ["c", "d"]], range(1, 1), "")).toEqual([["a", "b"], ["c", "d"]]);
  expect(layOut([["a", "b", "c"]], range(1, 2), "")).toEqual([["a", "b", "c"]]);
});

const column = (type: ColumnType, settings: Record<string, unknown> = {}): Column => ({ id: 1, name: "C", type, settings, description: "", width: 100 });

test("numbers and dates of Excel, LibreOffice and Google keep their exact value, whatever they show", () => {
  const excel = `<style>.xl65 {mso-number-format:"Short Date"; color:black;} .xl66 {mso-number-format:Percent;}</style><table><tr><td class=xl65 x:num="45992">01.12.25</td><td class=xl66 x:num="0.12345">12%</td><td x:num>7.5</td><td x:str>5</td></tr></table>`;
  const office = `<table><tr><td sdval="45992.5" sdnum="1031;0;TT.MM.JJ HH:MM">x</td><td sdval="45992.5" sdnum="1033;0;YYYY-MM-DD HH:MM">1.12. 12:00</td><td sdval="1234.5678" sdnum="1033;0;#,##0.00">1,234.57</td></tr></table>`;
  const google = `<table><tr><td data-sheets-value='{"1":3,"3":45992}' data-sheets-numberformat='{"1":5,"2":"dd.MM.yyyy"}'>01.12.2025</td><td data-sheets-value='{"1":3,"3":0.1}'>0,10 €</td><td data-sheets-value='{"1":4,"4":1}'>TRUE</td><td data-sheets-value='{"1":2,"2":"a"}'>a</td></tr></table>`;
  expect(parseHtml(excel)[0]?.map((cell) => cell.exact)).toEqual([{ is: "date", iso: "2025-12-01" }, { is: "number", number: 0.12345 }, { is: "number", number: 7.5 }, undefined]);
  expect(parseHtml(office)[0]?.slice(1).map((cell) => cell.exact)).toEqual([{ is: "date", iso: "2025-12-01 12:00" }, { is: "number", number: 1234.5678 }]);
  expect(parseHtml(google)[0]?.map((cell) => cell.exact)).toEqual([{ is: "date", iso: "2025-12-01" }, { is: "number", number: 0.1 }, { is: "flag", flag: true }, undefined]);
});

test("a pasted value goes as it is into a column of its kind, as text into any other", () => {
  const [row] = readCells("12%\t01.12.25\tWAHR", `<table><tr><td x:num="0.12345">12%</td><td sdval="45992" sdnum="1033;0;DD.MM.YY">01.12.25</td><td data-sheets-value='{"1":4,"4":0}'>x</td></tr></table>`);
  const [number, date, flag] = row ?? [];
  expect(pastedValue(column("number"), number!)).toBe(0.12345);
  expect(pastedValue(column("text"), number!)).toBe("12%");
  expect(pastedValue(column("date"), date!)).toBe("2025-12-01");
  expect(pastedValue(column("checkbox"), flag!)).toBe(false);
  expect(pastedValue(column("checkbox"), { text: "" })).toBeNull();
  expect(pastedValue(column("formula"), number!)).toBeUndefined();
  // Of another shape than the text the HTML is something else.
  expect(readCells("a\tb", "<table><tr><td x:num='1'>a</td></tr></table>")[0]?.[0]?.exact).toBeUndefined();
});

test("what we copy we paste as it was, files too", () => {
  const files = [{ name: "a.pdf", size: 1, hash: "ab" }];
  const html = formatHtml([[{ text: "a.pdf", exact: { is: "own", kind: "file", value: files } }, { text: "12,35 %", exact: { is: "own", kind: "number", value: 0.12345 } }]]);
  expect(html).toContain('sdval="0.12345"');
  const [file, number] = parseHtml(html)[0] ?? [];
  expect(pastedValue(column("file"), file!)).toEqual(files);
  expect(pastedValue(column("image"), file!)).toEqual(files);
  expect(pastedValue(column("text"), file!)).toBe("a.pdf");
  expect(pastedValue(column("file"), { text: "a.pdf" })).toBeUndefined();
  expect(pastedValue(column("number"), number!)).toBe(0.12345);
});
