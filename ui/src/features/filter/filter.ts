// Filters as they are edited: pure steps from one FilterNode to the next. Predicates and modifiers are
// named as in the engine (src-tauri/base/src/filter), which is also their judge.
import type { Column, FilterNode } from "../../engine";
import { familyOf, type Family } from "../cell/kinds";

export type FilterGroup = Extract<FilterNode, { kind: "group" }>;
export type FilterRule = Extract<FilterNode, { kind: "rule" }>;
/** From the root down, each step the place among a group's items. */
export type FilterPath = readonly number[];

/** Groups in groups, the root counted; deeper ones can't be read as a sentence any more. */
export const DEEPEST = 4;

const table = {
  text: ["contains", "does_not_contain", "is", "is_not", "is_current_user_ID", "is_empty", "is_not_empty"],
  number: ["equal", "not_equal", "less", "greater", "less_or_equal", "greater_or_equal", "is_empty", "is_not_empty"],
  date: ["is", "is_not", "is_before", "is_after", "is_on_or_before", "is_on_or_after", "is_within", "is_empty", "is_not_empty"],
  one: ["is", "is_not", "is_any_of", "is_none_of", "is_empty", "is_not_empty"],
  many: ["has_any_of", "has_all_of", "has_none_of", "is_exactly", "is_empty", "is_not_empty"],
  person: ["contains", "does_not_contain", "is", "is_not", "include_me", "is_empty", "is_not_empty"],
  persons: ["has_any_of", "has_all_of", "has_none_of", "is_exactly", "include_me", "is_empty", "is_not_empty"],
  flag: ["is"],
  presence: ["is_empty", "is_not_empty"],
} as const satisfies Record<Family, readonly string[]>;

export type Predicate = (typeof table)[Family][number];

export const predicatesOf = (family: Family): readonly Predicate[] => table[family];

/** Days a date is compared with. */
export const dayModifiers = ["exact_date", "today", "tomorrow", "yesterday", "one_week_ago", "one_week_from_now", "one_month_ago", "one_month_from_now", "number_of_days_ago", "number_of_days_from_now"] as const;
/** Spans a date lies in. */
export const spanModifiers = ["this_week", "this_month", "this_year", "the_past_week", "the_past_month", "the_past_year", "the_next_week", "the_next_month", "the_next_year", "the_past_numbers_of_days", "the_next_numbers_of_days"] as const;
export type Modifier = (typeof dayModifiers)[number] | (typeof spanModifiers)[number];

/** What stands beside a predicate. */
export type ValueKind = "none" | "me" | "text" | "number" | "date" | "days" | "option" | "options" | "person" | "persons" | "flag";

/** Whether a rule, or one in a group, is about whoever looks: nothing stands beside it, and it finds others for others. */
export const asksForMe = (node: FilterNode): boolean => (node.kind === "group" ? node.items.some(asksForMe) : node.predicate === "include_me" || node.predicate === "is_current_user_ID");

export function valueKind(column: Column, rule: FilterRule): ValueKind {
  if (rule.predicate === "is_empty" || rule.predicate === "is_not_empty") return "none";
  if (asksForMe(rule)) return "me";
  switch (familyOf(column.type)) {
    case "text":
      return "text";
    case "number":
      return "number";
    case "flag":
      return "flag";
    case "one":
      return rule.predicate === "is" || rule.predicate === "is_not" ? "option" : "options";
    case "many":
      return "options";
    case "person":
      return rule.predicate === "is" || rule.predicate === "is_not" ? "person" : "persons";
    case "persons":
      return "persons";
    case "date":
      if (rule.modifier === "exact_date" || rule.modifier === null || rule.modifier === undefined) return "date";
      return rule.modifier.includes("number") ? "days" : "none";
    default:
      return "none";
  }
}

/** The names a rule on persons holds; one alone is as good as a list. */
export const namesIn = (rule: FilterRule): string[] => (Array.isArray(rule.value) ? (rule.value as unknown[]) : [rule.value]).flatMap((one) => (typeof one === "string" && one !== "" ? [one] : []));

/** The modifiers a date rule can have. */
export const modifiersOf = (predicate: string): readonly Modifier[] => (predicate === "is_within" ? spanModifiers : dayModifiers);

/** A rule on a column, still without a value where it needs one. */
export function newRule(column: Column): FilterRule {
  const family = familyOf(column.type);
  return { kind: "rule", column: column.id, predicate: table[family][0], value: family === "flag" ? true : null, modifier: family === "date" ? "exact_date" : null };
}

/** The rule with another predicate; its value stays where it still fits. */
export function withPredicate(column: Column, rule: FilterRule, predicate: string): FilterRule {
  let { modifier } = rule;
  if (familyOf(column.type) === "date") {
    const fitting = modifiersOf(predicate);
    if (!fitting.includes(modifier as Modifier)) modifier = fitting[0] ?? null;
  }
  const next: FilterRule = { ...rule, predicate, modifier };
  const [before, after] = [valueKind(column, rule), valueKind(column, next)];
  const bare = (kind: ValueKind) => kind === "none" || kind === "me";
  if (before === after || bare(after)) return next;
  if (after === `${before}s`) return { ...next, value: rule.value === null ? null : [rule.value] };
  if (before === `${after}s`) return { ...next, value: Array.isArray(rule.value) ? ((rule.value as unknown[])[0] ?? null) : null };
  return bare(before) ? next : { ...next, value: null };
}

/** The rule on another column: as new where the columns are filtered differently. */
export function withColumn(from: Column | undefined, to: Column, rule: FilterRule): FilterRule {
  const alike = from !== undefined && familyOf(from.type) === familyOf(to.type) && !["one", "many"].includes(familyOf(to.type));
  return alike ? { ...rule, column: to.id } : newRule(to);
}

export const emptyGroup = (all = true): FilterGroup => ({ kind: "group", all, items: [] });

/** The stored filter as a group to edit. */
export function asGroup(filter: FilterNode | null): FilterGroup {
  if (filter === null) return emptyGroup();
  return filter.kind === "group" ? filter : { kind: "group", all: true, items: [filter] };
}

/** As it is stored: nothing where there are no rules. */
export const asStored = (group: FilterGroup): FilterNode | null => (group.items.length === 0 ? null : group);

/** The group with the node at `path` replaced; null takes it out. */
export function replacedAt(group: FilterGroup, path: FilterPath, node: FilterNode | null): FilterGroup {
  const [at, ...rest] = path;
  if (at === undefined) return node?.kind === "group" ? node : emptyGroup();
  const items = group.items.flatMap((item, index): FilterNode[] => {
    if (index !== at) return [item];
    if (rest.length > 0) return item.kind === "group" ? [replacedAt(item, rest, node)] : [item];
    return node === null ? [] : [node];
  });
  return { ...group, items };
}

/** How many rules there are. */
export function rulesIn(node: FilterNode | null): number {
  if (node === null) return 0;
  return node.kind === "rule" ? 1 : node.items.reduce((sum, item) => sum + rulesIn(item), 0);
}

/** The filter without rules on a column that is gone. */
export function withoutColumns(group: FilterGroup, known: ReadonlySet<number>): FilterGroup {
  return {
    ...group,
    items: group.items.flatMap((item): FilterNode[] => (item.kind === "group" ? [withoutColumns(item, known)] : known.has(item.column) ? [item] : [])),
  };
}
