// The persons and departments that stand in a column, as the engine tells them.
import { useContext } from "react";
import { useRead, type Column, type EngineError } from "../../engine";
import { BaseContext } from "./base-context";

export interface Names {
  names: readonly string[];
  /** False until the engine has answered. */
  known: boolean;
  /** True while its first answer is on its way. */
  waits: boolean;
  error: EngineError | null;
}

const none: readonly string[] = [];

/** The different names in a column, in the order of the base's language. Ids of columns are unique in a base. */
export function useNames(column: Column): Names {
  const base = useContext(BaseContext)?.base;
  const table = base?.tables.find((one) => one.columns.some((other) => other.id === column.id));
  const { data, error, isLoading } = useRead("column.names", base && table ? { base: base.id, table: table.id, column: column.id } : null, { keep: true });
  return { names: data ?? none, known: data !== undefined, waits: isLoading, error };
}
