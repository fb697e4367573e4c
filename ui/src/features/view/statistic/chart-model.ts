// The numbers of a chart as it can draw them: categories, series, a scale with round steps.
import type { RecordStatistics } from "../../../engine";

/** Categories of a chart at most: more can't be told apart. The table beside it has all. */
export const MOST_CATEGORIES = 60;
/** Series of a chart at most; the colours of charts are as many. */
export const MOST_SERIES = 8;
/** Slices of a pie, the rest together as one. */
export const MOST_SLICES = 8;

export interface Series {
  label: string;
  values: (number | null)[];
}

export interface ChartModel {
  categories: string[];
  series: Series[];
  /** What was left out. */
  cut: { categories: number; series: number };
}

/** `empty` is the word for a value that is none. */
export function chartModel(statistics: RecordStatistics, measure: string, empty: string): ChartModel {
  const rows = statistics.rows.slice(0, MOST_CATEGORIES);
  const columns = statistics.columns.slice(0, MOST_SERIES);
  const series = columns.length === 0 ? [{ label: measure, values: rows.map((_, at) => statistics.values[at]?.[0] ?? null) }] : columns.map((column, index) => ({ label: column.label || empty, values: rows.map((_, at) => statistics.values[at]?.[index] ?? null) }));
  return { categories: rows.map((row) => row.label || empty), series, cut: { categories: statistics.rows.length - rows.length, series: statistics.columns.length - columns.length } };
}

/** Round steps that hold all values and zero, some five of them. */
export function steps(values: readonly (number | null)[], wanted = 5): number[] {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  const [low, high] = [Math.min(0, ...known), Math.max(0, ...known)];
  if (low === high) return [0, 1];
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough) ?? 10);
  const found: number[] = [];
  for (let at = Math.floor(low / step); at <= Math.ceil(high / step - 1e-9); at += 1) found.push(Number((at * step).toPrecision(12)));
  return found;
}

export interface Slice {
  label: string;
  value: number;
  /** Share of the whole, 0 to 1. */
  share: number;
}

/** Slices of a pie, the greatest first; what is not above zero has none. */
export function slices(statistics: RecordStatistics, empty: string, rest: string): Slice[] {
  const all = statistics.rows
    .map((row, at) => ({ label: row.label || empty, value: (statistics.values[at] ?? []).reduce<number>((sum, one) => sum + (one ?? 0), 0) }))
    .filter((one) => one.value > 0)
    .toSorted((a, b) => b.value - a.value);
  const whole = all.reduce((sum, one) => sum + one.value, 0);
  const shown = all.length > MOST_SLICES ? [...all.slice(0, MOST_SLICES - 1), { label: rest, value: all.slice(MOST_SLICES - 1).reduce((sum, one) => sum + one.value, 0) }] : all;
  return shown.map((one) => ({ ...one, share: one.value / whole }));
}

/** The path of a slice of a ring around (0, 0), angles as shares of the whole from the top. */
export function arc(from: number, to: number, outer: number, inner: number): string {
  // A whole ring needs two halves, as an arc back to its start is none.
  if (to - from > 0.9999) return `${arc(0, 0.5, outer, inner)}${arc(0.5, 0.9999, outer, inner)}`;
  const point = (share: number, radius: number) => {
    const angle = share * 2 * Math.PI - Math.PI / 2;
    return `${(Math.cos(angle) * radius).toFixed(2)} ${(Math.sin(angle) * radius).toFixed(2)}`;
  };
  const large = to - from > 0.5 ? 1 : 0;
  return `M${point(from, outer)}A${outer} ${outer} 0 ${large} 1 ${point(to, outer)}L${point(to, inner)}A${inner} ${inner} 0 ${large} 0 ${point(from, inner)}Z`;
}
