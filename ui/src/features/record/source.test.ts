import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RecordPage } from "../../engine";
import { PAGE, RecordSource, type ListAim } from "./source";

const TOTAL = 1_000_000;

/** A source whose engine answers when it is told to. */
class Slow extends RecordSource {
  asked: number[] = [];
  private waiting: (() => void)[] = [];

  protected override ask(_: ListAim, offset: number, limit: number): Promise<RecordPage> {
    this.asked.push(offset / PAGE);
    const rows = Array.from({ length: limit }, (__, at) => ({ id: offset + at + 1, cells: [] }));
    return new Promise((resolve) => this.waiting.push(() => resolve({ total: TOTAL, columns: [], rows } as unknown as RecordPage)));
  }

  async answer(): Promise<void> {
    for (const give of this.waiting.splice(0)) give();
    await vi.advanceTimersByTimeAsync(0);
  }
}

let source: Slow;

beforeEach(async () => {
  vi.useFakeTimers();
  source = new Slow({ base: "b", table: 1, view: 1, filter: null, search: null, sorts: null } as ListAim);
  source.start();
  await source.answer();
  source.asked = [];
});

afterEach(() => {
  source.end();
  vi.useRealTimers();
});

test("what a dragged bar passes by is not read; where it rests, it is", async () => {
  for (let frame = 1; frame <= 60; frame += 1) {
    source.onRange(frame * 10_000, frame * 10_000 + 30);
    await vi.advanceTimersByTimeAsync(16);
    await source.answer();
  }
  expect(source.asked.length).toBeLessThan(4);
  await vi.advanceTimersByTimeAsync(100);
  await source.answer();
  expect(source.asked).toContain(3000);
  expect(source.row(600_000)?.id).toBe(600_001);
});

test("a single jump is read at once", () => {
  source.onRange(700_000, 700_030);
  expect(source.asked[0]).toBe(3500);
});

test("records past the edge of those in sight are read ahead", async () => {
  source.onRange(100, 130);
  expect(source.asked).toEqual([]);
  source.onRange(120, 150);
  await source.answer();
  expect(source.asked).toEqual([1]);
  expect(source.row(210)?.id).toBe(211);
});

test("no more than two pages are asked for at once, and none that was left meanwhile", async () => {
  source.onRange(2000, 4000);
  expect(source.asked).toHaveLength(2);
  source.onRange(2200, 2230);
  await source.answer();
  await source.answer();
  expect(source.asked.filter((page) => page > 12)).toEqual([]);
  expect(source.row(2210)?.id).toBe(2211);
});

test("a list that changes while it is read is read again", async () => {
  source.onRange(2000, 2030);
  const fresh = source.refresh();
  await source.answer();
  await source.answer();
  await source.answer();
  await fresh;
  expect(source.asked.filter((page) => page === 10)).toHaveLength(2);
});
