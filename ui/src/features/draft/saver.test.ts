import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { DraftSaveArgs } from "../../engine";
import { SAVE_AFTER_MS, Saver } from "./saver";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function saver() {
  const state = { text: "", saved: [] as string[], fail: false, wait: null as Promise<void> | null };
  const made = new Saver(
    () => ({ text: state.text }) as DraftSaveArgs,
    async ({ text }) => {
      await state.wait;
      if (state.fail) throw { code: "disk", message: "The disk is full.", remedy: "", detail: null };
      state.saved.push(text);
    },
  );
  const type = (text: string) => {
    state.text = text;
    made.touch();
  };
  return { state, made, type };
}

test("what is typed is saved two seconds after the last key, once", async () => {
  const { state, made, type } = saver();
  type("a");
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS - 500);
  type("ab");
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS - 1);
  expect(state.saved).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(state.saved).toEqual(["ab"]);
  expect(made.state.kind).toBe("saved");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.saved).toEqual(["ab"]);
});

test("somebody who never pauses is saved every ten seconds all the same", async () => {
  const { state, type } = saver();
  for (let at = 0; at < 24; at += 1) {
    type(`${at}`);
    await vi.advanceTimersByTimeAsync(500);
  }
  expect(state.saved.length).toBe(1);
});

test("closing saves at once what the timer has not", async () => {
  const { state, made, type } = saver();
  type("a");
  expect(await made.flush()).toBe(true);
  expect(state.saved).toEqual(["a"]);
  expect(await made.flush()).toBe(true);
  expect(state.saved).toEqual(["a"]);
});

test("what is typed during a save is saved after it", async () => {
  const { state, made, type } = saver();
  let open: () => void = () => {};
  state.wait = new Promise((done) => {
    open = done;
  });
  type("a");
  const first = made.flush();
  type("ab");
  const second = made.flush();
  open();
  await first;
  await second;
  expect(state.saved.at(-1)).toBe("ab");
  expect(made.dirty).toBe(false);
});

test("a failed save is told and tried again", async () => {
  const { state, made, type } = saver();
  state.fail = true;
  type("a");
  expect(await made.flush()).toBe(false);
  expect(made.state).toMatchObject({ kind: "failed", error: { code: "disk" } });
  state.fail = false;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(state.saved).toEqual(["a"]);
  expect(made.state.kind).toBe("saved");
});

test("a letter that was sent is not saved again as a draft", async () => {
  const { state, made, type } = saver();
  type("a");
  made.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  await made.flush();
  expect(state.saved).toEqual([]);
});
