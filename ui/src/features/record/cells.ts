// What can be done with a rectangle of cells: copy, empty, fill down, paste.
import { toast } from "../../design";
import { toEngineError, type Column, type ColumnType, type RecordValues } from "../../engine";
import { translate } from "../../i18n";
import { tellError } from "../../shell";
import { canType, canWrite, holdsFiles, isTimed } from "../cell/kinds";
import { isEmpty, showCell, typedCell } from "../cell/show";
import { formatHtml, formatTsv, type ClipCell } from "./clipboard";
import type { Range } from "./keys";
import type { RecordSource } from "./source";

export interface CellJob {
  source: RecordSource;
  columns: readonly Column[];
  range: Range;
  total: number;
}

/** Kinds of cells whose values mean the same in every column of the kind. */
const exactKinds = new Set<ColumnType>(["number", "date", "duration", "checkbox", "rating", "image", "file", "collaborator"]);

/** Records of one act at most, the engine's bound. */
const MOST = 50_000;

/** Puts the range on the clipboard; false where some of it is not loaded: it then follows by the asynchronous clipboard. */
export function copyCells({ source, columns, range, total }: CellJob, clipboard: DataTransfer, language: string): boolean {
  const wanted = columns.slice(range.left, range.right + 1);
  const end = Math.min(range.bottom + 1, total);
  const lines = (rows: Awaited<ReturnType<RecordSource["rows"]>>) => ({
    text: formatTsv(rows.map((row) => wanted.map((column) => typedCell(column, source.value(row, column.id))))),
    html: formatHtml(rows.map((row) => wanted.map((column): ClipCell => { const value = source.value(row, column.id); return { text: showCell(column, value, language), exact: exactKinds.has(column.type) && !isEmpty(value) ? { is: "own", kind: column.type, value } : undefined }; }))),
  });
  const known = [];
  for (let index = range.top; index < end; index += 1) {
    const row = source.row(index);
    if (!row) break;
    known.push(row);
  }
  const whole = known.length === end - range.top;
  const { text, html } = lines(known);
  clipboard.setData("text/plain", text);
  clipboard.setData("text/html", html);
  if (!whole) {
    void source.rows(range.top, end).then(
      async (rows) => {
        const all = lines(rows);
        const blob = (type: string, body: string) => new Blob([body], { type });
        await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob("text/plain", all.text), "text/html": blob("text/html", all.html) })]);
        toast(translate("record:copied", { count: rows.length }), { tone: "success" });
      },
      (thrown: unknown) => tellError(toEngineError(thrown)),
    );
  }
  return whole;
}

function tooMany(count: number): boolean {
  if (count <= MOST) return false;
  toast(translate("record:too_many", { count: MOST }), { tone: "warning" });
  return true;
}

/** Empties the cells that can be written. */
export async function emptyCells({ source, columns, range, total }: CellJob): Promise<boolean> {
  const wanted = columns.slice(range.left, range.right + 1).filter((column) => canWrite(column));
  const end = Math.min(range.bottom + 1, total);
  if (wanted.length === 0 || tooMany(end - range.top)) return false;
  const rows = await source.rows(range.top, end);
  const records = rows.flatMap((row): RecordValues[] => {
    const cells = wanted.filter((column) => !isEmpty(source.value(row, column.id)));
    return cells.length === 0 ? [] : [{ id: row.id, cells: Object.fromEntries(cells.map((column) => [column.id, null])) }];
  });
  return source.write(records);
}

/** Writes the first row of the range into the rows below it; of a single row, the row above into it. */
export async function fillDown({ source, columns, range, total }: CellJob): Promise<boolean> {
  const from = range.top === range.bottom ? range.top - 1 : range.top;
  const end = Math.min(range.bottom + 1, total);
  if (from < 0 || tooMany(end - from)) return false;
  const wanted = columns.slice(range.left, range.right + 1).filter((column) => canWrite(column));
  const [first, ...rest] = await source.rows(from, end);
  if (!first || wanted.length === 0) return false;
  const cells = Object.fromEntries(wanted.map((column) => [column.id, source.value(first, column.id) ?? null]));
  return source.write(rest.map((row) => ({ id: row.id, cells })));
}

/** Cells for a paste of `cells` at the range: one cell fills the whole range, more are laid out from its corner. */
export function layOut<T>(cells: readonly (readonly T[])[], range: Range, empty: T): T[][] {
  const height = range.bottom - range.top + 1;
  const width = range.right - range.left + 1;
  const wide = Math.max(0, ...cells.map((row) => row.length));
  // A block that fits the range several times fills it.
  const down = height % cells.length === 0 ? height : cells.length;
  const over = wide > 0 && width % wide === 0 ? width : wide;
  return Array.from({ length: Math.max(down, cells.length) }, (_, row) => Array.from({ length: Math.max(over, wide) }, (_, col) => cells[row % cells.length]?.[col % wide] ?? empty));
}

/** What a pasted cell becomes in a column; undefined leaves the cell as it is. */
export function pastedValue(column: Column, { text, exact }: ClipCell): unknown {
  if (holdsFiles(column.type)) return exact?.is === "own" && holdsFiles(exact.kind) ? exact.value : undefined;
  if (!canType(column)) return undefined;
  if (text.trim() === "") return null;
  if (exact?.is === "own" && exact.kind === column.type) return exact.value;
  const number = exact?.is === "number" ? exact.number : exact?.is === "own" && exact.kind === "number" ? exact.value : null;
  if (column.type === "number" && typeof number === "number") return number;
  if (column.type === "date" && exact?.is === "date") return isTimed(column) ? exact.iso : exact.iso.slice(0, 10);
  if (column.type === "checkbox" && exact?.is === "flag") return exact.flag;
  return text;
}

/** Pastes; records that lie past the end are made. All of it is one act. */
export async function pasteCells({ source, columns, range, total }: CellJob, cells: readonly (readonly ClipCell[])[]): Promise<boolean> {
  const block = layOut<ClipCell>(cells, range, { text: "" });
  if (tooMany(block.length)) return false;
  const wanted = columns.slice(range.left, range.left + (block[0]?.length ?? 0));
  const values = (line: readonly ClipCell[]) =>
    Object.fromEntries(wanted.flatMap((column, at): [number, unknown][] => {
      const value = pastedValue(column, line[at] ?? { text: "" });
      return value === undefined ? [] : [[column.id, value]];
    }));
  const here = Math.min(block.length, Math.max(0, total - range.top));
  const rows = here > 0 ? await source.rows(range.top, range.top + here) : [];
  const ok = await source.write(rows.map((row, at) => ({ id: row.id, cells: values(block[at] ?? []) })), block.slice(rows.length).map(values));
  if (!ok) return false;
  if (block.length * wanted.length > 1) toast(translate("record:pasted", { count: block.length }), { tone: "success" });
  return true;
}
