import { QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createQueryClient, followChanges, setTransport, startChanges, type MailImported, type MailResynced, type ThreadRow } from "../../engine";
import "../../i18n";
import { performAction } from "../../shell/actions";
import { defaultSettings } from "../../shell/settings";
import { account } from "../../testing/fixture";
import { changed, doorError, testTransport, type TestTransport } from "../../testing/transport";
import { ToastRegion } from "../../design";
import { fileName, inFolder, isMailFile } from "./files";
import { MailPlace } from "./place";

let transport: TestTransport;
let stops: (() => void)[] = [];

const row = (id: number): ThreadRow => ({
  id, account_id: 1, subject: `Subject ${id}`, people: [{ name: `Person ${id}`, email: `p${id}@example.org` }], snippet: "", last_at: 1_700_000_000_000 - id * 60_000,
  messages: 1, matching: 1, unread: 0, flagged: false, answered: false, has_attachments: false, has_draft: false, size: 100,
});
const part = (more: Partial<MailImported>): MailImported => ({ messages: 0, skipped: 0, unreadable: [], done_bytes: 0, total_bytes: 1000, next: null, group: null, ...more });
const called = (name: string) => transport.calls.filter((one) => one.name === name).map((one) => one.args);

beforeEach(async () => {
  Element.prototype.scrollIntoView = () => {};
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  const rows = [1, 2, 3].map(row);
  transport = testTransport({
    "setting.get": () => ({ ...defaultSettings, language: "en", reader: "off" }),
    "account.list": () => [account(1, "me@example.org")],
    "mailbox.list": () => [
      { id: 100, account_id: 1, path: "INBOX", name: "INBOX", role: "inbox", selectable: true, messages: 3, unread: 0, on_server: null },
      { id: 110, account_id: 1, path: "Old", name: "Old", role: null, selectable: true, messages: 9, unread: 0, on_server: null },
    ],
    "draft.list": () => [],
    "operation.pending": () => [],
    "thread.list": ({ offset, limit }) => ({ total: rows.length, rows: rows.slice(offset, offset + limit) }),
    "thread.get": ({ id }) => ({ id, account_id: 1, subject: `Subject ${id}`, messages: [] }),
  });
  setTransport(transport);
  location.hash = "#/mail/inbox";
  const client = createQueryClient();
  stops = [startChanges(), followChanges(client)];
  render(
    <QueryClientProvider client={client}>
      <MailPlace />
      <ToastRegion label="news" closeLabel="close" />
    </QueryClientProvider>,
  );
  await screen.findByText("Subject 3");
});

afterEach(() => {
  for (const stop of stops) stop();
  vi.restoreAllMocks();
});

async function chooseInMenu(mailbox: string, entry: string) {
  fireEvent.contextMenu(screen.getByRole("link", { name: new RegExp(`^${mailbox}`) }));
  fireEvent.click(await screen.findByRole("menuitem", { name: entry }));
}

test("a file goes into the mailbox whose menu was opened, part after part, and comes out again", async () => {
  vi.stubGlobal("prompt", () => "/home/anna/old.mbox");
  const parts = [part({ messages: 200, done_bytes: 600, next: "p2", group: 7 }), part({ messages: 50, skipped: 3, unreadable: [{ text: "/home/anna/old.mbox, at byte 9: it is too long." }], done_bytes: 1000, group: 7 })];
  transport.handlers["message.import_file"] = () => parts.shift()!;
  transport.handlers["operation.undo"] = () => ({});
  await chooseInMenu("Old", "Import messages …");
  const dialog = await screen.findByRole("dialog");
  fireEvent.click(within(dialog).getByRole("button", { name: "Choose files …" }));
  expect(await within(dialog).findByText("250 messages")).toBeTruthy();
  expect(within(dialog).getByText("3 were there already")).toBeTruthy();
  expect(within(dialog).getByText(/at byte 9/)).toBeTruthy();
  expect(called("message.import_file")).toEqual([
    { mailbox_id: 110, path: "/home/anna/old.mbox", from: null, group: null },
    { mailbox_id: 110, path: "/home/anna/old.mbox", from: "p2", group: 7 },
  ]);
  fireEvent.click(within(dialog).getByRole("button", { name: "Take back" }));
  await waitFor(() => expect(called("operation.undo")).toEqual([{ group: 7 }]));
  expect(await screen.findByText("The import was taken back")).toBeTruthy();
});

