import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RecordListArgs } from "../../engine";
import { openWindow, violations } from "../../testing/window";

beforeEach(() => {
  Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, get: () => 260 });
  Object.defineProperty(HTMLElement.prototype, "clientWidth", { configurable: true, get: () => 900 });
});
afterEach(() => {
  vi.useRealTimers();
  Reflect.deleteProperty(HTMLElement.prototype, "clientHeight");
  Reflect.deleteProperty(HTMLElement.prototype, "clientWidth");
});

const ROW_PX = 34;
const cell = (row: number, col: number) => document.querySelector<HTMLElement>(`[data-row="${row}"] [data-col="${col}"]`)!;
const rows = () => [...document.querySelectorAll<HTMLElement>(".record-grid [data-row]")];
const places = () => rows().map((row) => Number(row.dataset["row"]));
const awaited = () => document.querySelectorAll(".record-grid [aria-busy=true][data-row]");

async function grid(name: string) {
  const found = await screen.findByRole("grid", { name });
  await waitFor(() => expect(cell(0, 0)).toBeInTheDocument());
  found.focus();
  return found;
}
function scroll(box: HTMLElement, scrollTop: number) {
  box.scrollTop = scrollTop;
  fireEvent.scroll(box);
}
const inOrder = (list: readonly number[]) => list.every((one, at) => at === 0 || one > list[at - 1]!);

/** Opens the table of a million records; from then on its pages are held back until they are let go. */
async function openHeld() {
  const transport = openWindow("/bases/kunden/1");
  const answer = transport.handlers["record.list"]!;
  const waiting: { args: RecordListArgs; go: () => void }[] = [];
  let [holds, underWay] = [false, 0];
  transport.handlers["record.list"] = async (args) => {
    underWay += 1;
    if (holds) await new Promise<void>((go) => waiting.push({ args, go }));
    const page = await answer(args);
    underWay -= 1;
    return page;
  };
  const box = await grid("Kontakte");
  await waitFor(() => expect(underWay).toBe(0));
  holds = true;
  return { box, waiting, go: (at = 0) => waiting.splice(at, 1)[0]?.go() };
}

test("while the wheel turns, rows and cells are the same elements with other records in them", async () => {
  openWindow("/bases/bau/4");
  const box = await grid("Aufgaben");
  scroll(box, 100 * ROW_PX);
  await waitFor(() => expect(cell(104, 0)).toHaveTextContent(/\S/));
  await waitFor(() => expect(awaited()).toHaveLength(0));
  const before = new Set([...rows(), ...box.querySelectorAll("[data-row] [data-col]")]);
  for (let line = 101; line <= 130; line += 1) scroll(box, line * ROW_PX);
  await waitFor(() => expect(awaited()).toHaveLength(0));
  expect(places()).toContain(132);
  expect(places()).not.toContain(110);
  const after = [...rows(), ...box.querySelectorAll("[data-row] [data-col]")];
  expect(after.filter((element) => !before.has(element))).toEqual([]);
  const said = rows().map((row) => [row.getAttribute("aria-rowindex"), row.querySelector("[role=rowheader]")!.textContent]);
  expect(said).toEqual(places().map((place) => [String(place + 2), String(place + 1)]));
  expect(cell(132, 0).textContent).toContain("133");
});

test("once the scroll rests, rows stand in the document in their order", async () => {
  openWindow("/bases/bau/4");
  const box = await grid("Aufgaben");
  for (let line = 1; line <= 27; line += 1) scroll(box, line * ROW_PX);
  expect(inOrder(places())).toBe(false);
  await waitFor(() => expect(inOrder(places())).toBe(true));
  expect(places()).toContain(30);
  expect(await violations()).toEqual([]);
});

test("an editor stays with its record when the elements of its row go to another", async () => {
  const transport = openWindow("/bases/bau/4");
  const box = await grid("Aufgaben");
  fireEvent.pointerDown(cell(5, 0));
  fireEvent.keyDown(box, { key: "N" });
  const field = await screen.findByRole("textbox", { name: "Aufgabe" });
  fireEvent.change(field, { target: { value: "Neu" } });
  for (let line = 1; line <= 40; line += 1) scroll(box, line * ROW_PX);
  await waitFor(() => expect(cell(44, 0)).toHaveTextContent(/\S/));
  expect(screen.getByRole("textbox", { name: "Aufgabe" })).toBe(field);
  expect(field).toHaveFocus();
  expect(field.closest("[role=row]")).toHaveAttribute("aria-rowindex", "7");
  fireEvent.keyDown(field, { key: "Enter" });
  await waitFor(() => expect(transport.calls.findLast((one) => one.name === "record.update")?.args).toMatchObject({ records: [{ id: 6, cells: { 301: "Neu" } }] }));
});

