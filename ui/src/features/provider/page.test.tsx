import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { openWindow } from "../../testing/window";

test("saving the client ID sends nothing else, and Save is there only for changes", async () => {
  const transport = openWindow("/settings/providers/google", "?fixture=providers");
  const user = userEvent.setup();
  const field = await screen.findByLabelText("Client ID");
  expect(screen.getByRole("button", { name: "Save" })).toBeDisabled();
  await user.clear(field);
  await user.type(field, "another.apps.googleusercontent.com");
  expect(screen.getByText("Not saved yet")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.getByRole("button", { name: "Save" })).toBeDisabled());
  expect(transport.calls.filter((one) => one.name === "provider.set").map((one) => one.args)).toEqual([{ name: "google", client_id: "another.apps.googleusercontent.com" }]);
  expect(screen.getByText(/^Set on/)).toBeInTheDocument();
});

test("the secret is not shown, and is replaced only by what is typed", async () => {
  const transport = openWindow("/settings/providers/google", "?fixture=providers");
  const user = userEvent.setup();
  await screen.findByText(/^Set on/);
  expect(screen.queryByLabelText("Client secret")).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Replace" }));
  const field = screen.getByLabelText("Client secret");
  expect(field).toHaveValue("");
  await user.type(field, "GOCSPX-new");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByLabelText("Client secret")).not.toBeInTheDocument());
  expect(transport.calls.filter((one) => one.name === "provider.set").map((one) => one.args)).toEqual([{ name: "google", client_secret: "GOCSPX-new" }]);
  expect(document.body).not.toHaveTextContent("GOCSPX-new");
});

test("removing the secret asks first and sends an empty one", async () => {
  const transport = openWindow("/settings/providers/google", "?fixture=providers");
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Remove" }));
  const dialog = await screen.findByRole("alertdialog");
  await user.click(within(dialog).getByRole("button", { name: "Remove" }));
  await screen.findByLabelText("Client secret");
  expect(transport.calls.filter((one) => one.name === "provider.set").map((one) => one.args)).toEqual([{ name: "google", client_secret: "" }]);
});

test("a refused value stays typed, with the reason", async () => {
  openWindow("/settings/providers/google", "?fixture=providers");
  const user = userEvent.setup();
  const field = await screen.findByLabelText("Client ID");
  await user.clear(field);
  await user.type(field, "bad{Enter}");
  await screen.findByText(/is not a client ID/);
  expect(field).toHaveValue("bad");
  await user.click(screen.getByRole("button", { name: "Discard changes" }));
  expect(field).toHaveValue("402915667210-9c2f0v7m3kq1tabella.apps.googleusercontent.com");
  expect(screen.queryByText(/is not a client ID/)).not.toBeInTheDocument();
});

test("an address without encryption is refused at its field and not sent", async () => {
  const transport = openWindow("/settings/providers/google", "?fixture=providers");
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Addresses and scopes" }));
  await user.type(screen.getByLabelText("Tokens"), "http://gateway.example/token{Enter}");
  expect(screen.getByText("An address that begins with https:// is needed.")).toBeInTheDocument();
  expect(transport.calls.some((one) => one.name === "provider.set")).toBe(false);
  await user.clear(screen.getByLabelText("Tokens"));
  await user.type(screen.getByLabelText("Tokens"), "https://gateway.example/token{Enter}");
  await waitFor(() => expect(transport.calls.find((one) => one.name === "provider.set")?.args).toEqual({ name: "google", endpoints: { token: "https://gateway.example/token" } }));
  await user.click(await screen.findByRole("button", { name: "Built-in: Tokens" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(transport.calls.findLast((one) => one.name === "provider.set")?.args).toEqual({ name: "google", endpoints: { token: "" } }));
});

test("a secret that ends within 14 days is warned about everywhere, with the way to renew it", async () => {
  openWindow("/outbox", "?fixture=providers");
  await screen.findByText(/The client secret of Microsoft ends on/);
  await userEvent.click(screen.getByRole("button", { name: "Renew" }));
  await screen.findByRole("heading", { name: "Microsoft" });
  expect(screen.getByText("Secret ends in 9 days")).toBeInTheDocument();
});

test("an own provider is entered with its addresses and servers, and can be removed again", async () => {
  const transport = openWindow("/settings/providers/new");
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Add" }));
  expect(screen.getByText("Give it a name.")).toBeInTheDocument();
  await user.type(screen.getByLabelText("Name"), "Uni Mail");
  await user.type(screen.getByLabelText("Sign-in page"), "https://login.uni.example/authorize");
  await user.type(screen.getByLabelText("Tokens"), "https://login.uni.example/token");
  await user.type(screen.getByLabelText("Scopes"), "imap\nsmtp");
  await user.type(screen.getByLabelText("Client ID"), "tabella");
  const [imap, smtp] = screen.getAllByLabelText("Server");
  await user.type(imap!, "imap.uni.example");
  await user.type(smtp!, "smtp.uni.example");
  await user.click(screen.getByRole("button", { name: "Add" }));
  await screen.findByRole("heading", { name: "Uni Mail" });
  expect(transport.calls.find((one) => one.name === "provider.set")?.args).toMatchObject({
    name: "uni-mail", title: "Uni Mail", client_id: "tabella", scopes: ["imap", "smtp"], endpoints: { authorize: "https://login.uni.example/authorize" }, imap: { host: "imap.uni.example", port: 993, tls: "tls" },
  });
  await user.click(screen.getByRole("button", { name: "More about Uni Mail" }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove provider" }));
  await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Remove" }));
  await screen.findByRole("button", { name: "Add a provider" });
  expect(screen.queryByText("Uni Mail")).not.toBeInTheDocument();
});

test("a guide's values are copied, and it is shown in the window's language", async () => {
  openWindow("/settings/providers/microsoft/guide", "?fixture&lang=uk");
  await screen.findByRole("heading", { name: "Налаштувати Microsoft, крок за кроком" });
  expect(screen.getByText("http://localhost")).toBeInTheDocument();
  expect(screen.getByText(/Mail\.ReadWrite\s+Mail\.Send/)).toBeInTheDocument();
});

test("credentials that accounts use can't be removed from under them", async () => {
  const transport = openWindow("/settings/providers/google", "?fixture=providers");
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "More about Google" }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove credentials" }));
  const dialog = await screen.findByRole("dialog");
  expect(dialog).toHaveTextContent("1 account signs in through it");
  await user.click(within(dialog).getByRole("button", { name: "Show the accounts" }));
  await screen.findByRole("heading", { name: "Accounts" });
  expect(transport.calls.some((one) => one.name === "provider.remove")).toBe(false);
});
