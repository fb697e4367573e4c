// Connecting a mailbox: address, servers found and shown, password; then what works, and the first fetch.
import { ArrowLeft, ExternalLink, Plus } from "lucide-react";
import { useState, type FormEvent } from "react";
import { Button as AriaButton } from "react-aria-components";
import { Badge, Banner, Button, Checkbox, Fold, Progress, TextField, looksLikeAddress } from "../../design";
import { call, toEngineError, useRead, type Account, type Discovery, type EngineError, type ProbeReport as Report, type Provider } from "../../engine";
import { openLink } from "../../engine/desktop";
import { useT } from "../../i18n";
import { ErrorBox, askPassphrase, go, mailPath, settingsPath } from "../../shell";
import { ProviderMark } from "../provider/mark";
import { providerFor } from "../provider/state";
import { ServerFields, draftOf, serverGood, settingsOf, type ServerDraft } from "../server/fields";
import { CaField } from "./ca-field";
import { ConnectProvider, connectTitle } from "./connect-provider";
import { FirstSync } from "./first-sync";
import { hintPage } from "./hint-page";
import { ProbeReport } from "./probe-report";
import { SinceChoice, sinceAt, sinceOf, type Since } from "./since-choice";

interface Found {
  email: string;
  discovery: Discovery;
}

interface Props {
  /** The provider to begin with, where one was chosen before. */
  provider?: string | null;
  /** Told when the connected account is left for its mail or settings: a first start ends there. */
  onLeave?: () => void;
}

export function AddAccount({ provider: first = null, onLeave }: Props) {
  const providers = useRead("provider.list", {}).data ?? [];
  const [chosen, setChosen] = useState(first);
  const [found, setFound] = useState<Found | null>(null);
  const [byPassword, setByPassword] = useState(false);
  const [added, setAdded] = useState<Account | null>(null);
  if (added) return <Connected account={added} onLeave={onLeave} />;
  const back = () => {
    setFound(null);
    setByPassword(false);
    setChosen(null);
  };
  const named = providers.find((one) => one.name === chosen);
  if (named) {
    // Without a client ID Gmail still has app passwords.
    const toPassword = () => {
      setChosen(null);
      setByPassword(true);
    };
    return <ConnectProvider provider={named} email={null} onBack={back} onConnected={setAdded} onPassword={named.name === "google" && !named.ready ? toPassword : undefined} onLeave={onLeave} />;
  }
  if (!found) return <AddressStep providers={providers} onFound={setFound} onProvider={setChosen} />;
  const offered = byPassword ? null : offeredFor(found.discovery, providers);
  if (offered) {
    const onPassword = found.discovery.hint === "oauth_only" ? undefined : () => setByPassword(true);
    return <ConnectProvider provider={offered} email={found.email} onBack={back} onConnected={setAdded} onPassword={onPassword} onLeave={onLeave} />;
  }
  return <DetailsStep found={found} onBack={byPassword && offeredFor(found.discovery, providers) ? () => setByPassword(false) : back} onAdded={setAdded} onLeave={onLeave} />;
}

/** The sign-in page offered before a password: where it is set up, the only way, or the usual one. */
function offeredFor(discovery: Discovery, providers: readonly Provider[]): Provider | null {
  const provider = providerFor(discovery, providers);
  if (!provider) return null;
  return provider.ready || discovery.hint === "oauth_only" || provider.name === "google" ? provider : null;
}

function ProviderButtons({ providers, onProvider }: { providers: readonly Provider[]; onProvider: (name: string) => void }) {
  const t = useT();
  return (
    <div className="grid gap-2 sm:grid-cols-2">
      {providers.map((one) => (
        <AriaButton
          key={one.name}
          onPress={() => onProvider(one.name)}
          className="flex min-h-[48px] items-center gap-3 rounded-lg border border-line bg-surface px-3 py-2 text-left data-hovered:border-line-strong data-hovered:bg-hover data-pressed:bg-press"
        >
          <ProviderMark title={one.title} />
          <span className="min-w-0 flex-1">
            <span className="block font-medium text-pretty">{connectTitle(one, t)}</span>
            {!one.ready && <span className="block text-xs text-muted">{t("account:setup.once")}</span>}
          </span>
        </AriaButton>
      ))}
    </div>
  );
}

