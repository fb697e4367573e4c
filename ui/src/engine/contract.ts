// Commands of the door that stand in the contract and are not generated yet. Merged into the table of
// commands, so that callers are written as they stay.
import type { BaseId, ColumnId, ColumnResult, Error as DoorError, FilterNode, Noun, RecordId, TableId, ViewId } from "./bindings";

export interface RecordGroup { value: unknown; label: string; count: number; offset: number; subtotals: Record<ColumnId, RecordSummary>; children: RecordGroup[] }
export interface RecordGroups { groups: RecordGroup[]; total: number; truncated: boolean }
export interface RecordSummary { count: number; filled: number; empty: number; unique: number; sum: number | null; average: number | null; median: number | null; min: unknown; max: unknown }
export type DateStep = "day" | "week" | "month" | "quarter" | "year";
export interface StatisticAxis { column: ColumnId; by: DateStep | null }
export type Figure = "count" | "sum" | "average" | "min" | "max" | "unique";
export interface StatisticMeasure { column: ColumnId | null; summary: Figure }
export interface StatisticLabel { label: string; value: unknown }
export interface RecordStatistics { rows: StatisticLabel[]; columns: StatisticLabel[]; values: (number | null)[][] }
export interface FormulaFunction { name: string; signature: string; category: string; example: string }
export interface FormulaPreview { result: ColumnResult | null; samples: { record: RecordId; text: string }[]; error: DoorError | null; at: number | null }

export interface RecordDetail { id: RecordId; cells: unknown[]; columns: ColumnId[]; locked: boolean; position?: number }

interface Aim { base: BaseId; table: TableId; view: ViewId | null; filter: FilterNode | null }

declare module "./bindings" {
  interface Commands {
    "record.get": { args: { base: BaseId; table: TableId; record: RecordId }; result: RecordDetail };
    "record.groups": { args: Aim & { view: ViewId; search: string | null }; result: RecordGroups };
    "record.summary": { args: Aim & { search: string | null; columns: ColumnId[] | null; records: RecordId[] | null }; result: Record<ColumnId, RecordSummary> };
    "record.statistics": { args: Aim & { rows: StatisticAxis; columns: StatisticAxis | null; measure: StatisticMeasure }; result: RecordStatistics };
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