test("the cursor, the selected cells and the ticks stay with their records", async () => {
  openWindow("/bases/bau/4");
  const box = await grid("Aufgaben");
  fireEvent.pointerDown(cell(2, 1));
  fireEvent.keyDown(box, { key: "ArrowDown", shiftKey: true });
  fireEvent.pointerDown(cell(4, 0).closest("[data-row]")!.querySelector("[data-act=tick]")!);
  const marks = () => ({
    active: [...box.querySelectorAll<HTMLElement>(".grid-row [data-active]")].map((one) => one.closest<HTMLElement>("[data-row]")!.dataset["row"]),
    inside: [...new Set([...box.querySelectorAll("[data-in]")].map((one) => one.closest<HTMLElement>("[data-row]")!.dataset["row"]))].toSorted(),
    ticked: [...box.querySelectorAll<HTMLElement>("[data-ticked]")].map((one) => one.dataset["row"]),
  });
  const here = { active: ["3"], inside: ["2", "3"], ticked: ["4"] };
  expect(marks()).toEqual(here);
  expect(document.querySelector(`[id="${box.getAttribute("aria-activedescendant")!}"]`)).toBe(cell(3, 1));
  for (let line = 1; line <= 40; line += 1) scroll(box, line * ROW_PX);
  expect(marks()).toEqual({ active: [], inside: [], ticked: [] });
  expect(box).not.toHaveAttribute("aria-activedescendant");
  for (let line = 39; line >= 0; line -= 1) scroll(box, line * ROW_PX);
  expect(marks()).toEqual(here);
});

test("no element of a row keeps the focus, which would go to another record with it", async () => {
  openWindow("/bases/bau/4");
  const box = await grid("Aufgaben");
  cell(3, 0).closest("[data-row]")!.querySelector<HTMLElement>("[data-act=expand]")!.focus();
  expect(box).toHaveFocus();
});

test("while a dragged bar waits for records, those in sight stay readable; each answer is shown though the bar moved on", async () => {
  const pages = await openHeld();
  const { box } = pages;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const pass = (ms: number) => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));
  const before = rows().map((row) => row.textContent);
  const numbers = () => rows().map((row) => Number(row.querySelector("[role=rowheader]")!.textContent));
  for (const place of [3_000_000, 6_000_000, 9_000_000, 12_000_000]) {
    scroll(box, place);
    expect(awaited()).toHaveLength(0);
  }
  expect(rows().map((row) => row.textContent)).toEqual(before);
  // The next that is asked for is the newest by then.
  const asked = () => pages.waiting.map(({ args }) => Math.round(args.offset / 100_000));
  await pass(40);
  expect(asked()).toEqual([1, 4]);
  pages.go();
  await pass(20);
  expect(Math.min(...numbers())).toBeGreaterThan(90_000);
  expect(Math.max(...numbers())).toBeLessThan(110_000);
  expect(awaited()).toHaveLength(0);
  pages.go();
  await pass(20);
  expect(Math.min(...numbers())).toBeGreaterThan(390_000);
  expect(awaited()).toHaveLength(0);
});

test("the record that is open stays open while its list is scrolled far away", async () => {
  openWindow("/bases/kunden/1");
  const box = await grid("Kontakte");
  fireEvent.pointerDown(cell(2, 0).closest("[data-row]")!.querySelector("[data-act=expand]")!);
  const panel = await screen.findByRole("region", { name: "Record" });
  const fields = () => panel.querySelectorAll("input, textarea").length;
  await waitFor(() => expect(fields()).toBeGreaterThan(3));
  const [before, name] = [fields(), within(panel).getByRole("heading").textContent];
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  for (let jump = 1; jump <= 50; jump += 1) {
    scroll(box, jump * 400_000);
    await act(async () => void (await vi.advanceTimersByTimeAsync(40)));
  }
  expect(Math.min(...places())).toBeGreaterThan(500_000);
  expect(fields()).toBe(before);
  expect(within(panel).getByRole("heading")).toHaveTextContent(name!);
});

