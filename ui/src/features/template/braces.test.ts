import { expect, test } from "vitest";
import { matching, openBrace, quotesIn, withColumn } from "./braces";

test("a brace is open until its end, and in its line only", () => {
  expect(openBrace("Dear {Na", 8)).toEqual({ from: 5, query: "Na" });
  expect(openBrace("Dear {Name}", 11)).toBeNull();
  expect(openBrace("{a\nb", 4)).toBeNull();
});

test("the chosen column ends the brace, also one that was closed already", () => {
  const brace = openBrace("Dear {Na}, hello", 8)!;
  expect(withColumn("Dear {Na}, hello", 8, brace, "Full name")).toEqual({ text: "Dear {Full name}, hello", cursor: 16 });
});

test("quotes of columns are found, expressions are left to the engine", () => {
  expect(quotesIn("{Name} owes {Umsatz}; {x|upper} {% if %}").map((one) => one.name)).toEqual(["Name", "Umsatz"]);
});

test("columns that begin so stand first, case and accents aside", () => {
  expect(matching([{ name: "Umsatz" }, { name: "Stadt" }, { name: "Straße" }, { name: "Élan" }], "st").map((one) => one.name)).toEqual(["Stadt", "Straße"]);
  expect(matching([{ name: "Élan" }], "el")).toHaveLength(1);
});
