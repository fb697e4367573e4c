import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { openWindow as open, violations } from "../testing/window";

test.each([
  ["/settings/general", "General"],
  ["/settings/accounts", "Accounts"],
  ["/settings/accounts/new", "Add an account"],
  ["/settings/accounts/1", "Work"],
  ["/settings/providers", "Providers"],
  ["/settings/providers/new", "Add a provider"],
  ["/settings/providers/microsoft", "Microsoft"],
  ["/settings/providers/google/guide", "Set up Google, step by step"],
  ["/settings/providers/faq", "Questions about signing in"],
  ["/settings/accounts/new/google", "Connect Gmail"],
  ["/settings/profile", "Profile"],
  ["/outbox", "Outbox"],
])("%s has no accessibility violations", async (path, heading) => {
  open(path);
  await screen.findByRole("heading", { name: heading });
  expect(await violations()).toEqual([]);
});

test("the first start offers mail or a look around, and a look around ends it", async () => {
  const transport = open("/mail", "?fixture=first");
  await screen.findByRole("heading", { name: "Welcome to Tabella" });
  expect(await violations()).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: /Look around first/ }));
  await screen.findByRole("navigation", { name: "Places" });
  expect(transport.calls.find((one) => one.name === "account.add_sandbox")?.args).toMatchObject({ samples: true });
  expect(transport.calls.findLast((one) => one.name === "setting.put")?.args).toMatchObject({ welcomed: true });
});

test("the language of the whole window changes while it runs", async () => {
  open("/settings/general");
  await screen.findByRole("heading", { name: "General" });
  await userEvent.click(screen.getByRole("button", { name: /Language/ }));
  await userEvent.click(await screen.findByRole("option", { name: "Українська" }));
  await screen.findByRole("heading", { name: "Загальні" });
  expect(document.documentElement.lang).toBe("uk");
});

test("the name in bases is kept when its field is left, without spaces around it, and nothing is kept of what is given up", async () => {
  const transport = open("/settings/general");
  const user = userEvent.setup();
  const field = await screen.findByRole("textbox", { name: "Your name in bases" });
  const kept = () => transport.calls.filter((one) => one.name === "setting.put").map((one) => (one.args as { own_name: string }).own_name);
  await user.type(field, "Bob{Escape}");
  expect(field).toHaveValue("");
  await user.type(field, " Ann Lee ");
  expect(kept()).toEqual([]);
  await user.tab();
  await waitFor(() => expect(kept()).toEqual(["Ann Lee"]));
  await waitFor(() => expect(screen.getByRole("textbox", { name: "Your name in bases" })).toHaveValue("Ann Lee"));
});

test("adding an account shows what discovery found, what works, and the first fetch in numbers", async () => {
  const transport = open("/settings/accounts/new");
  const user = userEvent.setup();
  await user.type(await screen.findByRole("textbox", { name: "E-mail address" }), "olena@gmx.net{Enter}");
  await screen.findByText(/GMX lets other programs in/);
  expect(screen.getByText("imap.gmx.net:993")).toBeInTheDocument();
  await user.type(screen.getByLabelText("Password"), "right{Enter}");
  await screen.findByText("What works");
  expect(screen.getByText(/Fetching 120 of 3,400/)).toBeInTheDocument();
  expect(transport.calls.find((one) => one.name === "account.add_imap")?.args).toMatchObject({
    email: "olena@gmx.net",
    imap: { host: "imap.gmx.net", port: 993, tls: "tls", username: "olena@gmx.net" },
    since_at: null,
  });
});

test("editing servers sends no password unless one is typed", async () => {
  const transport = open("/settings/accounts/1");
  await screen.findByText("Servers and sign-in");
  const form = screen.getByText("Servers and sign-in").closest("form")!;
  await userEvent.click(within(form).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(transport.calls.some((one) => one.name === "account.update")).toBe(true));
  const sent = transport.calls.find((one) => one.name === "account.update")?.args as Record<string, unknown>;
  expect(sent["password"]).toBeNull();
  expect(sent).not.toHaveProperty("since_at");
});

test("an uncertain letter is settled by its sender, after an explanation", async () => {
  const transport = open("/outbox");
  await screen.findByRole("heading", { name: "Outbox" });
  fireEvent.click(await screen.findByText("Rechnung 2026-0042 über die Lieferung von Betonfertigteilen"));
  await userEvent.click(await screen.findByRole("button", { name: "Decide" }));
  const dialog = await screen.findByRole("dialog");
  expect(dialog).toHaveTextContent(/does not send it again by itself/);
  await userEvent.click(within(dialog).getByRole("button", { name: "It was not sent" }));
  await waitFor(() => expect(transport.calls.find((one) => one.name === "submission.settle")?.args).toEqual({ id: 3, sent: false }));
});

test("the palette finds a command in any of its words and performs it", async () => {
  open("/settings/general");
  await screen.findByRole("heading", { name: "General" });
  fireEvent.keyDown(document.body, { key: "л", code: "KeyK", ctrlKey: true });
  const field = await screen.findByRole("combobox", { name: "Search and commands" });
  await userEvent.type(field, "outb{Enter}");
  await screen.findByRole("heading", { name: "Outbox" });
});

test("a thousand letters put only those in sight into the document", async () => {
  open("/outbox");
  await userEvent.click(await screen.findByRole("radio", { name: "All" }));
  await waitFor(() => expect(document.querySelector("[data-row]")?.getAttribute("aria-setsize")).toBe("2999"));
  expect(document.querySelectorAll("[data-row]").length).toBeLessThan(60);
});

test("an engine that does not answer is said in words, with another try", async () => {
  const transport = open("/outbox");
  await screen.findByRole("heading", { name: "Outbox" });
  const answer = transport.handlers["account.list"]!;
  transport.handlers["account.list"] = () => {
    throw { code: "network", message: "", remedy: "", detail: "HTTP 502" };
  };
  act(() => transport.change({ seq: 1, noun: "account", id: null, base: null, arrived: false }));
  await screen.findByText("The engine of Tabella does not answer.");
  transport.handlers["account.list"] = answer;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(screen.queryByText("The engine of Tabella does not answer.")).not.toBeInTheDocument());
});

test("an account that needs a passphrase asks for one, and then connects", async () => {
  const transport = open("/settings/accounts/new", "?fixture=empty");
  let secrets: "needs_passphrase" | "passphrase" = "needs_passphrase";
  const add = transport.handlers["account.add_imap"]!;
  transport.handlers["profile.get"] = () => ({ path: "", version: "", secrets });
  transport.handlers["profile.unlock"] = () => {
    secrets = "passphrase";
    transport.change({ seq: 2, noun: "setting", id: null, base: null, arrived: false });
    return { path: "", version: "", secrets };
  };
  transport.handlers["account.add_imap"] = (args) => {
    if (secrets === "needs_passphrase") throw { code: "locked", message: "There is no place for the password yet.", remedy: "", detail: null };
    return add(args);
  };
  const user = userEvent.setup();
  await user.type(await screen.findByRole("textbox", { name: "E-mail address" }), "olena@example.org{Enter}");
  await user.type(await screen.findByLabelText("Password"), "right{Enter}");
  const dialog = await screen.findByRole("dialog", { name: "Protect your passwords" });
  await user.type(within(dialog).getByLabelText("Passphrase"), "long enough");
  await user.type(within(dialog).getByLabelText("The same again"), "long enough");
  await user.click(within(dialog).getByRole("button", { name: "Set passphrase" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  await user.click(screen.getByRole("button", { name: "Connect" }));
  await screen.findByText("What works");
});
