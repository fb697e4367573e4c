import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Column } from "../../engine";
import type { TestTransport } from "../../testing/transport";
import { openWindow, violations } from "../../testing/window";
import { pastedValue } from "../record/cells";
import { showCell, typedCell } from "./show";

beforeEach(() => {
  Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, get: () => 260 });
  Object.defineProperty(HTMLElement.prototype, "clientWidth", { configurable: true, get: () => 2600 });
});
afterEach(() => {
  Reflect.deleteProperty(HTMLElement.prototype, "clientHeight");
  Reflect.deleteProperty(HTMLElement.prototype, "clientWidth");
});

const user = userEvent.setup({ pointerEventsCheck: 0 });
const persons: Column = { id: 1, name: "Team", type: "collaborator", settings: {}, description: "", width: 100 };
const written = (transport: TestTransport) => transport.calls.findLast((one) => one.name === "record.update")?.args;

/** The table of tasks with a column of persons, which stands last. */
async function team() {
  const transport = openWindow("/bases/bau/4");
  const column = await transport.handlers["column.add"]!({ base: "bau", table: 4, name: "Team", type: "collaborator", settings: {}, position: null } as never);
  const grid = await screen.findByRole("grid", { name: "Aufgaben" });
  const head = await screen.findByRole("columnheader", { name: /Team/ });
  const cell = (row: number) => document.querySelector<HTMLElement>(`[data-row="${row}"] [data-col="${head.dataset["col"]!}"]`)!;
  await waitFor(() => expect(cell(0)).toBeInTheDocument());
  grid.focus();
  return { transport, grid, column: column.id, cell };
}

test("persons are shown, copied and typed by their names, and by their addresses where they have none", () => {
  const value = ["Anna Kovač", "boris@example.org", { name: "Cem" }, { email: "d@example.org" }];
  expect(showCell(persons, value, "de")).toBe("Anna Kovač, boris@example.org, Cem, d@example.org");
  expect(typedCell(persons, ["Anna", "Boris"])).toBe("Anna, Boris");
  expect(showCell(persons, null, "de")).toBe("");
});

test("pasted persons go to the engine as they were copied, and an empty text empties the cell", () => {
  expect(pastedValue(persons, { text: "Anna; boris@example.org" })).toBe("Anna; boris@example.org");
  expect(pastedValue(persons, { text: " " })).toBeNull();
});

test("persons are typed into their cell; the editor opens with those who are in it", async () => {
  const { transport, grid, column, cell } = await team();
  fireEvent.pointerDown(cell(1));
  fireEvent.keyDown(grid, { key: "A" });
  const field = await screen.findByRole("textbox", { name: "Team" });
  fireEvent.change(field, { target: { value: "Anna, boris@example.org" } });
  fireEvent.keyDown(field, { key: "Enter" });
  await waitFor(() => expect(written(transport)).toMatchObject({ records: [{ id: 2, cells: { [column]: "Anna, boris@example.org" } }] }));
  await waitFor(() => expect(cell(1)).toHaveTextContent("Anna, boris@example.org"));
  fireEvent.pointerDown(cell(1));
  fireEvent.keyDown(grid, { key: "F2" });
  expect(await screen.findByRole("textbox", { name: "Team" })).toHaveValue("Anna, boris@example.org");
  expect(await violations()).toEqual([]);
}, 60_000);

test("persons are emptied by Delete and written in the record's panel", async () => {
  const { transport, grid, column, cell } = await team();
  fireEvent.pointerDown(cell(0));
  fireEvent.keyDown(grid, { key: " " });
  const panel = await screen.findByRole("region", { name: "Record" });
  const field = await within(panel).findByRole("textbox", { name: "Team" });
  fireEvent.change(field, { target: { value: "Cem" } });
  fireEvent.blur(field);
  await waitFor(() => expect(written(transport)).toMatchObject({ records: [{ id: 1, cells: { [column]: "Cem" } }] }));
  await waitFor(() => expect(cell(0)).toHaveTextContent("Cem"));
  grid.focus();
  fireEvent.pointerDown(cell(0));
  fireEvent.keyDown(grid, { key: "Delete" });
  await waitFor(() => expect(written(transport)).toMatchObject({ records: [{ id: 1, cells: { [column]: null } }] }));
  await waitFor(() => expect(cell(0)).toHaveTextContent(/^$/));
}, 60_000);

test("a column of persons is offered where a column is added", async () => {
  openWindow("/bases/bau/4");
  await screen.findByRole("grid", { name: "Aufgaben" });
  await user.click(await screen.findByRole("button", { name: "Add column" }));
  const dialog = await screen.findByRole("dialog", { name: "Add column" });
  await user.click(within(dialog).getByRole("button", { name: /Type/ }));
  expect(await screen.findByRole("option", { name: "Persons" })).toBeInTheDocument();
}, 60_000);
