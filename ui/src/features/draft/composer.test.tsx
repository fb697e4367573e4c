import { QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { dismissToast, ToastRegion, useToasts } from "../../design";
import { createQueryClient, onWriteFailed, setTransport, type Draft, type DraftWarning, type Submission } from "../../engine";
import "../../i18n";
import { useAppActions } from "../../shell/app-actions";
import { useKeymap } from "../../shell/keymap";
import { defaultSettings } from "../../shell/settings";
import { tellError } from "../../shell/trouble";
import { undoStack } from "../../shell/undo";
import { account, submission } from "../../testing/fixture";
import { doorError, testTransport, type TestTransport } from "../../testing/transport";
import { ComposerPane } from "./pane";
import { composers, openDraft } from "./store";

let transport: TestTransport;
let stored: Draft;
let warnings: DraftWarning[];

const accounts = [account(1, "me@example.org")];

/** News outlives a screen; the next test begins without it. */
const shown = new Set<number>();

function Window() {
  for (const { id } of useToasts()) shown.add(id);
  useAppActions();
  useKeymap(true);
  return (
    <>
      <ComposerPane reader={null} thread={null} accounts={accounts} />
      <ToastRegion label="news" closeLabel="close" />
    </>
  );
}

beforeEach(async () => {
  warnings = [];
  stored = {
    id: 7, account_id: 1, identity_id: 10, kind: "new", original: null, to: [{ name: "Ada", email: "ada@example.org" }], cc: [], bcc: [],
    subject: "Hello", html: null, text: "", quote: false, attachments: [], updated_at: 0,
  };
  transport = testTransport({
    "setting.get": () => defaultSettings,
    "setting.put": (next) => next,
    "draft.list": () => [stored],
    "draft.get": () => stored,
    "draft.save": (args) => (stored = { ...stored, ...args }),
    "draft.check": () => warnings,
    "draft.discard": () => ({}),
    "correspondent.complete": () => [],
    "submission.send": ({ send_at }): Submission => submission(1, "queued", { send_at: send_at ?? Date.now() + 10_000 }),
    "submission.cancel": () => ({ draft_id: 7 }),
  });
  setTransport(transport);
  onWriteFailed(tellError);
  undoStack.setState({ entries: [] });
  for (const id of shown) dismissToast(id);
  shown.clear();
  composers.setState({ open: null, waiting: [], full: false });
  openDraft(7);
  render(
    <QueryClientProvider client={createQueryClient()}>
      <Window />
    </QueryClientProvider>,
  );
  await screen.findByRole("textbox", { name: "Text of the message" }, { timeout: 20_000 });
});
afterEach(() => {
  composers.setState({ open: null, waiting: [], full: false });
});

const body = () => screen.getByRole("textbox", { name: "Text of the message" });
const names = () => transport.calls.map((one) => one.name).filter((name) => /^(draft\.(save|check|discard)|submission\.)/.test(name));
const type = (text: string) => fireEvent.change(body(), { target: { value: text } });
const send = () => act(async () => void fireEvent.keyDown(body(), { key: "Enter", code: "Enter", ctrlKey: true }));

test("Ctrl+Enter saves what was typed last, checks it, hands it over and closes", async () => {
  type("Dear Ada");
  await send();
  await waitFor(() => expect(names()).toEqual(["draft.save", "draft.check", "submission.send"]));
  await waitFor(() => expect(composers.getState().open).toBeNull());
  expect(stored.text).toBe("Dear Ada");
  await screen.findByText(/Sending in/);
});

test("a person out of a base is suggested with the place they stand in, and only the address is taken", async () => {
  transport.handlers["correspondent.complete"] = () => [
    { name: "Grace Hopper", email: "grace@example.org", table: null },
    { name: "Grace Lee", email: "lee@example.org", table: { base: "Clients", name: "Companies" } },
  ];
  const to = screen.getByRole("combobox", { name: "To" });
  await act(async () => void fireEvent.change(to, { target: { value: "grace" } }));
  const option = await screen.findByRole("option", { name: /Grace Lee/ });
  expect(option.textContent).toContain("Clients › Companies");
  expect(screen.getByRole("option", { name: /Grace Hopper/ }).textContent).not.toContain("›");
  await act(async () => void fireEvent.pointerDown(option));
  await send();
  await waitFor(() => expect(names()).toContain("submission.send"));
  expect(stored.to).toEqual([{ name: "Ada", email: "ada@example.org" }, { name: "Grace Lee", email: "lee@example.org" }]);
});

test("Undo within the time takes the letter back and opens it again", async () => {
  await send();
  fireEvent.click(await screen.findByRole("button", { name: /Undo/ }));
  await waitFor(() => expect(composers.getState().open).toBe(7));
  expect(names()).toContain("submission.cancel");
  await waitFor(() => expect(screen.queryByText(/Sending in/)).toBeNull());
});

test("what must not go out is stopped, and what may ask", async () => {
  warnings = [{ kind: "bad_address", address: "ada@" }];
  await send();
  await screen.findByText(/“ada@” is not a mail address/);
  expect(screen.queryByRole("button", { name: "Send anyway" })).toBeNull();
  await act(async () => fireEvent.click(screen.getByRole("button", { name: "Back to the message" })));
  warnings = [{ kind: "missing_attachment", word: "attached" }];
  await send();
  await act(async () => fireEvent.click(await screen.findByRole("button", { name: "Send anyway" })));
  await waitFor(() => expect(names()).toContain("submission.send"));
});

test("a refused hand-over keeps the letter open with the reason, and goes on saving it", async () => {
  transport.handlers["submission.send"] = () => {
    throw doorError("conflict", "This account has no outgoing server.");
  };
  type("One");
  await send();
  await screen.findByText(/no outgoing server/);
  expect(composers.getState().open).toBe(7);
  type("Two");
  await act(async () => void fireEvent.keyDown(body(), { key: "Escape" }));
  await waitFor(() => expect(stored.text).toBe("Two"));
  expect(composers.getState().waiting).toEqual([7]);
});

/** Drops a file on the composer as the desktop would. */
async function drop(name: string) {
  document.elementFromPoint = () => body();
  const event = Object.assign(new Event("drop", { bubbles: true, cancelable: true }), {
    dataTransfer: { types: ["Files"], files: [new File(["x"], name, { type: "text/plain" })] },
  });
  await act(async () => void globalThis.dispatchEvent(event));
  await screen.findByText(name);
}

test("a letter sent while its file is on the way leaves with the file, once", async () => {
  let arrive = () => {};
  const coming = new Promise<void>((done) => (arrive = done));
  transport.handlers["draft.attach"] = async () => {
    await coming;
    stored = { ...stored, attachments: [{ id: 3, filename: "contract.txt", mime: "text/plain", size: 1, content_id: null }] };
    return stored;
  };
  await drop("contract.txt");
  await send();
  await send();
  expect(names()).not.toContain("submission.send");
  await act(async () => arrive());
  await waitFor(() => expect(composers.getState().open).toBeNull());
  expect(names().filter((name) => name === "submission.send")).toHaveLength(1);
});

test("a letter whose file could not come stays, and goes without it when sent again", async () => {
  let refuse = () => {};
  const coming = new Promise<void>((done) => (refuse = done));
  transport.handlers["draft.attach"] = async () => {
    await coming;
    throw doorError("invalid", "This file cannot be read.");
  };
  await drop("contract.txt");
  await send();
  await act(async () => refuse());
  await screen.findByText(/cannot be read/);
  expect(composers.getState().open).toBe(7);
  expect(names()).not.toContain("submission.send");
  await send();
  await waitFor(() => expect(names()).toContain("submission.send"));
});

test("an address that was typed and not yet made a chip is sent to all the same", async () => {
  const to = screen.getByRole("combobox", { name: "To" });
  fireEvent.change(to, { target: { value: "boris@example.org" } });
  await act(async () => void fireEvent.keyDown(to, { key: "Enter", code: "Enter", ctrlKey: true }));
  await waitFor(() => expect(names()).toContain("submission.send"));
  expect(stored.to.map((one) => one.email)).toEqual(["ada@example.org", "boris@example.org"]);
});

test("letters pressed in the composer are never commands for the list behind it", async () => {
  const heard = vi.fn();
  globalThis.addEventListener("keydown", heard);
  fireEvent.keyDown(screen.getByRole("button", { name: "Send" }), { key: "e", code: "KeyE" });
  globalThis.removeEventListener("keydown", heard);
  expect(heard).not.toHaveBeenCalled();
});
