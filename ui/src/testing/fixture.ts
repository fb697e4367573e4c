// A small made-up profile, for looking at screens in development (`?fixture`) and for tests of screens.
//   ?fixture           four accounts in different states, letters in every state
//   ?fixture=first     the first start
//   ?fixture=empty     welcomed, and nothing in it
//   ?fixture=locked    a locked profile
//   ?fixture=providers accounts of providers, see fixture-provider.ts
//   &lang=de &theme=dark &density=compact set those
import type { Account, Settings, Submission, SubmissionState, SyncState, Transport } from "../engine";
import { defaultSettings } from "../shell/settings";
import { baseHandlers } from "./fixture-base";
import { mailHandlers, mailPart } from "./fixture-mail";
import { providerHandlers } from "./fixture-provider";
import { changed, doorError, testTransport, type Handlers, type TestTransport } from "./transport";

const HOUR_MS = 3_600_000;

function sync(phase: SyncState["phase"], more: Partial<SyncState> = {}): SyncState {
  return { phase, done: 0, total: 0, mailbox: null, unreadable: 0, ok_at: null, error: null, ...more };
}

export function account(id: number, email: string, more: Partial<Account> = {}): Account {
  const domain = email.split("@")[1] ?? "";
  return {
    id, email, name: email, kind: "imap", provider: null, sender_name: "Olena Koval", own_ca: false, bulk_imap: false,
    imap: { host: `imap.${domain}`, port: 993, tls: "tls", username: email },
    smtp: { host: `smtp.${domain}`, port: 587, tls: "starttls", username: email },
    color: "#3b6fd4", position: id, paused: false, since_at: null, sync_minutes: 10,
    sync: sync("up_to_date", { ok_at: Date.now() - 240_000 }),
    probe: null,
    identities: [{ id: id * 10, account_id: id, name: "Olena Koval", email, main: true, provided: false }],
    ...more,
  };
}

export function submission(id: number, state: SubmissionState, more: Partial<Submission> = {}): Submission {
  const now = Date.now();
  const email = `person${id}@example.org`;
  return {
    id, account_id: 1, state,
    from: { name: "Olena Koval", email: "olena.koval@example.org" },
    subject: `Invoice ${2026}-${String(id).padStart(4, "0")}`,
    message_id: `${id}.7f3a9c@mail.invalid`, sent_message_id: null,
    recipients: [{ email, state, code: state === "accepted" ? 250 : null, answer: state === "accepted" ? "2.0.0 OK: queued as 4FhZ9k" : null }],
    created_at: now - HOUR_MS, send_at: now - HOUR_MS, state_at: now - HOUR_MS / 2,
    attempts: state === "queued" ? 0 : 1, retry_at: null, answer: null, error: null, filed: state === "accepted", run_id: null, size: 18_432,
    ...more,
  };
}

function accounts(): Account[] {
  return [
    account(1, "olena.koval@example.org", {
      name: "Work",
      identities: [
        { id: 10, account_id: 1, name: "Olena Koval", email: "olena.koval@example.org", main: true, provided: false },
        { id: 11, account_id: 1, name: "Sales", email: "sales@example.org", main: false, provided: false },
      ],
      probe: {
        probed_at: Date.now() - 86_400_000, mailboxes: 12, push: true, quota: { used: 1, limit: 2 }, size_limit: 36_700_160, files_sent_copy: false,
        steps: [
          { kind: "imap_connect", ok: true, found: "imap.example.org:993, TLS 1.3", error: null },
          { kind: "imap_login", ok: true, found: "olena.koval@example.org", error: null },
          { kind: "mailboxes", ok: true, found: "12", error: null },
          { kind: "push", ok: true, found: "IDLE", error: null },
          { kind: "smtp_connect", ok: false, found: "smtp.example.org:587", error: doorError("certificate", "The certificate of smtp.example.org is for another host.", { remedy: "Check the server’s name, or ask its administrator.", detail: "invalid peer certificate: NotValidForName" }) },
        ],
      },
    }),
    account(2, "buchhaltung@vereinigte-zementwerke-niederoesterreich.example.com", {
      color: "#1f8a83",
      sync: sync("fetching", { done: 1240, total: 38_112, mailbox: "Projekte/2026/Ausschreibungen" }),
    }),
    account(3, "private@gmx.example", { color: "#c4621c", sync: sync("sign_in", { error: doorError("sign_in", "The server refused the password.", { remedy: "Sign in again.", detail: "NO [AUTHENTICATIONFAILED] Authentication failed." }) }) }),
    account(4, "me@sandbox.tabella", { kind: "sandbox", imap: null, smtp: null, color: "#8452c4", sync: sync("up_to_date", { ok_at: Date.now() - 3_000_000, unreadable: 2 }) }),
  ];
}

