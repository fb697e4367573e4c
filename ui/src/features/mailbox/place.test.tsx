import { QueryClientProvider, type QueryClient } from "@tanstack/react-query";
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createQueryClient, followChanges, onWriteFailed, setTransport, startChanges, type ThreadRow } from "../../engine";
import "../../i18n";
import { useAppActions } from "../../shell/app-actions";
import { useKeymap } from "../../shell/keymap";
import { defaultSettings } from "../../shell/settings";
import { tellError } from "../../shell/trouble";
import { undoStack } from "../../shell/undo";
import { account } from "../../testing/fixture";
import { changed, doorError, testTransport, type TestTransport } from "../../testing/transport";
import { ToastRegion } from "../../design";
import { MailPlace } from "./place";

const VIEW_PX = 600;
let transport: TestTransport;
let client: QueryClient;
let stops: (() => void)[] = [];
let rows: ThreadRow[];

const row = (id: number): ThreadRow => ({
  id, account_id: 1, subject: `Subject ${id}`, people: [{ name: `Person ${id}`, email: `p${id}@example.org` }], snippet: "", last_at: 1_700_000_000_000 - id * 60_000,
  messages: 1, matching: 1, unread: id % 2, flagged: false, answered: false, has_attachments: false, has_draft: false, size: 100,
});

function Window() {
  useAppActions();
  useKeymap(true);
  return (
    <>
      <MailPlace />
      <ToastRegion label="news" closeLabel="close" />
    </>
  );
}

async function open(count: number, more: Partial<typeof defaultSettings> = {}) {
  rows = Array.from({ length: count }, (_, index) => row(index + 1));
  const settings = { ...defaultSettings, language: "en", reader: "off", ...more };
  transport = testTransport({
    "setting.get": () => settings,
    "setting.put": (next) => next,
    "account.list": () => [account(1, "me@example.org")],
    "mailbox.list": () => [
      { id: 100, account_id: 1, path: "INBOX", name: "INBOX", role: "inbox", selectable: true, messages: count, unread: 2, on_server: null },
      { id: 103, account_id: 1, path: "Archive", name: "Archive", role: "archive", selectable: true, messages: 0, unread: 0, on_server: null },
      { id: 110, account_id: 1, path: "Проєкти", name: "Проєкти", role: null, selectable: true, messages: 0, unread: 0, on_server: null },
    ],
    "draft.list": () => [],
    "operation.pending": () => [],
    "thread.list": ({ offset, limit }) => ({ total: rows.length, rows: rows.slice(offset, offset + limit) }),
    "thread.get": ({ id }) => ({ id, account_id: 1, subject: `Subject ${id}`, messages: [] }),
  });
  const take = ({ selection }: { selection: { threads: number[] } }) => {
    rows = rows.filter((one) => !selection.threads.includes(one.id));
    queueMicrotask(() => transport.change(changed("message")));
    return { group: 5, messages: selection.threads.length };
  };
  transport.handlers["message.archive"] = take;
  transport.handlers["message.delete"] = take;
  transport.handlers["message.move_to"] = take;
  setTransport(transport);
  client = createQueryClient();
  stops = [followChanges(client), startChanges()];
  onWriteFailed(tellError);
  render(
    <QueryClientProvider client={client}>
      <Window />
    </QueryClientProvider>,
  );
  await screen.findByText("Subject 1");
}

const press = (key: string, more: Partial<KeyboardEventInit> = {}) => act(async () => void fireEvent.keyDown(document.body, { key, code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key, ...more }));
const called = (name: string) => transport.calls.filter((one) => one.name === name).map((one) => one.args);
const options = () => screen.getAllByRole("row");
const subjects = () => options().map((one) => /Subject \d+/.exec(one.textContent ?? "")?.[0]);

beforeEach(() => {
  location.hash = "";
  undoStack.setState({ entries: [] });
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(VIEW_PX);
});
afterEach(() => {
  for (const stop of stops) stop();
  vi.restoreAllMocks();
});

test("a list of a hundred thousand conversations draws only what fits, and says how long it is", async () => {
  await open(100_000);
  expect(options().length).toBeLessThan(40);
  expect(screen.getByRole("grid", { name: /Inbox/ })).toHaveAttribute("aria-rowcount", "100000");
  const list = screen.getByRole("grid", { name: /Inbox/ });
  act(() => {
    list.scrollTop = 52 * 50_000;
    fireEvent.scroll(list);
  });
  await screen.findByText("Subject 50001");
  expect(options().length).toBeLessThan(40);
  expect(document.querySelectorAll("*").length).toBeLessThan(1500);
  const asked = called("thread.list") as { offset: number; limit: number }[];
  expect(asked.length).toBeLessThan(8);
  expect(asked.every((one) => one.limit === 100)).toBe(true);
});

