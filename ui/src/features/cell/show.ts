// Cells as text: as people read them, and as they type and copy them. The engine's own reading of typed
// text is the only parser; nothing here turns text into values.
import type { Column } from "../../engine";
import { optionsOf, type SelectOption } from "./kinds";

interface Words {
  decimal: string;
  group: string;
  date: Intl.DateTimeFormat;
  dateTime: Intl.DateTimeFormat;
}

const made = new Map<string, Words>();

function wordsOf(language: string): Words {
  let words = made.get(language);
  if (!words) {
    const parts = new Intl.NumberFormat(language, { useGrouping: true }).formatToParts(1_234_567.5);
    words = {
      decimal: parts.find((part) => part.type === "decimal")?.value ?? ".",
      group: parts.find((part) => part.type === "group")?.value ?? " ",
      date: new Intl.DateTimeFormat(language, { day: "2-digit", month: "2-digit", year: "numeric", timeZone: "UTC" }),
      dateTime: new Intl.DateTimeFormat(language, { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "UTC" }),
    };
    made.set(language, words);
  }
  return words;
}

const text = (value: unknown): string => (typeof value === "string" ? value : value === null || value === undefined ? "" : typeof value === "object" ? "" : String(value));

/** A number without the tail that binary fractions leave. */
function digits(value: number, precision: number | null): string {
  if (precision !== null) return value.toFixed(precision);
  if (Number.isInteger(value)) return value.toFixed(0);
  return String(Number(value.toPrecision(15)));
}

function precisionOf(settings: Record<string, unknown>, currency: boolean): number | null {
  const set = typeof settings["precision"] === "number" ? Math.min(8, settings["precision"]) : null;
  const enabled = typeof settings["enable_precision"] === "boolean" ? settings["enable_precision"] : set !== null;
  return enabled ? (set ?? (currency ? 2 : null)) : null;
}

const symbols: Record<string, string> = { dollar: "$", euro: "€", yuan: "¥", rmb: "¥" };

function showNumber(column: Column, value: number, language: string): string {
  const { settings } = column;
  const format = String(settings["format"] ?? "number");
  const symbol = format === "custom_currency" ? String(settings["currency_symbol"] ?? "") : (symbols[format] ?? "");
  const words = wordsOf(language);
  const shown = format === "percent" ? Number((value * 100).toPrecision(14)) : value;
  const [whole = "0", fraction] = digits(Math.abs(shown), precisionOf(settings, format in symbols || format === "custom_currency")).split(".");
  const decimal = settings["decimal"] === "comma" ? "," : settings["decimal"] === "dot" ? "." : words.decimal;
  const chosen = settings["thousands"];
  const group = chosen === "comma" ? "," : chosen === "dot" ? "." : chosen === "space" ? " " : chosen === "no" ? "" : format === "number-with-commas" ? words.group : "";
  const grouped = group === "" ? whole : whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, group);
  const body = fraction === undefined ? grouped : grouped + decimal + fraction;
  const sign = shown < 0 && /[1-9]/.test(body) ? "−" : "";
  if (format === "percent") return `${sign}${body} %`;
  if (symbol === "") return sign + body;
  return settings["currency_symbol_position"] === "after" ? `${sign}${body} ${symbol}` : `${sign}${symbol}${body}`;
}

interface WallClock {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  timed: boolean;
}

/** The parts of a date as it crosses the door. */
export function readDate(value: unknown): WallClock | null {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d))?/.exec(text(value));
  if (!found) return null;
  const [, year, month, day, hour, minute] = found;
  return { year: Number(year), month: Number(month), day: Number(day), hour: Number(hour ?? 0), minute: Number(minute ?? 0), timed: hour !== undefined };
}

const two = (n: number) => String(n).padStart(2, "0");

function pattern(format: string, at: WallClock): string {
  return format.replaceAll(/YYYY|MM|M|DD|D|HH|H|mm|ss/g, (token) => {
    switch (token) {
      case "YYYY": return String(at.year).padStart(4, "0");
      case "MM": return two(at.month);
      case "M": return String(at.month);
      case "DD": return two(at.day);
      case "D": return String(at.day);
      case "HH": return two(at.hour);
      case "H": return String(at.hour);
      case "mm": return two(at.minute);
      default: return "00";
    }
  });
}

function showDate(column: Column, value: unknown, language: string): string {
  const at = readDate(value);
  if (!at) return text(value);
  const format = column.settings["format"];
  if (typeof format === "string" && format !== "" && format.length <= 40) return pattern(format, at);
  const words = wordsOf(language);
  return (at.timed ? words.dateTime : words.date).format(Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute));
}

function showDuration(column: Column, value: number): string {
  const seconds = Math.abs(value);
  const clock = `${value < 0 ? "-" : ""}${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}`;
  const format = String(column.settings["duration_format"] ?? column.settings["format"] ?? "h:mm");
  return format.includes("s") ? `${clock}:${two(seconds % 60)}` : clock;
}

