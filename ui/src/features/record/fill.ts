// What the cells below a range become when its corner is dragged down: steps go on, all else repeats.
import { toast } from "../../design";
import type { Column, RecordValues } from "../../engine";
import { translate } from "../../i18n";
import { canWrite, isNumberLike } from "../cell/kinds";
import { readDate } from "../cell/show";
import type { CellJob } from "./cells";

/** Records of one act at most, the engine's bound. */
const MOST = 50_000;
const DAY_MS = 86_400_000;

const two = (n: number) => String(n).padStart(2, "0");

/** The step that leads from each number to the next; null where there is none. */
function stepOf(numbers: readonly number[]): number | null {
  const [first, second] = numbers;
  if (first === undefined || second === undefined) return null;
  const step = second - first;
  const close = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
  return numbers.every((one, at) => at === 0 || close(one - (numbers[at - 1] ?? 0), step)) ? step : null;
}

/** The value `at` places behind the end of `values`. */
export function continued(column: Column, values: readonly unknown[], at: number): unknown {
  const repeat = values[at % values.length] ?? null;
  if (isNumberLike(column) && column.type !== "rating" && values.every((one) => typeof one === "number")) {
    const step = stepOf(values);
    return step === null ? repeat : Number(((values.at(-1) ?? 0) + step * (at + 1)).toPrecision(15));
  }
  if (column.type === "date") {
    const days = values.map(readDate);
    if (!days.every((one) => one !== null)) return repeat;
    const step = stepOf(days.map((one) => Date.UTC(one.year, one.month - 1, one.day) / DAY_MS));
    const last = days.at(-1);
    if (step === null || !last) return repeat;
    const next = new Date(Date.UTC(last.year, last.month - 1, last.day + step * (at + 1)));
    const day = `${next.getUTCFullYear()}-${two(next.getUTCMonth() + 1)}-${two(next.getUTCDate())}`;
    return last.timed ? `${day} ${two(last.hour)}:${two(last.minute)}` : day;
  }
  return repeat;
}

/** Fills from the range down to the record at `to`, or up to it. */
export async function fillTo({ source, columns, range, total }: CellJob, to: number): Promise<boolean> {
  const up = to < range.top;
  const [from, end] = up ? [Math.max(0, to), range.top] : [range.bottom + 1, Math.min(to + 1, total)];
  const wanted = columns.slice(range.left, range.right + 1).filter((column) => canWrite(column));
  if (end <= from || wanted.length === 0) return false;
  if (end - from > MOST) {
    toast(translate("record:too_many", { count: MOST }), { tone: "warning" });
    return false;
  }
  const known = await source.rows(range.top, Math.min(range.bottom + 1, total));
  const targets = await source.rows(from, end);
  if (up) {
    known.reverse();
    targets.reverse();
  }
  const values = new Map(wanted.map((column) => [column.id, known.map((row) => source.value(row, column.id) ?? null)]));
  return source.write(targets.map((row, at): RecordValues => ({ id: row.id, cells: Object.fromEntries(wanted.map((column) => [column.id, continued(column, values.get(column.id) ?? [], at)])) })));
}

/** Writes what was typed into one cell into all of the range; what is no text only into cells of its own column. */
export async function fillRange({ source, columns, range, total }: CellJob, typed: Column, value: unknown): Promise<boolean> {
  const end = Math.min(range.bottom + 1, total);
  const wanted = columns.slice(range.left, range.right + 1).filter((column) => canWrite(column) && (column.id === typed.id || value === null || typeof value === "string"));
  if (wanted.length === 0) return false;
  if (end - range.top > MOST) {
    toast(translate("record:too_many", { count: MOST }), { tone: "warning" });
    return false;
  }
  const rows = await source.rows(range.top, end);
  return source.write(rows.map((row) => ({ id: row.id, cells: Object.fromEntries(wanted.map((column) => [column.id, value])) })));
}
