import fc from "fast-check";
import { expect, test } from "vitest";
import { TALLEST_PX, follow } from "./scroll";

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
