// Files put into a cell of the grid, without its editor.
import { toast } from "../../design";
import { call, toEngineError, type Column, type RecordId } from "../../engine";
import type { PickedFile } from "../../engine/desktop";
import { translate } from "../../i18n";
import { tellError } from "../../shell";
import type { RecordSource } from "./source";

/** Adds files behind those of the cell; false where the engine refused, which is told. */
export async function addFiles(source: RecordSource, column: Column, record: RecordId, files: readonly PickedFile[]): Promise<boolean> {
  try {
    await call("file.add", { base: source.aim.base, table: source.aim.table, column: column.id, record, paths: files.flatMap((one) => one.path ?? []), bytes: files.flatMap((one) => one.bytes ?? []) });
    await source.refresh();
    toast(translate("file:added", { count: files.length }), { tone: "success" });
    return true;
  } catch (thrown) {
    tellError(toEngineError(thrown));
    return false;
  }
}
