// Which columns can hold recipients.
import type { Column } from "../../engine";

const textual = new Set(["text", "long_text", "formula", "link_formula"]);

/** E-mail columns first, then those whose text may hold addresses. */
export function recipientColumns(columns: readonly Column[]): Column[] {
  return [...columns.filter((column) => column.type === "email"), ...columns.filter((column) => textual.has(column.type))];
}
