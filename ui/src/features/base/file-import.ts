// What an import dialog holds beside the engine's preview: the choices a person made.
import type { ColumnType, FilePreview, ImportFileArgs, PreviewFileArgs } from "../../engine";
import type { PickedFile } from "../../engine/desktop";

/** Kinds of file a base reads. */
export const importExtensions = ["csv", "tsv", "txt", "xlsx"];

export const nameOfFile = (file: PickedFile): string => file.path ?? file.bytes?.filename ?? "";

export const isImportable = (file: PickedFile): boolean => importExtensions.some((extension) => nameOfFile(file).toLowerCase().endsWith(`.${extension}`));

/** How the file is read; empty is as guessed. */
export interface Reading {
  delimiter: string;
  encoding: string;
  header: boolean | null;
}

export const asGuessed: Reading = { delimiter: "", encoding: "", header: null };

export const delimiters = [",", ";", "\t", "|"] as const;
export const encodings = ["UTF-8", "windows-1251", "windows-1252", "windows-1250", "UTF-16LE", "KOI8-R", "KOI8-U", "ISO-8859-2"] as const;

/** Arguments of the preview. */
export function previewArgs(file: PickedFile, reading: Reading): PreviewFileArgs {
  return { path: file.path ?? "", bytes: file.bytes, delimiter: reading.delimiter || null, encoding: reading.encoding || null, header: reading.header };
}

/** Types as they will be: the guesses, and over them what was chosen, by the column's place. */
export function typesOf(preview: FilePreview, chosen: ReadonlyMap<number, ColumnType>): ColumnType[] {
  return preview.columns.map((column, at) => chosen.get(at) ?? column.type);
}

/** Choices that still mean the same columns after the file was read another way. */
export function keptChoices(chosen: ReadonlyMap<number, ColumnType>, before: FilePreview, after: FilePreview): Map<number, ColumnType> {
  return before.columns.length === after.columns.length ? new Map(chosen) : new Map();
}

/** Arguments of the import. Types are sent only where one was chosen: the guesses are the engine's own. */
export function importArgs(file: PickedFile, reading: Reading, preview: FilePreview, chosen: ReadonlyMap<number, ColumnType>, target: { base: string | null; name: string }): ImportFileArgs {
  return {
    ...previewArgs(file, reading),
    base: target.base,
    name: target.name.trim() || null,
    types: chosen.size === 0 ? null : typesOf(preview, chosen),
  };
}