/** Accounts that sign in on a provider's page. */
function signedIn(): Account[] {
  return [
    account(5, "olena.koval@gmail.com", { kind: "gmail", provider: "google", imap: null, smtp: null, color: "#3f8f46" }),
    account(6, "olena.koval@zementwerke.example", {
      kind: "microsoft", provider: "microsoft", imap: null, smtp: null, color: "#5f6b7a",
      sync: sync("sign_in", { error: doorError("sign_in", "The permission of Microsoft has ended.", { remedy: "Sign in again.", detail: "invalid_grant" }) }),
    }),
    account(7, "post@stadtwerke.example", { provider: "stadtwerke", color: "#b5417f" }),
  ];
}

function letters(): Submission[] {
  const now = Date.now();
  const made: Submission[] = [
    submission(1, "queued", { subject: "Протокол зустрічі та домовленості щодо постачання цементу на жовтень", send_at: now + 9_000 }),
    submission(2, "queued", {
      attempts: 3, retry_at: now + 95_000,
      error: doorError("throttled", "The server takes no more letters for now.", { remedy: "Tabella tries again by itself.", detail: "451 4.7.1 Try again later" }),
    }),
    submission(3, "uncertain", { subject: "Rechnung 2026-0042 über die Lieferung von Betonfertigteilen" }),
    submission(4, "handing_over"),
    submission(5, "refused", {
      recipients: [
        { email: "nobody@example.org", state: "refused", code: 550, answer: "550 5.1.1 No such user here" },
        { email: "ada@example.org", state: "refused", code: 550, answer: "550 5.7.1 Message rejected" },
      ],
      error: doorError("refused", "The server refused all recipients.", { remedy: "Check the addresses.", detail: "550 5.1.1 No such user here" }),
    }),
    submission(6, "queued", { send_at: now + 30 * HOUR_MS, subject: "" }),
  ];
  for (let id = 7; id < 3000; id += 1) made.push(submission(id, id % 40 === 0 ? "bounced" : id % 9 === 0 ? "replied" : "accepted"));
  return made;
}

const open = new Set<SubmissionState>(["frozen", "queued", "claimed", "handing_over", "uncertain", "refused"]);

