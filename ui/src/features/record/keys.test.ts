import fc from "fast-check";
import { expect, test } from "vitest";
import { movedBy, rangeOf, sizeOf, typesCharacter, walkedBy } from "./keys";

const bounds = { rows: 100, cols: 5, page: 10 };
const press = (key: string, more: { mod?: boolean; shift?: boolean } = {}) => ({ key, mod: false, shift: false, ...more });

test("arrows move by one cell, with Ctrl to the edge", () => {
  expect(movedBy({ row: 3, col: 2 }, press("ArrowDown"), bounds)).toEqual({ row: 4, col: 2 });
  expect(movedBy({ row: 3, col: 2 }, press("ArrowDown", { mod: true }), bounds)).toEqual({ row: 99, col: 2 });
  expect(movedBy({ row: 3, col: 2 }, press("ArrowLeft", { mod: true }), bounds)).toEqual({ row: 3, col: 0 });
});

test("above the first record lies the header, which a range never takes in", () => {
  expect(movedBy({ row: 0, col: 1 }, press("ArrowUp"), bounds)).toEqual({ row: -1, col: 1 });
  expect(movedBy({ row: 0, col: 1 }, press("ArrowUp", { shift: true }), bounds)).toEqual({ row: 0, col: 1 });
  expect(movedBy({ row: 9, col: 1 }, press("ArrowUp", { mod: true }), bounds)).toEqual({ row: 0, col: 1 });
});

test("Home and End stay in the row, with Ctrl they go to the corners", () => {
  expect(movedBy({ row: 3, col: 2 }, press("Home"), bounds)).toEqual({ row: 3, col: 0 });
  expect(movedBy({ row: 3, col: 2 }, press("End", { mod: true }), bounds)).toEqual({ row: 99, col: 4 });
  expect(movedBy({ row: 3, col: 2 }, press("Home", { mod: true }), bounds)).toEqual({ row: 0, col: 0 });
});

test("PageDown moves by what fits", () => {
  expect(movedBy({ row: 3, col: 2 }, press("PageDown"), bounds)).toEqual({ row: 13, col: 2 });
  expect(movedBy({ row: 95, col: 2 }, press("PageDown"), bounds)).toEqual({ row: 99, col: 2 });
});

test("no key leads out of the grid", () => {
  const key = fc.constantFrom("ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End", "PageDown", "PageUp");
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 300 }), fc.array(fc.record({ key, mod: fc.boolean(), shift: fc.boolean() })), (rows, cols, presses) => {
      let at = { row: 0, col: 0 };
      for (const one of presses) {
        at = movedBy(at, one, { rows, cols, page: 20 })!;
        expect(at.row >= -1 && at.row < rows && at.col >= 0 && at.col < cols).toBe(true);
      }
    }),
  );
});

test("Tab walks on into the next record and ends at the last cell", () => {
  expect(walkedBy({ row: 0, col: 4 }, "Tab", false, bounds)).toEqual({ row: 1, col: 0 });
  expect(walkedBy({ row: 1, col: 0 }, "Tab", true, bounds)).toEqual({ row: 0, col: 4 });
  expect(walkedBy({ row: 99, col: 4 }, "Tab", false, bounds)).toBeNull();
  expect(walkedBy({ row: 99, col: 4 }, "Enter", false, bounds)).toBeNull();
});

test("a range has its corners in any order", () => {
  expect(rangeOf({ row: 5, col: 3 }, { row: 2, col: 4 })).toEqual({ top: 2, bottom: 5, left: 3, right: 4 });
  expect(sizeOf({ top: 2, bottom: 5, left: 3, right: 4 })).toBe(8);
});

test("characters begin to type, also with AltGr; shortcuts and Space do not", () => {
  const event = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });
  expect(typesCharacter(event("я"))).toBe(true);
  expect(typesCharacter(event("ł", { ctrlKey: true, altKey: true }))).toBe(true);
  expect(typesCharacter(event("c", { ctrlKey: true }))).toBe(false);
  expect(typesCharacter(event(" "))).toBe(false);
  expect(typesCharacter(event("F2"))).toBe(false);
});
