// Whether a record that is on the screen fulfils a filter: for colours by rules, which every repaint asks.
// Says the same as the engine (src-tauri/base/src/filter), which alone decides what a list holds.
import type { Column, FilterNode } from "../../engine";
import { familyOf } from "../cell/kinds";
import { chosenOptions, fold, isEmpty, showCell } from "../cell/show";
import { asksForMe } from "../filter/filter";
import { dayOf, mondayOf, monthStart, plusMonths, today, yearStart } from "./day";

export type ValueOf = (column: Column) => unknown;

/** From, and the day after the last. */
type Span = [number, number];

/** The days a rule's date means; null where its value is still missing. */
function spanOf(modifier: string | null | undefined, value: unknown, now: number): Span | null {
  const day = (at: number): Span => [at, at + 1];
  const count = Number(value === null || value === "" ? Number.NaN : value);
  const counted = (make: (n: number) => Span) => (Number.isInteger(count) ? make(count) : null);
  const week = mondayOf(now);
  switch (modifier) {
    case "today": return day(now);
    case "tomorrow": return day(now + 1);
    case "yesterday": return day(now - 1);
    case "one_week_ago": return day(now - 7);
    case "one_week_from_now": return day(now + 7);
    case "one_month_ago": return day(plusMonths(now, -1));
    case "one_month_from_now": return day(plusMonths(now, 1));
    case "number_of_days_ago": return counted((n) => day(now - n));
    case "number_of_days_from_now": return counted((n) => day(now + n));
    case "this_week": return [week, week + 7];
    case "the_past_week": return [week - 7, week];
    case "the_next_week": return [week + 7, week + 14];
    case "this_month": return [monthStart(now), monthStart(now, 1)];
    case "the_past_month": return [monthStart(now, -1), monthStart(now)];
    case "the_next_month": return [monthStart(now, 1), monthStart(now, 2)];
    case "this_year": return [yearStart(now), yearStart(now, 1)];
    case "the_past_year": return [yearStart(now, -1), yearStart(now)];
    case "the_next_year": return [yearStart(now, 1), yearStart(now, 2)];
    case "the_past_numbers_of_days": return counted((n) => [now - n, now + 1]);
    case "the_next_numbers_of_days": return counted((n) => [now, now + n + 1]);
    default: {
      const at = dayOf(value);
      return at === null ? null : day(at);
    }
  }
}

function dateMatches(cell: unknown, predicate: string, [from, end]: Span): boolean {
  const at = dayOf(cell);
  if (at === null) return predicate === "is_not";
  switch (predicate) {
    case "is": case "is_within": return at >= from && at < end;
    case "is_not": return at < from || at >= end;
    case "is_before": return at < from;
    case "is_on_or_before": return at < end;
    case "is_after": return at >= end;
    default: return at >= from;
  }
}

/** For whom, and when. */
interface Asked {
  language: string;
  now: number;
  /** Who "me" is, folded. */
  me: readonly string[];
}

/** The persons in a cell, folded. */
const personsIn = (cell: unknown) => (Array.isArray(cell) ? (cell as unknown[]) : [cell]).flatMap((one) => (typeof one === "string" && one !== "" ? [fold(one)] : []));

/** One rule; null where it says nothing yet. */
function ruleMatches(column: Column, cell: unknown, rule: Extract<FilterNode, { kind: "rule" }>, { language, now, me }: Asked): boolean | null {
  const { predicate, value, modifier } = rule;
  if (predicate === "is_empty") return isEmpty(cell);
  if (predicate === "is_not_empty") return !isEmpty(cell);
  if (asksForMe(rule)) return personsIn(typeof cell === "string" || Array.isArray(cell) ? cell : showCell(column, cell, language)).some((name) => me.includes(name));
  switch (familyOf(column.type)) {
    case "text": {
      const wanted = fold(typeof value === "string" ? value.trim() : value === null || value === undefined ? "" : String(value));
      if (wanted === "") return null;
      const have = isEmpty(cell) ? null : fold(typeof cell === "string" ? cell : showCell(column, cell, language));
      const found = have !== null && (predicate.includes("contain") ? have.includes(wanted) : have === wanted);
      return predicate === "is_not" || predicate === "does_not_contain" ? !found : found;
    }
    case "number": {
      const wanted = typeof value === "number" ? value : Number(String(value ?? "").replace(",", ".") || Number.NaN);
      if (Number.isNaN(wanted)) return null;
      if (typeof cell !== "number") return predicate === "not_equal";
      return { equal: cell === wanted, not_equal: cell !== wanted, less: cell < wanted, less_or_equal: cell <= wanted, greater: cell > wanted, greater_or_equal: cell >= wanted }[predicate] ?? null;
    }
    case "date": {
      const span = spanOf(modifier, value, now);
      return span === null ? null : dateMatches(cell, predicate, span);
    }
    case "person": case "persons": {
      const wanted = (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((one) => (typeof one === "string" && one.trim() !== "" ? [fold(one.trim())] : []));
      if (wanted.length === 0) return null;
      const have = personsIn(cell);
      const piece = typeof value === "string" && predicate.includes("contain");
      const any = have.some((name) => (piece ? name.includes(wanted[0] ?? "") : wanted.includes(name)));
      switch (predicate) {
        case "contains": case "is": case "has_any_of": return any;
        case "does_not_contain": case "is_not": case "has_none_of": return !any;
        case "has_all_of": return wanted.every((name) => have.includes(name));
        case "is_exactly": return wanted.every((name) => have.includes(name)) && have.every((name) => wanted.includes(name));
        default: return null;
      }
    }
    case "flag":
      return (cell === true) === (value === true || value === 1);
    case "one": case "many": {
      const wanted = (Array.isArray(value) ? (value as unknown[]) : value === null || value === undefined ? [] : [value]).map(Number);
      if (wanted.length === 0) return null;
      const have = chosenOptions(column, cell).map((option) => option.id);
      const any = have.some((id) => wanted.includes(id));
      switch (predicate) {
        case "is": case "is_any_of": case "has_any_of": return any;
        case "is_not": case "is_none_of": case "has_none_of": return !any;
        case "has_all_of": return wanted.every((id) => have.includes(id));
        case "is_exactly": return wanted.every((id) => have.includes(id)) && have.every((id) => wanted.includes(id));
        default: return null;
      }
    }
    default:
      return null;
  }
}

function matchOf(node: FilterNode, columns: ReadonlyMap<number, Column>, value: ValueOf, asked: Asked): boolean | null {
  if (node.kind === "group") {
    const wishes = node.items.flatMap((item) => matchOf(item, columns, value, asked) ?? []);
    if (wishes.length === 0) return null;
    return node.all ? wishes.every(Boolean) : wishes.some(Boolean);
  }
  const column = columns.get(node.column);
  return column ? ruleMatches(column, value(column), node, asked) : null;
}

/** A filter that says nothing lets every record through. */
export function matches(filter: FilterNode | null, columns: ReadonlyMap<number, Column>, value: ValueOf, language: string, now = today(), me: readonly string[] = []): boolean {
  return filter === null || (matchOf(filter, columns, value, { language, now, me }) ?? true);
}
