import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { setTransport, type RecordPage } from "../../engine";
import { doorError, testTransport } from "../../testing/transport";
import { PAGE, RecordSource, type ListAim } from "./source";

const TOTAL = 1_000_000;

/** A source whose engine answers when it is told to. */
class Slow extends RecordSource {
  /** First and last record of each request. */
  asked: [number, number][] = [];
  waiting: (() => void)[] = [];
  fails = false;

  protected override ask(_: ListAim, offset: number, limit: number): Promise<RecordPage> {
    this.asked.push([offset, offset + limit - 1]);
    const rows = Array.from({ length: limit }, (__, at) => ({ id: offset + at + 1, cells: [`r${offset + at}`] }));
    if (this.fails) return Promise.reject(doorError("busy"));
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

test("while a bar is dragged, what it passes by is read some thirty times a second, and nothing is read ahead", async () => {
  let readable = 0;
  for (let frame = 1; frame <= 60; frame += 1) {
    source.onRange(frame * 10_000, frame * 10_000 + 30);
    await source.answer();
    await vi.advanceTimersByTimeAsync(16);
    await source.answer();
  }
  for (let frame = 1; frame <= 60; frame += 1) if (source.row(frame * 10_000)?.id === frame * 10_000 + 1) readable += 1;
  expect(readable).toBeGreaterThanOrEqual(25);
  expect(source.asked.length).toBeLessThanOrEqual(34);
  for (const [first, last] of source.asked) expect([first % 10_000, last % 10_000]).toEqual([0, PAGE - 1]);
  await vi.advanceTimersByTimeAsync(200);
  await source.answer();
  await source.answer();
  expect(source.row(600_020)?.id).toBe(600_021);
  expect(source.row(600_100)?.id).toBe(600_101);
});

test("an engine slower than the bar is asked for the newest place only, by two requests at once at most", async () => {
  for (let frame = 1; frame <= 60; frame += 1) {
    const before = source.asked.length;
    source.onRange(frame * 10_000, frame * 10_000 + 30);
    if (frame % 6 === 0) await source.answer();
    await vi.advanceTimersByTimeAsync(16);
    expect(source.waiting.length).toBeLessThanOrEqual(2);
    for (const [first] of source.asked.slice(before)) expect(first).toBe(frame * 10_000);
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
  await vi.advanceTimersByTimeAsync(40);
  await source.answer();
  await source.answer();
  expect(source.covers(4000)).toBe(false);
  expect(source.row(9010)?.id).toBe(9011);
});

test("a page that could not be read is asked for again by the next scroll", async () => {
  source.fails = true;
  source.onRange(5000, 5030);
  await source.answer();
  expect(source.error?.code).toBe("busy");
  expect(source.row(5010)).toBeUndefined();
  source.fails = false;
  await vi.advanceTimersByTimeAsync(200);
  await source.answer();
  source.onRange(5001, 5031);
  source.onRange(5030, 5060);
  await source.answer();
  expect(source.row(5010)?.id).toBe(5011);
  expect(source.error).toBeNull();
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
    await vi.advanceTimersByTimeAsync(40);
  }
  let kept = 0;
  for (let at = 0; at < 100_000; at += 1) if (source.row(at)) kept += 1;
  expect(kept).toBeLessThanOrEqual(2000);
  expect(source.row(99_000)?.id).toBe(99_001);
});

test("a record that is open is kept and kept fresh wherever the list is scrolled to", async () => {
  const settle = async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      await vi.advanceTimersByTimeAsync(200);
      await source.answer();
    }
  };
  const letGo = source.hold(320);
  await settle();
  const scrollBy = async (from: number) => {
    for (let at = from; at < from + 100_000; at += 1000) {
      source.onRange(at, at + 30);
      await source.answer();
      await vi.advanceTimersByTimeAsync(40);
    }
  };
  await scrollBy(1000);
  const row = source.row(320);
  expect(row?.id).toBe(321);
  await settle();
  void source.refresh();
  await settle();
  expect(source.row(320)?.id).toBe(321);
  expect(source.row(320)).not.toBe(row);
  letGo();
  await scrollBy(200_000);
  expect(source.row(320)).toBeUndefined();
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
