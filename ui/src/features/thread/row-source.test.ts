import { expect, test, vi } from "vitest";
import type { ListRow } from "./row";
import { PAGE_ROWS, RowSource } from "./row-source";

const row = (index: number): ListRow => ({
  key: `t${index}`, thread: index, message: null, account: 1, subject: `Subject ${index}`, people: [], snippet: "", at: 0,
  messages: 1, matching: 1, unread: true, flagged: false, answered: false, forwarded: false, attachments: false, draft: false, snoozed: null, size: 0,
});

/** A server with its rows; `hold` keeps answers back. */
function server(count: number) {
  const state = { rows: Array.from({ length: count }, (_, index) => row(index)), asked: [] as number[], gate: null as Promise<void> | null };
  const source = new RowSource(async (offset, limit) => {
    state.asked.push(offset);
    const answer = { total: state.rows.length, rows: state.rows.slice(offset, offset + limit) };
    await state.gate;
    return answer;
  });
  source.begin();
  return { state, source };
}

const settled = async (source: RowSource) => {
  await vi.waitFor(() => {
    if (source.busy) throw new Error("busy");
  });
};

test("only the pages in sight are fetched, however long the list is", async () => {
  const { state, source } = server(100_000);
  source.ensure(0, 30);
  await settled(source);
  expect(source.count).toBe(100_000);
  expect(state.asked).toEqual([0]);
  source.ensure(49_990, 50_020);
  expect(source.row(50_000)).toBeUndefined();
  await settled(source);
  expect(source.row(50_000)?.thread).toBe(50_000);
  expect(state.asked.toSorted((a, b) => a - b)).toEqual([0, 49_900, 50_000]);
});

test("pages that were scrolled past before they could be asked for are never asked for", async () => {
  const { state, source } = server(100_000);
  source.ensure(0, 20);
  await settled(source);
  for (let at = 1000; at <= 90_000; at += 1000) source.ensure(at, at + 20);
  await settled(source);
  expect(source.row(90_005)?.thread).toBe(90_005);
  expect(state.asked.length).toBeLessThan(8);
});

test("rows far from sight are let go", async () => {
  const { source } = server(20_000);
  for (let page = 0; page < 60; page += 1) {
    source.ensure(page * PAGE_ROWS, page * PAGE_ROWS + 10);
    await settled(source);
  }
  expect(source.row(0)).toBeUndefined();
  expect(source.row(5905)?.thread).toBe(5905);
});

test("a hidden row is gone at once and never flashes back while the engine follows", async () => {
  const { state, source } = server(250);
  source.ensure(0, 30);
  await settled(source);
  source.overlay(["t3"], "hide");
  expect(source.count).toBe(249);
  expect(source.row(3)?.key).toBe("t4");
  expect(source.indexOf("t3")).toBe(-1);
  const seen: (string | undefined)[] = [];
  source.subscribe(() => seen.push(source.row(3)?.key));
  state.rows = state.rows.filter((one) => one.key !== "t3");
  source.settle(["t3"]);
  await settled(source);
  expect(source.count).toBe(249);
  expect(new Set(seen)).toEqual(new Set(["t4"]));
});

test("a refused act brings the row back to its place", async () => {
  const { source } = server(50);
  source.ensure(0, 30);
  await settled(source);
  source.overlay(["t0", "t7"], "hide");
  expect(source.row(0)?.key).toBe("t1");
  source.release(["t0", "t7"]);
  expect(source.row(0)?.key).toBe("t0");
  expect(source.row(7)?.key).toBe("t7");
  expect(source.count).toBe(50);
});

test("an altered row shows the change until the engine's rows tell it", async () => {
  const { state, source } = server(50);
  source.ensure(0, 30);
  await settled(source);
  source.overlay(["t2"], { unread: false });
  expect(source.row(2)?.unread).toBe(false);
  state.rows = state.rows.map((one) => (one.key === "t2" ? { ...one, unread: false, flagged: true } : one));
  source.settle(["t2"]);
  await settled(source);
  expect(source.row(2)).toMatchObject({ unread: false, flagged: true });
  source.overlay(["t2"], {});
  source.release(["t2"]);
  expect(source.row(2)?.unread).toBe(false);
});

test("answers from before a change do not end what the change made stale", async () => {
  const { state, source } = server(50);
  let open: () => void = () => {};
  state.gate = new Promise((done) => {
    open = done;
  });
  source.ensure(0, 30);
  state.rows = state.rows.slice(1);
  source.refresh();
  open();
  state.gate = null;
  await settled(source);
  expect(source.row(0)?.key).toBe("t1");
  expect(source.count).toBe(49);
});

test("an error stops asking until it is tried again", async () => {
  let broken = true;
  const asked = vi.fn();
  const source = new RowSource(async () => {
    asked();
    if (broken) throw { code: "disk", message: "The disk is full.", remedy: "", detail: null };
    return { total: 1, rows: [row(0)] };
  });
  source.begin();
  source.ensure(0, 10);
  await settled(source);
  expect(source.error?.code).toBe("disk");
  source.ensure(0, 12);
  expect(asked).toHaveBeenCalledTimes(1);
  broken = false;
  source.refresh();
  await settled(source);
  expect(source.error).toBeNull();
  expect(source.row(0)?.key).toBe("t0");
});