test("what is typed after scrolling far away goes into the cell under the cursor", async () => {
  const transport = openWindow("/bases/kunden/1");
  const box = await grid("Kontakte");
  fireEvent.pointerDown(cell(3, 0));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  for (let jump = 1; jump <= 50; jump += 1) {
    scroll(box, jump * 400_000);
    await act(async () => void (await vi.advanceTimersByTimeAsync(40)));
  }
  vi.useRealTimers();
  fireEvent.keyDown(box, { key: "N" });
  const field = document.querySelector<HTMLInputElement>("[data-editor] input")!;
  expect(field.value).toBe("N");
  fireEvent.keyDown(field, { key: "Enter" });
  await waitFor(() => expect(transport.calls.findLast((one) => one.name === "record.update")?.args).toMatchObject({ records: [{ id: 4 }] }));
});

test("records that are long on their way are rows with a number each, which say what they wait for at the cursor", async () => {
  const pages = await openHeld();
  const { box } = pages;
  fireEvent.keyDown(box, { key: "ArrowDown", ctrlKey: true });
  await waitFor(() => expect(awaited().length).toBeGreaterThan(5));
  const last = rows().find((row) => row.dataset["row"] === "999999")!;
  expect(last).toHaveAttribute("aria-busy", "true");
  expect(last).toHaveAttribute("aria-rowindex", "1000001");
  expect(last.querySelector("[role=rowheader]")).toHaveTextContent("1000000");
  const cursor = document.querySelector(`[id="${box.getAttribute("aria-activedescendant")!}"]`)!;
  expect(last).toContainElement(cursor as HTMLElement);
  expect(cursor).toHaveAccessibleName("Loading …");
  expect(await violations()).toEqual([]);
  while (pages.waiting.length > 0) pages.go();
  await waitFor(() => expect(cell(999_999, 0)).toHaveTextContent(/\S/));
  expect(rows().find((row) => row.dataset["row"] === "999999")).not.toHaveAttribute("aria-busy");
});

test("what is typed while a record is on its way opens its editor when it is there", async () => {
  const pages = await openHeld();
  const { box } = pages;
  fireEvent.keyDown(box, { key: "ArrowDown", ctrlKey: true });
  await waitFor(() => expect(pages.waiting.length).toBeGreaterThan(0));
  fireEvent.keyDown(box, { key: "A" });
  fireEvent.keyDown(box, { key: "b" });
  expect(screen.queryByRole("textbox", { name: "Name" })).toBeNull();
  while (pages.waiting.length > 0) pages.go();
  const field = await waitFor(() => {
    const found = document.querySelector<HTMLInputElement>("[data-editor] input");
    expect(found).not.toBeNull();
    return found!;
  });
  expect(field.value).toBe("Ab");
  expect(field.closest("[role=row]")).toHaveAttribute("aria-rowindex", "1000001");
});

test("among heads of groups, every row has the colour of its own record and stands below its own head", async () => {
  openWindow("/bases/bau/4/view/41");
  const box = await screen.findByRole("treegrid", { name: "Aufgaben" });
  await waitFor(() => expect(box.querySelectorAll("[data-group]").length).toBeGreaterThan(0));
  const seen = { heads: 0, painted: 0 };
  for (const line of [0, 3, 61, 90, 30, 61, 3, 140, 145, 0]) {
    scroll(box, line * ROW_PX);
    await waitFor(() => expect(awaited()).toHaveLength(0));
    expect(new Set(places()).size).toBe(rows().length);
    let [state, place]: (string | undefined)[] = [];
    for (const row of rows().toSorted((one, other) => Number(one.dataset["row"]) - Number(other.dataset["row"]))) {
      if (row.dataset["group"] !== undefined) {
        const name = row.querySelector("[data-chip]")?.textContent ?? "";
        if (row.dataset["level"] === "0") [state, place] = [name, undefined];
        else place = name;
        seen.heads += 1;
        continue;
      }
      const [stateChip, placeChip] = [1, 2].map((col) => row.querySelector<HTMLElement>(`[data-col="${col}"] [data-chip]`));
      if (state !== undefined) expect(stateChip?.textContent ?? "").toBe(state);
      if (place !== undefined) expect(placeChip?.textContent ?? "").toBe(place);
      expect(row.style.getPropertyValue("--paint")).toBe(stateChip?.style.background ?? "");
      if (stateChip) seen.painted += 1;
    }
  }
  expect(seen.heads).toBeGreaterThan(10);
  expect(seen.painted).toBeGreaterThan(50);
});
