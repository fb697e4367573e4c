// What differs from the built-in settings of a provider: addresses, scopes, servers. For national clouds,
// gateways and providers that nobody built in.
import { RotateCcw } from "lucide-react";
import { useState } from "react";
import { Badge, Button, Fold, TextField } from "../../design";
import type { Provider, ServerSettings } from "../../engine";
import { useT, type MessageKey } from "../../i18n";
import { ServerFields, draftOf, placeGood, settingsOf, type ServerDraft } from "../server/fields";
import { CopyField } from "./copy";
import { endpointGood, scopesOf, type Edits } from "./state";

const usual = ["authorize", "token", "revoke", "device", "api", "redirect", "imap", "smtp"] as const;
/** Without these an own provider can't sign anybody in. */
const needed = new Set<string>(["authorize", "token"]);

type Endpoint = (typeof usual)[number];

function endpointsOf(provider: Provider): Endpoint[] {
  // An own provider's servers have fields of their own.
  if (provider.own) return usual.filter((name) => name !== "api" && name !== "imap" && name !== "smtp");
  return usual.filter((name) => name in provider.builtin_endpoints || name in provider.endpoints);
}

function typed(provider: Provider, edits: Edits, name: string): string {
  return edits.endpoints?.[name] ?? provider.endpoints[name] ?? "";
}

function endpointBad(provider: Provider, edits: Edits, name: string): boolean {
  const text = typed(provider, edits, name).trim();
  if (text === "") return provider.own && needed.has(name);
  return !endpointGood(name, text);
}

function badWords(name: Endpoint): MessageKey {
  if (name === "redirect") return "provider:endpoint_bad_redirect";
  return name === "imap" || name === "smtp" ? "provider:endpoint_bad_server" : "provider:endpoint_bad";
}

/** Whether the edits may be saved. */
export function advancedGood(provider: Provider, edits: Edits): boolean {
  return !endpointsOf(provider).some((name) => endpointBad(provider, edits, name)) && serverFine(edits.imap) && serverFine(edits.smtp);
}

function serverFine(server: ServerSettings | undefined): boolean {
  return server === undefined || placeGood(draftOf(server, "imap", ""));
}

export function Advanced({ provider, edits, onEdit, tried }: { provider: Provider; edits: Edits; onEdit: (patch: Edits) => void; tried: boolean }) {
  const t = useT();
  const differs = Object.keys(provider.endpoints).length > 0 || provider.scopes.length > 0;
  const [open, setOpen] = useState(provider.own || differs);
  const shown = open || (tried && !advancedGood(provider, edits));
  return (
    <Fold open={shown} onToggle={() => setOpen(!open)} label={t("provider:advanced")}>
      <div className="space-y-6 pt-1">
        <Endpoints provider={provider} edits={edits} onEdit={onEdit} tried={tried} />
        <Scopes provider={provider} edits={edits} onEdit={onEdit} />
        {provider.own && <Servers provider={provider} onEdit={onEdit} tried={tried} />}
      </div>
    </Fold>
  );
}

function Restore({ onPress, label }: { onPress: () => void; label: string }) {
  const t = useT();
  return <Button small kind="quiet" icon={RotateCcw} aria-label={`${t("provider:restore")}: ${label}`} onPress={onPress}>{t("provider:restore")}</Button>;
}

function Endpoints({ provider, edits, onEdit, tried }: { provider: Provider; edits: Edits; onEdit: (patch: Edits) => void; tried: boolean }) {
  const t = useT();
  const set = (name: string, address: string) => onEdit({ endpoints: { ...edits.endpoints, [name]: address } });
  return (
    <fieldset className="space-y-3">
      <legend className="text-sm font-semibold">{t("provider:endpoints")}</legend>
      <p className="text-xs text-pretty text-muted">{t(provider.own ? "provider:endpoints_own" : "provider:endpoints_hint")}</p>
      {endpointsOf(provider).map((name) => {
        const value = typed(provider, edits, name);
        const builtin = provider.builtin_endpoints[name];
        const label = t(`provider:endpoint.${name}`);
        const bad = endpointBad(provider, edits, name);
        return (
          <div key={name} className="flex items-end gap-2">
            <TextField
              className="min-w-0 flex-1"
              label={label}
              mono
              value={value}
              onChange={(text) => set(name, text)}
              placeholder={builtin ?? (name === "redirect" ? provider.redirect_uri : "https://")}
              error={bad && (tried || value !== "") ? t(value.trim() === "" ? "provider:endpoint_missing" : badWords(name)) : null}
            />
            {builtin !== undefined && value !== "" && <Restore label={label} onPress={() => set(name, "")} />}
          </div>
        );
      })}
    </fieldset>
  );
}

function Scopes({ provider, edits, onEdit }: { provider: Provider; edits: Edits; onEdit: (patch: Edits) => void }) {
  const t = useT();
  const now = provider.scopes.length > 0 ? provider.scopes : provider.builtin_scopes;
  const text = edits.scopes ?? now.join("\n");
  const differs = scopesOf(text).join(" ") !== provider.builtin_scopes.join(" ");
  const [editing, setEditing] = useState(provider.own || provider.scopes.length > 0);
  return (
    <div>
      <div className="mb-2 flex items-center gap-2">
        <h3 className="text-sm font-semibold">{t("provider:scopes")}</h3>
        {differs && !provider.own && <Badge tone="warning">{t("provider:scopes_differ")}</Badge>}
        <span className="flex-1" />
        {!editing && <Button small kind="quiet" onPress={() => setEditing(true)}>{t("common:edit")}</Button>}
        {editing && differs && provider.builtin_scopes.length > 0 && <Restore label={t("provider:scopes")} onPress={() => onEdit({ scopes: provider.builtin_scopes.join("\n") })} />}
      </div>
      {editing ? (
        <TextField label={t("provider:scopes_lines")} rows={Math.min(8, Math.max(3, now.length + 1))} mono value={text} onChange={(scopes) => onEdit({ scopes })} hint={t("provider:scopes_hint")} />
      ) : (
        <CopyField label={t("provider:scopes_lines")} value={now.join("\n")} hint={t("provider:scopes_hint")} />
      )}
    </div>
  );
}

function Servers({ provider, onEdit, tried }: { provider: Provider; onEdit: (patch: Edits) => void; tried: boolean }) {
  const t = useT();
  const [imap, setImap] = useState<ServerDraft>(() => draftOf(provider.imap, "imap", ""));
  const [smtp, setSmtp] = useState<ServerDraft>(() => draftOf(provider.smtp, "smtp", ""));
  return (
    <fieldset>
      <legend className="text-sm font-semibold">{t("provider:servers")}</legend>
      <p className="mb-3 text-xs text-pretty text-muted">{t("provider:servers_hint")}</p>
      <div className="grid gap-5 sm:grid-cols-2">
        <ServerFields kind="imap" named={false} value={imap} tried={tried} onChange={(next) => { setImap(next); onEdit({ imap: settingsOf(next) }); }} />
        <ServerFields kind="smtp" named={false} value={smtp} tried={tried} onChange={(next) => { setSmtp(next); onEdit({ smtp: settingsOf(next) }); }} />
      </div>
    </fieldset>
  );
}
