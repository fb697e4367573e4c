// The lines of a grid: records, and the heads of groups between them. Without groups a line is the record of
// the same place. Groups may be many; a line is found by halving.
import type { RecordGroup } from "../../engine";

export interface GroupLine {
  group: RecordGroup;
  /** 0 is the outermost. */
  level: number;
  /** Path of values from the outermost down, for remembering what is shut. */
  key: string;
  /** The values from the outermost down to this one. */
  path: readonly unknown[];
  open: boolean;
}

interface Part {
  /** First line. */
  line: number;
  /** Lines it takes: 1 for a head. */
  lines: number;
  head: GroupLine | null;
  /** First record of a run of records. */
  record: number;
}

export interface Lines {
  count: number;
  /** The place of the record on a line, or the head of a group. */
  at(line: number): { record: number } | { head: GroupLine } | null;
  /** The line of a record; of one in a shut group, the line of that group's head. */
  of(record: number): number;
  /** Records between two lines, both included, up to the first shut group; null where there is none. */
  records(top: number, bottom: number): [number, number] | null;
  grouped: boolean;
}

export const keyOf = (parent: string, group: RecordGroup): string => `${parent}/${JSON.stringify(group.value ?? null)}`;

export function plainLines(total: number): Lines {
  return {
    count: total,
    at: (line) => (line >= 0 && line < total ? { record: line } : null),
    of: (record) => record,
    records: (top, bottom) => (total === 0 ? null : [Math.max(0, top), Math.min(total - 1, bottom)]),
    grouped: false,
  };
}

export function groupedLines(groups: readonly RecordGroup[], shut: ReadonlySet<string>): Lines {
  const parts: Part[] = [];
  let line = 0;
  const walk = (list: readonly RecordGroup[], level: number, parent: string, above: readonly unknown[]) => {
    for (const group of list) {
      const key = keyOf(parent, group);
      const path = [...above, group.value];
      const open = !shut.has(key);
      parts.push({ line, lines: 1, head: { group, level, key, path, open }, record: group.offset });
      line += 1;
      if (!open) continue;
      if (group.children.length > 0) walk(group.children, level + 1, key, path);
      else if (group.count > 0) {
        parts.push({ line, lines: group.count, head: null, record: group.offset });
        line += group.count;
      }
    }
  };
  walk(groups, 0, "", []);

  const partAt = (wanted: number): number => {
    let [low, high] = [0, parts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (parts[middle]!.line <= wanted) low = middle;
      else high = middle - 1;
    }
    return parts.length === 0 ? -1 : low;
  };
  return {
    count: line,
    at: (wanted) => {
      const part = wanted >= 0 && wanted < line ? parts[partAt(wanted)] : undefined;
      if (!part) return null;
      return part.head ? { head: part.head } : { record: part.record + wanted - part.line };
    },
    of: (record) => {
      let [low, high] = [0, parts.length - 1];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (parts[middle]!.record <= record) low = middle;
        else high = middle - 1;
      }
      const part = parts[low];
      return !part ? 0 : part.head ? part.line : Math.min(part.line + part.lines - 1, part.line + record - part.record);
    },
    records: (top, bottom) => {
      let found: [number, number] | null = null;
      for (let at = partAt(Math.max(0, top)); at >= 0 && at < parts.length; at += 1) {
        const part = parts[at]!;
        if (part.line > bottom) break;
        if (part.head) {
          if (found && !part.head.open) break;
          continue;
        }
        const from = part.record + Math.max(0, top - part.line);
        const to = part.record + Math.min(part.lines - 1, bottom - part.line);
        if (to < from) continue;
        // Only what follows on without a gap.
        if (found && from !== found[1] + 1) break;
        found = [found ? found[0] : from, to];
      }
      return found;
    },
    grouped: true,
  };
}

/** Keys of every group down to a level, for shutting all. */
export function groupKeys(groups: readonly RecordGroup[], parent = ""): string[] {
  return groups.flatMap((group) => {
    const key = keyOf(parent, group);
    return [key, ...groupKeys(group.children, key)];
  });
}
