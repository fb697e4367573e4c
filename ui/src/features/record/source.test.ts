import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { setTransport, type RecordPage } from "../../engine";
import { testTransport } from "../../testing/transport";
import { PAGE, RecordSource, type ListAim } from "./source";

const TOTAL = 1_000_000;

/** A source whose engine answers when it is told to. */
class Slow extends RecordSource {
  /** First and last record of each request. */
  asked: [number, number][] = [];
  waiting: (() => void)[] = [];

  protected override ask(_: ListAim, offset: number, limit: number): Promise<RecordPage> {
    this.asked.push([offset, offset + limit - 1]);
    const rows = Array.from({ length: limit }, (__, at) => ({ id: offset + at + 1, cells: [`r${offset + at}`] }));
    return new Promise((resolve) => this.waiting.push(() => resolve({ total: TOTAL, columns: [7], rows } as unknown as RecordPage)));
  }

  async answer(): Promise<void> {
    for (const give of this.waiting.splice(0)) give();
    await vi.advanceTimersByTimeAsync(0);
  }

  covers(record: number): boolean {
    return this.asked.some(([first, last]) => first <= record && record <= last);
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

test("while a bar is dragged, what it passes by is read as fast as answers come, and nothing is read ahead", async () => {
  for (let frame = 1; frame <= 60; frame += 1) {
    source.onRange(frame * 10_000, frame * 10_000 + 30);
    await source.answer();
    expect(source.row(frame * 10_000)?.id).toBe(frame * 10_000 + 1);
    await vi.advanceTimersByTimeAsync(16);
  }
  expect(source.asked).toHaveLength(60);
  await vi.advanceTimersByTimeAsync(200);
  await source.answer();
  expect(source.covers(600_100)).toBe(true);
});

test("an engine slower than the bar is asked for the newest place only, by two requests at once at most", async () => {
  for (let frame = 1; frame <= 60; frame += 1) {
    const before = source.asked.length;
    source.onRange(frame * 10_000, frame * 10_000 + 30);
    if (frame % 6 === 0) await source.answer();
    expect(source.waiting.length).toBeLessThanOrEqual(2);
    for (const [first] of source.asked.slice(before)) expect(first).toBe(frame * 10_000);
    await vi.advanceTimersByTimeAsync(16);
  }
  expect(source.asked.length).toBeLessThan(25);
  await source.answer();
  await source.answer();
  expect(source.row(600_000)?.id).toBe(600_001);
});

test("a single jump is read at once", () => {
  source.onRange(700_000, 700_030);
  expect(source.asked[0]).toEqual([700_000, 700_000 + PAGE - 1]);
});

test("rows in sight that stand on two pages are asked for together", () => {
  source.onRange(700_030, 700_070);
  expect(source.asked).toEqual([[700_000, 700_000 + 2 * PAGE - 1]]);
});

test("records past the edge of those in sight are read ahead", async () => {
  source.onRange(20, 45);
  await source.answer();
  await source.answer();
  expect(source.row(140)?.id).toBe(141);
  expect(source.covers(400)).toBe(false);
});

test("of many records in sight a thousand are asked for at once, and none that were left meanwhile", async () => {
  source.onRange(2000, 6000);
  expect(source.asked).toEqual([[2000, 2999], [3000, 3999]]);
  source.onRange(9000, 9030);
  await source.answer();
  await source.answer();
  expect(source.covers(4000)).toBe(false);
  expect(source.row(9010)?.id).toBe(9011);
});

test("a list that changes while it is read is read again", async () => {
  source.onRange(2000, 2030);
  const fresh = source.refresh();
  await source.answer();
  await source.answer();
  await source.answer();
  await fresh;
  expect(source.asked.filter(([first]) => first === 2000)).toHaveLength(2);
});

test("of what was passed by, no more than 2,000 records are kept", async () => {
  for (let at = 0; at < 100_000; at += 1000) {
    source.onRange(at, at + 30);
    await source.answer();
  }
  let kept = 0;
  for (let at = 0; at < 100_000; at += 1) if (source.row(at)) kept += 1;
  expect(kept).toBeLessThanOrEqual(2000);
  expect(source.row(99_000)?.id).toBe(99_001);
});

test("reading further makes no new edition of the records; a change and what is typed do", async () => {
  setTransport(testTransport({ "record.update": () => ({ updated: 1, undo: 1 }) as never }));
  source.onRange(5000, 5030);
  await source.answer();
  const before = source.edition;
  source.onRange(5200, 5230);
  await source.answer();
  expect(source.edition).toBe(before);
  const fresh = source.refresh();
  await source.answer();
  await source.answer();
  await source.answer();
  await fresh;
  const changedOnce = source.edition;
  expect(changedOnce).toBeGreaterThan(before);
  const row = source.row(5200)!;
  void source.write([{ id: row.id, cells: { 7: "typed" } }]);
  expect(source.value(row, 7)).toBe("typed");
  expect(source.edition).toBeGreaterThan(changedOnce);
});
