// What is done with the records of a table from whichever screen: add, duplicate, delete, write to.
import { call, toEngineError, type BaseId, type RecordId, type RecordRow, type Table } from "../../engine";
import { translate } from "../../i18n";
import { tellError } from "../../shell";
import { canWrite } from "../cell/kinds";
import { isEmpty } from "../cell/show";
import { startDraft } from "../draft";
import type { RecordSource } from "../record/source";
import { offerBaseUndo, withdrawOffer } from "./undo";

/** Adds one record; null where the engine refused, which is told. */
export async function addRecord(base: BaseId, table: Table, cells: Record<number, unknown>): Promise<RecordId | null> {
  withdrawOffer();
  try {
    const { records } = await call("record.add", { base, table: table.id, records: [cells] });
    return records[0] ?? null;
  } catch (thrown) {
    tellError(toEngineError(thrown));
    return null;
  }
}

/** The cells of a record that a copy of it begins with. */
export function copiedCells(table: Table, source: RecordSource, row: RecordRow): Record<number, unknown> {
  return Object.fromEntries(table.columns.filter((column) => canWrite(column) && !isEmpty(source.value(row, column.id))).map((column) => [column.id, source.value(row, column.id)]));
}

/** Copies records with their links; none where the engine refused, which is told. */
export async function duplicateRecords(base: BaseId, table: Table, ids: RecordId[]): Promise<RecordId[]> {
  try {
    const { records } = await call("record.duplicate", { base, table: table.id, records: ids });
    offerBaseUndo(base, translate("record:duplicated", { count: ids.length }));
    return records;
  } catch (thrown) {
    tellError(toEngineError(thrown));
    return [];
  }
}

/** Locks records against edits, or unlocks them. */
export async function lockRecords(base: BaseId, table: Table, ids: RecordId[], locked: boolean): Promise<void> {
  try {
    await call("record.lock", { base, table: table.id, records: ids, locked });
    offerBaseUndo(base, translate(locked ? "record:locked_done" : "record:unlocked_done", { count: ids.length }));
  } catch (thrown) {
    tellError(toEngineError(thrown));
  }
}

/** Deletes records and offers to take it back; false where the engine refused, which is told. */
export async function removeRecords(base: BaseId, table: Table, ids: RecordId[]): Promise<boolean> {
  if (ids.length === 0) return true;
  try {
    await call("record.remove", { base, table: table.id, records: ids });
    offerBaseUndo(base, translate("record:removed", { count: ids.length }));
    return true;
  } catch (thrown) {
    tellError(toEngineError(thrown));
    return false;
  }
}

/** A letter to an address as a cell holds it: bare, or `Name <address>`. */
export function writeTo(address: string): void {
  const found = /^(.*?)<([^<>]+)>\s*$/.exec(address);
  void startDraft({ kind: "new", to: [found ? { name: (found[1] ?? "").trim(), email: (found[2] ?? "").trim() } : { name: "", email: address.trim() }] });
}
