// Where the columns of a grid stand: frozen ones at the left edge, the others by their place, and of those
// only the ones in sight.
import type { Column } from "../../engine";

/** Width of the record's number and tick box, px. */
export const HEAD_PX = 92;
export const HEADER_PX = 34;

export interface Lane {
  column: Column;
  /** Place among the shown columns. */
  at: number;
  /** From the left edge of the whole row, px. */
  left: number;
  width: number;
  frozen: boolean;
}

export interface Lanes {
  lanes: Lane[];
  /** Right edge of the frozen part, px. */
  frozenPx: number;
  /** Width of a whole row, px. */
  totalPx: number;
}

export function lanesOf(columns: readonly Column[], widths: ReadonlyMap<number, number>, frozen: number): Lanes {
  let left = HEAD_PX;
  let frozenPx = HEAD_PX;
  const lanes = columns.map((column, at) => {
    const width = Math.min(1200, Math.max(40, widths.get(column.id) ?? column.width));
    const lane: Lane = { column, at, left, width, frozen: at < frozen };
    left += width;
    if (lane.frozen) frozenPx = left;
    return lane;
  });
  return { lanes, frozenPx, totalPx: left };
}

/** What stands for the cells of a record on its way: the edges of the columns, and in every third a bar. */
export function awaitedGround(lanes: readonly Lane[]): string {
  return lanes
    .flatMap(({ at, left, width }) => [
      `linear-gradient(var(--line) 0 0) ${left + width - 1}px 0 / 1px 100% no-repeat`,
      ...(at % 3 === 0 ? [`linear-gradient(var(--press) 0 0) ${left + 8}px center / ${Math.round(width * 0.6)}px 10px no-repeat`] : []),
    ])
    .join(", ");
}

/** The first and last lane, past the frozen ones, that are in sight; one more at each side. */
export function lanesInSight({ lanes, frozenPx }: Lanes, scrollLeft: number, viewport: number): [number, number] {
  const from = scrollLeft + frozenPx;
  const to = scrollLeft + viewport;
  let first = lanes.length;
  let last = -1;
  for (const lane of lanes) {
    if (lane.frozen || lane.left + lane.width <= from || lane.left >= to) continue;
    first = Math.min(first, lane.at);
    last = lane.at;
  }
  return [Math.max(0, first - 1), Math.min(lanes.length - 1, last + 1)];
}
