// Which colour a record and its cells have. Colours are the base's own data, light ones for dark text; how
// they are laid under a cell in either theme is the grid's matter (record/grid.css).
import { useMemo } from "react";
import { useRead, type BaseId, type Column, type ColumnId, type RecordRow, type Table, type View } from "../../engine";
import { chosenOptions, fold, isEmpty } from "../cell/show";
import { asksForMe } from "../filter/filter";
import { useMe } from "../filter/me";
import type { Painter } from "../record/paint";
import { dayOf, today } from "./day";
import { doubleKey, useDoubles } from "./doubles";
import { matches } from "./match";
import { cellColorsOf, duplicateColor, isDate, rowColorsOf, type CellColors, type ColorRule } from "./settings";

/** A colour between two, `#rrggbb` each; `share` from 0 to 1. */
export function between(from: string, to: string, share: number): string {
  const part = (color: string, at: number) => Number.parseInt(color.slice(1 + at * 2, 3 + at * 2), 16) || 0;
  const bounded = Math.min(1, Math.max(0, share));
  return `#${[0, 1, 2].map((at) => Math.round(part(from, at) + (part(to, at) - part(from, at)) * bounded).toString(16).padStart(2, "0")).join("")}`;
}

/** A number to measure on a scale; dates count as their day. */
function sizeOf(column: Column, value: unknown): number | null {
  if (typeof value === "number") return value;
  return isDate(column) ? dayOf(value) : null;
}

export interface PainterNeeds {
  /** Rules are about whoever looks. */
  me: boolean;
  /** Columns whose least and greatest value a scale needs. */
  scales: ColumnId[];
  /** Columns whose doubled values are coloured. */
  doubles: ColumnId[];
}

export function needsOf(view: View, columns: readonly Column[]): PainterNeeds {
  const [rows, cells] = [rowColorsOf(view, columns), cellColorsOf(view, columns)];
  const doubles = [...(rows?.by === "duplicates" ? rows.columns.slice(0, 1) : []), ...cells.flatMap((one) => (one.by === "duplicates" ? [one.column] : []))];
  const rules = [...(rows?.by === "rules" ? rows.rules : []), ...cells.flatMap((one) => (one.by === "rules" ? one.rules : []))];
  return { me: rules.some((rule) => rule.filter !== null && asksForMe(rule.filter)), scales: cells.flatMap((one) => (one.by === "scale" ? [one.column] : [])), doubles: [...new Set(doubles)] };
}

export interface PainterFacts {
  language: string;
  /** Under which names records know whoever looks. */
  me: readonly string[];
  /** Least and greatest value of a column. */
  bounds: (column: ColumnId) => { min: unknown; max: unknown } | undefined;
  /** Whether the list holds a value more than once. */
  isDouble: (column: ColumnId, value: unknown) => boolean;
}

export function painterOf(view: View, columns: readonly Column[], { language, me: names, bounds, isDouble: holdsTwice }: PainterFacts): Painter | null {
  const [rows, cells] = [rowColorsOf(view, columns), cellColorsOf(view, columns)];
  if (!rows && cells.length === 0) return null;
  const known = new Map(columns.map((column) => [column.id, column]));
  const [day, me] = [today(), names.map(fold)];
  const byRules = (rules: readonly ColorRule[], row: RecordRow, value: (row: RecordRow, column: ColumnId) => unknown) =>
    rules.find((rule) => rule.filter !== null && matches(rule.filter, known, (column) => value(row, column.id), language, day, me))?.color ?? null;
  const isDouble = (column: ColumnId, value: unknown) => !isEmpty(value) && holdsTwice(column, value);
  const perColumn = new Map<ColumnId, CellColors[]>();
  for (const one of cells) perColumn.set(one.column, [...(perColumn.get(one.column) ?? []), one]);
  return {
    row: (row, value) => {
      if (!rows) return null;
      if (rows.by === "rules") return byRules(rows.rules, row, value);
      if (rows.by === "duplicates") return rows.columns[0] !== undefined && isDouble(rows.columns[0], value(row, rows.columns[0])) ? duplicateColor : null;
      const column = known.get(rows.column);
      return (column && chosenOptions(column, value(row, column.id))[0]?.color) || null;
    },
    cell: (row, id, value) => {
      for (const one of perColumn.get(id) ?? []) {
        if (one.by === "rules") {
          const found = byRules(one.rules, row, value);
          if (found) return found;
        } else if (one.by === "duplicates") {
          if (isDouble(id, value(row, id))) return one.color;
        } else {
          const column = known.get(id);
          const [size, found] = [column && sizeOf(column, value(row, id)), bounds(id)];
          const [low, high] = column && found ? [sizeOf(column, found.min), sizeOf(column, found.max)] : [null, null];
          if (typeof size === "number" && low !== null && high !== null) return between(one.from, one.to, high > low ? (size - low) / (high - low) : 0.5);
        }
      }
      return null;
    },
  };
}

const none: ColumnId[] = [];

/** The painter of a view, with what it needs of the whole list asked from the engine. */
export function usePainter(base: BaseId, table: Table, view: View, language: string): Painter | null {
  const { scales, doubles, me: asked } = useMemo(() => needsOf(view, table.columns), [view, table.columns]);
  const me = useMe(asked);
  const aim = { base, table: table.id, view: view.id };
  const summary = useRead("record.summary", scales.length > 0 ? { ...aim, columns: scales } : null, { keep: true }).data;
  const [first = null, second = null] = doubles.length > 0 ? doubles : none;
  const count = (column: ColumnId | null) => (column === null ? null : { ...aim, rows: { column, by: null }, measure: { column: null, summary: "count" as const } });
  const one = useRead("record.statistics", count(first), { keep: true });
  const two = useRead("record.statistics", count(second), { keep: true });
  // Too many different values to be counted: those in sight are asked for.
  const few = useDoubles(aim, table.columns, one.error !== null || two.error !== null);
  return useMemo(() => {
    const setOf = (found: typeof one.data) => {
      const counts = new Map<string, number>();
      found?.rows.forEach((row, at) => counts.set(doubleKey(row.value), (counts.get(doubleKey(row.value)) ?? 0) + (found.values[at]?.[0] ?? 0)));
      return counts;
    };
    const sets = new Map([[first, one.error ? null : setOf(one.data)], [second, two.error ? null : setOf(two.data)]]);
    return painterOf(view, table.columns, {
      language,
      me,
      bounds: (column) => summary?.[column],
      isDouble: (column, value) => {
        const counts = sets.get(column);
        return counts ? (counts.get(doubleKey(value)) ?? 0) > 1 : few(column, value);
      },
    });
  }, [view, table.columns, language, me, summary, first, second, one.data, one.error, two.data, two.error, few]);
}
