import { act, fireEvent, renderHook } from "@testing-library/react";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { TALLEST_PX, follow, slotted, useRowWindow } from "./scroll";

const ROW_PX = 40;

const total = 40 * 1_000_000;
const viewport = 800;

test("short lists scroll as they are", () => {
  expect(follow({ offset: 0, scrollTop: 0 }, 500, 10_000, 10_000, viewport).offset).toBe(500);
});

test("beyond the tallest element the wheel still moves rows one to one", () => {
  const from = { offset: 20_000_000, scrollTop: 15_000_000 };
  expect(follow(from, 15_000_120, total, TALLEST_PX, viewport).offset).toBe(20_000_120);
});

test("both ends of the bar are both ends of the list, and nothing lies outside", () => {
  fc.assert(
    fc.property(fc.nat(TALLEST_PX), fc.nat(total - viewport), fc.nat(TALLEST_PX - viewport), (last, offset, scrollTop) => {
      const next = follow({ offset, scrollTop: last }, scrollTop, total, TALLEST_PX, viewport).offset;
      expect(next).toBeGreaterThanOrEqual(0);
      expect(next).toBeLessThanOrEqual(total - viewport);
    }),
  );
  expect(follow({ offset: 5, scrollTop: 5 }, 0, total, TALLEST_PX, viewport).offset).toBe(0);
  expect(follow({ offset: 5, scrollTop: 5 }, TALLEST_PX - viewport, total, TALLEST_PX, viewport).offset).toBe(total - viewport);
});

test("each row in sight has a slot of its own, keeps it while it is in sight, and gives it to a row that comes", () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 60 }), fc.integer({ min: -60, max: 60 }), fc.nat(60), (first, slots, moved, turn) => {
      const before = slotted({ first, end: first + slots, slots }, turn % slots);
      expect(before.map((row) => row.index).toSorted((a, b) => a - b)).toEqual(Array.from({ length: slots }, (_, at) => first + at));
      expect(new Set(before.map((row) => row.slot)).size).toBe(slots);
      const next = Math.max(0, first + moved);
      const after = slotted({ first: next, end: next + slots, slots }, turn % slots);
      // The elements stand where they stood.
      expect(after.map((row) => row.slot)).toEqual(before.map((row) => row.slot));
      for (const { index, slot } of after) if (index >= first && index < first + slots) expect(before.find((row) => row.index === index)?.slot).toBe(slot);
    }),
  );
});

test("beginning with the slot of the first row, rows stand in their order", () => {
  expect(slotted({ first: 17, end: 25, slots: 8 }, 17 % 8).map((row) => row.index)).toEqual([17, 18, 19, 20, 21, 22, 23, 24]);
});

/** A window of rows in a viewport that is as high as ten of them. */
function rowWindow(isRead?: (first: number, end: number) => boolean) {
  const box = document.createElement("div");
  Object.defineProperty(box, "clientHeight", { value: 10 * ROW_PX });
  const hook = renderHook((props: { isRead?: (first: number, end: number) => boolean }) => useRowWindow({ current: box }, { count: 1_000_000, rowHeight: ROW_PX, overscan: 2, ...props }), { initialProps: isRead ? { isRead } : {} });
  const scroll = (scrollTop: number) => {
    box.scrollTop = scrollTop;
    fireEvent.scroll(box);
  };
  return { box, hook, scroll, sight: () => [hook.result.current.first, hook.result.current.end] };
}

test("rows scrolled into sight are drawn before the scroll is painted", () => {
  const { box, hook } = rowWindow();
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", false);
  box.scrollTop = 400;
  box.dispatchEvent(new Event("scroll"));
  expect(hook.result.current.first).toBe(8);
  vi.unstubAllGlobals();
});

test("a jump to rows that are not read leaves those in sight where they stand until they are", () => {
  const read = new Set<string>();
  const isRead = (first: number, end: number) => first < 100 || read.has(`${first}-${end}`);
  const { hook, scroll, sight } = rowWindow(isRead);
  scroll(15_000_000);
  expect(sight()).toEqual([0, 15]);
  const [first, end] = hook.result.current.wanted;
  expect(first).toBeGreaterThan(490_000);
  // The rows move along with what scrolls, and so stay in sight.
  expect(hook.result.current.top(3)).toBe(15_000_000 + 3 * ROW_PX);
  read.add(`${first}-${end}`);
  hook.rerender({ isRead });
  expect(sight()).toEqual([first, end]);
});

test("a dragged bar shows the newest of the places it passed that is read", () => {
  const read = new Set<string>();
  const isRead = (first: number, end: number) => first < 100 || read.has(`${first}-${end}`);
  const { hook, scroll, sight } = rowWindow(isRead);
  const passed = [5_000_000, 6_000_000, 7_000_000, 8_000_000].map((place) => {
    scroll(place);
    return hook.result.current.wanted;
  });
  for (const at of [0, 2]) {
    const [first, end] = passed[at]!;
    read.add(`${first}-${end}`);
    hook.rerender({ isRead });
    expect(sight()).toEqual([first, end]);
  }
  // What was read late of an older place does not take the view back.
  read.add(passed[1]!.join("-"));
  hook.rerender({ isRead });
  expect(sight()).toEqual(passed[2]);
  scroll(9_000_000);
  expect(sight()).toEqual(passed[2]);
});

test("after a wait that was too long, a dragged bar is readable again with the next place that is read", () => {
  vi.useFakeTimers();
  const read = new Set<string>();
  const isRead = (first: number, end: number) => first < 100 || read.has(`${first}-${end}`);
  const { hook, scroll, sight } = rowWindow(isRead);
  scroll(15_000_000);
  act(() => vi.advanceTimersByTime(300));
  scroll(16_000_000);
  const place = hook.result.current.wanted;
  scroll(17_000_000);
  expect(sight()).toEqual(hook.result.current.wanted);
  read.add(place.join("-"));
  hook.rerender({ isRead });
  expect(sight()).toEqual(place);
  scroll(18_000_000);
  expect(sight()).toEqual(place);
  vi.useRealTimers();
});

test("rows that are not read for long are shown as awaited where the bar stands", () => {
  vi.useFakeTimers();
  const { hook, scroll, sight } = rowWindow((first) => first < 100);
  scroll(15_000_000);
  expect(sight()).toEqual([0, 15]);
  act(() => vi.advanceTimersByTime(300));
  expect(sight()).toEqual(hook.result.current.wanted);
  expect(sight()[0]).toBeGreaterThan(490_000);
  // There is nothing worth keeping in sight any more: the bar is followed at once.
  scroll(18_000_000);
  expect(sight()[0]).toBeGreaterThan(590_000);
  vi.useRealTimers();
});

test("steps of the wheel are followed at once, read or not", () => {
  const { scroll, sight } = rowWindow((first) => first < 2);
  scroll(200);
  expect(sight()).toEqual([3, 18]);
});
