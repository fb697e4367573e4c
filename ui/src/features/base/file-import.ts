// What an import dialog holds beside the engine's preview: the choices a person made.
import type { ColumnId, ColumnType, FilePreview, ImportFileArgs, ImportInto, MergeMode, PreviewFileArgs, Table, TableId } from "../../engine";
import type { PickedFile } from "../../engine/desktop";

/** The kind of file that is a base itself. */
const baseExtension = "base";
/** Kinds of file a base reads. */
const importExtensions = ["csv", "tsv", "txt", "xlsx", "dtable", "vcf"];
/** Kinds of file that can be chosen. */
export const fileExtensions = [baseExtension, ...importExtensions];

export const nameOfFile = (file: PickedFile): string => file.path ?? file.bytes?.filename ?? "";

const hasEnd = (file: PickedFile, extension: string): boolean => nameOfFile(file).toLowerCase().endsWith(`.${extension}`);

export const isImportable = (file: PickedFile): boolean => importExtensions.some((extension) => hasEnd(file, extension));

export const isBase = (file: PickedFile): boolean => hasEnd(file, baseExtension);

/** How the file is read; empty is as guessed. */
export interface Reading {
  delimiter: string;
  encoding: string;
  header: boolean | null;
  /** Which of the file's tables is shown. */
  table?: number;
}

export const asGuessed: Reading = { delimiter: "", encoding: "", header: null };

export const delimiters = [",", ";", "\t", "|"] as const;
export const encodings = ["UTF-8", "windows-1251", "windows-1252", "windows-1250", "UTF-16LE", "KOI8-R", "KOI8-U", "ISO-8859-2"] as const;

/** Arguments of the preview. */
export function previewArgs(file: PickedFile, reading: Reading): PreviewFileArgs {
  return { path: file.path ?? "", bytes: file.bytes, delimiter: reading.delimiter || null, encoding: reading.encoding || null, header: reading.header, ...(reading.table === undefined ? {} : { table: reading.table }) };
}

/** Types as they will be: the guesses, and over them what was chosen, by the column's place. */
export function typesOf(preview: FilePreview, chosen: ReadonlyMap<number, ColumnType>): ColumnType[] {
  return preview.columns.map((column, at) => chosen.get(at) ?? column.type);
}

/** Choices that still mean the same columns after the file was read another way. */
export function keptChoices(chosen: ReadonlyMap<number, ColumnType>, before: FilePreview, after: FilePreview): Map<number, ColumnType> {
  return before.columns.length === after.columns.length ? new Map(chosen) : new Map();
}

/** How records go into a table that exists. */
export interface MergeChoice {
  table: TableId;
  mode: MergeMode;
  keys: ColumnId[];
  /** For each column of the file the column it goes into. */
  mapping: (ColumnId | null)[];
}

/** Types of columns that an import can write into. */
const fillable = new Set<ColumnType>(["text", "long_text", "number", "date", "duration", "single_select", "multiple_select", "checkbox", "rating", "email", "url", "phone", "geolocation", "link", "department"]);

/** The columns a file can fill. */
export const fillableOf = (table: Table) => table.columns.filter((column) => fillable.has(column.type));

/** The choice a table begins with: columns of the same name meet; an address, a number or else the first names the record. */
export function mergeChoice(table: Table, preview: FilePreview): MergeChoice {
  const open = new Map(fillableOf(table).map((column) => [column.name.trim().toLowerCase(), column.id]));
  const mapping = preview.columns.map(({ name }) => {
    const key = name.trim().toLowerCase();
    const found = open.get(key) ?? null;
    open.delete(key);
    return found;
  });
  const mapped = table.columns.filter((column) => mapping.includes(column.id));
  const key = mapped.find((column) => column.type === "email") ?? mapped[0];
  return { table: table.id, mode: "both", keys: key ? [key.id] : [], mapping };
}

/** A choice with the column at a place of the file sent elsewhere; two never go into the same. */
export function remapped(choice: MergeChoice, at: number, to: ColumnId | null): MergeChoice {
  const mapping = choice.mapping.map((one, index) => (index === at ? to : one === to ? null : one));
  return { ...choice, mapping, keys: choice.keys.filter((key) => mapping.includes(key)) };
}

/** Whether the choice can be carried out. */
export const isComplete = (choice: MergeChoice): boolean => choice.mapping.some((one) => one !== null) && (choice.mode === "append" || choice.keys.length > 0);

const intoOf = (choice: MergeChoice): ImportInto => ({ table: choice.table, mode: choice.mode, keys: choice.mode === "append" ? [] : choice.keys, mapping: choice.mapping });

/** Arguments of the import. Types are sent only where one was chosen: the guesses are the engine's own. */
export function importArgs(
  file: PickedFile,
  reading: Reading,
  preview: FilePreview,
  chosen: ReadonlyMap<number, ColumnType>,
  target: { base: string | null; name: string; tables?: readonly number[]; merge?: MergeChoice | null; ticket?: string },
): ImportFileArgs {
  const { table, ...read } = previewArgs(file, reading);
  const one = target.merge ? [table ?? 0] : (target.tables ?? null);
  return {
    ...read,
    base: target.base,
    name: target.name.trim() || null,
    types: target.merge || chosen.size === 0 ? null : typesOf(preview, chosen),
    ...(one !== null && preview.tables.length > 1 ? { tables: [...one] } : {}),
    ...(target.merge ? { into: intoOf(target.merge) } : {}),
    ...(target.ticket === undefined ? {} : { ticket: target.ticket }),
  };
}
