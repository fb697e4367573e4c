// What is so about a provider, and what a form changes in it: values only.
import type { ArgsOf, Discovery, Provider, ServerSettings } from "../../engine";

const DAY_MS = 86_400_000;

/** Days ahead of its end at which a secret is warned about. */
export const WARN_DAYS = 14;

export type SecretEnd = { kind: "none" } | { kind: "far" } | { kind: "soon"; days: number } | { kind: "over" };

/** How near the end of a provider's secret is; `days` are whole days left, 0 on the last one. */
export function secretEnd({ secret_set_at, secret_expires_at }: Pick<Provider, "secret_set_at" | "secret_expires_at">, now: number): SecretEnd {
  if (secret_set_at === null || secret_expires_at === null) return { kind: "none" };
  const left = secret_expires_at - now;
  if (left <= 0) return { kind: "over" };
  if (left > WARN_DAYS * DAY_MS) return { kind: "far" };
  return { kind: "soon", days: Math.floor(left / DAY_MS) };
}

/** What the user typed over a provider's present values; what was not touched is not there. */
export interface Edits {
  title?: string;
  client_id?: string;
  client_secret?: string;
  tenant?: string;
  /** Null takes the date away. */
  secret_expires_at?: number | null;
  /** Only the touched ones; an empty text is the built-in one again. */
  endpoints?: Record<string, string>;
  /** One a line or parted by spaces; none of them are the built-in ones again. */
  scopes?: string;
  imap?: ServerSettings;
  smtp?: ServerSettings;
}

export function scopesOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))];
}

function same(a: ServerSettings | null, b: ServerSettings): boolean {
  return a !== null && a.host === b.host && a.port === b.port && a.tls === b.tls;
}

/** The arguments that save the edits: nothing but what differs. Null where nothing does. */
export function changesOf(provider: Provider, edits: Edits): ArgsOf<"provider.set"> | null {
  const changes: Omit<ArgsOf<"provider.set">, "name"> = {};
  if (edits.title !== undefined && edits.title.trim() !== provider.title) changes.title = edits.title.trim();
  if (edits.client_id !== undefined && edits.client_id.trim() !== provider.client_id) changes.client_id = edits.client_id.trim();
  // An emptied field is not a wish to remove the secret: that has a button of its own.
  if (edits.client_secret !== undefined && edits.client_secret.trim() !== "") changes.client_secret = edits.client_secret.trim();
  if (edits.tenant !== undefined && edits.tenant.trim() !== (provider.tenant ?? "common")) changes.tenant = edits.tenant.trim();
  if (edits.secret_expires_at !== undefined && edits.secret_expires_at !== provider.secret_expires_at) changes.secret_expires_at = edits.secret_expires_at;
  const endpoints = Object.entries(edits.endpoints ?? {})
    .map(([name, address]) => [name, address.trim()] as const)
    .filter(([name, address]) => address !== (provider.endpoints[name] ?? ""))
    // Typing the built-in address is the same as having it.
    .map(([name, address]) => [name, address === provider.builtin_endpoints[name] ? "" : address] as const);
  if (endpoints.length > 0) changes.endpoints = Object.fromEntries(endpoints);
  if (edits.scopes !== undefined) {
    const typed = scopesOf(edits.scopes);
    const scopes = typed.join(" ") === provider.builtin_scopes.join(" ") ? [] : typed;
    if (scopes.join(" ") !== provider.scopes.join(" ")) changes.scopes = scopes;
  }
  if (edits.imap && !same(provider.imap, edits.imap)) changes.imap = edits.imap;
  if (edits.smtp && !same(provider.smtp, edits.smtp)) changes.smtp = edits.smtp;
  return Object.keys(changes).length === 0 ? null : { name: provider.name, ...changes };
}

/**
 * Whether a provider can be reached at it: https, or http on this machine. The redirect comes back to this
 * machine alone, and mail servers (`imap`, `smtp`) are a host and a port.
 */
export function endpointGood(name: string, text: string): boolean {
  if (name === "redirect") return /^http:\/\/(localhost|127\.0\.0\.1)(:\d{1,5})?\/?$/.test(text.trim());
  if (name === "imap" || name === "smtp") return /^([a-z]+:\/\/)?[^\s:/@]+:\d{1,5}$/.test(text.trim());
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return false;
  }
  if (url.protocol === "https:") return url.hostname !== "";
  return url.protocol === "http:" && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
}

/** Tenants with a meaning of their own; anything else is the id or a domain of one organisation. */
export const tenants = ["common", "organizations", "consumers"] as const;

export function tenantGood(text: string): boolean {
  return /^[\p{L}\p{N}]([\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u.test(text.trim());
}

/** Words of the settings' own addresses, which no provider may be called. */
const taken = ["new", "faq"];

/** A short name for an own provider, by its title, that no other one has. */
export function nameFor(title: string, names: readonly string[]): string {
  const plain = title.normalize("NFKD").toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "").slice(0, 40) || "provider";
  const used = new Set([...names, ...taken]);
  let name = plain;
  for (let more = 2; used.has(name); more += 1) name = `${plain}-${more}`;
  return name;
}

const hosts: Record<string, RegExp> = {
  google: /^(imap|smtp)\.(gmail|googlemail)\.com$/,
  microsoft: /(^|\.)(office365|outlook|hotmail)\.com$/,
  yandex: /(^|\.)yandex\.[a-z.]+$/,
  mailru: /(^|\.)mail\.ru$/,
  fastmail: /(^|\.)fastmail\.com$/,
};

/** The provider whose sign-in page lets an address with these servers in. */
export function providerFor(discovery: Pick<Discovery, "imap">, providers: readonly Provider[]): Provider | null {
  const host = discovery.imap?.host.toLowerCase();
  if (!host) return null;
  return providers.find((one) => one.imap?.host.toLowerCase() === host) ?? providers.find((one) => hosts[one.name]?.test(host)) ?? null;
}

/** Whether a provider is reached over an API of its own besides IMAP. */
export function hasApi({ name }: Pick<Provider, "name">): boolean {
  return name === "google" || name === "microsoft";
}

/**
 * Where an administrator of Microsoft allows the application for the whole organisation:
 * https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent (tenant-wide admin consent by address).
 * Null for other providers.
 */
export function consentAddress(provider: Provider): string | null {
  if (provider.name !== "microsoft" || provider.client_id === "") return null;
  const authorize = provider.endpoints["authorize"] || provider.builtin_endpoints["authorize"] || "https://login.microsoftonline.com/";
  const tenant = provider.tenant && provider.tenant !== "common" && provider.tenant !== "consumers" ? provider.tenant : "organizations";
  return `${new URL(authorize).origin}/${encodeURIComponent(tenant)}/adminconsent?client_id=${encodeURIComponent(provider.client_id)}`;
}
