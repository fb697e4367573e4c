// One account: how it does, its settings, its sender addresses. Secrets are never shown; what is left
// empty stays as it is.
import { ArrowLeft, Check, Ellipsis, KeyRound, ListRestart, Mail, ScrollText, Trash2 } from "lucide-react";
import { useState, type FormEvent } from "react";
import { Radio, RadioGroup } from "react-aria-components";
import { Button, IconButton, Menu, Skeleton, TextField, TroubleBox, toast } from "../../design";
import { call, toEngineError, useRead, useWrite, type Account, type AccountId, type Error as DoorError, type ProbeReport as Report } from "../../engine";
import { useT } from "../../i18n";
import { ErrorBox, ErrorPane, go, settingsPath, tellError, troubleOf } from "../../shell";
import { ServerFields, draftOf, serverGood, settingsOf } from "../server/fields";
import { BulkChoice } from "./bulk-choice";
import { AccountDialogs, type AccountDialog } from "./account-list";
import { CaField } from "./ca-field";
import { Identities } from "./identities";
import { ProbeReport } from "./probe-report";
import { SwitchSignIn } from "./reauthorize";
import { SinceChoice, sinceAt, sinceOf } from "./since-choice";
import { AccountState } from "./state";

/** Colours that keep apart in both themes. */
export const accountColors = ["#3b6fd4", "#1f8a83", "#3f8f46", "#a07c10", "#c4621c", "#c5443f", "#b5417f", "#8452c4", "#5f6b7a", "#2f7fb0"];

export function AccountPage({ id }: { id: AccountId }) {
  const t = useT();
  const { data: account, error, refetch } = useRead("account.get", { id });
  const [dialog, setDialog] = useState<AccountDialog | null>(null);
  const back = () => go(settingsPath("accounts"));
  if (error) return <ErrorPane error={error} onRetry={() => void refetch()} />;
  if (!account) return <Skeleton height={240} />;
  return (
    <div className="space-y-8">
      <div>
        <Button small kind="quiet" icon={ArrowLeft} className="-ml-2" onPress={back}>{t("account:back")}</Button>
        <div className="mt-2 flex flex-wrap items-center gap-3">
          <div className="min-w-48 flex-1">
            <h2 className="truncate text-lg font-semibold">{account.name}</h2>
            <AccountState account={account} />
          </div>
          {account.sync.phase === "sign_in" && <Button small kind="primary" onPress={() => setDialog("reauthorize")}>{t("account:sign_in_again")}</Button>}
          <Button small icon={Mail} onPress={() => setDialog("test")}>{t("account:test_mail")}</Button>
          <Menu
            trigger={<IconButton icon={Ellipsis} label={t("account:menu", { name: account.name })} />}
            label={account.name}
            placement="bottom end"
            groups={[
              {
                items: [
                  { id: "log", label: t("account:log"), icon: ScrollText, perform: () => setDialog("log") },
                  { id: "reauthorize", label: t("account:sign_in_again"), icon: KeyRound, disabled: account.kind === "sandbox", perform: () => setDialog("reauthorize") },
                  { id: "resync", label: t("account:resync"), icon: ListRestart, disabled: account.kind === "sandbox", perform: () => setDialog("resync") },
                ],
              },
              { items: [{ id: "remove", label: t("account:remove"), icon: Trash2, danger: true, perform: () => setDialog("remove") }] },
            ]}
          />
        </div>
        {account.sync.error && <div className="mt-3"><SyncError account={account} error={account.sync.error} /></div>}
      </div>
      <SignsIn account={account} />
      <General key={`general-${account.id}`} account={account} />
      <Identities account={account} />
      {account.kind === "imap" && <Servers key={`servers-${account.id}`} account={account} />}
      {account.kind !== "sandbox" && <Probe account={account} />}
      {dialog && <AccountDialogs kind={dialog} account={account} onClose={() => setDialog(null)} onRemoved={back} />}
    </div>
  );
}

/** What people call the provider that an account signs in through; null where it has a password. */
function useProviderTitle({ provider }: Account): string | null {
  const providers = useRead("provider.list", provider === null ? null : {}).data;
  return providers?.find((one) => one.name === provider)?.title ?? provider;
}

