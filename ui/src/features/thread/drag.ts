// Dragging rows to a mailbox with the pointer. HTML's own drag and drop is not used: some systems keep
// it for files from outside of the window. Moving without a drag: `v`.
import { create } from "zustand";
import type { ListRow } from "./row";

interface Drag {
  rows: readonly ListRow[];
  x: number;
  y: number;
  /** Mailbox under the pointer that would take them. */
  over: number | null;
}

const START_PX = 6;
export const dragging = create<{ drag: Drag | null }>(() => ({ drag: null }));

/** The mailbox below a point: an element with data-mailbox and data-account. */
function mailboxAt(x: number, y: number): { mailbox: number; account: number } | null {
  const target = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-mailbox]");
  return target ? { mailbox: Number(target.dataset["mailbox"]), account: Number(target.dataset["account"]) } : null;
}

/** Follows the pointer from a press on a row; `onDrop` gets the mailbox. */
export function beginDrag(press: PointerEvent, rows: () => readonly ListRow[], onDrop: (mailbox: number, rows: readonly ListRow[]) => void): void {
  let taken: readonly ListRow[] | null = null;
  const move = (event: PointerEvent) => {
    if (!taken) {
      if (Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY) < START_PX) return;
      taken = rows();
      if (taken.length === 0) return end();
    }
    const below = mailboxAt(event.clientX, event.clientY);
    const fits = below !== null && taken.every((row) => row.account === below.account);
    dragging.setState({ drag: { rows: taken, x: event.clientX, y: event.clientY, over: fits ? below.mailbox : null } });
  };
  const up = () => {
    const { drag } = dragging.getState();
    end();
    if (drag && drag.over !== null) onDrop(drag.over, drag.rows);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !taken) return;
    event.preventDefault();
    event.stopPropagation();
    end();
  };
  // The click that ends a drag must not open the row.
  const click = (event: MouseEvent) => {
    if (taken) event.stopPropagation();
  };
  function end(): void {
    globalThis.removeEventListener("pointermove", move);
    globalThis.removeEventListener("pointerup", up);
    globalThis.removeEventListener("pointercancel", end);
    globalThis.removeEventListener("keydown", key, true);
    setTimeout(() => globalThis.removeEventListener("click", click, true));
    dragging.setState({ drag: null });
  }
  globalThis.addEventListener("pointermove", move);
  globalThis.addEventListener("pointerup", up);
  globalThis.addEventListener("pointercancel", end);
  globalThis.addEventListener("keydown", key, true);
  globalThis.addEventListener("click", click, true);
}
