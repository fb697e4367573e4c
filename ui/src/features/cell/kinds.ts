// What the window knows of column types: their sign, how they are filtered, which can be written into.
import {
  AlarmClock, AtSign, Building2, CalendarDays, CircleDot, Clock, File, FunctionSquare, Hash, Image, Link2, ListChecks, MapPin, MousePointerClick, Phone, PenTool, Search, SquareCheck, Star, Text, TextQuote, Timer, UserPen, UserPlus, Users, Globe, ListOrdered,
  type LucideIcon,
} from "lucide-react";
import type { Column, ColumnType } from "../../engine";

export const kindIcons: Record<ColumnType, LucideIcon> = {
  text: Text,
  long_text: TextQuote,
  number: Hash,
  date: CalendarDays,
  duration: Timer,
  single_select: CircleDot,
  multiple_select: ListChecks,
  checkbox: SquareCheck,
  rating: Star,
  image: Image,
  file: File,
  email: AtSign,
  url: Globe,
  phone: Phone,
  geolocation: MapPin,
  signature: PenTool,
  collaborator: Users,
  creator: UserPlus,
  last_modifier: UserPen,
  created_time: Clock,
  modified_time: AlarmClock,
  auto_number: ListOrdered,
  link: Link2,
  link_formula: Search,
  formula: FunctionSquare,
  button: MousePointerClick,
  department: Building2,
};

/** Types a person can choose for a column that holds what is typed. */
export const writableKinds = ["text", "long_text", "number", "date", "duration", "single_select", "multiple_select", "checkbox", "rating", "email", "url", "phone"] as const satisfies ColumnType[];
/** Types a person can make; the last ones are filled by Tabella. */
export const offeredKinds = [...writableKinds, "geolocation", "collaborator", "image", "file", "signature", "creator", "last_modifier", "created_time", "modified_time", "auto_number"] as const satisfies ColumnType[];

const writable = new Set<ColumnType>([...writableKinds, "geolocation", "collaborator", "department", "link", "image", "file", "signature"]);

/** Whether cells of the type can be written into. */
export const isWritable = (kind: ColumnType): boolean => writable.has(kind);

/** Whether cells hold files. */
export const holdsFiles = (kind: ColumnType): boolean => kind === "image" || kind === "file";

/** Whether cells are pictures and files, and nothing that could be typed. */
const untyped = (kind: ColumnType): boolean => holdsFiles(kind) || kind === "signature";

/** Whether cells say who made or changed a record: nothing that is there can become that. */
const isSigned = (kind: ColumnType): boolean => kind === "creator" || kind === "last_modifier";

/** Whether what is typed or pasted as text goes into cells of the type. */
export const isTyped = (kind: ColumnType): boolean => writable.has(kind) && !untyped(kind);

/** Whether people may change cells of the column: it can be written, and its cells are not locked. */
export const canWrite = (column: Column): boolean => isWritable(column.type) && !isLocked(column);

/** Whether what is typed or pasted as text goes into cells of the column. */
export const canType = (column: Column): boolean => isTyped(column.type) && !isLocked(column);

/** A setting of every type: nobody changes the cells by hand. */
export const isLocked = (column: Column): boolean => column.settings["locked"] === true;

/** What a column of one type can become: files are no words and words no files, and neither says who was there. */
export function kindsFrom(kind: ColumnType): readonly ColumnType[] {
  return untyped(kind) ? ["image", "file", "text", "long_text"] : offeredKinds.filter((one) => !untyped(one) && !isSigned(one));
}

/** Which predicates a type's filters know; the same families as in the engine. */
export type Family = "text" | "number" | "date" | "one" | "many" | "person" | "persons" | "flag" | "presence";

export function familyOf(kind: ColumnType): Family {
  switch (kind) {
    case "text": case "long_text": case "email": case "url": case "phone": case "department": case "auto_number": case "link":
      return "text";
    case "number": case "duration": case "rating":
      return "number";
    case "date": case "created_time": case "modified_time":
      return "date";
    case "single_select":
      return "one";
    case "multiple_select":
      return "many";
    case "creator": case "last_modifier":
      return "person";
    case "collaborator":
      return "persons";
    case "checkbox":
      return "flag";
    default:
      return "presence";
  }
}

/** Numbers stand at the right edge. */
export const isRightAligned = (kind: ColumnType): boolean => kind === "number" || kind === "duration" || kind === "auto_number";

/** Whether cells hold amounts that can be measured on a scale. */
export const isNumberLike = (column: Column): boolean => column.type === "number" || column.type === "duration" || column.type === "rating";

/** An option of a select column. */
export interface SelectOption {
  id: number;
  name: string;
  /** Empty where none was chosen: the engine then gives one. */
  color: string;
}

const noOptions: SelectOption[] = [];
const known = new WeakMap<object, SelectOption[]>();

/** The options in a column's settings, read once a settings object. */
export function optionsOf(column: Column): SelectOption[] {
  const { settings } = column;
  const found = known.get(settings);
  if (found) return found;
  const list = settings["options"];
  const options = Array.isArray(list)
    ? list.flatMap((one: unknown) => {
        const option = one as Partial<SelectOption>;
        const id = Number(option.id);
        return Number.isFinite(id) && typeof option.name === "string" ? [{ id, name: option.name, color: option.color ?? "" }] : [];
      })
    : noOptions;
  known.set(settings, options);
  return options;
}

/** Highest rating of a rating column. */
export function ratingMax(column: Column): number {
  const max = Number(column.settings["rate_max_number"] ?? column.settings["max"] ?? 5);
  return Math.min(10, Math.max(1, Number.isFinite(max) ? max : 5));
}

/** A date column that keeps times. */
export const isTimed = (column: Column): boolean => String(column.settings["format"] ?? "").includes("H");