/** Where a provider's permission ended, the usual words on passwords would mislead. */
function SyncError({ account, error }: { account: Account; error: DoorError }) {
  const t = useT();
  const provider = useProviderTitle(account);
  if (provider === null || error.code !== "sign_in") return <ErrorBox error={error} />;
  const { title, detail } = troubleOf(error, t);
  return <TroubleBox trouble={{ title, remedy: t("account:signin.ended", { provider }), detail }} detailLabel={t("common:show_detail")} />;
}

/** How it reaches its mail and by what it signs in; never with what. */
function SignsIn({ account }: { account: Account }) {
  const t = useT();
  const title = useProviderTitle(account);
  const providers = useRead("provider.list", account.kind === "imap" && account.provider === null ? {} : null).data;
  const [switching, setSwitching] = useState<{ to: string | null } | null>(null);
  if (account.kind === "sandbox") return null;
  // Only the provider's own servers take its tokens.
  const other = providers?.find((one) => one.ready && one.imap !== null && one.imap.host === account.imap?.host);
  const rows = [
    { label: t("account:signs_in.label"), value: title === null ? t("account:signs_in.password") : t("account:signs_in.provider", { provider: title }) },
    { label: t("account:transport.label"), value: t(account.kind === "gmail" ? "account:transport.gmail" : account.kind === "microsoft" ? "account:transport.graph" : "account:transport.imap") },
  ];
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 text-sm">
      {rows.map(({ label, value }) => (
        <div key={label} className="contents">
          <dt className="text-muted">{label}</dt>
          <dd className="selectable flex flex-wrap items-center gap-x-3">
            {value}
            {account.provider !== null && label === rows[0]?.label && (
              <a href={`#${settingsPath("providers", account.provider)}`} className="link text-xs">{t("account:signs_in.settings")}</a>
            )}
            {account.kind === "imap" && label === rows[0]?.label && (account.provider !== null || other) && (
              <Button small kind="quiet" icon={KeyRound} onPress={() => setSwitching({ to: account.provider === null ? (other?.name ?? null) : null })}>
                {account.provider === null ? t("account:signs_in.use_provider", { provider: other?.title ?? "" }) : t("account:signs_in.use_password")}
              </Button>
            )}
          </dd>
        </div>
      ))}
      {switching && <SwitchSignIn account={account} to={switching.to} onClose={() => setSwitching(null)} />}
    </dl>
  );
}

function ColorChoice({ value, onChange }: { value: string; onChange: (color: string) => void }) {
  const t = useT();
  const colors = accountColors.includes(value) ? accountColors : [value, ...accountColors];
  return (
    <RadioGroup aria-label={t("common:color")} orientation="horizontal" value={value} onChange={onChange} className="flex flex-wrap gap-1">
      <span aria-hidden className="mb-1 w-full text-xs font-medium text-muted">{t("common:color")}</span>
      {colors.map((color) => (
        <Radio
          key={color}
          value={color}
          aria-label={color}
          data-dot=""
          className="inline-flex size-7 items-center justify-center rounded-full border-[5px] border-transparent bg-clip-padding text-[oklch(1_0_0)] data-focus-visible:outline-2 data-focus-visible:outline-focus"
          style={{ backgroundColor: color }}
        >
          {({ isSelected }) => isSelected && <Check size={12} strokeWidth={3.5} aria-hidden />}
        </Radio>
      ))}
    </RadioGroup>
  );
}

