// Dragging by pointer: what is dragged follows the pointer as a label, what lies below is lit, Escape gives
// up. Whoever uses it offers the same by keyboard too.

/** Movement that makes a press a drag, px. */
const FROM_PX = 5;
/** Nearer to an edge of what scrolls than this, it scrolls, px. */
const EDGE_PX = 36;

export interface Drag {
  /** Shown beside the pointer. */
  label: string;
  /** What can be dropped on; the nearest one below the pointer is asked. */
  target: string;
  /** The word for `data-over` of a target, such as which side; null where it can't be dropped there. */
  over?: (target: HTMLElement, at: { x: number; y: number }) => string | null;
  drop: (target: HTMLElement, over: string, at: { x: number; y: number }) => void;
}

/** Begins with a press of the first button; does nothing until the pointer has moved. */
export function startDrag(press: { button: number; clientX: number; clientY: number; pointerType: string }, { label, target, over, drop }: Drag): void {
  if (press.button !== 0 || press.pointerType === "touch") return;
  let ghost: HTMLElement | null = null;
  let below: HTMLElement | null = null;
  let word: string | null = null;
  let at = { x: press.clientX, y: press.clientY };
  let frame = 0;

  const light = (next: HTMLElement | null, how: string | null) => {
    if (below && below !== next) delete below.dataset["over"];
    below = next;
    word = next ? how : null;
    if (next && how !== null) next.dataset["over"] = how;
    else if (next) delete next.dataset["over"];
  };
  const look = () => {
    const found = document.elementFromPoint(at.x, at.y)?.closest<HTMLElement>(target) ?? null;
    light(found, found ? (over ? over(found, at) : "in") : null);
  };
  const scroll = () => {
    frame = requestAnimationFrame(scroll);
    for (let box = document.elementFromPoint(at.x, at.y); box; box = box.parentElement) {
      if (box.scrollHeight <= box.clientHeight && box.scrollWidth <= box.clientWidth) continue;
      const { left, right, top, bottom } = box.getBoundingClientRect();
      const x = at.x < left + EDGE_PX ? -9 : at.x > right - EDGE_PX ? 9 : 0;
      const y = at.y < top + EDGE_PX ? -9 : at.y > bottom - EDGE_PX ? 9 : 0;
      const before = [box.scrollLeft, box.scrollTop];
      box.scrollBy(x, y);
      if (box.scrollLeft !== before[0] || box.scrollTop !== before[1]) {
        look();
        break;
      }
    }
  };
  const move = (event: PointerEvent) => {
    at = { x: event.clientX, y: event.clientY };
    if (!ghost) {
      if (Math.hypot(at.x - press.clientX, at.y - press.clientY) < FROM_PX) return;
      ghost = document.createElement("div");
      ghost.className = "drag-ghost";
      ghost.textContent = label;
      ghost.ariaHidden = "true";
      document.body.append(ghost);
      document.documentElement.dataset["dragging"] = "";
      frame = requestAnimationFrame(scroll);
    }
    event.preventDefault();
    ghost.style.translate = `${at.x + 12}px ${at.y + 8}px`;
    look();
  };
  const end = () => {
    cancelAnimationFrame(frame);
    ghost?.remove();
    light(null, null);
    delete document.documentElement.dataset["dragging"];
    globalThis.removeEventListener("pointermove", move);
    globalThis.removeEventListener("pointerup", up);
    globalThis.removeEventListener("pointercancel", end);
    globalThis.removeEventListener("keydown", key, true);
  };
  const up = () => {
    const [dropped, how, moved] = [below, word, ghost !== null];
    end();
    if (!moved) return;
    // The click that follows belongs to the drag.
    const swallow = (event: Event) => {
      event.stopPropagation();
      event.preventDefault();
    };
    globalThis.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => globalThis.removeEventListener("click", swallow, true));
    if (dropped && how !== null) drop(dropped, how, at);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !ghost) return;
    event.preventDefault();
    event.stopPropagation();
    end();
  };
  globalThis.addEventListener("pointermove", move);
  globalThis.addEventListener("pointerup", up);
  globalThis.addEventListener("pointercancel", end);
  globalThis.addEventListener("keydown", key, true);
}
