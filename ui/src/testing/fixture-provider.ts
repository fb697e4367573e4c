// Made-up providers for the fixture, and sign-ins that succeed by themselves.
//   ?fixture=providers   Google is ready with an account, Microsoft's secret ends soon, one provider is own
//   &signin=wait|denied|unticked|admin|timeout   what a sign-in comes to; without it consent is given after two seconds
import type { Account, Provider } from "../engine";
import { changed, doorError, type Handlers, type TestTransport } from "./transport";

const DAY_MS = 86_400_000;

function provider(name: string, title: string, more: Partial<Provider> = {}): Provider {
  return {
    name, title, own: false, client_id: "", secret_set_at: null, secret_expires_at: null, tenant: null, endpoints: {}, builtin_endpoints: {}, scopes: [], builtin_scopes: [],
    redirect_uri: "http://127.0.0.1", imap: null, smtp: null, accounts: 0, ready: false, ...more,
  };
}

function builtin(): Provider[] {
  const server = (host: string, port: number) => ({ host, port, tls: "tls" as const, username: "" });
  return [
    provider("google", "Google", {
      builtin_endpoints: { authorize: "https://accounts.google.com/o/oauth2/v2/auth", token: "https://oauth2.googleapis.com/token", revoke: "https://oauth2.googleapis.com/revoke", api: "https://gmail.googleapis.com" },
      builtin_scopes: ["https://mail.google.com/", "openid", "email"],
    }),
    provider("microsoft", "Microsoft", {
      tenant: "common", redirect_uri: "http://localhost",
      builtin_endpoints: { authorize: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize", token: "https://login.microsoftonline.com/common/oauth2/v2.0/token", device: "https://login.microsoftonline.com/common/oauth2/v2.0/devicecode", api: "https://graph.microsoft.com/v1.0" },
      builtin_scopes: ["https://graph.microsoft.com/Mail.ReadWrite", "https://graph.microsoft.com/Mail.Send", "https://graph.microsoft.com/User.Read", "offline_access"],
    }),
    provider("yandex", "Yandex", { builtin_endpoints: { authorize: "https://oauth.yandex.com/authorize", token: "https://oauth.yandex.com/token" }, builtin_scopes: ["mail:imap_full", "mail:smtp"], imap: server("imap.yandex.com", 993), smtp: server("smtp.yandex.com", 465) }),
    provider("mailru", "Mail.ru", { builtin_endpoints: { authorize: "https://oauth.mail.ru/login", token: "https://oauth.mail.ru/token" }, builtin_scopes: ["userinfo", "mail.imap"], imap: server("imap.mail.ru", 993), smtp: server("smtp.mail.ru", 465) }),
    provider("fastmail", "Fastmail", { builtin_endpoints: { authorize: "https://api.fastmail.com/oauth/authorize", token: "https://api.fastmail.com/oauth/refresh" }, builtin_scopes: ["https://www.fastmail.com/dev/protocol-imap", "https://www.fastmail.com/dev/protocol-smtp"], imap: server("imap.fastmail.com", 993), smtp: server("smtp.fastmail.com", 465) }),
  ];
}

function filled(): Provider[] {
  const now = Date.now();
  const all = builtin();
  Object.assign(all[0]!, { client_id: "402915667210-9c2f0v7m3kq1tabella.apps.googleusercontent.com", secret_set_at: now - 40 * DAY_MS, ready: true, accounts: 1 });
  Object.assign(all[1]!, { client_id: "5d2c0f61-3f0e-4b6e-9c59-0f1ad20c7b11", secret_set_at: now - 700 * DAY_MS, secret_expires_at: now + 9.5 * DAY_MS, ready: true, accounts: 1 });
  all.push(provider("stadtwerke", "Stadtwerke Mail", {
    own: true, client_id: "tabella-desktop", ready: true, endpoints: { authorize: "https://login.stadtwerke.example/authorize", token: "https://login.stadtwerke.example/token" }, scopes: ["imap", "smtp", "offline_access"],
    imap: { host: "imap.stadtwerke.example", port: 993, tls: "tls", username: "" }, smtp: { host: "smtp.stadtwerke.example", port: 465, tls: "tls", username: "" },
  }));
  return all;
}

interface Accounts {
  all: () => readonly Account[];
  put: (account: Account) => Account;
  make: (email: string, more: Partial<Account>) => Account;
}

export function providerHandlers(search: string, tell: () => TestTransport, accounts: Accounts): Handlers {
  const params = new URLSearchParams(search);
  const outcome = params.get("signin") ?? "";
  let providers = params.get("fixture") === "providers" ? filled() : builtin();
  const find = (name: string) => {
    const found = providers.find((one) => one.name === name);
    if (!found) throw doorError("not_found", "There is no such provider.");
    return found;
  };
  const put = (next: Provider) => {
    const ready = next.client_id !== "" && (!next.own || Boolean(next.endpoints["authorize"] && next.endpoints["token"]));
    const kept = { ...next, ready };
    providers = providers.some((one) => one.name === next.name) ? providers.map((one) => (one.name === next.name ? kept : one)) : [...providers, kept];
    tell().change(changed("provider", next.name));
    return kept;
  };
  const waiting = new Map<string, { provider: string; account: number | null; email: string; transport: string | null; refuse: (reason: unknown) => void }>();
  let next = 1;
  return {
    "provider.list": () => providers,
    "provider.set": (args) => {
      if (args.client_id === "bad") throw doorError("invalid", "“bad” is not a client ID.", { remedy: "Copy it from the provider’s page." });
      const before = providers.find((one) => one.name === args.name) ?? provider(args.name, args.title ?? args.name, { own: true });
      const { name: _, client_secret, endpoints, ...rest } = args;
      const given = Object.fromEntries(Object.entries(rest).filter(([key, value]) => value !== undefined && (value !== null || key === "secret_expires_at"))) as Partial<Provider>;
      const merged = { ...before.endpoints, ...endpoints };
      return put({
        ...before,
        ...given,
        ...(typeof client_secret === "string" ? { secret_set_at: client_secret === "" ? null : Date.now(), ...(client_secret === "" ? { secret_expires_at: null } : {}) } : {}),
        endpoints: Object.fromEntries(Object.entries(merged).filter(([, address]) => address !== "")),
      });
    },
    "provider.remove": ({ name }) => {
      if (find(name).accounts > 0) throw doorError("conflict", "An account signs in through this provider.", { remedy: "Remove the account first." });
      if (find(name).own) providers = providers.filter((one) => one.name !== name);
      else put(builtin().find((one) => one.name === name)!);
      tell().change(changed("provider", name));
      return {};
    },
    "account.begin_sign_in": async (args) => {
      await new Promise((done) => setTimeout(done, 60));
      const one = find(args.provider);
      const ticket = `ticket-${next++}`;
      waiting.set(ticket, { provider: one.name, account: args.account ?? null, email: args.email ?? `olena.koval@${one.name === "google" ? "gmail.com" : "outlook.com"}`, transport: args.transport ?? null, refuse: () => {} });
      const address = `${one.builtin_endpoints["authorize"] ?? one.endpoints["authorize"]}?response_type=code&client_id=${encodeURIComponent(one.client_id)}&state=zvN0cS2Hw1&code_challenge=Jm9v8pZrE1&code_challenge_method=S256&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152`;
      return args.device ? { ticket, address: "https://microsoft.com/devicelogin", code: "F7QX2KLD", ends_at: Date.now() + 900_000 } : { ticket, address, code: null, ends_at: Date.now() + 600_000 };
    },
    "account.finish_sign_in": async ({ ticket }) => {
      const mine = waiting.get(ticket)!;
      await new Promise((done, fail) => {
        mine.refuse = fail;
        if (outcome !== "wait") setTimeout(done, outcome === "" ? 2000 : 400);
      });
      if (outcome === "denied") throw doorError("consent_denied", "The sign-in was declined on the page of the provider.", { remedy: "Try again and allow what Tabella asks for.", detail: "access_denied" });
      if (outcome === "unticked") throw doorError("scope_missing", "The permission to read and send mail was not given: https://mail.google.com/.", { remedy: "Connect again and leave every tick in the browser's list set." });
      if (outcome === "admin") throw doorError("admin_consent", "An administrator must allow Tabella first.", { remedy: "Send the application’s id to the administrator.", detail: "AADSTS90094: The grant requires admin permission." });
      if (outcome === "timeout") throw doorError("timeout", "Nobody signed in within 10 minutes.", { remedy: "Try again." });
      const renewed = accounts.all().find((one) => one.id === mine.account);
      const progress = { phase: "fetching" as const, done: 240, total: 5120, mailbox: "INBOX", unreadable: 0, ok_at: null, error: null };
      if (renewed) return accounts.put({ ...renewed, sync: { ...progress, phase: "up_to_date", ok_at: Date.now() } });
      const api = mine.transport === "api" ? (mine.provider === "google" ? "gmail" : "microsoft") : "imap";
      return accounts.make(mine.email, { kind: api, provider: mine.provider, sync: progress, ...(api === "imap" ? {} : { imap: null, smtp: null }) });
    },
    "account.cancel_sign_in": ({ ticket }) => {
      waiting.get(ticket)?.refuse(doorError("cancelled", "The sign-in was cancelled."));
      waiting.delete(ticket);
      return {};
    },
    "identity.sync": async ({ id }) => {
      await new Promise((done) => setTimeout(done, 500));
      const account = accounts.all().find((one) => one.id === id)!;
      if (account.kind !== "gmail") throw doorError("conflict", "This protocol knows no aliases.");
      const alias = { id: 950, account_id: id, name: "Einkauf", email: "einkauf@vereinigte-zementwerke.example", main: false, provided: true };
      const identities = account.identities.some((one) => one.id === alias.id) ? account.identities : [...account.identities, alias];
      accounts.put({ ...account, identities });
      return identities;
    },
  };
}
