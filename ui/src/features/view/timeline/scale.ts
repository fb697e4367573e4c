// The axis of a timeline: how wide a day is, and the marks above the bars.
import { mondayOf, monthStart, msOf, partsOf, yearStart } from "../day";

export type Zoom = "day" | "week" | "month";

/** Width of a day, px. */
export const dayPx: Record<Zoom, number> = { day: 38, week: 16, month: 4.5 };

/** Days an axis has at most: 300 years, far below what an element can be wide. */
const MOST_DAYS = 110_000;

/** First and last day of an axis that holds the given ones and today, with room at both sides. */
export function rangeOf(days: readonly (number | null | undefined)[], now: number): [number, number] {
  const known = [...days.filter((day): day is number => typeof day === "number"), now];
  const first = Math.max(Math.min(...known), now - MOST_DAYS / 2) - 45;
  const last = Math.min(Math.max(...known), now + MOST_DAYS / 2) + 120;
  return [monthStart(first), monthStart(last, 1) - 1];
}

export interface Mark {
  day: number;
  days: number;
  label: string;
  /** A day off, or the present one. */
  kind: "plain" | "off" | "now";
}

const made = new Map<string, Intl.DateTimeFormat>();
function dates(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  let found = made.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" });
    made.set(key, found);
  }
  return found;
}

/** Marks of the upper line between two days: months, or years from far away. */
export function upperMarks(from: number, to: number, zoom: Zoom, language: string): Mark[] {
  const marks: Mark[] = [];
  const step = zoom === "month" ? (day: number) => yearStart(day, 1) : (day: number) => monthStart(day, 1);
  for (let day = zoom === "month" ? yearStart(from) : monthStart(from); day <= to; day = step(day)) {
    marks.push({ day, days: step(day) - day, label: dates(language, zoom === "month" ? { year: "numeric" } : { month: "long", year: "numeric" }).format(msOf(day)), kind: "plain" });
  }
  return marks;
}

/** Marks of the lower line: days, weeks by their Monday, or months. */
export function lowerMarks(from: number, to: number, zoom: Zoom, language: string, now: number): Mark[] {
  const marks: Mark[] = [];
  if (zoom === "month") {
    for (let day = monthStart(from); day <= to; day = monthStart(day, 1)) marks.push({ day, days: monthStart(day, 1) - day, label: dates(language, { month: "short" }).format(msOf(day)), kind: now >= day && now < monthStart(day, 1) ? "now" : "plain" });
    return marks;
  }
  const step = zoom === "week" ? 7 : 1;
  for (let day = zoom === "week" ? mondayOf(from) : from; day <= to; day += step) {
    const { day: date } = partsOf(day);
    const weekend = zoom === "day" && day - mondayOf(day) > 4;
    marks.push({ day, days: step, label: String(date), kind: now >= day && now < day + step ? "now" : weekend ? "off" : "plain" });
  }
  return marks;
}

export type Grip = "start" | "end" | "whole";

/** A bar after its grip was moved so many days; its ends never pass each other. */
export function movedBar(start: number, end: number, grip: Grip, days: number): [number, number] {
  if (grip === "whole") return [start + days, end + days];
  return grip === "start" ? [Math.min(end, start + days), end] : [start, Math.max(start, end + days)];
}

