import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { openWindow, violations } from "../../testing/window";

const opened = vi.fn();
beforeEach(() => {
  opened.mockReset();
  vi.stubGlobal("open", opened);
});

test("a provider that is not set up says so and leads to its guide", async () => {
  openWindow("/settings/accounts/new");
  await userEvent.click(await screen.findByRole("button", { name: /Connect Gmail/ }));
  await screen.findByText("Google must be set up once");
  await userEvent.click(screen.getByRole("button", { name: "Open the guide" }));
  await screen.findByRole("heading", { name: "Set up Google, step by step" });
});

test("connecting opens the provider's page, and then the first fetch is shown", async () => {
  const transport = openWindow("/settings/accounts/new", "?fixture=providers");
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: /Connect Gmail/ }));
  await user.type(await screen.findByLabelText("Your name in letters"), "Olena");
  await user.click(screen.getByRole("button", { name: "Sign in with Google" }));
  const dialog = await screen.findByRole("dialog", { name: "Sign in with Google" });
  await within(dialog).findByText(/Go on in your browser/);
  expect(await violations()).toEqual([]);
  expect(opened.mock.calls[0]?.[0]).toContain("https://accounts.google.com/");
  expect(transport.calls.find((one) => one.name === "account.begin_sign_in")?.args).toMatchObject({ provider: "google", transport: "api", sender_name: "Olena", since_at: null, device: false });
  await screen.findByText(/Fetching 240 of 5,120/, {}, { timeout: 5000 });
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

test("a shared mailbox and IMAP are told where they were chosen", async () => {
  const transport = openWindow("/settings/accounts/new/microsoft", "?fixture=providers&signin=wait");
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "More settings" }));
  await user.type(screen.getByLabelText("Shared mailbox"), "info@zementwerke.example");
  await user.click(screen.getByRole("button", { name: "Sign in with Microsoft" }));
  await screen.findByRole("dialog");
  await waitFor(() => expect(transport.calls.find((one) => one.name === "account.begin_sign_in")?.args).toMatchObject({ transport: "api", shared_mailbox: "info@zementwerke.example" }));
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(transport.calls.some((one) => one.name === "account.cancel_sign_in")).toBe(true));
  await user.click(screen.getByRole("radio", { name: "IMAP and SMTP" }));
  await user.click(screen.getByRole("button", { name: "Sign in with Microsoft" }));
  await waitFor(() => expect(transport.calls.findLast((one) => one.name === "account.begin_sign_in")?.args).toMatchObject({ transport: "imap", shared_mailbox: null }));
  await screen.findByText(/Go on in your browser/);
});

test("a code for another device takes the browser's place", async () => {
  const transport = openWindow("/settings/accounts/new/microsoft", "?fixture=providers&signin=wait");
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Sign in with Microsoft" }));
  await user.click(await screen.findByRole("button", { name: "Use a code on another device" }));
  await screen.findByText("F7QX2KLD");
  expect(screen.getByText("https://microsoft.com/devicelogin")).toBeInTheDocument();
  expect(transport.calls.filter((one) => one.name === "account.cancel_sign_in")).toHaveLength(1);
});

test("a declined sign-in is said in plain words and can be tried again", async () => {
  const transport = openWindow("/settings/accounts/new/google", "?fixture=providers&signin=denied");
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Sign in with Google" }));
  await screen.findByText("The permission was not given");
  expect(screen.getByText(/allow what Tabella asks for/)).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(transport.calls.filter((one) => one.name === "account.begin_sign_in")).toHaveLength(2));
});

test("an unticked box is told from a declined sign-in", async () => {
  openWindow("/settings/accounts/new/google", "?fixture=providers&signin=unticked");
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Sign in with Google" }));
  await screen.findByText("A box was left unticked");
  expect(screen.getByText(/leave every tick/)).toBeInTheDocument();
});

test("where an administrator must allow it, a letter to them is ready", async () => {
  openWindow("/settings/accounts/new/microsoft", "?fixture=providers&signin=admin");
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Sign in with Microsoft" }));
  await screen.findByText("Letter to the administrator");
  expect(screen.getByText(/adminconsent\?client_id=5d2c0f61/)).toHaveTextContent(/Mail\.ReadWrite/);
});

test("one button signs an account in again on the provider's page, and it goes on", async () => {
  const transport = openWindow("/settings/accounts", "?fixture=providers");
  const user = userEvent.setup();
  await user.click((await screen.findAllByRole("button", { name: "Sign in again" }))[0]!);
  await screen.findByRole("dialog", { name: "Sign in with Microsoft" });
  await waitFor(() => expect(transport.calls.find((one) => one.name === "account.begin_sign_in")?.args).toMatchObject({ provider: "microsoft", account: 6 }));
  await waitFor(() => expect(screen.queryByRole("button", { name: "Sign in again" })).not.toBeInTheDocument(), { timeout: 5000 });
});

test("a Gmail address is offered Google's sign-in first, and an app password second", async () => {
  openWindow("/settings/accounts/new");
  const user = userEvent.setup();
  await user.type(await screen.findByRole("textbox", { name: "E-mail address" }), "olena@gmail.com{Enter}");
  await screen.findByRole("heading", { name: "Connect Gmail" });
  await user.click(screen.getByRole("button", { name: "Use an app password" }));
  await screen.findByLabelText("Password");
});

test("an Outlook address leads to Microsoft's sign-in alone", async () => {
  openWindow("/settings/accounts/new", "?fixture=providers");
  const user = userEvent.setup();
  await user.type(await screen.findByRole("textbox", { name: "E-mail address" }), "olena@outlook.com{Enter}");
  await screen.findByRole("button", { name: "Sign in with Microsoft" });
  expect(screen.queryByRole("button", { name: "Use an app password" })).not.toBeInTheDocument();
});

test("an account of an API shows how it signs in, no servers and no password, and its aliases can be synced", async () => {
  const transport = openWindow("/settings/accounts/5", "?fixture=providers");
  await screen.findByText("Google, on its own page");
  expect(screen.getByText("Gmail API")).toBeInTheDocument();
  expect(screen.queryByText("Servers and sign-in")).not.toBeInTheDocument();
  expect(screen.queryByLabelText("Password")).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Sync aliases" }));
  await screen.findByText("einkauf@vereinigte-zementwerke.example");
  expect(transport.calls.find((one) => one.name === "identity.sync")?.args).toEqual({ id: 5 });
});

test("at a first start the guide is reached too, and ends the welcome", async () => {
  const transport = openWindow("/mail", "?fixture=first");
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: /Connect my mail/ }));
  await user.click(await screen.findByRole("button", { name: /Connect Gmail/ }));
  await user.click(await screen.findByRole("button", { name: "Open the guide" }));
  await screen.findByRole("heading", { name: "Set up Google, step by step" });
  expect(transport.calls.findLast((one) => one.name === "setting.put")?.args).toMatchObject({ welcomed: true });
});

test("without a client ID Gmail can be connected by an app password", async () => {
  openWindow("/settings/accounts/new/google");
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Use an app password" }));
  await user.type(await screen.findByRole("textbox", { name: "E-mail address" }), "olena@gmail.com{Enter}");
  await screen.findByLabelText("Password");
});

test("an account whose permission ended says so, and speaks of no password", async () => {
  openWindow("/settings/accounts/6", "?fixture=providers");
  await screen.findByText(/Microsoft no longer takes Tabella’s permission/);
  expect(document.querySelector("[role=alert]")).not.toHaveTextContent(/password/);
});
