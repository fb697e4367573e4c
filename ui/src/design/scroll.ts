// Scaled scrolling: which of many rows of one height are in sight, beyond the height that an engine can
// give an element (33,554,428 px in WebKitGTK). Small steps of the wheel move the rows one to one;
// jumps of the scrollbar move them in proportion. Lists and the grid share it.
//
// Rows are drawn in as many slots as fit: a row that leaves on one side gives its slot, and so its elements, to
// the one that comes on the other. After a jump to rows that are not read yet, those in sight stay until they
// are; a dragged bar then shows rows that it has just passed by instead of none.
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type RefObject } from "react";
import { flushSync } from "react-dom";

/** Tallest content that is still laid out as it is, px. */
export const TALLEST_PX = 30_000_000;

export interface ScrollWindow {
  /** First row to draw, and the one after the last. */
  first: number;
  end: number;
  /** Height of the scrolled content, px. */
  height: number;
  /** Top of a row inside the content, px. */
  top(index: number): number;
  /** Rows drawn at most. */
  slots: number;
  /** First row that is scrolled to, and the one after the last: those to be read. Others are drawn while they are not. */
  wanted: readonly [number, number];
  /** Brings a row into sight with the least movement. */
  scrollTo(index: number, align?: "nearest" | "start" | "center"): void;
  /** Moves by whole rows. */
  shift(rows: number): void;
  /** Rows that fit. */
  page: number;
  /** First row in sight, with its hidden fraction. */
  position: number;
}

export interface Scroll {
  /** Where the viewport stands in the whole of the rows, px. */
  offset: number;
  /** The scrollbar's place. */
  scrollTop: number;
}

/** Rows in sight stay for so long while those scrolled to are not read, ms. */
const HOLD_MS = 250;
/** By then a scroll has come to rest, ms. */
const REST_MS = 180;
/** Places of a dragged bar that are remembered. */
const MOST_PASSED = 12;

interface Placed extends Scroll {
  /** What was in sight before, px, and what was scrolled to since, the newest last. */
  stood: number;
  passed: readonly number[];
}

export interface RowWindowOptions {
  count: number;
  rowHeight: number;
  overscan?: number;
  /** Height above the rows that stays in sight, px. */
  before?: number;
  /** Whether rows can be shown; left out where all can. The component is drawn anew when more can. */
  isRead?: (first: number, end: number) => boolean;
}

/** Follows a scrollbar that stood at `last` and stands at `scrollTop` now. */
export function follow(last: Scroll, scrollTop: number, total: number, height: number, viewport: number): Scroll {
  if (total <= height) return { offset: scrollTop, scrollTop };
  const barRange = Math.max(1, height - viewport);
  const range = total - viewport;
  if (scrollTop <= 0) return { offset: 0, scrollTop };
  if (scrollTop >= barRange - 1) return { offset: range, scrollTop };
  const moved = scrollTop - last.scrollTop;
  const offset = Math.abs(moved) <= viewport * 2 ? last.offset + moved : (scrollTop / barRange) * range;
  return { offset: Math.min(range, Math.max(0, offset)), scrollTop };
}

