// What a cell must know of its base to show and choose records of other tables.
import { createContext, useContext } from "react";
import type { Base, Column, RecordId, Table } from "../../engine";

export interface BaseAround {
  base: Base;
  /** Opens a record beside the screen. */
  openRecord: (table: Table, record: RecordId) => void;
}

export const BaseContext = createContext<BaseAround | null>(null);

export interface LinkEnds {
  around: BaseAround;
  /** The table of the link column. */
  near: Table;
  /** The table it leads to; missing where that was removed. */
  far: Table | undefined;
}

/** Both tables of a link column; null outside of a base. Ids of columns are unique in a base. */
export function useLinkEnds(column: Column): LinkEnds | null {
  const around = useContext(BaseContext);
  const near = around?.base.tables.find((table) => table.columns.some((one) => one.id === column.id));
  if (!around || !near) return null;
  return { around, near, far: around.base.tables.find((table) => table.id === column.settings["table"]) };
}
