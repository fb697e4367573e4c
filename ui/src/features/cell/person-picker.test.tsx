import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { call, type RecordValues } from "../../engine";
import { defaultSettings } from "../../shell/settings";
import { lastOf, openWindow, sizedAs, violations } from "../../testing/window";

sizedAs(2600, 260);

const user = userEvent.setup({ pointerEventsCheck: 0 });
/** The column of persons of the tasks, and its place in the grid. */
const WHO = 314;
const cell = (row: number, col = 13) => document.querySelector<HTMLElement>(`[data-row="${row}"] [data-col="${col}"]`)!;
const chips = (within_: Element) => [...within_.querySelectorAll("[data-chip] bdi")].map((one) => one.textContent);
const offered = () => screen.getAllByRole("option").map((one) => one.querySelector("bdi")?.textContent ?? one.textContent);
const ticked = () => screen.getAllByRole("option", { selected: true }).map((one) => one.querySelector("bdi")?.textContent);

/** The grid of tasks: Olena in the first, Jan in the second, Ada in the third, nobody in the fourth. */
async function tasks(own_name = "") {
  const transport = openWindow("/bases/bau/4");
  if (own_name !== "") await call("setting.put", { ...defaultSettings, own_name });
  const grid = await screen.findByRole("grid", { name: "Aufgaben" });
  await waitFor(() => expect(cell(0)).toBeInTheDocument());
  grid.focus();
  const open = async (row: number, key = "F2") => {
    fireEvent.pointerDown(cell(row));
    fireEvent.keyDown(grid, { key });
    const field = await screen.findByRole("combobox", { name: "Wer" });
    await waitFor(() => expect(screen.getAllByRole("option").length).toBeGreaterThan(key === "F2" ? 2 : 0));
    return field;
  };
  const written = () => (lastOf(transport, "record.update") as { records: RecordValues[] } | undefined)?.records.map((one) => [one.id, one.cells[WHO]]);
  return { transport, grid, open, written };
}
const press = (field: HTMLElement, ...keys: string[]) => {
  for (const key of keys) fireEvent.keyDown(field, { key });
};
const type = (field: HTMLElement, text: string) => fireEvent.change(field, { target: { value: text } });

test("the persons of a column are offered in its cells, those of the cell ticked, and several are taken", async () => {
  const { open, written } = await tasks();
  const field = await open(0);
  expect(offered()).toEqual(["Ada Byron", "Jan Żądło", "Olena Koval"]);
  expect(ticked()).toEqual(["Olena Koval"]);
  expect(screen.getByRole("listbox", { name: "Wer" })).toHaveAttribute("aria-multiselectable", "true");
  expect(await violations()).toEqual([]);
  press(field, "ArrowDown", "Enter");
  fireEvent.pointerDown(screen.getByRole("option", { name: /Jan/ }));
  expect(ticked()).toEqual(["Ada Byron", "Jan Żądło", "Olena Koval"]);
  expect(written()).toBeUndefined();
  press(field, "Tab");
  await waitFor(() => expect(written()).toEqual([[1, ["Olena Koval", "Ada Byron", "Jan Żądło"]]]));
  await waitFor(() => expect(chips(cell(0))).toEqual(["Olena Koval", "Ada Byron", "Jan Żądło"]));
}, 60_000);

test("a letter typed on a cell of persons begins the search, without case and diacritics; Enter takes, Enter again ends", async () => {
  const { open, written } = await tasks();
  const field = await open(3, "z");
  expect(field).toHaveValue("z");
  type(field, "zadlo");
  await waitFor(() => expect(offered()).toEqual(["Jan Żądło", "Add “zadlo”"]));
  press(field, "Enter");
  expect(field).toHaveValue("");
  press(field, "Enter");
  await waitFor(() => expect(written()).toEqual([[4, ["Jan Żądło"]]]));
  expect(screen.queryByRole("combobox", { name: "Wer" })).not.toBeInTheDocument();
}, 60_000);

test("a name that nobody has is added by Enter, its comma kept, and goes on to other cells by copy and undo", async () => {
  const { grid, open, written } = await tasks();
  const field = await open(3);
  type(field, "Meyer, Anna");
  expect(offered()).toEqual(["Add “Meyer, Anna”"]);
  press(field, "Enter");
  expect(ticked()).toEqual(["Meyer, Anna"]);
  press(field, "Tab");
  await waitFor(() => expect(written()).toEqual([[4, ["Meyer, Anna"]]]));
  await waitFor(() => expect(chips(cell(3))).toEqual(["Meyer, Anna"]));
  const data = new Map<string, string>();
  const clipboardData = { setData: (kind: string, text: string) => data.set(kind, text), getData: (kind: string) => data.get(kind) ?? "", files: [] };
  fireEvent.pointerDown(cell(3));
  fireEvent.copy(grid, { clipboardData });
  expect(data.get("text/plain")).toBe("Meyer, Anna");
  fireEvent.pointerDown(cell(1));
  fireEvent.paste(grid, { clipboardData });
  await waitFor(() => expect(written()).toEqual([[2, ["Meyer, Anna"]]]));
  await waitFor(() => expect(chips(cell(1))).toEqual(["Meyer, Anna"]));
  fireEvent.keyDown(grid, { key: "z", code: "KeyZ", ctrlKey: true });
  await waitFor(() => expect(chips(cell(1))).toEqual(["Jan Żądło"]));
}, 60_000);

