// Intl by language, made once each.

export interface Formats {
  /** 12 483 */
  number(value: number): string;
  /** 0.42 as 42 % */
  percent(value: number): string;
  /** Bytes with a sensible unit. */
  bytes(value: number): string;
  /** Time of day today, weekday this week, day and month this year, full date before: for lists. */
  when(at: number, now?: number): string;
  /** A moment to come: its time today, weekday and time this week, day, month and time later. */
  ahead(at: number, now?: number): string;
  /** Date and time. */
  dateTime(at: number): string;
  /** Date, time and weekday in full, for tooltips. */
  fullDateTime(at: number): string;
  /** Date. */
  date(at: number): string;
  /** Time of day. */
  time(at: number): string;
  /** Seconds as `4:05`. */
  countdown(seconds: number): string;
  /** a, b and c */
  list(items: string[]): string;
  /** Order of texts as the language sorts them. */
  compare(a: string, b: string): number;
}

const made = new Map<string, Formats>();
const DAY_MS = 86_400_000;

function make(language: string): Formats {
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: "percent" });
  const bytes = (["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const).map(
    (unit) =>
      new Intl.NumberFormat(language, {
        style: "unit",
        unit,
        unitDisplay: unit === "byte" ? "narrow" : "short",
        maximumFractionDigits: unit === "byte" || unit === "kilobyte" ? 0 : 1,
      }),
  );
  const time = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
  const weekday = new Intl.DateTimeFormat(language, { weekday: "short" });
  const dayMonth = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });
  const date = new Intl.DateTimeFormat(language, { day: "2-digit", month: "2-digit", year: "numeric" });
  const dateTime = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const full = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "medium" });
  const list = new Intl.ListFormat(language, { type: "conjunction" });
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  return {
    number: (value) => number.format(value),
    percent: (value) => percent.format(value),
    bytes(value) {
      let at = 0;
      let size = value;
      while (size >= 1000 && at < bytes.length - 1) {
        size /= 1000;
        at += 1;
      }
      return bytes[at]!.format(size);
    },
    when(at, now = Date.now()) {
      const then = new Date(at);
      const today = new Date(now);
      const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate()).getTime();
      if (at >= midnight && at < midnight + DAY_MS) return time.format(then);
      if (at < midnight && at >= midnight - 6 * DAY_MS) return weekday.format(then);
      if (then.getFullYear() === today.getFullYear()) return dayMonth.format(then);
      return date.format(then);
    },
    ahead(at, now = Date.now()) {
      const today = new Date(now);
      const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate()).getTime();
      if (at >= midnight && at < midnight + DAY_MS) return time.format(at);
      if (at >= midnight && at < midnight + 6 * DAY_MS) return `${weekday.format(at)} ${time.format(at)}`;
      return new Date(at).getFullYear() === today.getFullYear() ? `${dayMonth.format(at)}, ${time.format(at)}` : dateTime.format(at);
    },
    dateTime: (at) => dateTime.format(at),
    fullDateTime: (at) => full.format(at),
    date: (at) => date.format(at),
    time: (at) => time.format(at),
    countdown(seconds) {
      const left = Math.max(0, Math.ceil(seconds));
      return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    },
    list: (items) => list.format(items),
    compare: (a, b) => collator.compare(a, b),
  };
}

/** The formats of a language. */
export function formats(language: string): Formats {
  let found = made.get(language);
  if (!found) {
    found = make(language);
    made.set(language, found);
  }
  return found;
}
