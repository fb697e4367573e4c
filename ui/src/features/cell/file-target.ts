// Where the files of a column go: its table, and the command that puts them into a cell.
import { useCallback, useContext } from "react";
import { call, toEngineError, type BaseId, type Column, type PastedFile, type RecordId, type TableId } from "../../engine";
import { tellError } from "../../shell";
import { BaseContext } from "./base-context";

export interface FileTarget {
  base: BaseId | undefined;
  table: TableId | undefined;
  /** Adds files; gives their cells, or null where that failed and was told. Without a record they wait for one. */
  add: (files: { paths: string[]; bytes: PastedFile[] }) => Promise<unknown[] | null>;
}

export function useFileTarget(column: Column, record: RecordId | null): FileTarget {
  const around = useContext(BaseContext);
  const base = around?.base.id;
  // A column that looks files up shows those of another table.
  const table = around?.base.tables.find((one) => one.columns.some((each) => each.id === column.id))?.id;
  const add = useCallback(
    async (files: { paths: string[]; bytes: PastedFile[] }) => {
      if (!base || table === undefined) return null;
      try {
        return (await call("file.add", { base, table, column: column.id, record, ...files })).files;
      } catch (thrown) {
        tellError(toEngineError(thrown));
        return null;
      }
    },
    [base, table, column.id, record],
  );
  return { base, table, add };
}