test("B puts a conversation off to a chosen time, on a Cyrillic layout too, and Z brings it back", async () => {
  await open(30);
  transport.handlers["thread.snooze"] = ({ selection }) => {
    rows = rows.filter((one) => !selection.threads.includes(one.id));
    queueMicrotask(() => transport.change(changed("message")));
    return { group: 6, messages: 1 };
  };
  await press("j");
  await press("и", { code: "KeyB" });
  const choice = await screen.findByRole("button", { name: /Tomorrow morning/ });
  await act(async () => void fireEvent.click(choice));
  const [asked] = called("thread.snooze") as { selection: unknown; until: number }[];
  expect(asked?.selection).toEqual({ threads: [2], messages: [], mailbox_id: 100 });
  const until = new Date(asked!.until);
  expect([until.getDate(), until.getHours(), until.getMinutes()]).toEqual([new Date(Date.now() + 86_400_000).getDate(), 8, 0]);
  await waitFor(() => expect(subjects().slice(0, 2)).toEqual(["Subject 1", "Subject 3"]));
  await screen.findByText(/1 conversation snoozed until/);
  transport.handlers["operation.undo"] = ({ group }) => {
    expect(group).toBe(6);
    rows = [row(1), row(2), ...rows.slice(1)];
    transport.change(changed("message"));
    return {};
  };
  await press("z");
  await waitFor(() => expect(subjects().slice(0, 2)).toEqual(["Subject 1", "Subject 2"]));
});

test("the mailbox of what is put off stands in the tree only while it holds something, and its rows say until when", async () => {
  await open(3);
  expect(screen.queryByRole("link", { name: /Snoozed/ })).toBeNull();
  const until = Date.now() + 3 * 86_400_000;
  rows = [{ ...row(1), snoozed_until: until }];
  const boxes = await transport.handlers["mailbox.list"]!({ account_id: null });
  transport.handlers["mailbox.list"] = () => [...boxes, { id: 120, account_id: 1, path: "Snoozed", name: "Snoozed", role: "snoozed" as const, selectable: true, messages: 1, unread: 0, on_server: null }];
  act(() => transport.change(changed("mailbox")));
  const link = await screen.findByRole("link", { name: /Snoozed/ });
  await act(async () => void fireEvent.click(link));
  await waitFor(() => expect(document.querySelector(`time[datetime="${new Date(until).toISOString()}"]`)).not.toBeNull());
  transport.handlers["thread.unsnooze"] = () => ({ group: 7, messages: 1 });
  fireEvent.contextMenu(options()[0]!);
  await userEvent.click(await screen.findByRole("menuitem", { name: /Bring back now/ }));
  expect(called("thread.unsnooze")).toEqual([{ selection: { threads: [1], messages: [], mailbox_id: 120 } }]);
});

test("a conversation is fetched when the pointer goes down on it, before it is drawn, and once", async () => {
  await open(30, { reader: "right" });
  // On its way for as long as this is looked at.
  transport.handlers["thread.get"] = () => new Promise<never>(() => {});
  const target = await screen.findByText("Subject 5");
  fireEvent.pointerDown(target, { button: 0, pointerType: "mouse" });
  expect(called("thread.get")).toEqual([{ id: 5 }]);
  fireEvent.pointerUp(target, { button: 0, pointerType: "mouse" });
  fireEvent.click(target);
  await waitFor(() => expect(location.hash).toContain("/5"));
  expect(called("thread.get")).toEqual([{ id: 5 }]);
});

test("J moves, E archives where the row was seen, and Z brings it back", async () => {
  await open(30);
  await press("j");
  expect(options().find((one) => one.hasAttribute("data-active"))).toHaveTextContent("Subject 2");
  transport.handlers["operation.undo"] = () => {
    rows = [row(1), row(2), ...rows.slice(1)];
    transport.change(changed("message"));
    return {};
  };
  await press("e");
  expect(called("message.archive")).toEqual([{ selection: { threads: [2], messages: [], mailbox_id: 100 } }]);
  await waitFor(() => expect(subjects().slice(0, 2)).toEqual(["Subject 1", "Subject 3"]));
  expect(options().find((one) => one.hasAttribute("data-active"))).toHaveTextContent("Subject 3");
  await screen.findByText("1 conversation archived");
  await press("z");
  expect(called("operation.undo")).toEqual([{ group: 5 }]);
  await waitFor(() => expect(subjects().slice(0, 3)).toEqual(["Subject 1", "Subject 2", "Subject 3"]));
});

