import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { call, type Column } from "../../engine";
import { openWindow, sizedAs, violations } from "../../testing/window";
import { linkedOf } from "./linked";
import { showCell } from "./show";

sizedAs(1700, 260);

const cell = (row: number, col: number) => document.querySelector<HTMLElement>(`[data-row="${row}"] [data-col="${col}"]`)!;

test("the records of a link cell are read with their texts, and nothing else is", () => {
  expect(linkedOf([{ id: 1, text: "Ann" }, 7, "x", null, { id: "2" }])).toEqual([{ id: 1, text: "Ann" }, { id: 7, text: "" }]);
  expect(linkedOf(null)).toEqual([]);
});

test("what a formula looks up is shown as the column it was looked up from", () => {
  const result = { type: "number", settings: { format: "euro", currency_symbol_position: "after", decimal: "comma", precision: 2, enable_precision: true }, list: true, error: null } as const;
  const column: Column = { id: 1, name: "Sums", type: "link_formula", settings: {}, description: "", width: 100, result };
  expect(showCell(column, [12.5, 3], "de")).toBe("12,50 €, 3,00 €");
  expect(showCell(column, { error: "The link it reads was removed." }, "de")).toBe("#ERROR: The link it reads was removed.");
});

test("linked records stand in their cell by name; another is found by typing and linked by Enter", async () => {
  const transport = openWindow("/bases/bau/4");
  const table = await screen.findByRole("grid", { name: "Aufgaben" });
  await waitFor(() => expect(cell(0, 0)).toBeInTheDocument());
  expect(within(cell(6, 10)).getByText("Стяжка підлоги 1")).toBeInTheDocument();
  table.focus();
  fireEvent.pointerDown(cell(6, 10));
  fireEvent.keyDown(table, { key: "Enter" });
  const field = await screen.findByRole("combobox", { name: "Teil von" });
  fireEvent.change(field, { target: { value: "Покраска" } });
  await waitFor(() => expect(screen.getAllByRole("option").every((one) => one.textContent?.includes("Покраска"))).toBe(true));
  fireEvent.keyDown(field, { key: "Enter" });
  await waitFor(() => expect(transport.calls.some((one) => one.name === "record.update")).toBe(true));
  const written = transport.calls.findLast((one) => one.name === "record.update")!.args as { records: { cells: Record<string, { text: string }[]> }[] };
  expect(Object.values(written.records[0]!.cells)[0]![0]!.text).toContain("Покраска");
});

test("several records are linked, let go and opened from the record's panel", async () => {
  const transport = openWindow("/bases/bau/4");
  const user = userEvent.setup({ pointerEventsCheck: 0 });
  await screen.findByRole("grid", { name: "Aufgaben" });
  await waitFor(() => expect(cell(0, 0)).toBeInTheDocument());
  fireEvent.pointerDown(cell(1, 0).closest("[data-row]")!.querySelector("[data-act=expand]")!);
  const panel = await screen.findByRole("region", { name: "Record" });
  await user.click(await within(panel).findByRole("button", { name: "Teile: Link records" }));
  const list = await screen.findByRole("listbox", { name: "Teile" });
  await waitFor(() => expect(within(list).getAllByRole("option").length).toBeGreaterThan(5));
  expect(await violations()).toEqual([]);
  fireEvent.pointerDown(within(list).getAllByRole("option")[0]!);
  await waitFor(() => expect(transport.calls.filter((one) => one.name === "record.update")).toHaveLength(1));
  const first = screen.getAllByRole("button", { name: /^Unlink / })[0]!;
  await user.click(first);
  await waitFor(() => expect(transport.calls.filter((one) => one.name === "record.update")).toHaveLength(2));
  const opener = within(screen.getByRole("list", { name: "Linked records" })).getAllByRole("button", { name: /^Open / })[0]!;
  const name = opener.textContent!;
  await user.click(opener);
  await waitFor(() => expect(within(screen.getByRole("region", { name: "Record" })).getByRole("heading", { name })).toBeInTheDocument());
}, 60_000);

test("a column that links another table is made with its settings", async () => {
  const transport = openWindow("/bases/bau/4");
  const user = userEvent.setup({ pointerEventsCheck: 0 });
  await screen.findByRole("grid", { name: "Aufgaben" });
  await user.click(await screen.findByRole("button", { name: "Add column" }));
  const dialog = await screen.findByRole("dialog", { name: "Add column" });
  await user.type(within(dialog).getByRole("textbox", { name: "Name" }), "Kontakt");
  await user.click(within(dialog).getByRole("button", { name: /Type/ }));
  await user.click(await screen.findByRole("option", { name: "Link to records" }));
  await user.click(within(dialog).getByRole("button", { name: "Add" }));
  expect(within(dialog).getByText("Choose the table to link.")).toBeInTheDocument();
  await user.click(within(dialog).getByRole("button", { name: /Linked table/ }));
  await user.click(await screen.findByRole("option", { name: "Projekte" }));
  await user.click(within(dialog).getByRole("switch", { name: "A record may link several" }));
  await user.type(within(dialog).getByRole("textbox", { name: "Name of the column there" }), "Seine Aufgaben");
  expect(await violations()).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Add" }));
  await waitFor(() => expect(transport.calls.findLast((one) => one.name === "column.add")?.args).toMatchObject({ type: "link", settings: { table: 3, multiple: false, two_way: true, back_name: "Seine Aufgaben", view: null } }));
});