test("an import that is stopped asks for no further part, and says what it brought", async () => {
  vi.stubGlobal("prompt", () => "/home/anna/old.mbox");
  let answer: (brought: MailImported) => void = () => {};
  transport.handlers["message.import_file"] = () => new Promise((done) => (answer = done));
  act(() => void performAction("mailbox.import"));
  const dialog = await screen.findByRole("dialog");
  fireEvent.click(within(dialog).getByRole("button", { name: "Choose files …" }));
  fireEvent.click(await within(dialog).findByRole("button", { name: "Stop" }));
  await act(async () => answer(part({ messages: 200, done_bytes: 500, next: "p2", group: 7 })));
  expect(await screen.findByRole("dialog", { name: "Import stopped" })).toBeTruthy();
  expect(screen.getByText("200 messages")).toBeTruthy();
  expect(called("message.import_file")).toHaveLength(1);
});

test("what is selected is exported alone, tells how far it is, and stops", async () => {
  vi.stubGlobal("prompt", () => "/home/anna/some.mbox");
  let refuse: (error: unknown) => void = () => {};
  transport.handlers["message.export_file"] = () => new Promise((_, failed) => (refuse = failed));
  transport.handlers["message.progress"] = () => ({ running: true, records: 40, total: 200 });
  transport.handlers["message.stop"] = () => ({});
  act(() => void performAction("message.export"));
  const dialog = await screen.findByRole("dialog", { name: "Export: Subject 1" });
  fireEvent.click(within(dialog).getByRole("button", { name: "Choose place and export" }));
  expect(await within(dialog).findByText("40 of 200")).toBeTruthy();
  expect(called("message.export_file")).toMatchObject([{ selection: { threads: [1], messages: [], mailbox_id: null }, format: "mbox", path: "/home/anna/some.mbox" }]);
  fireEvent.click(within(dialog).getByRole("button", { name: "Stop" }));
  await waitFor(() => expect(called("message.stop")).toHaveLength(1));
  await act(async () => refuse(doorError("cancelled", "The export was stopped; no file was written.")));
  expect(await screen.findByText("The export was stopped; no file was written.")).toBeTruthy();
  await act(async () => transport.change(changed("exchange")));
});

test("what is selected is compared with its server, and what came of it is told", async () => {
  let answer: (done: MailResynced) => void = () => {};
  transport.handlers["message.resync"] = () => new Promise((done) => (answer = done));
  transport.handlers["message.progress"] = () => ({ running: true, records: 1, total: 3 });
  transport.handlers["message.stop"] = () => ({});
  act(() => void performAction("message.compare"));
  const dialog = await screen.findByRole("dialog", { name: "Compare: Subject 1" });
  fireEvent.click(within(dialog).getByRole("button", { name: "Compare" }));
  expect(await within(dialog).findByText("1 of 3")).toBeTruthy();
  expect(called("message.resync")).toMatchObject([{ selection: { threads: [1], messages: [], mailbox_id: null } }]);
  fireEvent.click(within(dialog).getByRole("button", { name: "Stop" }));
  await waitFor(() => expect(called("message.stop")).toHaveLength(1));
  await act(async () => answer({ messages: 2, mended: 1, gone: 1, local: 0, stopped: true }));
  expect(await screen.findByRole("dialog", { name: "Stopped" })).toBeTruthy();
  expect(screen.getByText("2 messages compared")).toBeTruthy();
  expect(screen.getByText("1 was fetched again")).toBeTruthy();
  expect(screen.getByText("1 is no longer on the server, and is gone from here")).toBeTruthy();
});

test("a mailbox is exported whole, and what was missing is named", async () => {
  vi.stubGlobal("prompt", () => "/home/anna/Old.mbox");
  transport.handlers["message.export_file"] = ({ path }) => ({ messages: 8, missing: ["Lost"], path });
  await chooseInMenu("Old", "Export mailbox …");
  fireEvent.click(await screen.findByRole("button", { name: "Choose place and export" }));
  expect(await screen.findByText("8 messages written")).toBeTruthy();
  expect(screen.getByText("Lost")).toBeTruthy();
  expect(called("message.export_file")).toMatchObject([{ scope: { mailbox_id: 110 }, selection: null, path: "/home/anna/Old.mbox" }]);
});

test("names of files are safe, and folders keep their system's way of writing", () => {
  expect(fileName("Re: Angebot 3/4?")).toBe("Re_ Angebot 3_4_");
  expect(inFolder("/home/anna", "x")).toBe("/home/anna/x");
  expect(inFolder("C:\\Mail", "x")).toBe("C:\\Mail\\x");
  expect([isMailFile("a.EML"), isMailFile("b.mbox"), isMailFile("c.pdf")]).toEqual([true, true, false]);
});
