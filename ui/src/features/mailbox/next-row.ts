// Which row takes the place of rows that an act took away.
import type { ListModel, ListRow } from "../thread";

/** The nearest loaded row that stays, towards `newer` or `older` first; null where none is left. */
export function rowAfterAct(model: ListModel, taken: readonly ListRow[], from: number, direction: "newer" | "older"): ListRow | null {
  const gone = new Set(taken.map((row) => row.key));
  const down = scan(model, gone, from, 1);
  const up = scan(model, gone, from, -1);
  return (direction === "newer" ? (up ?? down) : (down ?? up)) ?? null;
}

function scan(model: ListModel, gone: ReadonlySet<string>, from: number, by: 1 | -1): ListRow | undefined {
  for (let index = from + by; index >= 0 && index < model.count; index += by) {
    const row = model.source.row(index);
    if (!row) return undefined;
    if (!gone.has(row.key)) return row;
  }
  return undefined;
}
