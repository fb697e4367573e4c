import { afterEach, expect, test } from "vitest";
import { setTransport, type Column, type FilterNode, type RecordRow, type View } from "../../engine";
import { testTransport } from "../../testing/transport";
import { dayFrom } from "./day";
import { findDoubles } from "./doubles";
import { fold } from "../cell/show";
import { matches } from "./match";
import { between, needsOf, painterOf } from "./painter";

const column = (id: number, type: Column["type"], settings: Record<string, unknown> = {}): Column => ({ id, name: `C${id}`, type, settings, description: "", width: 100 });
const columns = [column(1, "text"), column(2, "number"), column(3, "date"), column(4, "single_select", { options: [{ id: 1, name: "A", color: "#9bd6f7" }, { id: 2, name: "B", color: "#a6e3c4" }] }), column(5, "multiple_select", { options: [{ id: 1, name: "A" }, { id: 2, name: "B" }] }), column(6, "checkbox"), column(7, "collaborator"), column(8, "creator")];
const known = new Map(columns.map((one) => [one.id, one]));
const now = dayFrom(2026, 11, 22);
const me = [fold("Ada Byron"), "ada@example.org"];
const asks = (id: number, predicate: string, value: unknown, cell: unknown, modifier: string | null = null) => matches({ kind: "rule", column: id, predicate, value: value as never, modifier }, known, () => cell, "en", now, me);

test("text is compared without case and accents, as the engine does", () => {
  expect(fold("Žądło Straße Ёлка")).toBe("zadlo strasse елка");
  expect(asks(1, "contains", "zadl", "Łukasz Żądło")).toBe(true);
  expect(asks(1, "is_not", "ada", "ADA")).toBe(false);
  expect(asks(1, "does_not_contain", "x", null)).toBe(true);
  expect(asks(1, "is", "", "anything")).toBe(true);
});

test("numbers, boxes and options are matched; empty cells only by what denies", () => {
  expect(asks(2, "greater", 3, 4)).toBe(true);
  expect(asks(2, "less", "3,5", 3)).toBe(true);
  expect(asks(2, "greater", 3, null)).toBe(false);
  expect(asks(2, "not_equal", 3, null)).toBe(true);
  expect(asks(6, "is", true, null)).toBe(false);
  expect(asks(4, "is_any_of", [1, 2], 2)).toBe(true);
  expect(asks(4, "is_none_of", [1], null)).toBe(true);
  expect(asks(5, "has_all_of", [1, 2], [2])).toBe(false);
  expect(asks(5, "is_exactly", [1, 2], [2, 1])).toBe(true);
});

test("persons are matched by whole names, as the engine does", () => {
  expect(asks(7, "has_any_of", ["ADA", "Jan"], ["Olena", "Ada"])).toBe(true);
  expect(asks(7, "has_all_of", ["Ada", "Jan"], ["Ada"])).toBe(false);
  expect(asks(7, "has_none_of", ["Ada"], null)).toBe(true);
  expect(asks(7, "is_exactly", ["Żądło"], ["zadlo"])).toBe(true);
  expect(asks(7, "is_exactly", ["Ada"], ["Ada", "Jan"])).toBe(false);
  expect(asks(7, "has_any_of", [], ["Ada"])).toBe(true);
  expect(asks(8, "contains", ["Ada"], "Ada Byron")).toBe(false);
  expect(asks(8, "contains", "byr", "Ada Byron")).toBe(true);
  expect(asks(8, "does_not_contain", ["Ada"], "")).toBe(true);
  expect(asks(8, "is", "ada", "Ada")).toBe(true);
});

test("me is matched by every name, whatever stands beside the rule, and nobody where nobody is known", () => {
  expect(asks(8, "include_me", null, "ADA BYRON")).toBe(true);
  expect(asks(8, "include_me", ["Jan"], "Jan")).toBe(false);
  expect(asks(7, "include_me", null, ["Jan", "Ada@example.org"])).toBe(true);
  expect(asks(7, "include_me", null, null)).toBe(false);
  expect(asks(1, "is_current_user_ID", null, "ada@example.org")).toBe(true);
  expect(asks(1, "is_current_user_ID", null, "Ada")).toBe(false);
  expect(matches({ kind: "rule", column: 8, predicate: "include_me", value: null, modifier: null }, known, () => "Ada Byron", "en", now)).toBe(false);
});

