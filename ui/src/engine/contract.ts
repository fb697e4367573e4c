// Commands of the door that stand in the contract and are not generated yet. Merged into the table of
// commands, so that callers are written as they stay.
import type { BaseId, ColumnId, Error as DoorError, FilterNode, Noun, RecordId, TableId, ViewId } from "./bindings";

export interface Group { value: unknown; label: string; count: number; offset: number; subtotals: Record<ColumnId, Summary>; children: Group[] }
export interface GroupPage { groups: Group[]; total: number; truncated: boolean }
export interface Summary { count: number; filled: number; empty: number; unique: number; sum: number | null; average: number | null; median: number | null; min: unknown; max: unknown }
export type DatePart = "day" | "week" | "month" | "quarter" | "year";
export interface Axis { column: ColumnId; by: DatePart | null }
export type Figure = "count" | "sum" | "average" | "min" | "max" | "unique";
export interface Measure { column: ColumnId | null; summary: Figure }
export interface AxisValue { label: string; value: unknown }
export interface Statistics { rows: AxisValue[]; columns: AxisValue[]; values: (number | null)[][] }
export interface FormulaFunction { name: string; signature: string; category: string; example: string }
export interface FormulaPreview { kind: string; samples: { record: RecordId; text: string }[]; error: DoorError | null; at: number | null }

export interface FullRecord { id: RecordId; cells: unknown[]; columns: ColumnId[]; locked: boolean; position?: number }

interface Aim { base: BaseId; table: TableId; view: ViewId | null; filter: FilterNode | null }

declare module "./bindings" {
  interface Commands {
    "record.get": { args: { base: BaseId; table: TableId; record: RecordId }; result: FullRecord };
    "record.groups": { args: Aim & { search: string | null }; result: GroupPage };
    "record.summary": { args: Aim & { search: string | null; columns: ColumnId[] | null; records: RecordId[] | null }; result: Record<ColumnId, Summary> };
    "record.statistics": { args: Aim & { rows: Axis; columns: Axis | null; measure: Measure }; result: Statistics };
    "column.preview_formula": { args: { base: BaseId; table: TableId; formula: string; record: RecordId | null }; result: FormulaPreview };
    "column.functions": { args: Nothing; result: FormulaFunction[] };
  }
}

/** What the reads above are made of. */
export const moreNouns = {
  "record.get": ["record", "table"],
  "record.groups": ["record", "table"],
  "record.summary": ["record", "table"],
  "record.statistics": ["record", "table"],
  "column.preview_formula": ["record", "table"],
  "column.functions": [],
} as const satisfies Record<string, readonly Noun[]>;

const fixture = import.meta.env.MODE === "test" || (import.meta.env.DEV && new URLSearchParams(globalThis.location.search).has("fixture"));

/** Whether the engine answers a command of the contract yet; what needs one that it does not is not shown. */
export const isAnswered = (name: keyof typeof moreNouns): boolean => fixture || !(name in moreNouns);
