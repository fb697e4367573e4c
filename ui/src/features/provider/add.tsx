// A provider that nobody built in: its name, addresses, scopes and servers; then its page.
import { useState, type FormEvent } from "react";
import { Button, TextField } from "../../design";
import { useRead, useWrite } from "../../engine";
import { useT } from "../../i18n";
import { ErrorBox, go, settingsPath } from "../../shell";
import { ServerFields, draftOf, placeGood, settingsOf, type ServerDraft } from "../server/fields";
import { BackTo, Part } from "./page";
import { endpointGood, nameFor, scopesOf } from "./state";

export function AddProvider() {
  const t = useT();
  const providers = useRead("provider.list", {}).data ?? [];
  const [title, setTitle] = useState("");
  const [authorize, setAuthorize] = useState("");
  const [token, setToken] = useState("");
  const [scopes, setScopes] = useState("");
  const [clientId, setClientId] = useState("");
  const [secret, setSecret] = useState("");
  const [imap, setImap] = useState<ServerDraft>(() => draftOf(null, "imap", ""));
  const [smtp, setSmtp] = useState<ServerDraft>(() => draftOf(null, "smtp", ""));
  const [tried, setTried] = useState(false);
  const save = useWrite("provider.set", { quiet: true, onDone: ({ name }) => go(settingsPath("providers", name)) });
  const known = providers.some((one) => one.title.toLowerCase() === title.trim().toLowerCase());
  const titleError = title.trim() === "" ? t("provider:title_missing") : known ? t("provider:title_taken") : null;
  const address = (text: string) => (text.trim() === "" ? t("provider:endpoint_missing") : endpointGood("authorize", text) ? null : t("provider:endpoint_bad"));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (titleError || address(authorize) || address(token) || !placeGood(imap) || !placeGood(smtp)) return;
    save.mutate({
      name: nameFor(title, providers.map((one) => one.name)),
      title: title.trim(),
      endpoints: { authorize: authorize.trim(), token: token.trim() },
      scopes: scopesOf(scopes),
      client_id: clientId.trim(),
      client_secret: secret.trim() === "" ? null : secret.trim(),
      imap: settingsOf(imap),
      smtp: settingsOf(smtp),
    });
  };
  return (
    <div className="space-y-6">
      <div>
        <BackTo path={settingsPath("providers")}>{t("provider:back")}</BackTo>
        <h2 className="mt-2 text-lg font-semibold">{t("provider:add")}</h2>
        <p className="mt-1 text-sm text-pretty text-muted">{t("provider:add_hint")}</p>
      </div>
      <form onSubmit={submit} className="space-y-6" noValidate>
        <TextField label={t("provider:title")} autoFocus value={title} onChange={setTitle} error={tried ? titleError : null} />
        <Part title={t("provider:endpoints")} hint={t("provider:endpoints_own")}>
          <TextField label={t("provider:endpoint.authorize")} mono value={authorize} onChange={setAuthorize} placeholder="https://" error={tried ? address(authorize) : null} />
          <TextField label={t("provider:endpoint.token")} mono value={token} onChange={setToken} placeholder="https://" error={tried ? address(token) : null} />
          <TextField label={t("provider:scopes")} rows={3} mono value={scopes} onChange={setScopes} hint={`${t("provider:scopes_lines")}. ${t("provider:scopes_hint")}`} />
        </Part>
        <Part title={t("provider:credentials")} hint={t("provider:credentials_hint")}>
          <TextField label={t("provider:client_id")} mono autoComplete="off" value={clientId} onChange={setClientId} />
          <TextField label={t("provider:client_secret")} mono type="password" autoComplete="off" value={secret} onChange={setSecret} hint={t("provider:client_secret_hint")} />
        </Part>
        <Part title={t("provider:servers")} hint={t("provider:servers_hint")}>
          <div className="grid gap-5 sm:grid-cols-2">
            <ServerFields kind="imap" named={false} value={imap} onChange={setImap} tried={tried} />
            <ServerFields kind="smtp" named={false} value={smtp} onChange={setSmtp} tried={tried} />
          </div>
        </Part>
        {save.error && <ErrorBox error={save.error} />}
        <div className="flex gap-2">
          <Button kind="primary" type="submit" busy={save.isPending}>{t("common:add")}</Button>
          <Button onPress={() => go(settingsPath("providers"))}>{t("common:cancel")}</Button>
        </div>
      </form>
    </div>
  );
}
