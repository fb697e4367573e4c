// What the steps of the guides point to, the same in all languages: pages of the provider, and values to
// take there. Google's pages are asked for in English, so that the names in the guide are found on them.
import type { Provider } from "../../engine";
import type { GuideName } from "../../i18n/guides";

export type CopiedValue = "redirect" | "scopes";
/** Places inside Tabella that a step leads to. */
export type Inside = "settings" | "connect";

export interface StepTarget {
  /** Pages at the provider; their words are the host's name. */
  links?: string[];
  copy?: CopiedValue[];
  inside?: Inside;
}

const google = (path: string) => `https://console.cloud.google.com/${path}?hl=en`;
const entra = "https://entra.microsoft.com/?l=en.en-us#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade/quickStartType~/null/sourceType/Microsoft_AAD_IAM";

const targets: Record<GuideName, Record<string, StepTarget>> = {
  google: {
    project: { links: [google("projectcreate")] },
    api: { links: [google("apis/library/gmail.googleapis.com")] },
    consent: { links: [google("auth/overview")] },
    scopes: { links: [google("auth/scopes")], copy: ["scopes"] },
    users: { links: [google("auth/audience")] },
    client: { links: [google("auth/clients/create")], copy: ["redirect"] },
    enter: { inside: "settings" },
    publish: { links: [google("auth/audience")] },
    warning: { inside: "connect" },
  },
  microsoft: {
    register: { links: [entra, "https://azure.microsoft.com/free"] },
    redirect: { copy: ["redirect"] },
    permissions: { copy: ["scopes"] },
    enter: { inside: "settings" },
    expiry: { inside: "settings" },
    connect: { inside: "connect" },
  },
  other: {
    redirect: { copy: ["redirect"] },
    scopes: { copy: ["scopes"] },
    enter: { inside: "settings" },
    connect: { inside: "connect" },
  },
  faq: {
    no_mailbox: { links: ["https://mail.google.com", "https://outlook.live.com"] },
    admin_consent: { links: ["https://admin.google.com/ac/owl"] },
    seven_days: { links: [google("auth/audience")] },
    remove_google: { links: ["https://myaccount.google.com/connections"] },
    remove_microsoft: { links: ["https://account.live.com/consent/Manage", "https://myapps.microsoft.com"] },
  },
};

/** Where the providers that have no guide of their own register clients. */
const registration: Record<string, string> = {
  yandex: "https://oauth.yandex.com/client/new",
  mailru: "https://o2.mail.ru/app/",
  fastmail: "https://www.fastmail.com/dev/",
};

export function guideFor(provider: Pick<Provider, "name">): GuideName {
  if (provider.name === "google" || provider.name === "microsoft") return provider.name;
  return "other";
}

export function targetOf(guide: GuideName, part: string, provider: Pick<Provider, "name"> | null): StepTarget {
  const own = guide === "other" && part === "register" ? registration[provider?.name ?? ""] : undefined;
  return own ? { links: [own] } : (targets[guide][part] ?? {});
}

/** Microsoft's pages know its permissions by their last word. */
export function scopeNames(provider: Provider): string[] {
  const scopes = provider.scopes.length > 0 ? provider.scopes : provider.builtin_scopes;
  return provider.name === "microsoft" ? scopes.map((scope) => scope.split("/").at(-1) ?? scope) : scopes;
}
