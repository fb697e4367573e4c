import { expect, test } from "vitest";
import type { ColumnType, FilePreview } from "../../engine";
import { asGuessed, importArgs, isImportable, keptChoices, previewArgs, typesOf } from "./file-import";

const preview: FilePreview = {
  name: "contacts", delimiter: ";", encoding: "UTF-8", header: true, total: 2,
  columns: [{ name: "Name", type: "text" }, { name: "Seit", type: "date" }, { name: "Umsatz", type: "number" }],
  rows: [["Ada", "2026-01-02", "5"]],
  tables: [],
};
const dropped = { path: null, bytes: { filename: "contacts.csv", mime: "text/csv", base64: "QQ==" } } as const;

test("types are the guesses until one is chosen, and then all are sent in the file's order", () => {
  expect(importArgs(dropped, asGuessed, preview, new Map(), { base: null, name: "contacts" }).types).toBeNull();
  const chosen = new Map<number, ColumnType>([[2, "text"]]);
  expect(typesOf(preview, chosen)).toEqual(["text", "date", "text"]);
  expect(importArgs(dropped, asGuessed, preview, chosen, { base: "b1", name: " " })).toMatchObject({ base: "b1", name: null, types: ["text", "date", "text"] });
});

test("a file without a path goes as bytes, one with a path by its path", () => {
  expect(previewArgs(dropped, asGuessed)).toEqual({ path: "", bytes: dropped.bytes, delimiter: null, encoding: null, header: null });
  expect(previewArgs({ path: "/tmp/a.tsv", bytes: null }, { delimiter: "\t", encoding: "windows-1251", header: false })).toEqual({ path: "/tmp/a.tsv", bytes: null, delimiter: "\t", encoding: "windows-1251", header: false });
});

test("choices end where another separator makes other columns", () => {
  const chosen = new Map<number, ColumnType>([[1, "text"]]);
  expect(keptChoices(chosen, preview, { ...preview, encoding: "windows-1251" })).toEqual(chosen);
  expect(keptChoices(chosen, preview, { ...preview, columns: preview.columns.slice(0, 1) }).size).toBe(0);
});

test("only tables are taken", () => {
  expect(isImportable({ path: "/home/a/List.XLSX", bytes: null })).toBe(true);
  expect(isImportable({ path: "/home/a/photo.png", bytes: null })).toBe(false);
});
