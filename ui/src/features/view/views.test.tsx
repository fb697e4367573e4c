import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { call, type View } from "../../engine";
import { changed } from "../../testing/transport";
import { lastOf as last, openWindow as open, sizedAs, violations } from "../../testing/window";

const tabs = async () => await screen.findByRole("navigation", { name: "Views" });
const tab = async (name: string) => within(await tabs()).findByRole("link", { name: new RegExp(`^${name}`) });

sizedAs(1200, 800);
afterEach(() => void vi.unstubAllGlobals());

test("a view is added by its kind and opens", async () => {
  const transport = open("/bases/bau/4");
  await tabs();
  await userEvent.click(screen.getByRole("button", { name: "New view" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: /Board/ }));
  const dialog = await screen.findByRole("dialog");
  expect(within(dialog).getByRole("textbox", { name: "Name" })).toHaveValue("Board");
  await userEvent.click(within(dialog).getByRole("button", { name: "Add" }));
  expect(await tab("Board")).toHaveAttribute("aria-current", "page");
  expect(last(transport, "view.add")).toMatchObject({ base: "bau", table: 4, name: "Board", kind: "kanban", copy_of: null });
  await screen.findByRole("group", { name: "Board" });
});

test("a view is moved with Alt and the arrow keys, and renamed with F2", async () => {
  const transport = open("/bases/bau/4");
  const second = await tab("Nach Stand");
  fireEvent.keyDown(second, { key: "ArrowRight", altKey: true });
  await waitFor(() => expect(last(transport, "view.move_to")).toEqual({ base: "bau", table: 4, view: 41, position: 2 }));
  fireEvent.keyDown(await tab("Nach Stand"), { key: "F2" });
  const field = within(await screen.findByRole("dialog")).getByRole("textbox", { name: "Name" });
  await userEvent.clear(field);
  await userEvent.type(field, "Nach Ort{Enter}");
  await tab("Nach Ort");
});

