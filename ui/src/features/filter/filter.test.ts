import { expect, test } from "vitest";
import type { Column, ColumnType } from "../../engine";
import { asGroup, asksForMe, asStored, emptyGroup, namesIn, newRule, replacedAt, rulesIn, valueKind, withColumn, withoutColumns, withPredicate, type FilterGroup } from "./filter";

const column = (id: number, type: ColumnType): Column => ({ id, name: `C${id}`, type, settings: {}, description: "", width: 100 });
const text = column(1, "text");
const number = column(2, "number");
const date = column(3, "date");
const select = column(4, "single_select");

test("a new rule has the first predicate of its column's type", () => {
  expect(newRule(text)).toEqual({ kind: "rule", column: 1, predicate: "contains", value: null, modifier: null });
  expect(newRule(number).predicate).toBe("equal");
  expect(newRule(date)).toMatchObject({ predicate: "is", modifier: "exact_date" });
  expect(newRule(column(5, "checkbox"))).toMatchObject({ predicate: "is", value: true });
  expect(newRule(column(6, "file")).predicate).toBe("is_empty");
});

test("a filter is built up, with groups inside of groups, and taken apart again", () => {
  let root: FilterGroup = emptyGroup();
  root = replacedAt(root, [], { ...root, items: [newRule(text)] });
  root = replacedAt(root, [], { ...root, items: [...root.items, { ...emptyGroup(false), items: [newRule(number)] }] });
  root = replacedAt(root, [0], { ...newRule(text), value: "GmbH" });
  root = replacedAt(root, [1, 0], { ...newRule(number), predicate: "greater", value: "10" });
  expect(asStored(root)).toEqual({
    kind: "group",
    all: true,
    items: [
      { kind: "rule", column: 1, predicate: "contains", value: "GmbH", modifier: null },
      { kind: "group", all: false, items: [{ kind: "rule", column: 2, predicate: "greater", value: "10", modifier: null }] },
    ],
  });
  expect(rulesIn(root)).toBe(2);
  root = replacedAt(root, [1], null);
  root = replacedAt(root, [0], null);
  expect(asStored(root)).toBeNull();
});

test("a stored rule alone is edited as a group of one", () => {
  const rule = newRule(text);
  expect(asGroup(rule)).toEqual({ kind: "group", all: true, items: [rule] });
  expect(asGroup(null).items).toEqual([]);
});

test("a value stays where the next predicate can use it", () => {
  const rule = { ...newRule(text), value: "x" };
  expect(withPredicate(text, rule, "is").value).toBe("x");
  const one = { ...newRule(select), value: 7 };
  expect(withPredicate(select, one, "is_any_of").value).toEqual([7]);
  expect(withPredicate(select, { ...one, predicate: "is_any_of", value: [7, 8] }, "is").value).toBe(7);
});

test("a date that must lie within something gets a span, and a day again afterwards", () => {
  const within = withPredicate(date, newRule(date), "is_within");
  expect(within.modifier).toBe("this_week");
  expect(valueKind(date, within)).toBe("none");
  expect(withPredicate(date, within, "is_before").modifier).toBe("exact_date");
  expect(valueKind(date, { ...within, modifier: "the_past_numbers_of_days" })).toBe("days");
});

test("another column of the same kind keeps the rule, one of another kind begins anew", () => {
  const rule = { ...newRule(text), predicate: "is", value: "x" };
  expect(withColumn(text, column(9, "email"), rule)).toEqual({ ...rule, column: 9 });
  expect(withColumn(text, number, rule)).toEqual(newRule(number));
  expect(withColumn(select, column(10, "single_select"), { ...newRule(select), value: 3 })).toEqual(newRule(column(10, "single_select")));
});

test("rules on columns that are gone are left out, so that the rest can still be edited", () => {
  const root: FilterGroup = { kind: "group", all: true, items: [newRule(text), { kind: "group", all: false, items: [newRule(number), newRule(date)] }] };
  expect(rulesIn(withoutColumns(root, new Set([1, 3])))).toBe(2);
});

test("persons are named one by one or in a list, whichever the predicate wants", () => {
  const [who, maker] = [column(20, "collaborator"), column(21, "creator")];
  expect(newRule(who)).toMatchObject({ predicate: "has_any_of", value: null });
  expect(valueKind(who, newRule(who))).toBe("persons");
  const some = { ...newRule(maker), value: ["Ada", "Jan"] };
  expect(valueKind(maker, some)).toBe("persons");
  const one = withPredicate(maker, some, "is");
  expect([valueKind(maker, one), one.value]).toEqual(["person", "Ada"]);
  expect(withPredicate(maker, one, "does_not_contain").value).toEqual(["Ada"]);
  const me = withPredicate(maker, some, "include_me");
  expect([valueKind(maker, me), asksForMe(me), asksForMe({ ...emptyGroup(), items: [some] }), asksForMe({ ...emptyGroup(), items: [some, me] })]).toEqual(["me", true, false, true]);
  expect(withPredicate(maker, me, "contains")).toEqual(some);
  expect(withPredicate(who, { ...newRule(who), predicate: "include_me" }, "has_none_of").value).toBeNull();
  expect([namesIn(one), namesIn(some), namesIn(newRule(who))]).toEqual([["Ada"], ["Ada", "Jan"], []]);
});