/** The options a select cell names; a name that is still on its way to the engine has no id yet. */
export function chosenOptions(column: Column, value: unknown): SelectOption[] {
  const options = optionsOf(column);
  const wanted = Array.isArray(value) ? (value as unknown[]) : value === null || value === undefined || value === "" ? [] : [value];
  return wanted.flatMap((one) => {
    const found = options.find((option) => option.id === one || option.name === one);
    return found ? [found] : typeof one === "string" ? [{ id: -1, name: one, color: "" }] : [];
  });
}

function nameOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null) {
    const map = value as Record<string, unknown>;
    for (const key of ["name", "text", "email", "url", "sign_image_url", "display_value", "id"]) if (typeof map[key] === "string") return map[key];
  }
  return text(value);
}

/** The names in a cell of persons, each once. Text that is still on its way to the engine is split as there. */
export function personsOf(value: unknown): string[] {
  const given = typeof value === "string" ? value.split(/[,;]/) : Array.isArray(value) ? value.map(nameOf) : [];
  return [...new Set(given.map((name) => name.trim()).filter(Boolean))];
}

function showPlace(value: unknown): string {
  if (typeof value !== "object" || value === null) return text(value);
  const place = value as Record<string, unknown>;
  if (typeof place["lat"] === "number" && typeof place["lng"] === "number") return `${place["lat"]}, ${place["lng"]}`;
  return ["country_region", "province", "city", "district", "detail", "address", "title"].map((key) => text(place[key])).filter(Boolean).join(" ");
}

/** Whether both are the same for the engine. */
export const sameCell = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Whether a cell holds nothing. */
export const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === "" || value === false || (Array.isArray(value) && value.length === 0);

/** A calculated column as one of the type it yields; null where nothing is known of that. */
export function resultColumn(column: Column): Column | null {
  const { result } = column;
  if (!result || result.error !== null || result.type === "formula" || result.type === "link_formula") return null;
  return { id: column.id, name: column.name, type: result.type, settings: result.settings, description: column.description, width: column.width };
}

/** What a formula yielded, shown as its kind; a failure says what went wrong. */
function showResult(column: Column, value: unknown, language: string): string {
  if (typeof value === "object" && value !== null && "error" in value) return `#ERROR: ${String(value.error)}`;
  const inner = resultColumn(column);
  if (inner && Array.isArray(value) && inner.type !== "link") return (value as unknown[]).map((one) => showCell(inner, one, language)).filter(Boolean).join(", ");
  if (inner) return showCell(inner, value, language);
  if (typeof value === "number") return showNumber(column, value, language);
  if (typeof value === "boolean") return value ? "✓" : "";
  if (Array.isArray(value)) return value.map(nameOf).filter(Boolean).join(", ");
  // A text that only begins with a date stays what it is.
  return typeof value === "string" && /^\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)?)?$/.test(value) ? showDate(column, value, language) : nameOf(value);
}

const folds: Record<string, string> = { ł: "l", ø: "o", đ: "d", ð: "d", ı: "i", ß: "ss", æ: "ae", œ: "oe", þ: "th", ς: "σ" };

/** Case and diacritics gone, as the engine folds them. */
export const fold = (text: string): string => text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll(/[łøđðıßæœþς]/g, (one) => folds[one] ?? one);

/** A cell as a person reads it. */
export function showCell(column: Column, value: unknown, language: string): string {
  if (value === null || value === undefined) return "";
  switch (column.type) {
    case "number":
      return typeof value === "number" ? showNumber(column, value, language) : text(value);
    case "duration":
      return typeof value === "number" ? showDuration(column, value) : text(value);
    case "date": case "created_time": case "modified_time":
      return showDate(column, value, language);
    case "single_select": case "multiple_select":
      return chosenOptions(column, value).map((option) => option.name).join(", ");
    case "checkbox":
      return value === true || value === "true" ? "✓" : "";
    case "rating":
      return typeof value === "number" ? "★".repeat(value) : text(value);
    case "geolocation":
      return showPlace(value);
    case "formula": case "link_formula":
      return showResult(column, value, language);
    default:
      return Array.isArray(value) ? value.map(nameOf).filter(Boolean).join(", ") : nameOf(value);
  }
}

/** A cell as it is typed and copied: what the engine reads back as the same value. */
export function typedCell(column: Column, value: unknown): string {
  if (value === null || value === undefined) return "";
  switch (column.type) {
    case "number": {
      if (typeof value !== "number") return text(value);
      const shown = column.settings["format"] === "percent" ? Number((value * 100).toPrecision(14)) : value;
      const plain = String(shown);
      return column.settings["decimal"] === "comma" ? plain.replace(".", ",") : plain;
    }
    case "date": {
      const at = readDate(value);
      const format = column.settings["format"];
      return at && typeof format === "string" && format !== "" ? pattern(format, at) : text(value);
    }
    case "checkbox":
      return value === true ? "true" : "false";
    case "rating":
      return text(value);
    default:
      return showCell(column, value, "en");
  }
}