function AddressStep({ providers, onFound, onProvider }: { providers: readonly Provider[]; onFound: (found: Found) => void; onProvider: (name: string) => void }) {
  const t = useT();
  const shown = providers.filter((one) => one.ready || one.name === "google" || one.name === "microsoft");
  const [email, setEmail] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);
  const typed = email.trim();
  const good = looksLikeAddress(typed) && typed.includes("@");
  const find = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!good) return;
    setBusy(true);
    setError(null);
    try {
      onFound({ email: typed, discovery: await call("account.discover", { email: typed }) });
    } catch (thrown) {
      const failure = toEngineError(thrown);
      // Without a network the servers can still be typed.
      if (failure.code === "network" || failure.code === "timeout") {
        onFound({ email: typed, discovery: { source: "none", provider: null, imap: null, smtp: null, hint: null } });
      } else setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void find(event)} className="space-y-4">
      {shown.length > 0 && (
        <>
          <ProviderButtons providers={shown} onProvider={onProvider} />
          <p className="pt-1 text-sm font-medium">{t("account:or_address")}</p>
        </>
      )}
      <TextField
        label={t("account:address")}
        type="email"
        autoComplete="email"
        autoFocus
        value={email}
        onChange={setEmail}
        placeholder="name@example.org"
        error={tried && !good ? t("account:address_bad") : null}
      />
      {error && <ErrorBox error={error} />}
      {busy && <Progress label={t("account:finding", { domain: domainOf(typed) })} />}
      <div className="flex items-center gap-3">
        <Button kind="primary" type="submit" busy={busy}>{t("account:find")}</Button>
        {busy && <span role="status" className="text-xs text-muted">{t("account:finding", { domain: domainOf(typed) })}</span>}
      </div>
    </form>
  );
}

function domainOf(email: string): string {
  return email.split("@").at(-1) ?? "";
}

function DetailsStep({ found, onBack, onAdded, onLeave }: { found: Found; onBack: () => void; onAdded: (account: Account) => void; onLeave: (() => void) | undefined }) {
  const t = useT();
  const { email, discovery } = found;
  const provider = discovery.provider ?? domainOf(email);
  const [imap, setImap] = useState<ServerDraft>(() => draftOf(discovery.imap, "imap", email));
  const [smtp, setSmtp] = useState<ServerDraft>(() => draftOf(discovery.smtp, "smtp", email));
  const [senderName, setSenderName] = useState("");
  const [password, setPassword] = useState("");
  const [otherPassword, setOtherPassword] = useState(false);
  const [smtpPassword, setSmtpPassword] = useState("");
  const [since, setSince] = useState<Since>(() => sinceOf(null));
  const [ca, setCa] = useState("");
  const sure = discovery.source !== "none" && discovery.source !== "mx" && discovery.imap !== null;
  const [servers, setServers] = useState(!sure);
  const [more, setMore] = useState(false);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);
  const oauthOnly = discovery.hint === "oauth_only";

  const add = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!serverGood(imap) || !serverGood(smtp)) {
      setServers(true);
      return;
    }
    if (password === "") return;
    setBusy(true);
    setError(null);
    try {
      onAdded(
        await call("account.add_imap", {
          email,
          password,
          sender_name: senderName.trim() || null,
          username: imap.username.trim(),
          smtp_password: otherPassword && smtpPassword !== "" ? smtpPassword : null,
          imap: settingsOf(imap),
          smtp: settingsOf(smtp),
          ca_pem: ca.trim() || null,
          unchecked: false,
          since_at: sinceAt(since),
        }),
      );
    } catch (thrown) {
      const failure = toEngineError(thrown);
      setError(failure);
      // Nothing keeps the password yet: a passphrase first, then once more.
      if (failure.code === "locked") askPassphrase();
      if (failure.code !== "sign_in" && failure.code !== "locked") setServers(true);
      if (failure.code === "certificate") setMore(true);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void add(event)} className="space-y-5">
      <div className="flex items-center gap-2">
        <Button kind="quiet" small icon={ArrowLeft} onPress={onBack}>{t("common:back")}</Button>
        <span className="selectable min-w-0 flex-1 truncate font-medium">{email}</span>
      </div>
      <Banner tone={discovery.source === "none" || discovery.source === "mx" ? "warning" : "success"} className="rounded-lg" live={false}>
        {t(`account:source.${discovery.source}`, { provider, domain: domainOf(email) })}
      </Banner>
      {discovery.hint && <Hint discovery={discovery} provider={provider} email={email} onLeave={onLeave} />}
      {!oauthOnly && (
        <>
          <TextField
            label={t("account:password")}
            type="password"
            autoComplete="current-password"
            autoFocus
            value={password}
            onChange={setPassword}
            hint={t("account:password_where")}
            isInvalid={tried && password === ""}
          />
          <TextField label={t("account:sender_name")} value={senderName} onChange={setSenderName} autoComplete="name" />
          <SinceChoice value={since} onChange={setSince} />
          {servers ? (
            <div className="grid gap-5 rounded-lg border border-line p-3 sm:grid-cols-2">
              <ServerFields kind="imap" value={imap} onChange={setImap} tried={tried} />
              <ServerFields kind="smtp" value={smtp} onChange={setSmtp} tried={tried} />
            </div>
          ) : (
            <FoundServers imap={imap} smtp={smtp} onChange={() => setServers(true)} />
          )}
          <Fold open={more} onToggle={() => setMore(!more)} label={t("account:advanced")}>
            <Checkbox isSelected={otherPassword} onChange={setOtherPassword}>{t("account:smtp_password_differs")}</Checkbox>
            {otherPassword && <TextField label={t("account:smtp_password")} type="password" autoComplete="off" value={smtpPassword} onChange={setSmtpPassword} />}
            <CaField value={ca} onChange={setCa} />
          </Fold>
          {error && <ErrorBox error={error} />}
          <div className="flex items-center gap-3">
            <Button kind="primary" type="submit" busy={busy} isDisabled={password === ""}>{t("account:connect")}</Button>
            {busy && <span role="status" className="text-xs text-muted">{t("account:connecting")}</span>}
          </div>
        </>
      )}
    </form>
  );
}

