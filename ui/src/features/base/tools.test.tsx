import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { TestTransport } from "../../testing/transport";
import { openWindow, violations } from "../../testing/window";
import { mergeChoice, remapped, isComplete, importArgs, asGuessed } from "./file-import";

beforeEach(() => {
  Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, get: () => 260 });
  Object.defineProperty(HTMLElement.prototype, "clientWidth", { configurable: true, get: () => 700 });
});
afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(HTMLElement.prototype, "clientHeight");
  Reflect.deleteProperty(HTMLElement.prototype, "clientWidth");
});

const user = userEvent.setup({ pointerEventsCheck: 0 });
const last = (transport: TestTransport, name: string) => transport.calls.findLast((one) => one.name === name)?.args as Record<string, unknown>;

async function tool(name: string): Promise<HTMLElement> {
  await user.click(await screen.findByRole("button", { name: "Actions for Bauprojekte" }));
  await user.click(await screen.findByRole("menuitem", { name }));
  return await screen.findByRole("dialog");
}

test("an open view is exported to a chosen file, and what the format could not hold is said", async () => {
  vi.stubGlobal("prompt", () => "/tmp/aufgaben.csv");
  const transport = openWindow("/bases/bau/4/view/48");
  const dialog = await tool("Export …");
  await user.click(within(dialog).getByRole("button", { name: /Format/ }));
  await user.click(await screen.findByRole("option", { name: /\.csv/ }));
  expect(await violations()).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Choose file and export" }));
  await screen.findByText("What the format could not hold:", {}, { timeout: 8_000 });
  expect(last(transport, "base.export")).toMatchObject({ base: "bau", table: 4, view: 48, format: "csv", path: "/tmp/aufgaben.csv", bom: true });
  expect(await screen.findByRole("button", { name: "Close" })).toHaveFocus();
}, 60_000);

test("the menus of a base that can only be read offer what reads, and none of what would be refused", async () => {
  openWindow("/bases/archiv/5");
  const usable = async () => {
    const items = await screen.findAllByRole("menuitem");
    return items.filter((one) => one.getAttribute("aria-disabled") !== "true").map((one) => one.textContent);
  };
  await user.click((await screen.findAllByRole("button", { name: /^Menu of the column/ }))[0]!);
  expect(await usable()).toEqual([]);
  await user.keyboard("{Escape}");
  fireEvent.contextMenu((await screen.findAllByRole("gridcell"))[1]!);
  expect(await usable()).toEqual([expect.stringMatching(/^Open record/), expect.stringMatching(/^Tick record/), expect.stringMatching(/^Copy cells/)]);
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("button", { name: "Actions for the table Besucher" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Send letters" }));
  const letters = await screen.findByRole("dialog");
  await within(letters).findByText("Send from");
  expect(within(letters).queryByRole("checkbox")).toBeNull();
}, 60_000);

test("a name for sending is bound to an account, never twice, and tested by the envelope", async () => {
  const transport = openWindow("/bases/bau/4");
  const dialog = await tool("E-mail accounts …");
  await within(dialog).findByText("Vertrieb");
  expect(within(dialog).getByRole("button", { name: "Send a test mail by Buchhaltung" })).toBeDisabled();
  await user.click(within(dialog).getByRole("button", { name: "Add account" }));
  const field = within(dialog).getByRole("textbox", { name: "Name in the base" });
  await user.clear(field);
  await user.type(field, "vertrieb");
  expect(within(dialog).getByText("There is already an account of this name in the base.")).toBeInTheDocument();
  expect(within(dialog).getByRole("button", { name: "Add" })).toBeDisabled();
  await user.type(field, " 2");
  await user.click(within(dialog).getByRole("button", { name: "Add" }));
  await waitFor(() => expect(last(transport, "base.bind_account")).toMatchObject({ base: "bau", name: "vertrieb 2", add: true }));
  expect(await violations()).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Send a test mail by Vertrieb" }));
  expect(await screen.findByRole("button", { name: "Send" })).toBeInTheDocument();
}, 60_000);

test("deleted records come back from the trash, one or several at once", async () => {
  const transport = openWindow("/bases/bau/3");
  const dialog = await tool("Deleted records …");
  await user.click(await within(dialog).findByRole("checkbox", { name: "Choose Halle Nord" }));
  await user.click(within(dialog).getByRole("checkbox", { name: "Choose Magazyn" }));
  await user.click(within(dialog).getByRole("button", { name: "Restore 2 records" }));
  await waitFor(() => expect(last(transport, "record.restore")).toMatchObject({ table: 3, records: [901, 903] }));
  await waitFor(() => expect(within(dialog).queryByText("Halle Nord")).toBeNull());
});

test("a snapshot is made, and restored as another base", async () => {
  const transport = openWindow("/bases/bau/3");
  const dialog = await tool("Snapshots …");
  await user.type(within(dialog).getByRole("textbox", { name: /Name of the snapshot/ }), "Heute");
  await user.click(within(dialog).getByRole("button", { name: "Make snapshot" }));
  await within(dialog).findByText("Heute");
  await user.click(within(dialog).getByRole("button", { name: "Restore Heute as a new base" }));
  await user.click(await screen.findByRole("button", { name: "Restore" }));
  await waitFor(() => expect(last(transport, "snapshot.restore")).toMatchObject({ base: "bau", as_new_name: "Bauprojekte (Heute)" }));
});

const columns = [["Name", "text"], ["E-Mail", "email"], ["Anzahl", "formula"]] as const;
const table = { id: 7, name: "Leute", description: "", views: [], columns: columns.map(([name, type], at) => ({ id: at + 1, name, type, settings: {}, description: "", width: 100 })) };
const preview = { name: "leute", delimiter: ",", encoding: "UTF-8", header: true, total: 1, rows: [], columns: [{ name: "e-mail", type: "email" as const }, { name: "Anzahl", type: "number" as const }, { name: "Ort", type: "text" as const }], tables: [] };

test("columns of the same name meet, calculated ones are left out, and the address tells records apart", () => {
  expect(mergeChoice(table, preview)).toEqual({ table: 7, mode: "both", keys: [2], mapping: [2, null, null] });
});

test("two columns of a file never go into the same one, and a key that is no longer filled is none", () => {
  const moved = remapped(mergeChoice(table, preview), 2, 2);
  expect(moved.mapping).toEqual([null, null, 2]);
  const gone = remapped(moved, 2, null);
  expect(gone.keys).toEqual([]);
  expect(isComplete(gone)).toBe(false);
  expect(isComplete({ ...moved, mode: "append" })).toBe(true);
  const args = importArgs({ path: "/a.csv", bytes: null }, asGuessed, preview, new Map(), { base: "b", name: "", merge: { ...moved, mode: "append" }, ticket: "t" });
  expect(args).toMatchObject({ base: "b", into: { table: 7, mode: "append", keys: [], mapping: [null, null, 2] }, ticket: "t" });
});