test("Ctrl+Z a moment after an act means that act, though the engine has not answered yet", async () => {
  await open(30);
  await press("e");
  await waitFor(() => expect(called("message.archive")).toHaveLength(1));
  let answer: (done: { group: number; messages: number }) => void = () => {};
  transport.handlers["message.archive"] = () => new Promise((resolve) => (answer = resolve));
  const undone: unknown[] = [];
  transport.handlers["operation.undo"] = (args) => {
    undone.push(args);
    return {};
  };
  await press("e");
  await press("z");
  expect(undone).toEqual([]);
  await act(async () => answer({ group: 6, messages: 1 }));
  await waitFor(() => expect(undone).toEqual([{ group: 6 }]));
});

test("beside the reader an act right after a step is for what the cursor stands on", async () => {
  await open(30, { reader: "right" });
  transport.handlers["thread.get"] = () => new Promise(() => {});
  await press("Enter");
  await waitFor(() => expect(location.hash).toMatch(/\/1$/));
  await press("j");
  await press("e");
  expect(called("message.archive")).toEqual([{ selection: { threads: [2], messages: [], mailbox_id: 100 } }]);
  await waitFor(() => expect(location.hash).toMatch(/\/3$/));
});

test("the row is gone before the engine has answered, and comes back with the reason where it refuses", async () => {
  await open(30);
  let refuse: (reason: unknown) => void = () => {};
  transport.handlers["message.delete"] = () =>
    new Promise((_, reject) => {
      refuse = reject;
    });
  await press("#");
  expect(subjects()[0]).toBe("Subject 2");
  await act(async () => refuse(doorError("refused", "This mailbox is read-only.")));
  expect(subjects()[0]).toBe("Subject 1");
  await screen.findByText(/This mailbox is read-only/);
});

test("X ticks, and an act means all ticked rows in one call", async () => {
  await open(30);
  await press("x");
  await press("j");
  await press("j");
  await press("x");
  await screen.findByText("2 selected");
  await press("e");
  expect(called("message.archive")).toEqual([{ selection: { threads: [1, 3], messages: [], mailbox_id: 100 } }]);
  await waitFor(() => expect(screen.queryByText("2 selected")).toBeNull());
});

test("Shift+J extends the selection, and Escape clears it before anything else", async () => {
  await open(30);
  await press("J", { shiftKey: true, code: "KeyJ" });
  await press("J", { shiftKey: true, code: "KeyJ" });
  await screen.findByText("3 selected");
  await press("Escape");
  expect(screen.queryByText("3 selected")).toBeNull();
});

test("everything in the list can be selected, loaded or not, and an act gathers it", async () => {
  await open(730);
  await press("a", { ctrlKey: true });
  await screen.findByText("100 selected");
  await press("a", { ctrlKey: true });
  await screen.findByText("730 selected");
  await press("e");
  await waitFor(() => expect(called("message.archive").length).toBe(2));
  const parts = (called("message.archive") as { selection: { threads: number[]; group?: number } }[]).map((one) => one.selection);
  expect(parts.map((one) => [one.threads.length, one.group])).toEqual([[500, undefined], [230, 5]]);
  await screen.findByText("730 conversations archived");
  await press("z", { ctrlKey: true });
  expect(called("operation.undo")).toEqual([{ group: 5 }]);
});

test("V moves by a list that typing narrows", async () => {
  await open(30);
  await press("v");
  const field = await screen.findByRole("searchbox", { name: /Find a mailbox/ });
  fireEvent.change(field, { target: { value: "проє" } });
  await act(async () => void fireEvent.keyDown(field, { key: "Enter" }));
  expect(called("message.move_to")).toEqual([{ selection: { threads: [1], messages: [], mailbox_id: 100 }, mailbox_id: 110 }]);
});

test("the cursor and what is in sight stay with their rows when new mail arrives above", async () => {
  await open(30);
  await press("j");
  await press("j");
  rows = [row(900), ...rows];
  await act(async () => transport.change(changed("message")));
  await waitFor(() => expect(subjects()[0]).toBe("Subject 900"));
  expect(options().find((one) => one.hasAttribute("data-active"))).toHaveTextContent("Subject 3");
});

test("letters typed into the search are not commands", async () => {
  await open(30);
  await press("/");
  const field = screen.getByRole("searchbox", { name: /Search mail/ });
  expect(field).toHaveFocus();
  await act(async () => void fireEvent.keyDown(field, { key: "e", code: "KeyE" }));
  expect(called("message.archive")).toEqual([]);
});
