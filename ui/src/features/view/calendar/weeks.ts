// Where the records of a calendar stand: bars that may go over days and weeks, each in a lane of its own.

/** A record with its days, both included. */
export interface Entry {
  /** Its place in the source. */
  index: number;
  start: number;
  end: number;
}

/** The part of an entry within one week. */
export interface Segment {
  entry: Entry;
  /** Days from the week's first, both included. */
  from: number;
  to: number;
  lane: number;
  /** Whether the entry goes on before and after this week. */
  before: boolean;
  after: boolean;
}

/** The segments of a week of seven days; longer ones stand higher. */
export function segmentsOf(entries: readonly Entry[], week: number): Segment[] {
  const inside = entries.filter((one) => one.start <= week + 6 && one.end >= week);
  const ordered = inside.toSorted((a, b) => Math.max(a.start, week) - Math.max(b.start, week) || b.end - b.start - (a.end - a.start) || a.index - b.index);
  const taken: number[] = [];
  return ordered.map((entry) => {
    const from = Math.max(0, entry.start - week);
    const to = Math.min(6, entry.end - week);
    let lane = taken.findIndex((until) => until < from);
    if (lane < 0) lane = taken.length;
    taken[lane] = to;
    return { entry, from, to, lane, before: entry.start < week, after: entry.end > week + 6 };
  });
}

/** Of a day's segments, how many find no room where `room` lanes are shown. */
export function hiddenOn(segments: readonly Segment[], day: number, room: number): number {
  return segments.filter((one) => one.from <= day && one.to >= day && one.lane >= room).length;
}