test("Backspace takes the last person off, Escape leaves the cell as it was", async () => {
  const { open, written } = await tasks();
  let field = await open(4);
  expect(ticked()).toEqual(["Ada Byron", "Jan Żądło"]);
  press(field, "Backspace");
  expect(ticked()).toEqual(["Ada Byron"]);
  press(field, "Escape");
  expect(screen.queryByRole("combobox", { name: "Wer" })).not.toBeInTheDocument();
  expect(chips(cell(4))).toEqual(["Ada Byron", "Jan Żądło"]);
  expect(written()).toBeUndefined();
  field = await open(4);
  press(field, "Backspace", "Backspace", "Enter");
  await waitFor(() => expect(written()).toEqual([[5, null]]));
}, 60_000);

test("whoever looks stands first and is marked, as the column spells the name; others under a name of their own", async () => {
  const { open } = await tasks("olena KOVAL");
  const field = await open(3);
  await waitFor(() => expect(offered()).toEqual(["Olena Koval", "Ada Byron", "Jan Żądło"]));
  expect(screen.getAllByRole("option").map((one) => /me$/.test(one.textContent ?? ""))).toEqual([true, false, false]);
  press(field, "Escape");
  await call("setting.put", { ...defaultSettings, own_name: "Zoë Ängström" });
  await open(3);
  await waitFor(() => expect(offered()).toEqual(["Zoë Ängström", "Ada Byron", "Jan Żądło", "Olena Koval"]));
}, 60_000);

test("Enter waits for the names of the column, so that nobody is added twice under two spellings", async () => {
  const transport = openWindow("/bases/bau/4");
  const names = transport.handlers["column.names"]!;
  let tell = () => {};
  transport.handlers["column.names"] = (args) => new Promise((done) => { tell = () => done(names(args)); });
  const grid = await screen.findByRole("grid", { name: "Aufgaben" });
  await waitFor(() => expect(cell(3)).toBeInTheDocument());
  grid.focus();
  fireEvent.pointerDown(cell(3));
  fireEvent.keyDown(grid, { key: "a" });
  const field = await screen.findByRole("combobox", { name: "Wer" });
  type(field, "ada byron");
  press(field, "Enter");
  expect(field).toHaveValue("ada byron");
  tell();
  await waitFor(() => expect(ticked()).toEqual(["Ada Byron"]));
}, 60_000);

test("Ctrl+Enter writes the chosen persons into every selected cell", async () => {
  const { grid, written } = await tasks();
  fireEvent.pointerDown(cell(1));
  fireEvent.keyDown(grid, { key: "ArrowDown", shiftKey: true });
  fireEvent.keyDown(grid, { key: "O" });
  const field = await screen.findByRole("combobox", { name: "Wer" });
  type(field, "Olena");
  await waitFor(() => expect(offered()).toContain("Olena Koval"));
  fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
  await waitFor(() => expect(written()).toEqual([[2, ["Ada Byron", "Olena Koval"]], [3, ["Ada Byron", "Olena Koval"]]]));
}, 60_000);

test("in the record's panel persons are written once the picker is shut, and not by Escape", async () => {
  const { grid, written, transport } = await tasks();
  fireEvent.pointerDown(cell(0));
  fireEvent.keyDown(grid, { key: " " });
  const panel = await screen.findByRole("region", { name: "Record" });
  await user.click(await within(panel).findByRole("button", { name: "Wer: Olena Koval" }));
  let field = await screen.findByRole("combobox", { name: "Wer" });
  await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(3));
  expect(await violations()).toEqual([]);
  press(field, "ArrowDown", "Enter", "Escape");
  await waitFor(() => expect(screen.queryByRole("combobox", { name: "Wer" })).not.toBeInTheDocument());
  expect(written()).toBeUndefined();
  await user.click(await within(panel).findByRole("button", { name: "Wer: Olena Koval" }));
  field = await screen.findByRole("combobox", { name: "Wer" });
  expect(ticked()).toEqual(["Olena Koval"]);
  press(field, "ArrowDown", "Enter");
  type(field, "Cem");
  press(field, "Enter", "Enter");
  await waitFor(() => expect(written()).toEqual([[1, ["Olena Koval", "Ada Byron", "Cem"]]]));
  expect(transport.calls.filter((one) => one.name === "record.update")).toHaveLength(1);
  await within(panel).findByRole("button", { name: "Wer: Olena Koval, Ada Byron, Cem" });
}, 60_000);

test("a form takes persons from the same picker", async () => {
  const transport = openWindow("/bases/bau/4/view/47");
  const view = (await call("base.get", { id: "bau" })).tables.find((one) => one.id === 4)!.views.find((one) => one.id === 47)!;
  await call("view.update", { base: "bau", table: 4, view: { ...view, settings: { form: { title: "Neu", description: "", thanks: "", fields: [{ column: WHO, required: true, help: "" }] } } } });
  const form = await screen.findByRole("form", { name: "Neu" });
  await user.click(within(form).getByRole("button", { name: "Send" }));
  expect(await within(form).findByRole("alert")).toHaveTextContent("Fill in “Wer”.");
  await user.click(within(form).getByRole("button", { name: "Wer: nothing chosen" }));
  await user.type(await screen.findByRole("combobox", { name: "Wer" }), "Byron, Ada{Enter}{Enter}");
  await user.click(await within(form).findByRole("button", { name: "Send" }));
  await waitFor(() => expect(lastOf(transport, "record.add")).toMatchObject({ records: [{ [WHO]: ["Byron, Ada"] }] }));
}, 60_000);

test("a person is the same chip in a cell, on a card and over the column of a board", async () => {
  openWindow("/bases/bau/4/view/50");
  const lane = await screen.findByRole("region", { name: "Jan Żądło" });
  const head = within(lane).getByRole("heading").querySelector("[data-chip]")!;
  expect(head.querySelector("[data-avatar]")).toHaveTextContent("J");
  await waitFor(() => expect([...lane.querySelectorAll(".record-card [data-chip]")].map((one) => one.outerHTML)).toContain(head.outerHTML));
}, 60_000);
