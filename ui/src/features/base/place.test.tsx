import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { lastOf as last, openWindow as open, sizedAs, violations } from "../../testing/window";

const cell = (row: number, col: number) => document.querySelector<HTMLElement>(`[data-row="${row}"] [data-col="${col}"]`)!;

sizedAs(1200, 800);

async function grid(name: string): Promise<HTMLElement> {
  const found = await screen.findByRole("grid", { name });
  await waitFor(() => expect(cell(0, 0)).toBeInTheDocument());
  found.focus();
  return found;
}

test("a million records put only those in sight into the document, and the last one can be reached", async () => {
  open("/bases/kunden/1");
  const table = await grid("Kontakte");
  await waitFor(() => expect(table).toHaveAttribute("aria-rowcount", "1000001"));
  expect(document.querySelectorAll("[data-row]").length).toBeLessThan(60);
  fireEvent.keyDown(table, { key: "End", ctrlKey: true });
  await waitFor(() => expect(document.querySelector('[aria-rowindex="1000001"]')).toBeInTheDocument());
  expect(document.querySelectorAll("[data-row]").length).toBeLessThan(60);
  await waitFor(() => expect(table.getAttribute("aria-activedescendant")).toMatch(/-999999-14$/));
});

test("of sixty columns only those in sight are in the document", async () => {
  open("/bases/kunden/2");
  const table = await grid("Veranstaltungen");
  expect(table).toHaveAttribute("aria-colcount", "62");
  expect(document.querySelectorAll('[data-row="0"] [data-col]').length).toBeLessThan(20);
});

test("a cell is replaced by typing, shown at once, and Enter goes down", async () => {
  const transport = open("/bases/kunden/2");
  const table = await grid("Veranstaltungen");
  fireEvent.keyDown(table, { key: "B" });
  const field = await screen.findByRole("textbox", { name: "Name" });
  expect(field).toHaveValue("B");
  await userEvent.type(field, "au{Enter}");
  expect(cell(0, 0)).toHaveTextContent("Bau");
  expect(last(transport, "record.update")).toMatchObject({ base: "kunden", table: 2, records: [{ id: 1, cells: { 101: "Bau" } }] });
  expect(table.getAttribute("aria-activedescendant")).toMatch(/-1-0$/);
  expect(document.activeElement).toBe(table);
});

test("what the engine refuses comes back with its reason", async () => {
  open("/bases/kunden/2");
  const table = await grid("Veranstaltungen");
  const before = cell(0, 5).textContent;
  for (let at = 0; at < 5; at += 1) fireEvent.keyDown(table, { key: "ArrowRight" });
  fireEvent.keyDown(table, { key: "x" });
  await userEvent.type(await screen.findByRole("textbox", { name: "Umsatz" }), "yz{Enter}");
  await screen.findByText(/is not a number/);
  await waitFor(() => expect(cell(0, 5).textContent).toBe(before));
});

test("Escape leaves a cell as it was", async () => {
  const transport = open("/bases/kunden/2");
  const table = await grid("Veranstaltungen");
  fireEvent.keyDown(table, { key: "F2" });
  await userEvent.type(await screen.findByRole("textbox", { name: "Name" }), "zzz{Escape}");
  expect(screen.queryByRole("textbox", { name: "Name" })).not.toBeInTheDocument();
  expect(transport.calls.some((one) => one.name === "record.update")).toBe(false);
});

test("a range is copied as text and table, and pasted in one act", async () => {
  const transport = open("/bases/kunden/2");
  const table = await grid("Veranstaltungen");
  fireEvent.keyDown(table, { key: "ArrowDown", shiftKey: true });
  const data = new Map<string, string>();
  const clipboardData = { setData: (type: string, text: string) => data.set(type, text), getData: (type: string) => data.get(type) ?? "" };
  fireEvent.copy(table, { clipboardData });
  expect(data.get("text/plain")).toBe("Олена Коваль\nŁukasz Żądło");
  expect(data.get("text/html")).toContain("<td>Олена Коваль</td>");
  fireEvent.keyDown(table, { key: "ArrowDown" });
  fireEvent.keyDown(table, { key: "ArrowDown" });
  fireEvent.paste(table, { clipboardData });
  await waitFor(() => expect(last(transport, "record.update")).toMatchObject({ records: [{ id: 4, cells: { 101: "Олена Коваль" } }, { id: 5, cells: { 101: "Łukasz Żądło" } }] }));
});

