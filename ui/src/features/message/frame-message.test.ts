import * as fc from "fast-check";
import { expect, test } from "vitest";
import { FRAME_TALLEST_PX, readFrameMessage } from "./frame-message";

const frame = {};
const from = (data: unknown, more: { origin?: string; source?: unknown } = {}) => readFrameMessage({ origin: "null", source: frame, data, ...more }, frame);

test("a message is taken only from the letter's own frame and its opaque origin", () => {
  const height = { tabella: 1, kind: "height", height: 300 };
  expect(from(height)).toEqual({ kind: "height", height: 300 });
  expect(from(height, { source: {} })).toBeNull();
  expect(from(height, { origin: "https://example.org" })).toBeNull();
  expect(from(height, { origin: "tauri://localhost" })).toBeNull();
  expect(readFrameMessage({ origin: "null", source: null, data: height }, null)).toBeNull();
});

test("a height is a number within bounds", () => {
  expect(from({ tabella: 1, kind: "height", height: 12.2 })).toEqual({ kind: "height", height: 13 });
  expect(from({ tabella: 1, kind: "height", height: 1e9 })).toEqual({ kind: "height", height: FRAME_TALLEST_PX });
  for (const height of ["300", -1, Number.NaN, Number.POSITIVE_INFINITY, null, undefined, { valueOf: () => 3 }]) {
    expect(from({ tabella: 1, kind: "height", height })).toBeNull();
  }
});

test("a link and a key have their whole shape, and nothing more comes through", () => {
  expect(from({ tabella: 1, kind: "link", href: "https://example.org", text: "x", target: "_top" })).toEqual({ kind: "link", href: "https://example.org", text: "x" });
  expect(from({ tabella: 1, kind: "link", href: ["https://example.org"], text: "x" })).toBeNull();
  expect(from({ tabella: 1, kind: "link", href: `https://example.org/${"a".repeat(9000)}`, text: "x" })).toBeNull();
  const key = { tabella: 1, kind: "key", key: "j", code: "KeyJ", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  expect(from(key)).toEqual({ kind: "key", key: "j", code: "KeyJ", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false });
  expect(from({ ...key, ctrlKey: 1 })).toBeNull();
  expect(from({ ...key, key: "j".repeat(40) })).toBeNull();
});

test("anything else is dropped without an error", () => {
  expect(from({ tabella: 2, kind: "shown" })).toBeNull();
  expect(from({ tabella: 1, kind: "eval", code: "1" })).toBeNull();
  fc.assert(fc.property(fc.anything(), (data) => from(data) === null));
});
