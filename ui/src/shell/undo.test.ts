import { beforeEach, expect, test, vi } from "vitest";
import "../i18n";
import { useToasts } from "../design";
import { offerUndo, pushUndo, setUndoScope, takeBack, undoNewest, undoStack } from "./undo";
import { renderHook } from "@testing-library/react";

beforeEach(() => undoStack.setState({ entries: [], scope: "mail" }));

test("the newest act is taken back first, and each only once", async () => {
  const first = vi.fn();
  const second = vi.fn();
  pushUndo({ scope: "mail", label: "one", undo: first });
  pushUndo({ scope: "mail", label: "two", undo: second });
  expect(await undoNewest()).toBe(true);
  expect(second).toHaveBeenCalledOnce();
  expect(first).not.toHaveBeenCalled();
  expect(await undoNewest()).toBe(true);
  expect(await undoNewest()).toBe(false);
  expect(first).toHaveBeenCalledOnce();
});

test("a base's acts are not undone from the mail list, nor the other way round", async () => {
  const mail = vi.fn();
  const cell = vi.fn();
  pushUndo({ scope: "mail", label: "archived", undo: mail });
  pushUndo({ scope: "base:7", label: "cell", undo: cell });
  await undoNewest();
  expect(mail).toHaveBeenCalledOnce();
  expect(cell).not.toHaveBeenCalled();
  setUndoScope("base:7");
  await undoNewest();
  expect(cell).toHaveBeenCalledOnce();
});

test("taking an act back closes its toast", async () => {
  const { result } = renderHook(() => useToasts());
  const id = offerUndo({ scope: "mail", label: "Archived", undo: () => {} });
  await vi.waitFor(() => expect(result.current.some((one) => one.text === "Archived")).toBe(true));
  await takeBack(id);
  await vi.waitFor(() => expect(result.current.some((one) => one.text === "Archived")).toBe(false));
});
