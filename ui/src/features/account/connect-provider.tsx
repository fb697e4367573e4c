// Connecting a mailbox by the provider's own sign-in page: what may be chosen before it, and where to go
// while the provider is not set up yet.
import { ArrowLeft, BookOpen, KeyRound, LogIn } from "lucide-react";
import { useState, type FormEvent } from "react";
import { Button, Fold, Segmented, TextField, looksLikeAddress } from "../../design";
import type { Account, Provider, SignInTransport } from "../../engine";
import { useT, type T } from "../../i18n";
import { go, settingsPath } from "../../shell";
import { ProviderMark } from "../provider/mark";
import { hasApi } from "../provider/state";
import { BulkChoice } from "./bulk-choice";
import { SignInDialog } from "./sign-in";
import { SinceChoice, sinceAt, sinceOf, type Since } from "./since-choice";

/** `Connect Gmail`: the mailbox has another name than its provider. */
export function connectTitle(provider: Provider, t: T): string {
  if (provider.name === "google") return t("account:connect_gmail");
  if (provider.name === "microsoft") return t("account:connect_microsoft");
  return t("account:connect_named", { provider: provider.title });
}

interface Props {
  provider: Provider;
  /** The address that was typed, where one was. */
  email: string | null;
  onBack: () => void;
  onConnected: (account: Account) => void;
  /** There is a way by password too. */
  onPassword?: (() => void) | undefined;
  onLeave?: (() => void) | undefined;
}

export function ConnectProvider(props: Props) {
  const t = useT();
  const { provider, email, onBack } = props;
  return (
    <div className="space-y-5">
      <div className="flex items-center gap-2">
        <Button kind="quiet" small icon={ArrowLeft} className="-ml-2" onPress={onBack}>{t("common:back")}</Button>
        <span className="selectable min-w-0 flex-1 truncate text-right text-muted">{email}</span>
      </div>
      <div className="flex items-center gap-3">
        <ProviderMark large title={provider.title} />
        <h3 className="min-w-0 flex-1 text-base font-semibold text-balance">{connectTitle(provider, t)}</h3>
      </div>
      {provider.ready ? <Ready {...props} /> : <NotSetUp {...props} />}
    </div>
  );
}

function NotSetUp({ provider, onPassword, onLeave }: Props) {
  const t = useT();
  const leave = (path: string) => {
    go(path);
    onLeave?.();
  };
  return (
    <>
      <div className="space-y-2 rounded-lg border border-line bg-sunken p-4 text-sm text-pretty">
        <p className="font-medium">{t("account:setup.title", { provider: provider.title })}</p>
        <p className="text-muted">{t("account:setup.body", { provider: provider.title })}</p>
        <div className="flex flex-wrap gap-2 pt-1.5">
          <Button kind="primary" icon={BookOpen} onPress={() => leave(settingsPath("providers", provider.name, "guide"))}>{t("account:setup.guide")}</Button>
          <Button onPress={() => leave(settingsPath("providers", provider.name))}>{t("account:setup.enter")}</Button>
        </div>
      </div>
      {onPassword && <Instead onPassword={onPassword} />}
    </>
  );
}

function Instead({ onPassword }: { onPassword: () => void }) {
  const t = useT();
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line pt-4">
      <p className="min-w-52 flex-1 text-xs text-pretty text-muted">{t("account:setup.password_hint")}</p>
      <Button small icon={KeyRound} onPress={onPassword}>{t("account:setup.password")}</Button>
    </div>
  );
}

function Ready({ provider, email, onConnected, onPassword }: Props) {
  const t = useT();
  const [senderName, setSenderName] = useState("");
  const [since, setSince] = useState<Since>(() => sinceOf(null));
  const [transport, setTransport] = useState<SignInTransport>(hasApi(provider) ? "api" : "imap");
  const [name, setName] = useState("");
  const [shared, setShared] = useState("");
  const [bulkImap, setBulkImap] = useState(false);
  const [more, setMore] = useState(false);
  const [tried, setTried] = useState(false);
  const [signing, setSigning] = useState(false);
  const microsoft = provider.name === "microsoft";
  const sharedBad = shared.trim() !== "" && !looksLikeAddress(shared.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (sharedBad) setMore(true);
    else setSigning(true);
  };
  return (
    <form onSubmit={submit} className="space-y-5" noValidate>
      <p className="text-sm text-pretty text-muted">{t("account:signin.before", { provider: provider.title })}</p>
      <TextField label={t("account:sender_name")} value={senderName} onChange={setSenderName} autoComplete="name" />
      <SinceChoice value={since} onChange={setSince} />
      <Fold open={more} onToggle={() => setMore(!more)} label={t("account:advanced")}>
        <TextField label={t("account:name")} value={name} onChange={setName} placeholder={email ?? ""} hint={t("account:name_hint")} />
        {hasApi(provider) && (
          <div>
            <span aria-hidden className="mb-1 block text-xs font-medium text-muted">{t("account:transport.label")}</span>
            <Segmented
              aria={t("account:transport.label")}
              value={transport}
              options={[
                { value: "api", label: t(microsoft ? "account:transport.graph" : "account:transport.gmail") },
                { value: "imap", label: t("account:transport.imap") },
              ]}
              onChange={setTransport}
            />
            <p className="mt-1 text-xs text-pretty text-muted">{t(transport === "api" ? "account:transport.api_hint" : microsoft ? "account:transport.imap_hint_microsoft" : "account:transport.imap_hint")}</p>
          </div>
        )}
        {provider.name === "google" && transport === "api" && <BulkChoice value={bulkImap} onChange={setBulkImap} />}
        {microsoft && transport === "api" && (
          <TextField
            label={t("account:shared_mailbox")}
            type="email"
            value={shared}
            onChange={setShared}
            placeholder="info@example.org"
            hint={t("account:shared_mailbox_hint")}
            error={tried && sharedBad ? t("account:address_bad") : null}
          />
        )}
      </Fold>
      <Button kind="primary" icon={LogIn} type="submit">{t("account:signin.do", { provider: provider.title })}</Button>
      {onPassword && <Instead onPassword={onPassword} />}
      {signing && (
        <SignInDialog
          provider={provider}
          args={{
            email,
            transport,
            name: name.trim() || null,
            sender_name: senderName.trim() || null,
            since_at: sinceAt(since),
            bulk_imap: provider.name === "google" && transport === "api" && bulkImap,
            shared_mailbox: microsoft && transport === "api" && shared.trim() !== "" ? shared.trim() : null,
          }}
          onDone={(account) => {
            setSigning(false);
            onConnected(account);
          }}
          onClose={() => setSigning(false)}
        />
      )}
    </form>
  );
}
