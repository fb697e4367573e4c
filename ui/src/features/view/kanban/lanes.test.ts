import { expect, test } from "vitest";
import type { Column, ColumnType } from "../../../engine";
import { laneFilter, lanesOf, movedCell } from "./lanes";

const column = (type: ColumnType, settings = {}): Column => ({ id: 7, name: "Wer", type, settings, description: "", width: 100 });
const who = column("collaborator");
const [nobody, anna, ben] = lanesOf(who, ["Anna", "Ben"], "ja", "nein") as [null, NonNullable<ReturnType<typeof lanesOf>[0]>, NonNullable<ReturnType<typeof lanesOf>[0]>];

test("a board by persons has a lane for nobody and one for each person", () => {
  expect([nobody, anna.name, ben.name]).toEqual([null, "Anna", "Ben"]);
  expect(laneFilter(who, nobody)).toMatchObject({ predicate: "is_empty", value: null });
  expect(laneFilter(who, anna)).toMatchObject({ predicate: "has_any_of", value: ["Anna"] });
});

test("a card that is moved changes hands, and of several persons only the one it was taken from changes", () => {
  expect(movedCell(who, ["Anna"], anna, ben)).toEqual(["Ben"]);
  expect(movedCell(who, ["Cleo", "anna", "Dan"], anna, ben)).toEqual(["Cleo", "Ben", "Dan"]);
  expect(movedCell(who, ["Ben", "Anna"], anna, ben)).toEqual(["Ben"]);
  expect(movedCell(who, null, nobody, ben)).toEqual(["Ben"]);
});

test("a card that is moved to nobody loses the person of its lane and keeps the others", () => {
  expect(movedCell(who, ["Anna", "Ben"], anna, nobody)).toEqual(["Ben"]);
  expect(movedCell(who, ["Anna"], anna, nobody)).toBeNull();
});

test("a board by departments moves a card from one to another", () => {
  const team = column("department");
  const [, sales] = lanesOf(team, ["Verkauf"], "ja", "nein");
  expect(laneFilter(team, sales ?? null)).toMatchObject({ predicate: "is", value: "Verkauf" });
  expect(movedCell(team, "Lager", null, sales ?? null)).toBe("Verkauf");
});

test("a board by a choice or by yes and no stands as before", () => {
  const stage = column("single_select", { options: [{ id: 3, name: "Neu" }] });
  const [, fresh] = lanesOf(stage, [], "ja", "nein");
  expect(laneFilter(stage, fresh ?? null)).toMatchObject({ predicate: "is", value: 3 });
  expect(movedCell(stage, 1, null, fresh ?? null)).toBe(3);
  expect(lanesOf(column("checkbox"), [], "ja", "nein").map((lane) => lane?.value)).toEqual([false, true]);
});
