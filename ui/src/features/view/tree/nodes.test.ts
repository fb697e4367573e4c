import { expect, test } from "vitest";
import { linkedOf, treeLines, type Branch } from "./nodes";

const branch = (id: number): Branch => ({ record: { id, text: String(id) }, table: 1, level: 1, path: `/${id}`, children: null, open: false });

test("what lies below an open root stands right after it", () => {
  const lines = treeLines(100_000, [{ index: 2, branches: [branch(7), branch(8)] }, { index: 0, branches: [branch(5)] }]);
  expect(lines.count).toBe(100_003);
  const found = [0, 1, 2, 3, 4, 5, 6].map((line) => lines.at(line));
  expect(found.map((one) => (one && "root" in one ? one.root : one?.branch.record.id))).toEqual([0, 5, 1, 2, 7, 8, 3]);
  expect(lines.of(3)).toBe(6);
  expect(lines.at(lines.count - 1)).toEqual({ root: 99_999 });
  expect(lines.at(lines.count)).toBeNull();
});

test("a link cell of another shape holds nothing", () => {
  expect(linkedOf([{ id: 3, text: "a" }, "x", null])).toEqual([{ id: 3, text: "a" }]);
  expect(linkedOf("x")).toEqual([]);
});