export function useRowWindow(viewport: RefObject<HTMLElement | null>, { count, rowHeight, overscan = 6, before = 0, isRead }: RowWindowOptions): ScrollWindow {
  const [size, setSize] = useState(0);
  const [scroll, setScroll] = useState<Placed>({ offset: 0, scrollTop: 0, stood: 0, passed: [] });
  const latest = useRef(scroll);
  const total = count * rowHeight;
  const height = Math.min(total, TALLEST_PX);
  // As many at every place, so that none of their elements is ever idle.
  const slots = Math.ceil(Math.max(size, rowHeight) / rowHeight) + 1 + 2 * overscan;
  const drawnAt = (offset: number): [number, number] => {
    const from = Math.max(0, Math.min(Math.floor(offset / rowHeight) - overscan, count - slots));
    return [from, Math.min(count, from + slots)];
  };
  const isReadAt = (offset: number) => isRead === undefined || isRead(...drawnAt(offset));
  const shown = scroll.passed.length === 0 || isReadAt(scroll.offset) ? scroll.offset : (scroll.passed.findLast(isReadAt) ?? scroll.stood);
  // What the next scroll finds.
  const found = useRef({ shown, isReadAt });
  useLayoutEffect(() => {
    found.current = { shown, isReadAt };
  });

  const apply = useCallback(
    ({ offset, scrollTop }: Scroll) => {
      const { current } = latest;
      if (current.offset === offset && current.scrollTop === scrollTop) return;
      const { shown: now, isReadAt: isThere } = found.current;
      const far = Math.abs(offset - now) > (viewport.current?.clientHeight ?? 0);
      const waits = far && !isThere(offset);
      const since = now === current.stood ? current.passed : current.passed.slice(current.passed.lastIndexOf(now) + 1);
      // Only what can be read is worth keeping in sight.
      latest.current = { offset, scrollTop, stood: waits && isThere(now) ? now : offset, passed: waits ? [...since, offset].slice(-MOST_PASSED) : [] };
      setScroll(latest.current);
    },
    [viewport],
  );
  const isWaiting = shown !== scroll.offset;
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setTimeout(() => {
      latest.current = { ...latest.current, stood: latest.current.offset, passed: [] };
      setScroll(latest.current);
    }, HOLD_MS);
    return () => clearTimeout(timer);
  }, [isWaiting, shown]);

  useLayoutEffect(() => {
    const element = viewport.current;
    if (!element) return;
    const measure = () => setSize(Math.max(0, element.clientHeight - before));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    const look = () => apply(follow(latest.current, element.scrollTop, total, height, element.clientHeight - before));
    look();
    // In the same frame: else what was scrolled into sight is painted bare once.
    const onScroll = () => flushSync(look);
    // Where the proportion has drifted from the wheel's steps, the bar is set right once it rests.
    let rest: ReturnType<typeof setTimeout> | undefined;
    const onRest = () => {
      clearTimeout(rest);
      if (total > height) {
        rest = setTimeout(() => {
          const view = element.clientHeight - before;
          const place = Math.round((latest.current.offset / Math.max(1, total - view)) * (height - view));
          if (Math.abs(place - element.scrollTop) > 1) {
            apply({ offset: latest.current.offset, scrollTop: place });
            element.scrollTop = place;
          }
        }, REST_MS);
      }
    };
    element.addEventListener("scroll", onScroll, { passive: true });
    element.addEventListener("scroll", onRest, { passive: true });
    return () => {
      observer.disconnect();
      clearTimeout(rest);
      element.removeEventListener("scroll", onScroll);
      element.removeEventListener("scroll", onRest);
    };
  }, [viewport, total, height, before, apply]);

  const scrollTo = useCallback(
    (index: number, align: "nearest" | "start" | "center" = "nearest") => {
      const element = viewport.current;
      if (!element || index < 0 || index >= count) return;
      const view = element.clientHeight - before;
      const range = Math.max(0, total - view);
      const top = index * rowHeight;
      let offset = latest.current.offset;
      if (align === "start") offset = top;
      else if (align === "center") offset = top - (view - rowHeight) / 2;
      else if (top < offset) offset = top;
      else if (top + rowHeight > offset + view) offset = top + rowHeight - view;
      else return;
      offset = Math.min(range, Math.max(0, offset));
      const place = total <= height ? offset : Math.round((offset / Math.max(1, range)) * (height - view));
      apply({ offset, scrollTop: place });
      element.scrollTop = place;
    },
    [viewport, count, rowHeight, total, height, before, apply],
  );

  const shift = useCallback(
    (moved: number) => {
      const element = viewport.current;
      if (!element) return;
      const view = element.clientHeight - before;
      const range = Math.max(0, total - view);
      const offset = Math.min(range, Math.max(0, latest.current.offset + moved * rowHeight));
      const place = total <= height ? offset : Math.round((offset / Math.max(1, range)) * (height - view));
      apply({ offset, scrollTop: place });
      element.scrollTop = place;
    },
    [viewport, rowHeight, total, height, before, apply],
  );

  const [first, end] = drawnAt(shown);
  return {
    first,
    end,
    height,
    top: (index) => (total <= height && !isWaiting ? index * rowHeight : scroll.scrollTop + index * rowHeight - shown),
    slots,
    wanted: isWaiting ? drawnAt(scroll.offset) : [first, end],
    scrollTo,
    shift,
    page: Math.max(1, Math.floor(size / rowHeight)),
    position: scroll.offset / rowHeight,
  };
}

/** The rows to draw, each in a slot that is a row's while it is in sight and another's afterwards: the key of its element. */
export interface Slotted {
  index: number;
  slot: number;
}

/** Rows in the order in which their elements stand: that of the list once the scroll rests. */
export function useSlots({ first, end, slots }: Pick<ScrollWindow, "first" | "end" | "slots">): readonly Slotted[] {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    // While it scrolls, elements keep their places in the document, which costs the least.
    const timer = setTimeout(() => setTurn(first % slots), REST_MS);
    return () => clearTimeout(timer);
  }, [first, slots]);
  return useMemo(() => slotted({ first, end, slots }, turn), [first, end, slots, turn]);
}

/** Rows by their slots, beginning with the slot `turn`. */
export function slotted({ first, end, slots }: Pick<ScrollWindow, "first" | "end" | "slots">, turn: number): Slotted[] {
  const rows: Slotted[] = [];
  for (let at = 0; at < slots; at += 1) {
    const slot = (turn + at) % slots;
    const index = first + ((slot - (first % slots) + slots) % slots);
    if (index < end) rows.push({ index, slot });
  }
  return rows;
}
