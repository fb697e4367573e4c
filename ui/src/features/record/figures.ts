// A column's figures as words: sums, averages and counts shown in the way the column shows its values.
import type { Column, RecordSummary } from "../../engine";
import { isRightAligned } from "../cell/kinds";
import { showCell } from "../cell/show";

export type FigureName = "count" | "filled" | "empty" | "unique" | "sum" | "average" | "median" | "min" | "max";

const counts: readonly FigureName[] = ["count", "filled", "empty", "unique"];
const amounts: readonly FigureName[] = ["sum", "average", "median", "min", "max"];

/** Figures that make sense for a column. */
export function figuresFor(column: Column): readonly FigureName[] {
  switch (column.type) {
    case "number": case "duration": case "rating": case "formula": case "link_formula":
      return [...amounts, ...counts];
    case "date": case "created_time": case "modified_time": case "auto_number":
      return ["min", "max", ...counts];
    default:
      return counts;
  }
}

/** The figure as it stands below the column; empty where there is none. */
export function showFigure(column: Column, name: FigureName, summary: RecordSummary | undefined, language: string): string {
  const value = summary?.[name];
  if (value === undefined || value === null) return summary ? "–" : "";
  if (counts.includes(name)) return new Intl.NumberFormat(language).format(Number(value));
  if (typeof value === "number" && column.type === "rating") return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value);
  if (typeof value === "number" && (name === "average" || name === "median")) {
    // As precise as the column, two places where it says nothing.
    const { precision, enable_precision } = column.settings;
    if (typeof precision === "number" && enable_precision !== false) return showCell(column, value, language);
    const places = column.settings["format"] === "percent" ? 4 : 2;
    return showCell(column, column.type === "duration" ? Math.round(value) : Number(value.toFixed(places)), language);
  }
  return showCell(column, value, language);
}

export const isAmount = (name: FigureName): boolean => amounts.includes(name);
export const alignsRight = (column: Column): boolean => isRightAligned(column.type);
