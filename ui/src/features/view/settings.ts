// What a view keeps beyond filter and order, as its screens use it. Read tolerantly: a column that is gone
// or a setting of a newer version leaves the rest as it is. The keys are the engine's (src-tauri/base/src/view.rs).
import type { Column, ColumnId, FilterNode, Table, View } from "../../engine";
import { isMine } from "../cell/linked";

export type Figure = "count" | "filled" | "empty" | "unique" | "sum" | "average" | "median" | "min" | "max";

export interface ColorRule {
  filter: FilterNode | null;
  color: string;
}

export type RowColors = { by: "select"; column: ColumnId } | { by: "rules"; rules: ColorRule[] } | { by: "duplicates"; columns: ColumnId[] };

export type CellColors =
  | { column: ColumnId; by: "rules"; rules: ColorRule[] }
  | { column: ColumnId; by: "scale"; from: string; to: string }
  | { column: ColumnId; by: "duplicates"; color: string };

export interface KanbanSettings {
  column: ColumnId | null;
  title: ColumnId | null;
  image: ColumnId | null;
  fields: ColumnId[];
  hide_empty: boolean;
}

export interface DateSettings {
  start: ColumnId | null;
  end: ColumnId | null;
  title: ColumnId | null;
  color: ColumnId | null;
}

export interface GallerySettings {
  image: ColumnId | null;
  title: ColumnId | null;
  fields: ColumnId[];
}

export interface TreeSettings {
  /** A link to the same table that names the record above. */
  parent: ColumnId | null;
  /** Links to go down by, one a level. */
  levels: ColumnId[];
}

export interface FormField {
  column: ColumnId;
  required: boolean;
  help: string;
}

export interface FormSettings {
  title: string;
  description: string;
  fields: FormField[];
  thanks: string;
}

type Bag = Record<string, unknown>;

const bag = (value: unknown): Bag => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Bag) : {});
const word = (value: unknown): string => (typeof value === "string" ? value : "");
const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

class Reader {
  private readonly known: Map<ColumnId, Column>;

  constructor(columns: readonly Column[]) {
    this.known = new Map(columns.map((column) => [column.id, column]));
  }

  column(value: unknown, fits: (column: Column) => boolean = () => true): ColumnId | null {
    const found = typeof value === "number" ? this.known.get(value) : undefined;
    return found && fits(found) ? found.id : null;
  }

  columns(value: unknown): ColumnId[] {
    return list(value).flatMap((one) => this.column(one) ?? []);
  }
}

export const folderOf = (view: View): string => word(view.settings["folder"]).trim();
export const isPrivate = (view: View): boolean => view.settings["private"] === true;
/** The only view of its table that everybody sees. */
export const isLastShared = (view: View, views: readonly View[]): boolean => !isMine(view) && !views.some((one) => one.id !== view.id && !isMine(one));

/** The view with one setting put; null takes it out. */
export function withSetting(view: View, key: string, value: unknown): View {
  const settings = { ...view.settings };
  if (value === null || value === undefined) delete settings[key];
  else settings[key] = value;
  return { ...view, settings };
}

export const isDate = (column: Column): boolean => ["date", "created_time", "modified_time"].includes(column.type);
export const isPicture = (column: Column): boolean => column.type === "image" || column.type === "file";
export const isDateWritable = (column: Column): boolean => column.type === "date";
export const isSelfLink = (table: Table) => (column: Column): boolean => column.type === "link" && column.settings["table"] === table.id;

const firstOf = (table: Table, fits: (column: Column) => boolean): ColumnId | null => table.columns.find(fits)?.id ?? null;

/** A board stands for the values of a choice, for yes and no, for persons or for departments. */
export const isBoardColumn = (column: Column): boolean => ["single_select", "checkbox", "collaborator", "department"].includes(column.type);

export function kanbanOf(view: View, table: Table): KanbanSettings {
  const [from, read] = [bag(view.settings["kanban"]), new Reader(table.columns)];
  const given = "kanban" in view.settings;
  return {
    column: read.column(from["column"], isBoardColumn) ?? firstOf(table, (column) => column.type === "single_select") ?? (given ? null : firstOf(table, isBoardColumn)),
    title: read.column(from["title"]) ?? table.columns[0]?.id ?? null,
    image: read.column(from["image"], isPicture),
    fields: given ? read.columns(from["fields"]) : table.columns.slice(1, 4).map((column) => column.id),
    hide_empty: from["hide_empty"] === true,
  };
}

