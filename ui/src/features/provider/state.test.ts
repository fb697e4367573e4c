import { expect, test } from "vitest";
import type { Provider } from "../../engine";
import { changesOf, consentAddress, endpointGood, nameFor, providerFor, scopesOf, secretEnd, tenantGood } from "./state";

const DAY_MS = 86_400_000;
const NOW = 1_790_000_000_000;

function made(more: Partial<Provider> = {}): Provider {
  return {
    name: "microsoft", title: "Microsoft", own: false, client_id: "old-id", secret_set_at: 1, secret_expires_at: 5 * DAY_MS, tenant: "common",
    endpoints: { api: "https://graph.microsoft.us/v1.0" }, builtin_endpoints: { authorize: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize", token: "https://login.example/token", api: "https://graph.microsoft.com/v1.0" },
    scopes: [], builtin_scopes: ["Mail.ReadWrite", "offline_access"], redirect_uri: "http://localhost", imap: null, smtp: null, accounts: 1, ready: true, ...more,
  };
}

test("a secret is warned about from 14 days ahead on, and not a moment sooner", () => {
  const ends = (left: number) => secretEnd({ secret_set_at: 1, secret_expires_at: NOW + left }, NOW);
  expect(ends(14 * DAY_MS + 1)).toEqual({ kind: "far" });
  expect(ends(14 * DAY_MS)).toEqual({ kind: "soon", days: 14 });
  expect(ends(DAY_MS - 1)).toEqual({ kind: "soon", days: 0 });
  expect(ends(0)).toEqual({ kind: "over" });
  expect(secretEnd({ secret_set_at: null, secret_expires_at: NOW }, NOW)).toEqual({ kind: "none" });
  expect(secretEnd({ secret_set_at: 1, secret_expires_at: null }, NOW)).toEqual({ kind: "none" });
});

test.each([
  [{ client_id: " new-id " }, { client_id: "new-id" }],
  [{ client_secret: "s3cret" }, { client_secret: "s3cret" }],
  [{ tenant: "consumers" }, { tenant: "consumers" }],
  [{ secret_expires_at: null }, { secret_expires_at: null }],
  [{ endpoints: { token: "https://token.example" } }, { endpoints: { token: "https://token.example" } }],
  [{ scopes: "Mail.Read\noffline_access" }, { scopes: ["Mail.Read", "offline_access"] }],
])("saving %j sends that and nothing else", (edits, sent) => {
  expect(changesOf(made(), edits)).toEqual({ name: "microsoft", ...sent });
});

test("what was typed back to the present value is no change", () => {
  expect(changesOf(made(), { client_id: "old-id ", tenant: "common", secret_expires_at: 5 * DAY_MS, scopes: "Mail.ReadWrite offline_access", endpoints: { api: "https://graph.microsoft.us/v1.0" } })).toBeNull();
});

test("an emptied secret field keeps the secret", () => {
  expect(changesOf(made(), { client_secret: " " })).toBeNull();
});

test("restoring an address or the scopes sends the empty value that means built-in", () => {
  expect(changesOf(made(), { endpoints: { api: "" } })).toEqual({ name: "microsoft", endpoints: { api: "" } });
  expect(changesOf(made(), { endpoints: { api: "https://graph.microsoft.com/v1.0" } })).toEqual({ name: "microsoft", endpoints: { api: "" } });
  expect(changesOf(made({ scopes: ["Mail.Read"] }), { scopes: "Mail.ReadWrite\noffline_access" })).toEqual({ name: "microsoft", scopes: [] });
});

test("an unknown tenant is common, so choosing common there is no change", () => {
  expect(changesOf(made({ tenant: null }), { tenant: "common" })).toBeNull();
});

test("scopes are taken however they are parted, each once", () => {
  expect(scopesOf("a  b,\nc b")).toEqual(["a", "b", "c"]);
});

test("tokens are sent over https, or http on this machine, and nowhere else", () => {
  expect(endpointGood("token", "https://login.example/token")).toBe(true);
  expect(endpointGood("token", "http://127.0.0.1:4000/token")).toBe(true);
  expect(endpointGood("token", "http://login.example/token")).toBe(false);
  expect(endpointGood("token", "login.example")).toBe(false);
  expect(endpointGood("redirect", "http://localhost:47823/")).toBe(true);
  expect(endpointGood("redirect", "https://example.org/back")).toBe(false);
  expect(endpointGood("imap", "mail.example.org:993")).toBe(true);
  expect(endpointGood("imap", "mail.example.org")).toBe(false);
});

test("a tenant is a word, an id or a domain", () => {
  expect(tenantGood("contoso.onmicrosoft.com")).toBe(true);
  expect(tenantGood("72f988bf-86f1-41af-91ab-2d7cd011db47")).toBe(true);
  expect(tenantGood("")).toBe(false);
  expect(tenantGood("a/b")).toBe(false);
});

test("an own provider gets a name of its own, and none that the settings use", () => {
  expect(nameFor("Stadtwerke Köln", [])).toBe("stadtwerke-ko-ln");
  expect(nameFor("Google", ["google"])).toBe("google-2");
  expect(nameFor("FAQ", [])).toBe("faq-2");
  expect(nameFor("Пошта", [])).toBe("provider");
});

test("the provider of an address is known by its servers", () => {
  const google = made({ name: "google" });
  const own = made({ name: "stadtwerke", own: true, imap: { host: "imap.stadtwerke.example", port: 993, tls: "tls", username: "" } });
  const imap = (host: string) => ({ imap: { host, port: 993, tls: "tls" as const, username: "" } });
  const all = [google, made(), own];
  expect(providerFor(imap("imap.gmail.com"), all)).toBe(google);
  expect(providerFor(imap("outlook.office365.com"), all)?.name).toBe("microsoft");
  expect(providerFor(imap("imap.stadtwerke.example"), all)).toBe(own);
  expect(providerFor(imap("imap.gmx.net"), all)).toBeNull();
  expect(providerFor(imap("imap.gmail.com.evil.example"), all)).toBeNull();
  expect(providerFor({ imap: null }, all)).toBeNull();
});

test("an administrator is led to the organisation's own consent page", () => {
  expect(consentAddress(made())).toBe("https://login.microsoftonline.com/organizations/adminconsent?client_id=old-id");
  expect(consentAddress(made({ tenant: "contoso.com", endpoints: { authorize: "https://login.microsoftonline.us/contoso.com/oauth2/v2.0/authorize" } }))).toBe("https://login.microsoftonline.us/contoso.com/adminconsent?client_id=old-id");
  expect(consentAddress(made({ name: "google" }))).toBeNull();
});