export function fixtureHandlers(search: string, tell: () => TestTransport): Handlers {
  const params = new URLSearchParams(search);
  const kind = params.get("fixture") ?? "";
  let settings: Settings = {
    ...defaultSettings,
    welcomed: kind !== "first",
    language: params.get("lang") ?? "",
    theme: params.get("theme") ?? "system",
    density: params.get("density") ?? "cozy",
  };
  let all = kind === "first" || kind === "empty" ? [] : kind === "providers" ? [...accounts().slice(0, 1), ...signedIn()] : accounts();
  let ledger = kind === "first" || kind === "empty" ? [] : letters();
  let locked = kind === "locked";
  const paused = new Set<number>();
  const find = (id: number | null) => {
    const found = all.find((one) => one.id === id);
    if (!found) throw doorError("not_found", "There is no such account.");
    return found;
  };
  const put = (next: Account) => {
    all = all.map((one) => (one.id === next.id ? next : one)).toSorted((a, b) => a.position - b.position);
    tell().change(changed("account", next.id));
    return next;
  };
  const settle = (id: number, state: SubmissionState) => {
    ledger = ledger.map((one) => (one.id === id ? { ...one, state, error: null, recipients: one.recipients.map((to) => ({ ...to, state })) } : one));
    tell().change(changed("submission", id));
    return ledger.find((one) => one.id === id)!;
  };
  const make = (email: string, more: Partial<Account>) => {
    const made = account(100 + all.length, email, more);
    all = [...all, made];
    tell().change(changed("account", made.id));
    return made;
  };
  const mail = mailHandlers(() => all, tell);
  return {
    ...mail,
    "setting.get": () => settings,
    "setting.put": (next) => {
      settings = next;
      tell().change(changed("setting"));
      return settings;
    },
    "profile.get": () => ({ path: "/home/olena/.local/share/tabella/profile", version: "0.1.0", secrets: locked ? "locked" : "keyring" }),
    "profile.unlock": ({ passphrase }) => {
      if (passphrase.length < 8) throw doorError("sign_in", "This is not the passphrase.", { remedy: "Try again." });
      locked = false;
      tell().change(changed("setting"));
      return { path: "", version: "0.1.0", secrets: "passphrase" };
    },
    "profile.doctor": () => [
      { what: "keyring", ok: true, found: "Secret Service answers", error: null },
      { what: "mail.db", ok: true, found: "schema 1, 38,112 messages", error: null },
      { what: "content.db", ok: false, found: "/home/olena/.local/share/tabella/profile/content.db", error: doorError("disk", "Only 80 MB are free on the disk.", { remedy: "Make room, then fetch again." }) },
    ],
    "account.list": () => all,
    "account.get": ({ id }) => find(id),
    "account.update": (args) => put({ ...find(args.id), ...(Object.fromEntries(Object.entries(args).filter(([key, value]) => value !== null && key in find(args.id))) as Partial<Account>) }),
    "account.discover": async ({ email }) => {
      await new Promise((done) => setTimeout(done, 400));
      const domain = email.split("@")[1] ?? "";
      if (domain === "nothing.example") return { source: "none", provider: null, imap: null, smtp: null, hint: null };
      return {
        source: "preset", provider: domain === "gmx.net" ? "GMX" : domain,
        imap: { host: `imap.${domain}`, port: 993, tls: "tls", username: email },
        smtp: { host: `mail.${domain}`, port: 587, tls: "starttls", username: email },
        hint: domain === "gmx.net" ? "allow_imap" : domain === "gmail.com" ? "app_password" : domain === "outlook.com" || domain === "strict.example" ? "oauth_only" : null,
      };
    },
    "account.add_imap": (args) => {
      if (args.password === "wrong") throw doorError("sign_in", "The server refused the password.", { remedy: "Check the password.", detail: "NO [AUTHENTICATIONFAILED]" });
      return make(args.email, { sync: sync("fetching", { done: 120, total: 3400, mailbox: "INBOX" }), probe: accounts()[0]?.probe ?? null });
    },
    "account.add_sandbox": (args) => make(args.email, { kind: "sandbox" }),
    "account.reauthorize": ({ id }) => put({ ...find(id), sync: sync("up_to_date", { ok_at: Date.now() }) }),
    "account.remove": ({ id }) => {
      all = all.filter((one) => one.id !== id);
      tell().change(changed("account", id));
      return {};
    },
    "account.probe": ({ id }) => find(id).probe ?? accounts()[0]!.probe!,
    "account.test_mail": ({ to }) =>
      to.some((one) => one.startsWith("bad"))
        ? { accepted: false, answer: "550 5.1.1 No such user here", error: doorError("refused", "The server refused the recipient.", { remedy: "Check the address." }) }
        : { accepted: true, answer: "250 2.0.0 OK: queued as 4FhZ9k3xQz", error: null },
    "account.sync": () => ({}),
    "account.stop_sync": () => ({}),
    "account.resync": () => ({}),
    "account.log": () => [
      { started_at: Date.now() - 60_000, ended_at: Date.now() - 58_200, new: 3, changed: 1, removed: 0, unreadable: 0, error: null },
      { started_at: Date.now() - 660_000, ended_at: Date.now() - 659_000, new: 0, changed: 0, removed: 0, unreadable: 0, error: null },
      { started_at: Date.now() - 1_260_000, ended_at: Date.now() - 1_230_000, new: 0, changed: 0, removed: 0, unreadable: 0, error: doorError("timeout", "imap.example.org did not answer within 30 seconds.", { remedy: "Tabella tries again by itself." }) },
    ],
    "identity.save": (args) => {
      const owner = find(args.account_id);
      const saved = { id: args.id ?? 900 + owner.identities.length, account_id: owner.id, name: args.name, email: args.email, main: false, provided: false };
      put({ ...owner, identities: args.id === null ? [...owner.identities, saved] : owner.identities.map((one) => (one.id === args.id ? saved : one)) });
      return saved;
    },
    "identity.remove": ({ id }) => {
      for (const owner of all) if (owner.identities.some((one) => one.id === id)) put({ ...owner, identities: owner.identities.filter((one) => one.id !== id) });
      return {};
    },
    ...providerHandlers(search, tell, { all: () => all, put, make }),
    ...baseHandlers(tell, kind),
    "operation.pending": () =>
      kind === ""
        ? [
            { id: 1, account_id: 1, kind: "move", subject: "Quarterly report", created_at: Date.now() - 30_000, attempts: 0, refused: null },
            { id: 2, account_id: 1, kind: "delete", subject: "Old newsletter", created_at: Date.now() - 90_000, attempts: 1, refused: doorError("refused", "The server does not let anybody delete in “Archive”.", { remedy: "The message is back in its place.", detail: "NO [NOPERM]" }) },
          ]
        : [],
    "submission.list": (args) => {
      const rows = ledger.filter((one) => (!args.open || open.has(one.state)) && (args.account_id === null || args.account_id === undefined || one.account_id === args.account_id));
      return { total: rows.length, open: ledger.filter((one) => open.has(one.state)).length, paused: [...paused], rows: rows.slice(args.offset, args.offset + (args.limit || 200)) };
    },
    "submission.get": ({ id }) => ledger.find((one) => one.id === id)!,
    "submission.cancel": async (args) => {
      const { id } = args;
      if (!ledger.some((one) => one.id === id)) return await mail["submission.cancel"]!(args);
      settle(id, "cancelled");
      return { draft_id: null };
    },
    "submission.retry": ({ id }) => settle(id, "queued"),
    "submission.settle": ({ id, sent }) => settle(id, sent ? "accepted" : "unsent"),
    "submission.pause": ({ id }) => {
      for (const one of all) if (id === null || id === undefined || one.id === id) paused.add(one.id);
      tell().change(changed("submission"));
      return {};
    },
    "submission.resume": ({ id }) => {
      if (id === null || id === undefined) paused.clear();
      else paused.delete(id);
      tell().change(changed("submission"));
      return {};
    },
  };
}

/** The profile that the address asks for. */
export function fixtureTransport(search: string): Transport {
  const transport: TestTransport = testTransport({});
  transport.part = mailPart;
  transport.handlers = fixtureHandlers(search, () => transport);
  return transport;
}