function datesOf(view: View, table: Table, key: "calendar" | "timeline"): DateSettings {
  const [from, read] = [bag(view.settings[key]), new Reader(table.columns)];
  const start = read.column(from["start"], isDate) ?? firstOf(table, isDateWritable) ?? firstOf(table, isDate);
  const second = key === "timeline" && !(key in view.settings) ? firstOf(table, (column) => isDateWritable(column) && column.id !== start) : null;
  return {
    start,
    end: read.column(from["end"], (column) => isDate(column) && column.id !== start) ?? second,
    title: read.column(from["title"]) ?? table.columns[0]?.id ?? null,
    color: read.column(from["color"], (column) => column.type === "single_select"),
  };
}

export const calendarOf = (view: View, table: Table): DateSettings => datesOf(view, table, "calendar");
export const timelineOf = (view: View, table: Table): DateSettings => datesOf(view, table, "timeline");

export function galleryOf(view: View, table: Table): GallerySettings {
  const [from, read] = [bag(view.settings["gallery"]), new Reader(table.columns)];
  const given = "gallery" in view.settings;
  return {
    image: read.column(from["image"], isPicture) ?? (given ? null : firstOf(table, isPicture)),
    title: read.column(from["title"]) ?? table.columns[0]?.id ?? null,
    fields: given ? read.columns(from["fields"]) : table.columns.slice(1).filter((column) => column.type !== "image").slice(0, 3).map((column) => column.id),
  };
}

export function treeOf(view: View, table: Table): TreeSettings {
  const [from, read] = [bag(view.settings["tree"]), new Reader(table.columns)];
  const levels = list(from["levels"]).filter((one): one is number => typeof one === "number");
  const given = levels.length > 0 && read.column(levels[0]) !== null;
  return { parent: given ? null : (read.column(from["parent"], isSelfLink(table)) ?? firstOf(table, isSelfLink(table))), levels: given ? levels : [] };
}

export function formOf(view: View, table: Table, writable: (column: Column) => boolean): FormSettings {
  const [from, read] = [bag(view.settings["form"]), new Reader(table.columns)];
  const fields = list(from["fields"]).flatMap((one): FormField[] => {
    const field = bag(one);
    const column = read.column(field["column"], writable);
    return column === null ? [] : [{ column, required: field["required"] === true, help: word(field["help"]) }];
  });
  return {
    title: word(from["title"]),
    description: word(from["description"]),
    fields: "form" in view.settings ? fields : table.columns.filter(writable).map((column) => ({ column: column.id, required: false, help: "" })),
    thanks: word(from["thanks"]),
  };
}

function rulesOf(value: unknown): ColorRule[] {
  return list(value).flatMap((one): ColorRule[] => {
    const rule = bag(one);
    return word(rule["color"]) === "" ? [] : [{ filter: (rule["filter"] as FilterNode | null | undefined) ?? null, color: word(rule["color"]) }];
  });
}

export function rowColorsOf(view: View, columns: readonly Column[]): RowColors | null {
  const [from, read] = [bag(view.settings["colors"]), new Reader(columns)];
  switch (from["by"]) {
    case "select": {
      const column = read.column(from["column"], (one) => one.type === "single_select");
      return column === null ? null : { by: "select", column };
    }
    case "rules":
      return { by: "rules", rules: rulesOf(from["rules"]) };
    case "duplicates": {
      const found = read.columns(from["columns"]);
      return found.length === 0 ? null : { by: "duplicates", columns: found };
    }
    default:
      return null;
  }
}

export function cellColorsOf(view: View, columns: readonly Column[]): CellColors[] {
  const read = new Reader(columns);
  return list(view.settings["cell_colors"]).flatMap((one): CellColors[] => {
    const from = bag(one);
    const column = read.column(from["column"]);
    if (column === null) return [];
    if (from["by"] === "rules") return [{ column, by: "rules", rules: rulesOf(from["rules"]) }];
    if (from["by"] === "scale") return [{ column, by: "scale", from: word(from["from"]) || scaleStart, to: word(from["to"]) || scaleEnd }];
    if (from["by"] === "duplicates") return [{ column, by: "duplicates", color: word(from["color"]) || duplicateColor }];
    return [];
  });
}

/** Colours that a base keeps, like those of options: light, for dark text. */
const paintColors = ["#fff3c4", "#f3a6a6", "#f8b4c4"] as const;
/** Ends of a scale, and the colour of what occurs twice. */
export const [scaleStart, scaleEnd, duplicateColor] = paintColors;

const figures: readonly string[] = ["count", "filled", "empty", "unique", "sum", "average", "median", "min", "max"] satisfies Figure[];

/** Which figure stands below each column. */
export function figuresOf(view: View): Map<ColumnId, Figure> {
  const found = new Map<ColumnId, Figure>();
  for (const [key, value] of Object.entries(bag(view.settings["summaries"]))) if (typeof value === "string" && figures.includes(value)) found.set(Number(key), value as Figure);
  return found;
}