function General({ account }: { account: Account }) {
  const t = useT();
  const [name, setName] = useState(account.name);
  const [senderName, setSenderName] = useState(account.sender_name);
  const [color, setColor] = useState(account.color);
  const [since, setSince] = useState(() => sinceOf(account.since_at));
  const [sinceTouched, setSinceTouched] = useState(false);
  const [minutes, setMinutes] = useState(String(account.sync_minutes));
  const [bulkImap, setBulkImap] = useState(account.bulk_imap);
  const save = useWrite("account.update", { quiet: true, onDone: () => toast(t("account:settings_saved")) });
  const minutesGood = /^\d{1,4}$/.test(minutes) && Number(minutes) >= 1 && Number(minutes) <= 1440;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!minutesGood || name.trim() === "") return;
    save.mutate({
      id: account.id,
      name: name.trim() === account.name ? null : name.trim(),
      sender_name: senderName.trim() === account.sender_name ? null : senderName.trim(),
      color: color === account.color ? null : color,
      sync_minutes: Number(minutes) === account.sync_minutes ? null : Number(minutes),
      bulk_imap: bulkImap === account.bulk_imap ? null : bulkImap,
      // Left out it stays; null means everything.
      ...(sinceTouched ? { since_at: sinceAt(since) } : {}),
    });
  };
  return (
    <form onSubmit={submit} className="space-y-3">
      <h3 className="text-sm font-semibold">{t("account:general_section")}</h3>
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField label={t("account:name")} value={name} onChange={setName} isInvalid={name.trim() === ""} />
        <TextField label={t("account:sender_name")} value={senderName} onChange={setSenderName} />
      </div>
      <ColorChoice value={color} onChange={setColor} />
      {account.kind !== "sandbox" && (
        <>
          <SinceChoice
            value={since}
            onChange={(next) => {
              setSince(next);
              setSinceTouched(true);
            }}
          />
          {account.kind === "gmail" && <BulkChoice value={bulkImap} onChange={setBulkImap} />}
          <TextField label={t("account:sync_minutes")} className="max-w-96" value={minutes} onChange={(text) => setMinutes(text.trim())} inputMode="numeric" isInvalid={!minutesGood} />
        </>
      )}
      {save.error && <ErrorBox error={save.error} />}
      <Button kind="primary" type="submit" busy={save.isPending}>{t("common:save")}</Button>
    </form>
  );
}

function Servers({ account }: { account: Account }) {
  const t = useT();
  const [imap, setImap] = useState(() => draftOf(account.imap, "imap", account.email));
  const [smtp, setSmtp] = useState(() => draftOf(account.smtp, "smtp", account.email));
  const [password, setPassword] = useState("");
  const [ca, setCa] = useState("");
  const [tried, setTried] = useState(false);
  const save = useWrite("account.update", {
    quiet: true,
    onDone: () => {
      setPassword("");
      setCa("");
      toast(t("account:settings_saved"));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!serverGood(imap) || !serverGood(smtp)) return;
    save.mutate({
      id: account.id,
      imap: settingsOf(imap),
      smtp: settingsOf(smtp),
      password: password === "" ? null : password,
      ca_pem: ca.trim() === "" ? null : ca.trim(),
    });
  };
  return (
    <form onSubmit={submit} className="space-y-3">
      <h3 className="text-sm font-semibold">{t(account.provider === null ? "account:server_section" : "account:servers_only")}</h3>
      <div className="grid gap-5 sm:grid-cols-2">
        <ServerFields kind="imap" value={imap} onChange={setImap} tried={tried} />
        <ServerFields kind="smtp" value={smtp} onChange={setSmtp} tried={tried} />
      </div>
      {account.provider === null && <TextField label={t("account:password")} type="password" autoComplete="off" value={password} onChange={setPassword} placeholder="••••••••" hint={t("account:password_kept")} />}
      <CaField
        value={ca}
        onChange={setCa}
        present={account.own_ca}
        onForget={() => save.mutate({ id: account.id, ca_pem: "" })}
      />
      {save.error && <ErrorBox error={save.error} />}
      <Button kind="primary" type="submit" busy={save.isPending}>{t("common:save")}</Button>
    </form>
  );
}

function Probe({ account }: { account: Account }) {
  const t = useT();
  const [fresh, setFresh] = useState<Report | null>(null);
  const [busy, setBusy] = useState(false);
  const report = fresh ?? account.probe;
  const run = async () => {
    setBusy(true);
    try {
      setFresh(await call("account.probe", { id: account.id }));
    } catch (thrown) {
      tellError(toEngineError(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section>
      <div className="mb-2 flex items-center gap-3">
        <h3 className="flex-1 text-sm font-semibold">{t("account:probe_title")}</h3>
        <Button small busy={busy} onPress={() => void run()}>{t("account:probe")}</Button>
      </div>
      {report ? <ProbeReport report={report} /> : <p className="text-sm text-muted">{t("account:probe_none")}</p>}
    </section>
  );
}