test("dates are matched by day and by the spans people name", () => {
  expect(asks(3, "is", null, "2026-11-22 18:00", "today")).toBe(true);
  expect(asks(3, "is_within", null, "2026-11-16", "this_week")).toBe(true);
  expect(asks(3, "is_within", null, "2026-11-23", "this_week")).toBe(false);
  expect(asks(3, "is_within", 7, "2026-11-29", "the_next_numbers_of_days")).toBe(true);
  expect(asks(3, "is_before", "2026-11-22", "2026-11-21", "exact_date")).toBe(true);
  expect(asks(3, "is", null, "2026-10-22", "one_month_ago")).toBe(true);
});

const view = (settings: Record<string, unknown>): View => ({ id: 1, name: "V", kind: "table", filter: null, sorts: [], groups: [], hidden: [], order: [], frozen: 1, row_height: 1, locked: false, settings });
const row = (...cells: unknown[]): RecordRow => ({ id: 1, cells });
const value = (one: RecordRow, id: number) => one.cells[id - 1];
const facts = { language: "en", me: ["Ada Byron"], bounds: () => ({ min: 0, max: 100 }), isDouble: (_: number, cell: unknown) => cell === "twice" };

test("a record has the colour of its option, or of the first rule that fits", () => {
  const bySelect = painterOf(view({ colors: { by: "select", column: 4 } }), columns, facts);
  expect(bySelect?.row(row("", 1, null, 2), value)).toBe("#a6e3c4");
  expect(bySelect?.row(row("", 1, null, null), value)).toBeNull();
  const rule = (predicate: string, wanted: number): FilterNode => ({ kind: "rule", column: 2, predicate, value: wanted as never, modifier: null });
  const byRules = painterOf(view({ colors: { by: "rules", rules: [{ filter: rule("greater", 50), color: "#111111" }, { filter: rule("greater", 10), color: "#222222" }] } }), columns, facts);
  expect([60, 20, 5].map((n) => byRules?.row(row("", n), value))).toEqual(["#111111", "#222222", null]);
  const mine = view({ colors: { by: "rules", rules: [{ filter: { kind: "group", all: true, items: [{ kind: "rule", column: 8, predicate: "include_me", value: null, modifier: null }] }, color: "#333333" }] } });
  const byMe = painterOf(mine, columns, facts);
  expect(["ada byron", "Jan"].map((name) => byMe?.row(row("", 1, null, null, null, null, null, name), value))).toEqual(["#333333", null]);
  expect([needsOf(mine, columns).me, needsOf(view({}), columns).me]).toEqual([true, false]);
});

test("cells are coloured along a scale and where they occur twice", () => {
  const painter = painterOf(view({ cell_colors: [{ column: 2, by: "scale", from: "#000000", to: "#ffffff" }, { column: 1, by: "duplicates", color: "#abcdef" }] }), columns, facts);
  expect(painter?.cell(row("", 50), 2, value)).toBe("#808080");
  expect(painter?.cell(row("", null), 2, value)).toBeNull();
  expect(painter?.cell(row("twice"), 1, value)).toBe("#abcdef");
  expect(painter?.cell(row("once"), 1, value)).toBeNull();
  expect(between("#000000", "#ffffff", 2)).toBe("#ffffff");
});

test("a view without colours has no painter", () => {
  expect(painterOf(view({}), columns, facts)).toBeNull();
  expect(painterOf(view({ colors: { by: "select", column: 99 } }), columns, facts)).toBeNull();
});

afterEach(() => setTransport(testTransport({})));

test("doubles among many values are found by asking for those in sight", async () => {
  const stored = ["a", "A", "b", ...Array.from({ length: 3000 }, () => "often"), "c"];
  const transport = testTransport({
    "record.list": ({ filter, limit }) => {
      const wanted = new Set((filter as Extract<FilterNode, { kind: "group" }>).items.map((item) => (item.kind === "rule" ? fold(String(item.value)) : "")));
      const found = stored.filter((one) => wanted.has(fold(one)));
      return { total: found.length, columns: [1], rows: found.slice(0, limit).map((one, at) => ({ id: at, cells: [one] })) };
    },
  });
  setTransport(transport);
  const found = await findDoubles({ base: "b", table: 1, view: 1 }, columns[0]!, ["a", "b", "often", "c"]);
  expect(Object.fromEntries(found)).toEqual({ a: true, b: false, often: true, c: false });
});
