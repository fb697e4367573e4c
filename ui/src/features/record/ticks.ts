// Which records are ticked: named one by one, or all of the list except some.
import type { RecordId } from "../../engine";

export interface Ticks {
  /** All of the list; `ids` are then the exceptions. */
  all: boolean;
  ids: ReadonlySet<RecordId>;
}

export const noTicks: Ticks = { all: false, ids: new Set() };
export const allTicks: Ticks = { all: true, ids: new Set() };

export const isTicked = (ticks: Ticks, id: RecordId): boolean => ticks.all !== ticks.ids.has(id);

export const tickedCount = (ticks: Ticks, total: number): number => (ticks.all ? Math.max(0, total - ticks.ids.size) : ticks.ids.size);

/** Ticks or unticks records. */
export function tick(ticks: Ticks, records: readonly RecordId[], on: boolean): Ticks {
  const ids = new Set(ticks.ids);
  for (const id of records) {
    if (on === ticks.all) ids.delete(id);
    else ids.add(id);
  }
  return { all: ticks.all, ids };
}
