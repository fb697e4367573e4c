// Settings of a column as its dialog edits them; stored as the engine reads them (src-tauri/base/src/column).
import type { Column, ColumnId, ColumnType, FilterNode, TableId, ViewId } from "../../engine";
import { isLocked, optionsOf, type SelectOption } from "../cell/kinds";

export type NumberFormat = "number" | "percent" | "euro" | "dollar" | "yuan" | "custom_currency";
export const numberFormats: readonly NumberFormat[] = ["number", "percent", "euro", "dollar", "yuan", "custom_currency"];
export const dateFormats = ["YYYY-MM-DD", "DD.MM.YYYY", "D.M.YYYY", "M/D/YYYY", "DD/MM/YYYY"] as const;

export type EditedOption = Omit<SelectOption, "id"> & { id: number | null };

export type LinkFormulaKind = "lookup" | "count" | "rollup" | "find_max" | "find_min";
export const linkFormulaKinds: readonly LinkFormulaKind[] = ["lookup", "count", "rollup", "find_max", "find_min"];
export type RollupSummary = "sum" | "average" | "max" | "min" | "concatenate";
export const rollupSummaries: readonly RollupSummary[] = ["sum", "average", "max", "min", "concatenate"];

/** Where a link leads and how. */
export interface LinkDraft {
  table: TableId | null;
  multiple: boolean;
  twoWay: boolean;
  /** Records of this view can be chosen; all if null. */
  view: ViewId | null;
  /** Of those, the records that meet this. */
  filter: FilterNode | null;
  /** Name of the column that shows the link in the other table; the table's own if empty. */
  backName: string;
}

/** What a column shows of linked records. */
export interface LinkFormulaDraft {
  kind: LinkFormulaKind;
  link: ColumnId | null;
  column: ColumnId | null;
  by: ColumnId | null;
  summary: RollupSummary;
  /** Only linked records that meet this count. */
  filter: FilterNode | null;
}

export interface ColumnDraft {
  name: string;
  /** What it is for. */
  description: string;
  /** What new records get: text as typed, an option's id or name, or `today` and `now`; empty for nothing. */
  preset: string | number;
  /** Nobody changes its cells by hand. */
  locked: boolean;
  type: ColumnType;
  numberFormat: NumberFormat;
  /** -1 is as typed. */
  precision: number;
  grouped: boolean;
  symbol: string;
  dateFormat: string;
  timed: boolean;
  seconds: boolean;
  max: number;
  options: EditedOption[];
  formula: string;
  link: LinkDraft;
  linkFormula: LinkFormulaDraft;
}

/** Colours of options, as the engine gives them in turn: data that the base keeps. */
export const optionColors = ["#9bd6f7", "#a6e3c4", "#ffd58a", "#f8b4c4", "#c9b8f5", "#f7c7a3", "#b8e986", "#8fd8d2", "#f3a6a6", "#d7c49e", "#a9c1f5", "#e3b1e8"] as const;

export function draftOf(column: Column | null, language: string): ColumnDraft {
  const settings = column?.settings ?? {};
  const word = (key: string) => (typeof settings[key] === "string" ? settings[key] : "");
  const whole = (key: string) => (typeof settings[key] === "number" ? settings[key] : null);
  const format = word("format");
  const fallback = language === "en" ? "YYYY-MM-DD" : "DD.MM.YYYY";
  const precision = typeof settings["precision"] === "number" && settings["enable_precision"] !== false ? settings["precision"] : -1;
  return {
    name: column?.name ?? "",
    description: column?.description ?? "",
    locked: column !== null && isLocked(column),
    preset: typeof settings["default"] === "string" || typeof settings["default"] === "number" ? settings["default"] : "",
    type: column?.type ?? "text",
    numberFormat: numberFormats.find((one) => one === format) ?? "number",
    precision,
    grouped: format === "number-with-commas" || (word("thousands") !== "" && word("thousands") !== "no"),
    symbol: word("currency_symbol"),
    dateFormat: column?.type === "date" && format !== "" ? (format.split(" ")[0] ?? fallback) : column?.type === "date" ? "YYYY-MM-DD" : fallback,
    timed: column?.type === "date" && format.includes("H"),
    seconds: (word("duration_format") || (column?.type === "duration" ? format : "")).includes("s"),
    max: typeof settings["rate_max_number"] === "number" ? settings["rate_max_number"] : 5,
    options: column ? optionsOf(column).map((option) => ({ ...option })) : [],
    formula: column?.type === "formula" ? word("formula") : "",
    link: { table: whole("table"), multiple: settings["multiple"] !== false, twoWay: settings["two_way"] !== false, view: whole("view"), filter: filterOf(settings), backName: "" },
    linkFormula: {
      kind: linkFormulaKinds.find((one) => one === settings["kind"]) ?? "lookup",
      link: whole("link"),
      column: whole("column"),
      by: whole("by"),
      summary: rollupSummaries.find((one) => one === settings["summary"]) ?? "sum",
      filter: filterOf(settings),
    },
  };
}

