// What can be taken back: the newest first, one stack a place. Each entry takes itself back once.
import { create } from "zustand";
import { dismissToast, toast } from "../design";
import { translate } from "../i18n";

/** `mail` for acts on messages; `base:<id>` for a base, whose own history also answers Ctrl+Z. */
export type UndoScope = "mail" | `base:${string}`;

export interface Undoable {
  id: number;
  scope: UndoScope;
  /** What was done, such as `Archived`. */
  label: string;
  undo: () => Promise<unknown> | void;
}

const MOST = 50;
let next = 1;

export const undoStack = create<{ entries: readonly Undoable[]; scope: UndoScope }>(() => ({ entries: [], scope: "mail" }));
const toastOf = new Map<number, number>();

function drop(id: number): void {
  undoStack.setState(({ entries }) => ({ entries: entries.filter((one) => one.id !== id) }));
  const shown = toastOf.get(id);
  if (shown !== undefined) dismissToast(shown);
  toastOf.delete(id);
}

/** Puts an act on the stack without a toast. Returns its id, for {@link takeBack} and {@link forget}. */
export function pushUndo(entry: Omit<Undoable, "id">): number {
  const id = next++;
  undoStack.setState(({ entries }) => ({ entries: [...entries, { ...entry, id }].slice(-MOST) }));
  return id;
}

/** Says what was done, with a button that takes it back; Ctrl+Z does the same. */
export function offerUndo(entry: Omit<Undoable, "id">, duration_ms?: number): number {
  const id = pushUndo(entry);
  sayUndo(id, entry.label, duration_ms);
  return id;
}

/** The same for an act that is on the stack already; nothing where it was taken back meanwhile. */
export function sayUndo(id: number, label: string, duration_ms?: number): void {
  if (!undoStack.getState().entries.some((one) => one.id === id)) return;
  const shown = toast(label, {
    action: { label: translate("common:undo"), keys: "mod+z", perform: () => void takeBack(id) },
    ...(duration_ms === undefined ? {} : { duration_ms }),
  });
  toastOf.set(id, shown);
}

/** The act can't be taken back any more. */
export function forget(id: number): void {
  drop(id);
}

/** Takes one act back. */
export async function takeBack(id: number): Promise<void> {
  const entry = undoStack.getState().entries.find((one) => one.id === id);
  if (!entry) return;
  drop(id);
  await entry.undo();
}

/** Which stack Ctrl+Z means now; the place that is shown sets it. */
export function setUndoScope(scope: UndoScope): void {
  undoStack.setState({ scope });
}

export function newestUndoable(): Undoable | undefined {
  const { entries, scope } = undoStack.getState();
  return entries.findLast((one) => one.scope === scope);
}

/** Takes the newest act of the present scope back; false where there is none. */
export async function undoNewest(): Promise<boolean> {
  const entry = newestUndoable();
  if (!entry) return false;
  await takeBack(entry.id);
  return true;
}
