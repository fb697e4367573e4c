import { expect, test } from "vitest";
import type { Column, FormulaFunction } from "../../engine";
import { aroundMistake, completionsAt } from "./completion";

const column = (name: string): Column => ({ id: 1, name, type: "text", settings: {}, description: "", width: 100 });
const columns = [column("Größe"), column("Preis"), column("Großhandelspreis")];
const functions: FormulaFunction[] = [
  { name: "round", signature: "round(number, digits)", category: "number", example: "" },
  { name: "roundUp", signature: "roundUp(number)", category: "number", example: "" },
  { name: "today", signature: "today()", category: "date", example: "" },
];
const at = (text: string) => {
  const cursor = text.indexOf("|");
  return completionsAt(text.replace("|", ""), cursor, columns, functions);
};

test("after a brace come columns, those that begin so first, accents apart", () => {
  expect(at("1 + {|")?.choices.map((one) => one.label)).toEqual(["Größe", "Preis", "Großhandelspreis"]);
  expect(at("{pre|")?.choices.map((one) => one.label)).toEqual(["Preis", "Großhandelspreis"]);
  expect(at("{GROS|")).toBeNull();
  expect(at("{gro|")?.choices[0]).toMatchObject({ text: "{Größe}", cursor: 7 });
  expect(at("{gro|}")?.choices[0]?.text).toBe("{Größe");
});

test("after a letter come functions, with their bracket where it is not there yet", () => {
  expect(at("ro|")?.choices.map((one) => one.text)).toEqual(["round(", "roundUp("]);
  expect(at("ro|(1)")?.choices[0]?.text).toBe("round");
  expect(at("to|")?.choices[0]).toMatchObject({ text: "today()", cursor: 7 });
});

test("inside of quotes and behind a closed brace nothing is offered", () => {
  expect(at('"ro|')).toBeNull();
  expect(at("{Preis}|")).toBeNull();
  expect(at('"a" & ro|')?.from).toBe(6);
});

test("the place of a mistake counts characters", () => {
  expect(aroundMistake("👍+*", 2)).toEqual(["👍+", "*", ""]);
  expect(aroundMistake("sum(", 4)).toEqual(["sum(", "", ""]);
});
