// Which drafts are open: one in the pane, others put away at the lower edge.
import { create } from "zustand";
import { call, toEngineError, type Draft, type DraftCreateArgs, type DraftId } from "../../engine";
import { tellError } from "../../shell";

interface Composers {
  /** The draft that is being written. */
  open: DraftId | null;
  /** Put away, the oldest first. */
  waiting: readonly DraftId[];
  /** The composer takes the whole place. */
  full: boolean;
}

export const composers = create<Composers>(() => ({ open: null, waiting: [], full: false }));

/** Shows a draft; what was open is put away. */
export function openDraft(id: DraftId): void {
  composers.setState(({ open, waiting }) => ({
    open: id,
    waiting: [...waiting, ...(open !== null && open !== id ? [open] : [])].filter((one) => one !== id),
  }));
}

/** Puts the open draft away. */
export function minimise(): void {
  composers.setState(({ open, waiting }) => (open === null ? {} : { open: null, full: false, waiting: [...waiting, open] }));
}

/** The draft is gone or closed for now. */
export function closeDraft(id: DraftId): void {
  composers.setState(({ open, waiting, full }) => ({
    open: open === id ? null : open,
    full: open === id ? false : full,
    waiting: waiting.filter((one) => one !== id),
  }));
}

/** Begins a draft and shows it. */
export async function startDraft(args: Partial<DraftCreateArgs> & Pick<DraftCreateArgs, "kind">): Promise<Draft | null> {
  try {
    const draft = await call("draft.create", { original: null, identity_id: null, to: [], subject: null, text: null, ...args });
    openDraft(draft.id);
    return draft;
  } catch (thrown) {
    tellError(toEngineError(thrown));
    return null;
  }
}