const filterOf = (settings: Record<string, unknown>): FilterNode | null => (typeof settings["filter"] === "object" ? (settings["filter"] as FilterNode | null) : null);

/** Types whose new records can begin with a value. */
const presets = new Set<ColumnType>(["text", "long_text", "number", "date", "duration", "single_select", "rating", "email", "url", "phone"]);
export const takesPreset = (kind: ColumnType): boolean => presets.has(kind);

/** The settings to store; what this dialog does not know stays as it is. */
export function settingsOf(draft: ColumnDraft, before: Record<string, unknown>, language: string): Record<string, unknown> {
  const { locked: _, ...open } = typeSettings(draft, before, language);
  // Told where it was told before: a link keeps what it does not hear of.
  const settings = draft.locked || before["locked"] !== undefined ? { ...open, locked: draft.locked } : open;
  if (!takesPreset(draft.type) || draft.preset === (before["default"] ?? "")) return settings;
  const { default: _old, ...rest } = settings;
  return draft.preset === "" ? rest : { ...rest, default: draft.preset };
}

function typeSettings(draft: ColumnDraft, before: Record<string, unknown>, language: string): Record<string, unknown> {
  switch (draft.type) {
    case "number": {
      const comma = language !== "en";
      const separators = { decimal: comma ? "comma" : "dot", thousands: draft.grouped ? (language === "en" ? "comma" : language === "de" ? "dot" : "space") : "no" };
      return {
        ...before,
        format: draft.numberFormat,
        ...separators,
        enable_precision: draft.precision >= 0,
        ...(draft.precision >= 0 ? { precision: draft.precision } : {}),
        ...(draft.numberFormat === "custom_currency" ? { currency_symbol: draft.symbol, currency_symbol_position: "after" } : {}),
        ...(draft.numberFormat === "euro" ? { currency_symbol_position: language === "en" ? "before" : "after" } : {}),
      };
    }
    case "date":
      return { ...before, format: draft.timed ? `${draft.dateFormat} HH:mm` : draft.dateFormat };
    case "duration":
      return { ...before, duration_format: draft.seconds ? "h:mm:ss" : "h:mm" };
    case "rating":
      return { ...before, rate_max_number: draft.max };
    case "single_select": case "multiple_select":
      return { ...before, options: draft.options.filter((option) => option.name.trim() !== "").map(({ id, name, color }) => ({ ...(id === null ? {} : { id }), name: name.trim(), ...(color === "" ? {} : { color }) })) };
    case "link": {
      const { table, multiple, twoWay, view, filter, backName } = draft.link;
      return { ...before, table, multiple, two_way: twoWay, view, filter, ...(backName.trim() === "" ? {} : { back_name: backName.trim() }) };
    }
    case "link_formula": {
      const { kind, link, column, by, summary, filter } = draft.linkFormula;
      return { kind, link, ...(kind === "count" ? {} : { column }), ...(kind === "rollup" ? { summary } : {}), ...(kind === "find_max" || kind === "find_min" ? { by } : {}), ...(filter === null ? {} : { filter }) };
    }
    case "formula":
      return { ...before, formula: draft.formula.trim() };
    default:
      return before;
  }
}

/** Why the draft can't be stored yet; null where it can. */
export function mistakeOf(draft: ColumnDraft, others: readonly string[]): "name" | "name_sign" | "name_taken" | "option_twice" | "formula" | "link_table" | "link_formula" | null {
  const name = draft.name.trim();
  if (name === "") return "name";
  if (/[{}.`]/.test(name)) return "name_sign";
  if (others.some((other) => other.toLowerCase() === name.toLowerCase())) return "name_taken";
  const names = draft.options.map((option) => option.name.trim()).filter(Boolean);
  if (draft.type.endsWith("select") && new Set(names).size !== names.length) return "option_twice";
  if (draft.type === "formula" && draft.formula.trim() === "") return "formula";
  if (draft.type === "link" && draft.link.table === null) return "link_table";
  if (draft.type === "link_formula") {
    const { kind, link, column, by } = draft.linkFormula;
    if (link === null || (kind !== "count" && column === null) || (kind.startsWith("find") && by === null)) return "link_formula";
  }
  return null;
}