test("Space opens the record beside the grid, with its fields and its mail", async () => {
  const transport = open("/bases/kunden/2");
  const table = await grid("Veranstaltungen");
  fireEvent.keyDown(table, { key: " " });
  const panel = await screen.findByRole("region", { name: "Record" });
  expect(within(panel).getByRole("heading")).toHaveTextContent("Олена Коваль");
  await userEvent.click(within(panel).getByRole("tab", { name: "Mail" }));
  await within(panel).findAllByRole("listitem");
  expect(last(transport, "record.mail")).toEqual({ base: "kunden", table: 2, record: 1 });
  await userEvent.click(within(panel).getByRole("button", { name: "Next record" }));
  await waitFor(() => expect(within(panel).getByRole("heading")).toHaveTextContent("Łukasz Żądło"));
});

test("Ctrl+Z in a base asks the base's own history", async () => {
  const transport = open("/bases/kunden/2");
  const table = await grid("Veranstaltungen");
  fireEvent.keyDown(table, { key: "Delete" });
  await waitFor(() => expect(cell(0, 0)).toHaveTextContent(""));
  await waitFor(() => expect(transport.calls.some((one) => one.name === "record.update")).toBe(true));
  fireEvent.keyDown(table, { key: "z", code: "KeyZ", ctrlKey: true });
  await waitFor(() => expect(cell(0, 0)).toHaveTextContent("Олена Коваль"));
  expect(last(transport, "base.undo")).toEqual({ base: "kunden" });
});

test("a dropped CSV file is looked at, its types changed, and imported", async () => {
  const transport = open("/bases/kunden/2");
  await grid("Veranstaltungen");
  const file = new File(["Name;Mail;Plz\nAda;ada@example.org;01067\n"], "liste.csv", { type: "text/csv" });
  const drop = new Event("drop", { bubbles: true, cancelable: true });
  Object.assign(drop, { dataTransfer: { files: [file], types: ["Files"] } });
  act(() => void globalThis.dispatchEvent(drop));
  const dialog = await screen.findByRole("dialog");
  await within(dialog).findByRole("columnheader", { name: /Plz/ });
  await userEvent.click(within(dialog).getByRole("button", { name: /Type of Plz/ }));
  await userEvent.click(await screen.findByRole("option", { name: "Text" }));
  await userEvent.click(within(dialog).getByRole("button", { name: "Import 1 record" }));
  await userEvent.click(await screen.findByRole("button", { name: "Open table" }, { timeout: 8_000 }));
  await grid("liste");
  expect(cell(0, 2)).toHaveTextContent("01067");
  expect(last(transport, "base.import_file")).toMatchObject({ path: "", types: ["text", "email", "text"], base: null });
});

test("a base that can't be opened says why", async () => {
  open("/bases/alt");
  await screen.findByText("“Altbestand 2019” can’t be opened");
  expect(screen.getByText(/restore a copy from a backup/)).toBeInTheDocument();
});

test.each(["/bases/kunden/2", "/bases/alt", "/bases/~letters"])("%s has no accessibility violations", async (path) => {
  open(path);
  await screen.findByRole("navigation", { name: "Bases" });
  if (path.endsWith("2")) await grid("Veranstaltungen");
  expect(await violations()).toEqual([]);
});

test("letters are checked before they leave, and a second press sends nothing twice", async () => {
  const transport = open("/bases/kunden/2");
  await grid("Veranstaltungen");
  await userEvent.click(screen.getByRole("button", { name: "Send letters" }));
  const dialog = await screen.findByRole("dialog");
  const check = within(dialog).getByRole("button", { name: "Check" });
  await waitFor(() => expect(check).toBeEnabled());
  await userEvent.click(check);
  const send = await screen.findByRole("button", { name: /^Send \d+ letters$/ });
  expect(screen.getByText("No address")).toBeInTheDocument();
  fireEvent.click(send);
  fireEvent.click(send);
  await screen.findByRole("button", { name: "Pause" });
  expect(transport.calls.filter((one) => one.name === "bulk.send")).toHaveLength(1);
  expect(last(transport, "bulk.send")).toMatchObject({ base: "kunden", table: 2, template: 1, to: 102, records: null, write_back: true });
});

test("a base that can only be read says so, offers nothing that changes it, and becomes one's own by a copy", async () => {
  const transport = open("/bases/archiv/5");
  const table = await grid("Besucher");
  expect(screen.getByText("This base was given away for reading only. To change it, make a copy.")).toBeInTheDocument();
  fireEvent.keyDown(table, { key: "x" });
  fireEvent.keyDown(table, { key: "Delete" });
  expect(screen.queryByRole("textbox", { name: "Name" })).not.toBeInTheDocument();
  for (const name of ["Add record", "Add column", "New table", "New view"]) expect(screen.queryByRole("button", { name })).not.toBeInTheDocument();
  expect(last(transport, "record.update")).toBeUndefined();
  await userEvent.click(screen.getByRole("button", { name: "Make a copy" }));
  await userEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Copy" }));
  await waitFor(() => expect(last(transport, "base.copy")).toMatchObject({ id: "archiv", name: "Archiv 2024 (copy)" }));
});