test("a deleted view is offered back, and the next one opens", async () => {
  const transport = open("/bases/bau/4/view/42");
  await userEvent.click(within(await tabs()).getByRole("button", { name: "Actions for the view Tafel" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Delete view" }));
  await waitFor(() => expect(within(screen.getByRole("navigation", { name: "Views" })).queryByText("Tafel")).not.toBeInTheDocument());
  expect(await tab("Kalender")).toHaveAttribute("aria-current", "page");
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(last(transport, "base.undo")).toEqual({ base: "bau" }));
  await tab("Tafel");
});

test("a locked view says so and lets nothing of it be changed", async () => {
  open("/bases/bau/4/view/48");
  const bar = await screen.findByRole("toolbar", { name: "View" });
  expect(within(bar).getByText("Locked")).toBeInTheDocument();
  for (const name of ["1 filter", "Sort", "Group", "Columns", "Colours"]) expect(within(bar).getByRole("button", { name })).toBeDisabled();
  await userEvent.click(within(await tabs()).getByRole("button", { name: "Actions for the view Teure Posten" }));
  expect(await screen.findByRole("menuitem", { name: /Delete view/ })).toHaveAttribute("aria-disabled", "true");
});

test("a private view says that only its owner sees it, and is shared again", async () => {
  const transport = open("/bases/bau/4/view/49");
  await within(await tab("Nur für mich")).findByRole("img", { name: "Only you see this view" });
  await userEvent.click(within(await tabs()).getByRole("button", { name: "Actions for the view Nur für mich" }));
  expect(await violations()).toEqual([]);
  await userEvent.click(await screen.findByRole("menuitem", { name: /Share with everybody/ }));
  await waitFor(() => expect(last(transport, "view.update")).toMatchObject({ view: { id: 49, settings: { folder: "Auswertung" } } }));
  expect((last(transport, "view.update")["view"] as View).settings).not.toHaveProperty("private");
  await waitFor(async () => expect(within(await tab("Nur für mich")).queryByRole("img")).toBeNull());
  await userEvent.click(within(await tabs()).getByRole("button", { name: "Actions for the view Nur für mich" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: /Make private/ }));
  await within(await tab("Nur für mich")).findByRole("img", { name: "Only you see this view" });
});

test("private views of another profile are told of, and taken over", async () => {
  const transport = open("/bases/bau/4");
  const list = transport.handlers["base.list"]!;
  let others = 2;
  transport.handlers["base.list"] = async (args) => {
    const bases = await list(args);
    return bases.map((base) => ({ ...base, tables: base.tables.map((one) => (others === 0 ? one : { ...one, others_views: others })) }));
  };
  transport.handlers["view.claim"] = () => {
    others = 0;
    return [];
  };
  await tabs();
  // What was read before they were told of is read again.
  await act(async () => transport.change(changed("table", 4, { base: "bau" })));
  await userEvent.click(screen.getByRole("button", { name: "New view" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: /Take over 2 private views of others/ }));
  await userEvent.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Take over" }));
  await waitFor(() => expect(last(transport, "view.claim")).toEqual({ base: "bau", table: 4 }));
});

test("the last view that everybody sees is neither made private nor deleted", async () => {
  const transport = open("/bases/bau/4");
  for (const { id } of (await call("base.get", { id: "bau" })).tables.find((one) => one.id === 4)!.views.slice(1, -1)) await call("view.remove", { base: "bau", table: 4, view: id });
  await waitFor(async () => expect(within(await tabs()).getAllByRole("link")).toHaveLength(1));
  await userEvent.click(within(await tabs()).getByRole("button", { name: /^Actions for the view/ }));
  for (const name of [/Make private/, /Delete view/]) {
    const item = await screen.findByRole("menuitem", { name });
    expect(item).toHaveAttribute("aria-disabled", "true");
    expect(item.textContent).toContain("A table keeps at least one view that everybody sees");
  }
  expect(transport.calls.some((one) => one.name === "view.update")).toBe(false);
});

const groupRows = () => [...document.querySelectorAll<HTMLElement>("[data-group]")];

test("groups stand as lines with their count and subtotals, and are shut and opened by keys", async () => {
  open("/bases/bau/4/view/41");
  const grid = await screen.findByRole("treegrid", { name: "Aufgaben" });
  await waitFor(() => expect(groupRows()[0]).toHaveTextContent("Offen"));
  const [outer, inner] = groupRows();
  expect(outer).toHaveTextContent("72");
  expect(outer).toHaveTextContent(/Sum\s*258\.637,60\s€/);
  expect(inner).toHaveTextContent("Wien");
  const rows = Number(grid.getAttribute("aria-rowcount"));
  grid.focus();
  expect(grid.getAttribute("aria-activedescendant")).toMatch(/-0-0$/);
  fireEvent.keyDown(grid, { key: "ArrowLeft" });
  await waitFor(() => expect(groupRows()[0]).toHaveAttribute("aria-expanded", "false"));
  expect(Number(grid.getAttribute("aria-rowcount"))).toBeLessThan(rows - 72);
  expect(groupRows()[1]).toHaveTextContent("In Arbeit");
  fireEvent.keyDown(grid, { key: "Enter" });
  await waitFor(() => expect(groupRows()[0]).toHaveAttribute("aria-expanded", "true"));
});

test("what is shut stays shut when the view is opened again", async () => {
  open("/bases/bau/4/view/41");
  const grid = await screen.findByRole("treegrid", { name: "Aufgaben" });
  await waitFor(() => expect(groupRows()[0]).toHaveTextContent("Offen"));
  fireEvent.keyDown(grid, { key: " " });
  await waitFor(() => expect(groupRows()[0]).toHaveAttribute("aria-expanded", "false"));
  await userEvent.click(await tab("Alle Aufgaben"));
  await screen.findByRole("grid", { name: "Aufgaben" });
  await userEvent.click(await tab("Nach Stand"));
  await waitFor(() => expect(groupRows()[0]).toHaveAttribute("aria-expanded", "false"));
});

test("a record added in a group begins with the group's values", async () => {
  const transport = open("/bases/bau/4/view/41");
  await screen.findByRole("treegrid", { name: "Aufgaben" });
  await waitFor(() => expect(groupRows()[1]).toHaveTextContent("Wien"));
  fireEvent.pointerDown(within(groupRows()[1]!).getByRole("button", { name: "Add record to this group", hidden: true }), { button: 0 });
  await waitFor(() => expect(last(transport, "record.add")).toMatchObject({ records: [{ 302: 1, 303: 1 }] }));
});

test("a column gets a figure below it", async () => {
  const transport = open("/bases/bau/4");
  await screen.findByRole("grid", { name: "Aufgaben" });
  const bar = await screen.findByRole("toolbar", { name: "Figures of the columns" });
  await userEvent.click(within(bar).getByRole("button", { name: "Kosten: No figure" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Greatest" }));
  await waitFor(() => expect(last(transport, "view.update")).toMatchObject({ view: { settings: { summaries: { 306: "max" } } } }));
  await within(bar).findByRole("button", { name: /Kosten: Greatest \S/ });
});

test("selected numbers are summed up at the foot", async () => {
  open("/bases/bau/4");
  const grid = await screen.findByRole("grid", { name: "Aufgaben" });
  await waitFor(() => expect(document.querySelector('[data-row="1"] [data-col="5"]')).toHaveTextContent("158,38"));
  grid.focus();
  for (let at = 0; at < 5; at += 1) fireEvent.keyDown(grid, { key: "ArrowRight" });
  fireEvent.keyDown(grid, { key: "ArrowDown", shiftKey: true });
  const foot = (await screen.findByText("2 cells selected")).closest("footer")!;
  expect(await within(foot).findByText("237,57 €")).toBeInTheDocument();
});

test("a card goes to the next column with Alt and an arrow", async () => {
  const transport = open("/bases/bau/4/view/42");
  const lane = await screen.findByRole("listbox", { name: "Offen" });
  await within(lane).findByRole("option", { name: /^Dach decken 5\b/ });
  lane.focus();
  fireEvent.keyDown(lane, { key: "ArrowDown" });
  fireEvent.keyDown(lane, { key: "ArrowRight", altKey: true });
  await waitFor(() => expect(last(transport, "record.update")).toEqual({ base: "bau", table: 4, records: [{ id: 5, cells: { 302: 2 } }] }));
  expect(await screen.findByText("Moved to “In Arbeit”")).toBeInTheDocument();
  await waitFor(() => expect(within(lane).queryByRole("option", { name: /^Dach decken 5\b/ })).not.toBeInTheDocument());
});

test("a card is added where it belongs", async () => {
  const transport = open("/bases/bau/4/view/42");
  await userEvent.click(await screen.findByRole("button", { name: "Add card to Fertig" }));
  await userEvent.type(await screen.findByRole("textbox", { name: "Aufgabe" }), "Neu{Enter}");
  await waitFor(() => expect(last(transport, "record.add")).toMatchObject({ records: [{ 301: "Neu", 302: 4 }] }));
});

test("a million cards put only those in sight into the document", async () => {
  const transport = open("/bases/kunden/1");
  await screen.findByRole("grid", { name: "Kontakte" });
  transport.handlers["record.list"] = ({ offset, limit }) => ({ total: 1_000_000, columns: [1], rows: Array.from({ length: limit }, (_, at) => ({ id: offset + at + 1, cells: [`Nr. ${offset + at}`] })) });
  await userEvent.click(screen.getByRole("button", { name: "New view" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: /Gallery/ }));
  await userEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Add" }));
  const list = await screen.findByRole("listbox", { name: "Gallery" });
  await within(list).findByRole("option", { name: /^Nr\. 0\b/ });
  expect(within(list).getAllByRole("option").length).toBeLessThan(60);
  list.focus();
  fireEvent.keyDown(list, { key: "End" });
  await within(list).findByRole("option", { name: /^Nr\. 999999\b/ });
});

test("a record is moved to the next day with Alt and an arrow, its end with it", async () => {
  const transport = open("/bases/bau/4/view/43");
  await screen.findByRole("grid", { name: /^Kalender/ });
  const entry = await waitFor(() => {
    const found = [...document.querySelectorAll<HTMLElement>("[data-entry]")].find((one) => one.textContent?.startsWith("Gerüst"));
    expect(found).toBeDefined();
    return found!;
  });
  fireEvent.keyDown(entry, { key: "ArrowRight", altKey: true });
  await waitFor(() => expect(last(transport, "record.update")).toBeDefined());
  const [{ id, cells }] = last(transport, "record.update")["records"] as [{ id: number; cells: Record<number, string> }];
  const before = (await transport.call("record.get", { base: "bau", table: 4, record: id })) as { columns: number[] };
  expect(before.columns).toContain(304);
  expect(Object.keys(cells)).toContain("304");
  expect(cells[304]).toMatch(/^\d{4}-\d\d-\d\d$/);
});

test("records without a date stand beside the calendar", async () => {
  open("/bases/bau/4/view/43");
  await userEvent.click(await screen.findByRole("button", { name: "50 without a date" }));
  const list = await screen.findByRole("listbox", { name: "Without a date" });
  await within(list).findByText("Кошторис узгодити 8");
});

test("a bar is moved, shortened and lengthened by keys", async () => {
  const transport = open("/bases/bau/4/view/45");
  const list = await screen.findByRole("listbox", { name: "Zeitleiste" });
  const first = await waitFor(() => {
    const found = within(list).getAllByRole("option")[0]!;
    expect(found).toHaveAccessibleName(/Dach decken 41/);
    return found;
  });
  expect(first).toHaveAttribute("aria-selected", "true");
  list.focus();
  fireEvent.keyDown(list, { key: "ArrowRight", altKey: true });
  await waitFor(() => expect(last(transport, "record.update")).toMatchObject({ records: [{ id: 41, cells: { 304: expect.any(String), 305: expect.any(String) } }] }));
  fireEvent.keyDown(list, { key: "ArrowRight", shiftKey: true });
  await waitFor(() => expect(Object.keys((last(transport, "record.update")["records"] as { cells: object }[])[0]!.cells)).toEqual(["305"]));
});

test("a tree opens what is linked below a record", async () => {
  open("/bases/bau/4/view/46");
  const tree = await screen.findByRole("tree", { name: "Baum" });
  const root = await within(tree).findByRole("treeitem", { name: /Стяжка підлоги 1/ });
  expect(root).toHaveAttribute("aria-expanded", "false");
  tree.focus();
  fireEvent.keyDown(tree, { key: "ArrowRight" });
  const child = await within(tree).findByRole("treeitem", { name: /Zamówić kruszywo 7/ });
  expect(child).toHaveAttribute("aria-level", "2");
  fireEvent.keyDown(tree, { key: "ArrowDown" });
  fireEvent.keyDown(tree, { key: "ArrowLeft" });
  fireEvent.keyDown(tree, { key: "ArrowLeft" });
  await waitFor(() => expect(within(tree).queryByRole("treeitem", { name: /Zamówić kruszywo 7/ })).not.toBeInTheDocument());
});

test("a form asks for what is required, adds a record and says thank you", async () => {
  const transport = open("/bases/bau/4/view/47");
  const form = await screen.findByRole("form", { name: "Neue Aufgabe melden" });
  await userEvent.type(within(form).getByRole("textbox", { name: "Aufgabe" }), "Kran bestellen");
  await userEvent.click(within(form).getByRole("button", { name: "Send" }));
  expect(await within(form).findByRole("alert")).toHaveTextContent("Fill in “Ende”.");
  expect(last(transport, "record.add")).toBeUndefined();
  await userEvent.type(within(form).getByRole("textbox", { name: "Ende" }), "24.12.2026{Enter}");
  await screen.findByText("Danke! Wir melden uns.");
  expect(last(transport, "record.add")).toMatchObject({ records: [{ 301: "Kran bestellen", 305: "24.12.2026" }] });
  await userEvent.click(screen.getByRole("button", { name: "Fill in again" }));
  expect(await screen.findByRole("textbox", { name: "Aufgabe" })).toHaveValue("");
});

test("a form is arranged: fields are required, moved and left out", async () => {
  const transport = open("/bases/bau/4/view/47");
  await userEvent.click(await screen.findByRole("radio", { name: "Arrange" }));
  const field = await screen.findByRole("group", { name: "Stand" });
  await userEvent.click(within(field).getByRole("switch"));
  await waitFor(() => expect(last(transport, "view.update")).toMatchObject({ view: { settings: { form: { fields: [{ column: 301 }, { column: 302, required: true }, { column: 305 }, { column: 310 }] } } } }));
  await userEvent.click(within(field).getByRole("button", { name: "Move up" }));
  await waitFor(() => expect(last(transport, "view.update")).toMatchObject({ view: { settings: { form: { fields: [{ column: 302 }, { column: 301 }, { column: 305 }, { column: 310 }] } } } }));
});

test("statistics count by one column and sum up by two, as picture and as table", async () => {
  const transport = open("/bases/bau/4/view/41");
  await userEvent.click(await screen.findByRole("button", { name: "Statistics" }));
  const page = await screen.findByRole("region", { name: "Statistics" });
  expect(await within(page).findByRole("img", { name: "Records – Stand" })).toBeInTheDocument();
  const table = within(page).getByRole("table");
  expect(within(table).getByRole("row", { name: "Offen 72" })).toBeInTheDocument();
  expect(within(table).getByRole("row", { name: "Sum 400" })).toBeInTheDocument();
  await userEvent.click(within(page).getByRole("button", { name: /Columns by/ }));
  await userEvent.click(await screen.findByRole("option", { name: "Ort" }));
  await within(page).findByRole("columnheader", { name: "Wien" });
  expect(last(transport, "record.statistics")).toMatchObject({ rows: { column: 302 }, columns: { column: 303 }, measure: { summary: "count" } });
});

test("colours by rules are chosen in a dialog and stored", async () => {
  const transport = open("/bases/bau/4");
  await screen.findByRole("grid", { name: "Aufgaben" });
  await userEvent.click(screen.getByRole("button", { name: "Colours" }));
  const dialog = await screen.findByRole("dialog", { name: "Colours of this view" });
  await userEvent.click(within(dialog).getByRole("button", { name: /Colour by/ }));
  await userEvent.click(await screen.findByRole("option", { name: "Option of a choice" }));
  await userEvent.click(within(dialog).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(last(transport, "view.update")).toMatchObject({ view: { settings: { colors: { by: "select", column: 302 } } } }));
  await waitFor(() => expect(document.querySelectorAll(".grid-row[data-paint]").length).toBeGreaterThan(5));
});

test("a formula is completed, previewed, and a mistake is shown at its place", async () => {
  const transport = open("/bases/bau/4");
  await screen.findByRole("grid", { name: "Aufgaben" });
  await userEvent.click(document.querySelector<HTMLElement>('button[aria-label="Add column"]')!);
  const dialog = await screen.findByRole("dialog", { name: "Add column" });
  await userEvent.type(within(dialog).getByRole("textbox", { name: "Name" }), "Brutto");
  await userEvent.click(within(dialog).getByRole("button", { name: /Type/ }));
  await userEvent.click(await screen.findByRole("option", { name: "Formula" }));
  const field = within(dialog).getByRole("textbox", { name: "Formula" });
  await userEvent.type(field, "ro");
  await within(dialog).findByRole("option", { name: /round/ });
  await userEvent.keyboard("{Enter}");
  expect(field).toHaveValue("round(");
  await userEvent.type(field, "{{Kost");
  await within(dialog).findByRole("option", { name: "Kosten" });
  await userEvent.keyboard("{Tab}");
  expect(field).toHaveValue("round({Kosten}");
  await within(dialog).findByText("A bracket is not closed.");
  await userEvent.type(field, ", 1)");
  await within(dialog).findByText("round(79.19, 1)");
  await userEvent.click(within(dialog).getByRole("button", { name: "Add" }));
  await waitFor(() => expect(last(transport, "column.add")).toMatchObject({ name: "Brutto", type: "formula", settings: { formula: "round({Kosten}, 1)" } }));
});

test("a view is printed with its name, its groups and all of its records", async () => {
  open("/bases/bau/4/view/41");
  await screen.findByRole("treegrid", { name: "Aufgaben" });
  let printed = "";
  vi.stubGlobal("print", () => {
    printed = document.querySelector(".print-sheet")?.textContent ?? "";
    globalThis.dispatchEvent(new Event("afterprint"));
  });
  await userEvent.click(screen.getByRole("button", { name: "Print" }));
  await waitFor(() => expect(printed).toContain("Aufgaben – Nach Stand"));
  expect(printed).toContain("400 records");
  expect(printed).toContain("Offen › Wien");
  expect(printed).toContain("Heizung anschließen und über drei Wochen beobachten, ob der Druck hält 400".slice(0, 40));
  expect(document.querySelector(".print-sheet")).toBeNull();
});

test.each([
  ["41", "Fundament gießen 60"],
  ["42", "Dach decken 5"],
  ["43", "Today"],
  ["44", "Dach decken 5"],
  ["45", "Dach decken 41"],
  ["46", "Dach decken 5"],
  ["47", "Neue Aufgabe melden"],
  ["48", "Locked"],
])("view %s has no accessibility violations", async (view, text) => {
  open(`/bases/bau/4/view/${view}`);
  await screen.findAllByText(text);
  expect(await violations()).toEqual([]);
});

test("statistics have no accessibility violations", async () => {
  open("/bases/bau/4/view/41");
  await userEvent.click(await screen.findByRole("button", { name: "Statistics" }));
  await screen.findByRole("table");
  expect(await violations()).toEqual([]);
});

test("a board by persons has a lane for each, and a card moved by keys changes hands there alone", async () => {
  const transport = open("/bases/bau/4/view/50");
  const lane = async (name: string) => within(await screen.findByRole("region", { name })).getByRole("listbox");
  for (const name of ["Nobody", "Ada Byron", "Jan Żądło", "Olena Koval"]) await screen.findByRole("region", { name });
  // The fifth task is of two persons, and stands with both.
  const jan = await lane("Jan Żądło");
  await waitFor(() => expect(within(jan).getAllByRole("option").some((card) => card.textContent.includes("Fenster einsetzen") || card.textContent.includes("Dach decken 5"))).toBe(true));
  const cards = within(jan).getAllByRole("option");
  const both = cards.findIndex((card) => card.textContent.includes("Dach decken 5"));
  jan.focus();
  fireEvent.keyDown(jan, { key: "Home" });
  for (let step = 0; step < both; step += 1) fireEvent.keyDown(jan, { key: "ArrowDown" });
  fireEvent.keyDown(jan, { key: "ArrowRight", altKey: true });
  await waitFor(() => expect(last(transport, "record.update")).toMatchObject({ records: [{ id: 5, cells: { 314: ["Ada Byron", "Olena Koval"] } }] }));
});

test("a rule on persons is made by choosing from those in the column", async () => {
  const transport = open("/bases/bau/4/view/40");
  await tabs();
  await userEvent.click(await screen.findByRole("button", { name: /^Filter/ }));
  await userEvent.click(await screen.findByRole("button", { name: "Add rule" }));
  const rule = () => within(screen.getByRole("group", { name: /^Rule on/ }));
  await userEvent.click(rule().getByRole("button", { name: /Column/ }));
  await userEvent.click(await screen.findByRole("option", { name: "Wer" }));
  expect(rule().getByRole("button", { name: /Condition/ })).toHaveTextContent("has any of");
  await userEvent.click(rule().getByRole("button", { name: "Choose" }));
  await userEvent.click(await screen.findByRole("checkbox", { name: "Olena Koval" }));
  await waitFor(() => expect(last(transport, "view.update")).toMatchObject({ view: { filter: { items: [{ column: 314, predicate: "has_any_of", value: ["Olena Koval"] }] } } }));
  expect(await violations()).toEqual([]);
});

test("a rule on me needs no value and says under which names I am looked for", async () => {
  const transport = open("/bases/bau/4/view/40");
  await tabs();
  await userEvent.click(await screen.findByRole("button", { name: /^Filter/ }));
  await userEvent.click(await screen.findByRole("button", { name: "Add rule" }));
  const rule = () => within(screen.getByRole("group", { name: /^Rule on/ }));
  const condition = async (name: string) => {
    await userEvent.click(rule().getByRole("button", { name: /Condition/ }));
    await userEvent.click(await screen.findByRole("option", { name }));
  };
  await condition("is me");
  await waitFor(() => expect(last(transport, "view.update")).toMatchObject({ view: { filter: { items: [{ predicate: "is_current_user_ID" }] } } }));
  await userEvent.click(rule().getByRole("button", { name: /Column/ }));
  await userEvent.click(await screen.findByRole("option", { name: "Wer" }));
  await condition("includes me");
  await waitFor(() => expect(last(transport, "view.update")).toMatchObject({ view: { filter: { items: [{ column: 314, predicate: "include_me", value: null }] } } }));
  expect(rule().queryByRole("button", { name: "Choose" })).toBeNull();
  expect(await rule().findByText(/@/)).toBeInTheDocument();
  expect(await violations()).toEqual([]);
});
