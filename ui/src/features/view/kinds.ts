// Kinds of views: their sign, and what a new one begins with.
import { Calendar, ChartGantt, ClipboardList, Columns3, Images, ListTree, Sheet, type LucideIcon } from "lucide-react";
import type { ViewKind } from "../../engine";

export const viewKinds = ["table", "kanban", "calendar", "gallery", "timeline", "tree", "form"] as const satisfies ViewKind[];

export const viewIcons: Record<ViewKind, LucideIcon> = {
  table: Sheet,
  kanban: Columns3,
  calendar: Calendar,
  gallery: Images,
  timeline: ChartGantt,
  tree: ListTree,
  form: ClipboardList,
};

/** A name that no other view of the table has: `Kanban`, `Kanban 2`. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const used = new Set(taken.map((name) => name.toLowerCase()));
  if (!used.has(wanted.toLowerCase())) return wanted;
  for (let n = 2; ; n += 1) if (!used.has(`${wanted} ${n}`.toLowerCase())) return `${wanted} ${n}`;
}
