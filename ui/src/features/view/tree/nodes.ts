// The lines of a tree: roots by their place in a list, and below the open ones what they link to.
import type { RecordId, TableId } from "../../../engine";

export interface LinkedRecord {
  id: RecordId;
  text: string;
}

/** What a link cell holds. */
export function linkedOf(value: unknown): LinkedRecord[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  return list.flatMap((one): LinkedRecord[] => {
    const map = typeof one === "object" && one !== null ? (one as Record<string, unknown>) : {};
    return typeof map["id"] === "number" ? [{ id: map["id"], text: typeof map["text"] === "string" ? map["text"] : "" }] : [];
  });
}

/** A record below a root. */
export interface Branch {
  record: LinkedRecord;
  table: TableId;
  /** 1 is directly below a root. */
  level: number;
  /** Ids from the root down. */
  path: string;
  /** Null while unknown. */
  children: LinkedRecord[] | null;
  open: boolean;
}

export type TreeLine = { root: number } | { branch: Branch };

/** An open root with the lines below it. */
export interface OpenRoot {
  index: number;
  branches: Branch[];
}

/** Lines of `total` roots, some of them open. */
export function treeLines(total: number, roots: readonly OpenRoot[]) {
  const sorted = roots.filter((one) => one.index >= 0 && one.index < total).toSorted((a, b) => a.index - b.index);
  const count = total + sorted.reduce((sum, one) => sum + one.branches.length, 0);
  return {
    count,
    at(line: number): TreeLine | null {
      if (line < 0 || line >= count) return null;
      let before = 0;
      for (const { index, branches } of sorted) {
        const head = index + before;
        if (line <= head) break;
        const below = branches[line - head - 1];
        if (below) return { branch: below };
        before += branches.length;
      }
      return { root: line - before };
    },
    of(root: number): number {
      return root + sorted.filter((one) => one.index < root).reduce((sum, one) => sum + one.branches.length, 0);
    },
  };
}
