// What can be done with a rectangle of cells: copy, empty, fill down, paste.
import { toast } from "../../design";
import { call, toEngineError, type Column, type RecordValues } from "../../engine";
import { translate } from "../../i18n";
import { tellError } from "../../shell";
import { isTyped, isWritable } from "../cell/kinds";
import { isEmpty, showCell, typedCell } from "../cell/show";
import { formatHtml, formatTsv } from "./clipboard";
import type { Range } from "./keys";
import type { RecordSource } from "./source";

export interface CellJob {
  source: RecordSource;
  columns: readonly Column[];
  range: Range;
  total: number;
}

/** Records of one act at most, the engine's bound. */
const MOST = 50_000;

/** Puts the range on the clipboard; false where some of it is not loaded: it then follows by the asynchronous clipboard. */
export function copyCells({ source, columns, range, total }: CellJob, clipboard: DataTransfer, language: string): boolean {
  const wanted = columns.slice(range.left, range.right + 1);
  const end = Math.min(range.bottom + 1, total);
  const lines = (rows: Awaited<ReturnType<RecordSource["rows"]>>) => ({
    text: formatTsv(rows.map((row) => wanted.map((column) => typedCell(column, source.value(row, column.id))))),
    html: formatHtml(rows.map((row) => wanted.map((column) => showCell(column, source.value(row, column.id), language)))),
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
  const wanted = columns.slice(range.left, range.right + 1).filter((column) => isWritable(column.type));
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
  const wanted = columns.slice(range.left, range.right + 1).filter((column) => isWritable(column.type));
  const [first, ...rest] = await source.rows(from, end);
  if (!first || wanted.length === 0) return false;
  const cells = Object.fromEntries(wanted.map((column) => [column.id, source.value(first, column.id) ?? null]));
  return source.write(rest.map((row) => ({ id: row.id, cells })));
}

/** Cells for a paste of `cells` at the range: one cell fills the whole range, more are laid out from its corner. */
export function layOut(cells: readonly (readonly string[])[], range: Range): string[][] {
  const height = range.bottom - range.top + 1;
  const width = range.right - range.left + 1;
  const wide = Math.max(0, ...cells.map((row) => row.length));
  // A block that fits the range several times fills it.
  const down = height % cells.length === 0 ? height : cells.length;
  const over = wide > 0 && width % wide === 0 ? width : wide;
  return Array.from({ length: Math.max(down, cells.length) }, (_, row) => Array.from({ length: Math.max(over, wide) }, (_, col) => cells[row % cells.length]?.[col % wide] ?? ""));
}

/** Pastes; records that lie past the end are made. */
export async function pasteCells({ source, columns, range, total }: CellJob, cells: readonly (readonly string[])[]): Promise<boolean> {
  const block = layOut(cells, range);
  if (tooMany(block.length)) return false;
  const wanted = columns.slice(range.left, range.left + (block[0]?.length ?? 0));
  const values = (line: readonly string[]) =>
    Object.fromEntries(wanted.flatMap((column, at): [number, unknown][] => (isTyped(column.type) ? [[column.id, (line[at] ?? "").trim() === "" ? null : line[at]]] : [])));
  const here = Math.min(block.length, Math.max(0, total - range.top));
  const rows = here > 0 ? await source.rows(range.top, range.top + here) : [];
  const ok = await source.write(rows.map((row, at) => ({ id: row.id, cells: values(block[at] ?? []) })));
  if (!ok) return false;
  const more = block.slice(rows.length).map(values);
  if (more.length > 0) {
    try {
      await call("record.add", { base: source.aim.base, table: source.aim.table, records: more });
      await source.refresh();
    } catch (thrown) {
      tellError(toEngineError(thrown));
      return false;
    }
  }
  if (block.length * wanted.length > 1) toast(translate("record:pasted", { count: block.length }), { tone: "success" });
  return true;
}
