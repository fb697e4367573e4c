// Days as numbers, counted from 1970-01-01: calendars, timelines and date rules reckon with them.
import { readDate } from "../cell/show";

const DAY_MS = 86_400_000;
const two = (n: number) => String(n).padStart(2, "0");

export const dayFrom = (year: number, month: number, day: number): number => Math.floor(Date.UTC(year, month - 1, day) / DAY_MS);

/** The day of a date as it crosses the door; null where it is none. */
export function dayOf(value: unknown): number | null {
  const at = readDate(value);
  return at ? dayFrom(at.year, at.month, at.day) : null;
}

/** `YYYY-MM-DD`. */
export function textOf(day: number): string {
  const at = new Date(day * DAY_MS);
  return `${String(at.getUTCFullYear()).padStart(4, "0")}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
}

/** The date with another day; a time of day stays. */
export function withDay(value: unknown, day: number): string {
  const time = /\d{1,2}:\d\d(?::\d\d)?$/.exec(typeof value === "string" ? value : "")?.[0];
  return time ? `${textOf(day)} ${time}` : textOf(day);
}

export function today(now = new Date()): number {
  return dayFrom(now.getFullYear(), now.getMonth() + 1, now.getDate());
}

/** 0 is Monday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

export const mondayOf = (day: number): number => day - weekdayOf(day);

export function partsOf(day: number): { year: number; month: number; day: number } {
  const at = new Date(day * DAY_MS);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}

/** The same day so many months on; the last of the month where that has fewer days. */
export function plusMonths(day: number, months: number): number {
  const { year, month, day: date } = partsOf(day);
  const first = dayFrom(year, month + months, 1);
  const next = dayFrom(year, month + months + 1, 1);
  return Math.min(first + date - 1, next - 1);
}

export const monthStart = (day: number, months = 0): number => {
  const { year, month } = partsOf(day);
  return dayFrom(year, month + months, 1);
};

export const yearStart = (day: number, years = 0): number => dayFrom(partsOf(day).year + years, 1, 1);

/** For Intl with `timeZone: "UTC"`. */
export const msOf = (day: number): number => day * DAY_MS;
