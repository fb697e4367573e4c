// The value of a link cell as it crosses the door: records with their text; and what its column offers.
import type { Column, FilterNode, RecordId, Table, View, ViewId } from "../../engine";

export interface Linked {
  id: RecordId;
  text: string;
}

const none: Linked[] = [];

/** The records of a link cell; what is not one is left out. */
export function linkedOf(value: unknown): Linked[] {
  if (!Array.isArray(value)) return none;
  return (value as unknown[]).flatMap((one): Linked[] => {
    if (typeof one === "number") return [{ id: one, text: "" }];
    if (typeof one !== "object" || one === null) return [];
    const { id, text, display_value: shown } = one as Record<string, unknown>;
    if (typeof id !== "number") return [];
    return [{ id, text: typeof text === "string" ? text : typeof shown === "string" ? shown : "" }];
  });
}

/** What narrows the records that a link column offers. */
export interface Limit {
  kind: "view" | "hidden" | "some";
  /** Of a view. */
  name: string;
  /** It leaves nothing out. */
  open: boolean;
}

const narrows = (filter: FilterNode | null | undefined): boolean => filter !== null && filter !== undefined && (filter.kind === "rule" || filter.items.some(narrows));

/** The limits of a link column, as its settings name them; a view that is not listed is somebody else's. */
export function limitsOf(column: Column, far: Table | undefined): Limit[] {
  const { view: id, filter } = column.settings;
  const view = far?.views.find((one) => one.id === id);
  const limits: Limit[] = [];
  if (view) limits.push({ kind: "view", name: view.name, open: !narrows(view.filter) });
  else if (far && typeof id === "number") limits.push({ kind: "hidden", name: "", open: false });
  if (narrows(filter as FilterNode | null | undefined)) limits.push({ kind: "some", name: "", open: false });
  return limits;
}

/** True for a view that nobody else sees: the private ones of others never cross the door. */
export const isMine = (view: View): boolean => view.settings["private"] === true && typeof view.settings["owner"] === "string";

/** The views that a link can be limited to: what others can't see limits nobody's choice, unless it does already. */
export const limitViews = (far: Table, chosen: ViewId | null): readonly View[] => far.views.filter((view) => !isMine(view) || view.id === chosen);