function Hint({ discovery, provider, email, onLeave }: { discovery: Discovery; provider: string; email: string; onLeave: (() => void) | undefined }) {
  const t = useT();
  const page = hintPage(email);
  if (!discovery.hint) return null;
  return (
    <div className="rounded-lg bg-warning-soft p-3 text-sm">
      <p className="selectable">{t(`account:hint.${discovery.hint}`, { provider })}</p>
      {discovery.hint === "oauth_only" && (
        <Button
          small
          className="mt-2"
          icon={Plus}
          onPress={() => {
            go(settingsPath("providers", "new"));
            onLeave?.();
          }}
        >
          {t("provider:add")}
        </Button>
      )}
      {page && (
        <Button small className="mt-2" icon={ExternalLink} onPress={() => void openLink(page)}>
          {t("account:hint.open", { provider })}
        </Button>
      )}
    </div>
  );
}

function FoundServers({ imap, smtp, onChange }: { imap: ServerDraft; smtp: ServerDraft; onChange: () => void }) {
  const t = useT();
  const rows = [
    { kind: "imap" as const, server: imap },
    { kind: "smtp" as const, server: smtp },
  ];
  return (
    <div className="rounded-lg border border-line p-3">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm">
        {rows.map(({ kind, server }) => (
          <div key={kind} className="contents">
            <dt className="text-muted">{t(`account:${kind}`)}</dt>
            <dd className="selectable flex flex-wrap items-center gap-2">
              <span className="break-all">{server.host}:{server.port}</span>
              <Badge tone={server.tls === "none" ? "danger" : "plain"}>{t(`account:tls.${server.tls}`)}</Badge>
            </dd>
          </div>
        ))}
        <dt className="text-muted">{t("account:username")}</dt>
        <dd className="selectable break-all">{imap.username}</dd>
      </dl>
      <Button small kind="quiet" className="mt-2 -ml-2" onPress={onChange}>{t("account:change_servers")}</Button>
    </div>
  );
}

function Connected({ account, onLeave }: { account: Account; onLeave: (() => void) | undefined }) {
  const t = useT();
  const leave = (path: string) => {
    go(path);
    onLeave?.();
  };
  const [report, setReport] = useState<Report | null>(account.probe);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);
  const probe = async () => {
    setBusy(true);
    setError(null);
    try {
      setReport(await call("account.probe", { id: account.id }));
    } catch (thrown) {
      setError(toEngineError(thrown));
    } finally {
      setBusy(false);
    }
  };
  const well = report === null || report.steps.every((step) => step.ok);
  return (
    <div className="space-y-5">
      <Banner tone={well ? "success" : "warning"} className="rounded-lg">{t(well ? "account:ready" : "account:ready_partly", { name: account.name })}</Banner>
      <FirstSync id={account.id} onDone={() => well && leave(mailPath())} />
      <section>
        <h3 className="mb-2 text-sm font-medium">{t("account:probe_title")}</h3>
        {report ? <ProbeReport report={report} /> : <Button small busy={busy} onPress={() => void probe()}>{t("account:probe")}</Button>}
        {error && <ErrorBox error={error} onRetry={() => void probe()} />}
      </section>
      <div className="flex gap-2">
        <Button kind="primary" onPress={() => leave(mailPath())}>{t("account:ready_open")}</Button>
        <Button onPress={() => leave(settingsPath("accounts", account.id))}>{t("account:edit")}</Button>
      </div>
    </div>
  );
}
