// Scaled scrolling: which of many rows of one height are in sight, beyond the height that an engine can
// give an element (33,554,428 px in WebKitGTK). Small steps of the wheel move the rows one to one;
// jumps of the scrollbar move them in proportion. Lists and the grid share it.
import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from "react";
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
  /** Stays with a row while it is in sight; after a jump the new rows take over the keys, and so the elements, of the old. */
  key(index: number): number;
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

/** A scroll, and the row whose key is 0. */
interface Placed extends Scroll {
  origin: number;
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

export function useRowWindow(
  viewport: RefObject<HTMLElement | null>,
  { count, rowHeight, overscan = 6, before = 0 }: { count: number; rowHeight: number; overscan?: number; before?: number },
): ScrollWindow {
  const [size, setSize] = useState(0);
  const [scroll, setScroll] = useState<Placed>({ offset: 0, scrollTop: 0, origin: 0 });
  const latest = useRef(scroll);
  const total = count * rowHeight;
  const height = Math.min(total, TALLEST_PX);

  const apply = useCallback(
    ({ offset, scrollTop }: Scroll) => {
      const { current } = latest;
      if (current.offset === offset && current.scrollTop === scrollTop) return;
      const moved = Math.floor(offset / rowHeight) - Math.floor(current.offset / rowHeight);
      const inSight = Math.ceil((viewport.current?.clientHeight ?? 0) / rowHeight) + 2 * overscan + 1;
      latest.current = { offset, scrollTop, origin: Math.abs(moved) > inSight ? current.origin + moved : current.origin };
      setScroll(latest.current);
    },
    [viewport, rowHeight, overscan],
  );

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
        }, 180);
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

  const page = Math.max(1, Math.floor(size / rowHeight));
  const position = scroll.offset / rowHeight;
  const first = Math.min(Math.max(0, count - 1), Math.max(0, Math.floor(position) - overscan));
  const end = Math.min(count, Math.ceil((scroll.offset + Math.max(size, rowHeight)) / rowHeight) + overscan);
  return {
    first,
    end,
    height,
    top: (index) => (total <= height ? index * rowHeight : scroll.scrollTop + index * rowHeight - scroll.offset),
    key: (index) => index - scroll.origin,
    scrollTo,
    shift,
    page,
    position,
  };
}
