// What paints the rows of a grid; made from a view's colours (view/painter.ts).
import type { ColumnId, RecordRow } from "../../engine";

export type CellValue = (row: RecordRow, column: ColumnId) => unknown;

export interface Painter {
  /** The colour of a record, `#rrggbb`. */
  row(row: RecordRow, value: CellValue): string | null;
  /** The colour of one of its cells, which goes over that of the record. */
  cell(row: RecordRow, column: ColumnId, value: CellValue): string | null;
}
