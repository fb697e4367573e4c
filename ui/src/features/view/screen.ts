// What the screen of a view gets from the table's page.
import type { BaseId, RecordId, Table, View } from "../../engine";
import type { OpenPlace } from "../record/open";

export interface ViewScreenProps {
  base: BaseId;
  table: Table;
  /** All tables of the base, for what is linked. */
  tables: readonly Table[];
  view: View;
  /** Only records with this text; empty is all. */
  search: string;
  language: string;
  onView: (view: View) => void;
  onOpen: (place: OpenPlace) => void;
  /** Writes a letter to an address. */
  onWrite: (address: string) => void;
  /** Something was written: an older offer to undo is no longer true. */
  onEdited: () => void;
  /** Adds a record; null where the engine refused, which was told. */
  onAdd: (cells: Record<number, unknown>) => Promise<RecordId | null>;
  /** Says what was done, with a way to take it back. */
  onDone: (label: string) => void;
  onRemove: (ids: RecordId[]) => Promise<boolean>;
}