test("a column of looked-up values asks for the link, the figure and the column", async () => {
  const transport = openWindow("/bases/bau/4");
  const user = userEvent.setup({ pointerEventsCheck: 0 });
  await screen.findByRole("grid", { name: "Aufgaben" });
  await user.click(await screen.findByRole("button", { name: "Add column" }));
  const dialog = await screen.findByRole("dialog", { name: "Add column" });
  await user.type(within(dialog).getByRole("textbox", { name: "Name" }), "Summe");
  const choose = async (field: RegExp, option: string) => {
    await user.click(within(dialog).getByRole("button", { name: field }));
    await user.click(await screen.findByRole("option", { name: option }));
  };
  await choose(/Type/, "Looked-up value");
  await choose(/Through the link/, "Teile");
  await choose(/What it shows/, "Figure of linked values");
  await choose(/Column of Aufgaben/, "Kosten");
  await user.click(within(dialog).getByRole("button", { name: "Add" }));
  await waitFor(() => expect(transport.calls.findLast((one) => one.name === "column.add")?.args).toMatchObject({ type: "link_formula", settings: { kind: "rollup", summary: "sum" } }));
});

test("a linked record is opened from the menu of its cell", async () => {
  openWindow("/bases/bau/4");
  await screen.findByRole("grid", { name: "Aufgaben" });
  await waitFor(() => expect(cell(6, 10)).toBeInTheDocument());
  fireEvent.contextMenu(cell(6, 10));
  await userEvent.setup({ pointerEventsCheck: 0 }).click(await screen.findByRole("menuitem", { name: "Open Стяжка підлоги 1" }));
  expect(await within(await screen.findByRole("region", { name: "Record" })).findByRole("heading", { name: "Стяжка підлоги 1" })).toBeInTheDocument();
});

/** The link to parts of a task, limited to the view “Teure Posten” of tasks. */
async function limitParts() {
  const { tables } = await call("base.get", { id: "bau" });
  const table = tables.find((one) => one.id === 4)!;
  const parts = table.columns.find((one) => one.name === "Teile")!;
  await call("column.update", { base: "bau", table: 4, column: parts.id, name: null, type: null, settings: { ...parts.settings, view: 48 }, description: null, width: null, position: null });
  const dear = await call("record.list", { base: "bau", table: 4, view: 48, filter: null, search: null, sorts: null, offset: 0, limit: 50 });
  return { parts, names: dear.rows.map((row) => String(row.cells[0])) };
}

test("a link limited to a view offers its records only, names the view, and makes no others", async () => {
  openWindow("/bases/bau/4");
  const { names } = await limitParts();
  const table = await screen.findByRole("grid", { name: "Aufgaben" });
  await waitFor(() => expect(cell(0, 0)).toBeInTheDocument());
  const linked = [...cell(1, 11).querySelectorAll("bdi")].map((one) => one.textContent);
  table.focus();
  fireEvent.pointerDown(cell(1, 11));
  fireEvent.keyDown(table, { key: "Enter" });
  const field = await screen.findByRole("combobox", { name: "Teile" });
  expect(screen.getByText("Only records of the view “Teure Posten”")).toBeInTheDocument();
  const options = () => screen.getAllByRole("option").map((one) => one.textContent);
  await waitFor(() => expect(options()).toEqual(names));
  // What is linked stays, and can be let go, whether the view shows it or not.
  expect(linked.length).toBeGreaterThan(0);
  expect(linked.some((one) => !names.includes(one!))).toBe(true);
  expect(screen.getAllByRole("button", { name: /^Unlink / }).length).toBeGreaterThanOrEqual(linked.length);
  fireEvent.change(field, { target: { value: "nothing of that name" } });
  await waitFor(() => expect(options()).toEqual(["No record of this name"]));
  expect(await violations()).toEqual([]);
});

test("the settings of a link offer the views of the other table, and deleting one says what it limited", async () => {
  const transport = openWindow("/bases/bau/4/view/48");
  await limitParts();
  const user = userEvent.setup({ pointerEventsCheck: 0 });
  await screen.findByRole("grid", { name: "Aufgaben" });
  fireEvent.contextMenu(await screen.findByRole("columnheader", { name: /^Teile/ }));
  await user.click(await screen.findByRole("menuitem", { name: /Edit column/ }));
  const dialog = await screen.findByRole("dialog");
  const chooser = within(dialog).getByRole("button", { name: /Records to choose from/ });
  expect(chooser).toHaveTextContent("Only those of the view “Teure Posten”");
  expect(within(dialog).getByText("What is linked already stays; other records can still be pasted.")).toBeInTheDocument();
  await user.click(chooser);
  await user.click(await screen.findByRole("option", { name: "Only those of the view “Nach Stand”" }));
  await user.click(within(dialog).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(transport.calls.findLast((one) => one.name === "column.update")?.args).toMatchObject({ settings: { view: 41 } }));
  fireEvent.contextMenu(screen.getByRole("link", { name: "Nach Stand" }));
  await user.click(await screen.findByRole("menuitem", { name: /Delete view/ }));
  expect(await screen.findByText("View “Nach Stand” deleted. The column “Teile” offers all records again.")).toBeInTheDocument();
});
