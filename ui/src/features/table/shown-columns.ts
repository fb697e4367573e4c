// Which columns a view shows.
import type { Column, Table, View } from "../../engine";

/** Columns of a view in its order, without the hidden ones; the first is always shown. */
export function shownColumns(table: Table, view: View): Column[] {
  const place = new Map(view.order.map((id, at) => [id, at]));
  const ordered = view.order.length === 0 ? table.columns : table.columns.toSorted((a, b) => (place.get(a.id) ?? 1e9) - (place.get(b.id) ?? 1e9));
  return ordered.filter((column, at) => at === 0 || !view.hidden.includes(column.id));
}
