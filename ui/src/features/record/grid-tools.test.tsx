import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TestTransport } from "../../testing/transport";
import { openWindow, violations } from "../../testing/window";

beforeEach(() => {
  Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, get: () => 260 });
  Object.defineProperty(HTMLElement.prototype, "clientWidth", { configurable: true, get: () => 900 });
});
afterEach(() => {
  Reflect.deleteProperty(HTMLElement.prototype, "clientHeight");
  Reflect.deleteProperty(HTMLElement.prototype, "clientWidth");
});

const user = userEvent.setup({ pointerEventsCheck: 0 });
const cell = (row: number, col: number) => document.querySelector<HTMLElement>(`[data-row="${row}"] [data-col="${col}"]`)!;
const last = (transport: TestTransport, name: string) => transport.calls.findLast((one) => one.name === name)?.args as Record<string, unknown>;
async function grid() {
  const found = await screen.findByRole("grid", { name: "Aufgaben" });
  await waitFor(() => expect(cell(0, 0)).toBeInTheDocument());
  found.focus();
  return found;
}

test("Ctrl+Enter writes what was typed into every selected cell", async () => {
  const transport = openWindow("/bases/bau/4");
  const table = await grid();
  fireEvent.pointerDown(cell(0, 0));
  fireEvent.keyDown(table, { key: "ArrowDown", shiftKey: true });
  fireEvent.keyDown(table, { key: "ArrowDown", shiftKey: true });
  fireEvent.keyDown(table, { key: "N" });
  const field = await screen.findByRole("textbox", { name: "Aufgabe" });
  fireEvent.change(field, { target: { value: "Neu" } });
  fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
  await waitFor(() => expect(last(transport, "record.update")).toMatchObject({ records: [1, 2, 3].map((id) => ({ id, cells: { 301: "Neu" } })) }));
});

test("a text is found cell by cell and replaced everywhere in one act", async () => {
  const transport = openWindow("/bases/bau/4");
  await grid();
  fireEvent.keyDown(document.body, { key: "h", code: "KeyH", ctrlKey: true });
  const bar = await screen.findByRole("search", { name: "Find and replace" });
  fireEvent.change(within(bar).getByRole("textbox", { name: "Find" }), { target: { value: "dach decken 5" } });
  await waitFor(() => expect(within(bar).getByRole("status")).toHaveTextContent(/^1 of \d+$/));
  expect(await violations()).toEqual([]);
  fireEvent.change(within(bar).getByRole("textbox", { name: "Replace with" }), { target: { value: "Dach fertig" } });
  await user.click(within(bar).getByRole("button", { name: "Replace" }));
  await waitFor(() => expect(last(transport, "record.replace")).toMatchObject({ text: "dach decken 5", replacement: "Dach fertig", records: [{ record: 5, column: 301 }] }));
  await waitFor(() => expect(cell(4, 0)).toHaveTextContent("Dach fertig"));
  await user.click(within(bar).getByRole("button", { name: "Replace all" }));
  await waitFor(() => expect(last(transport, "record.replace")).toMatchObject({ records: null }));
  fireEvent.keyDown(within(bar).getByRole("textbox", { name: "Find" }), { key: "Escape" });
  await waitFor(() => expect(screen.queryByRole("search", { name: "Find and replace" })).toBeNull());
}, 60_000);

test("a record is locked and duplicated from its menu", async () => {
  const transport = openWindow("/bases/bau/4");
  await grid();
  fireEvent.contextMenu(cell(1, 0));
  await user.click(await screen.findByRole("menuitem", { name: "Lock record" }));
  await waitFor(() => expect(last(transport, "record.lock")).toMatchObject({ records: [2], locked: true }));
  expect(await screen.findByRole("img", { name: "Locked: it can’t be edited" })).toBeInTheDocument();
  fireEvent.contextMenu(cell(1, 0));
  await screen.findByRole("menuitem", { name: "Unlock record" });
  await user.click(screen.getByRole("menuitem", { name: "Duplicate record" }));
  await waitFor(() => expect(last(transport, "record.duplicate")).toMatchObject({ records: [2] }));
});

test("a record is commented on, and a cell's older value is put back from its history", async () => {
  const transport = openWindow("/bases/bau/4");
  const table = await grid();
  fireEvent.pointerDown(cell(0, 0));
  fireEvent.keyDown(table, { key: " " });
  const panel = await screen.findByRole("region", { name: "Record" });
  await user.click(await within(panel).findByRole("tab", { name: "Comments (1 open)" }));
  fireEvent.change(within(panel).getByRole("textbox", { name: "Write a comment" }), { target: { value: "Anrufen" } });
  await user.click(within(panel).getByRole("button", { name: "Add comment" }));
  await within(panel).findByText("Anrufen");
  await user.click(within(panel).getAllByRole("button", { name: "Mark as settled" })[0]!);
  await waitFor(() => expect(last(transport, "comment.resolve")).toMatchObject({ base: "bau", resolved: true }));
  await user.click(within(panel).getByRole("tab", { name: "History" }));
  await user.click(await within(panel).findByRole("button", { name: "Put back “Offen”" }));
  await waitFor(() => expect(last(transport, "record.update")).toMatchObject({ records: [{ id: 1, cells: { 302: "Offen" } }] }));
  expect(await violations()).toEqual([]);
}, 60_000);
