// One provider: its credentials and what differs from the built-in settings. What was not touched is not
// sent, and the secret never comes back from the engine.
import { CalendarDate, getLocalTimeZone } from "@internationalized/date";
import { ArrowLeft, BookOpen, Ellipsis, MailPlus, Trash2 } from "lucide-react";
import { useState, type FormEvent, type ReactNode } from "react";
import { Banner, Button, ConfirmDialog, DayField, Dialog, EmptyState, IconButton, Menu, Select, Skeleton, TextField, toast } from "../../design";
import { call, toEngineError, useRead, useWrite, type Provider } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { ErrorBox, ErrorPane, go, settingsPath, tellError, useNow } from "../../shell";
import { Advanced, advancedGood } from "./advanced";
import { CopyField } from "./copy";
import { ProviderBadge } from "./list";
import { ProviderMark } from "./mark";
import { SecretField } from "./secret";
import { WARN_DAYS, changesOf, secretEnd, tenantGood, tenants, type Edits } from "./state";

export function BackTo({ path, children }: { path: string; children: string }) {
  return <Button small kind="quiet" icon={ArrowLeft} className="-ml-2" onPress={() => go(path)}>{children}</Button>;
}

export function ProviderPage({ name }: { name: string }) {
  const t = useT();
  const { data: providers, error, refetch } = useRead("provider.list", {});
  if (error) return <ErrorPane error={error} onRetry={() => void refetch()} />;
  if (!providers) return <Skeleton height={320} />;
  const provider = providers.find((one) => one.name === name);
  return (
    <div className="space-y-6">
      <BackTo path={settingsPath("providers")}>{t("provider:back")}</BackTo>
      {provider ? <Page key={name} provider={provider} /> : <EmptyState icon={Trash2} title={t("provider:gone")} className="py-16" />}
    </div>
  );
}

function Page({ provider }: { provider: Provider }) {
  const t = useT();
  const [removing, setRemoving] = useState(false);
  const set = provider.client_id !== "" || provider.secret_set_at !== null;
  return (
    <>
      <header className="-mt-4 flex flex-wrap items-center gap-3">
        <ProviderMark large title={provider.title} />
        <div className="flex min-w-40 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
          <h2 className="truncate text-lg font-semibold">{provider.title}</h2>
          <ProviderBadge provider={provider} />
        </div>
        {provider.ready && <Button small icon={MailPlus} onPress={() => go(settingsPath("accounts", "new", provider.name))}>{t("provider:connect_account")}</Button>}
        <Button small icon={BookOpen} onPress={() => go(settingsPath("providers", provider.name, "guide"))}>{t("provider:guide")}</Button>
        {(provider.own || set) && (
          <Menu
            trigger={<IconButton icon={Ellipsis} label={t("provider:menu", { title: provider.title })} />}
            label={provider.title}
            placement="bottom end"
            groups={[{ items: [{ id: "remove", label: t(provider.own ? "provider:remove" : "provider:empty"), icon: Trash2, danger: true, perform: () => setRemoving(true) }] }]}
          />
        )}
      </header>
      <Notice provider={provider} />
      <Settings provider={provider} />
      {removing && <Remove provider={provider} onClose={() => setRemoving(false)} />}
    </>
  );
}

/** What the state asks of the user, where it asks anything. */
function Notice({ provider }: { provider: Provider }) {
  const t = useT();
  const format = useFormats();
  const end = secretEnd(provider, useNow(true, 60_000));
  const date = format.date(provider.secret_expires_at ?? 0);
  if (end.kind === "over") return <Banner tone="danger" className="rounded-lg" live={false}>{t("provider:secret_over", { date })}</Banner>;
  if (end.kind === "soon") return <Banner tone="warning" className="rounded-lg" live={false}>{t("provider:secret_soon", { date })}</Banner>;
  if (provider.ready) return null;
  return (
    <Banner
      className="rounded-lg"
      live={false}
      actions={<Button small kind="primary" icon={BookOpen} onPress={() => go(settingsPath("providers", provider.name, "guide"))}>{t("provider:guide_open")}</Button>}
    >
      {t("provider:not_ready", { title: provider.title })}
    </Banner>
  );
}

function Remove({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const t = useT();
  const title = t(provider.own ? "provider:remove_title" : "provider:empty_title", { title: provider.title });
  if (provider.accounts > 0) {
    return (
      <Dialog
        open
        onClose={onClose}
        size="small"
        title={title}
        closeLabel={t("common:close")}
        footer={
          <>
            <Button onPress={onClose}>{t("common:cancel")}</Button>
            <Button onPress={() => go(settingsPath("accounts"))}>{t("provider:show_accounts")}</Button>
          </>
        }
      >
        <p className="text-sm text-pretty">{t("provider:remove_used", { count: provider.accounts })}</p>
      </Dialog>
    );
  }
  return (
    <ConfirmDialog
      open
      danger
      onClose={onClose}
      title={title}
      confirm={t("common:remove")}
      cancel={t("common:cancel")}
      onConfirm={async () => {
        try {
          await call("provider.remove", { name: provider.name });
        } catch (thrown) {
          tellError(toEngineError(thrown));
          throw thrown;
        }
        if (provider.own) go(settingsPath("providers"));
      }}
    >
      {t(provider.own ? "provider:remove_body" : "provider:empty_body")}
    </ConfirmDialog>
  );
}

export function Part({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section className="space-y-3">
      <div>
        <h3 className="text-sm font-semibold">{title}</h3>
        {hint && <p className="text-xs text-pretty text-muted">{hint}</p>}
      </div>
      {children}
    </section>
  );
}

/** The day on which a moment lies here. */
export function dayOf(at: number | null): CalendarDate | null {
  if (at === null) return null;
  const date = new Date(at);
  return new CalendarDate(date.getFullYear(), date.getMonth() + 1, date.getDate());
}

function Settings({ provider }: { provider: Provider }) {
  const t = useT();
  const [edits, setEdits] = useState<Edits>({});
  const [tried, setTried] = useState(false);
  const edit = (patch: Edits) => setEdits((before) => ({ ...before, ...patch }));
  const save = useWrite("provider.set", {
    quiet: true,
    onDone: (_, sent) => {
      // What was typed while it was saved stays typed.
      setEdits((now) => (changesOf(provider, now) && JSON.stringify(changesOf(provider, now)) !== JSON.stringify(sent) ? now : {}));
      setTried(false);
      toast(t("provider:saved"), { tone: "success" });
    },
  });
  const changes = changesOf(provider, edits);
  const title = edits.title ?? provider.title;
  const tenant = edits.tenant ?? provider.tenant ?? "common";
  const titleBad = provider.own && title.trim() === "";
  const tenantBad = provider.name === "microsoft" && !tenantGood(tenant);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (titleBad || tenantBad || !advancedGood(provider, edits)) return;
    if (changes) save.mutate(changes);
  };
  const expires = edits.secret_expires_at === undefined ? provider.secret_expires_at : edits.secret_expires_at;
  const hasSecret = provider.secret_set_at !== null || (edits.client_secret ?? "") !== "";
  return (
    <form onSubmit={submit} className="space-y-6" noValidate>
      <Part title={t("provider:credentials")} hint={t("provider:credentials_hint")}>
        {provider.own && <TextField label={t("provider:title")} value={title} onChange={(next) => edit({ title: next })} error={tried && titleBad ? t("provider:title_missing") : null} />}
        <TextField
          label={t("provider:client_id")}
          value={edits.client_id ?? provider.client_id}
          onChange={(client_id) => edit({ client_id })}
          mono
          autoComplete="off"
          placeholder={provider.name === "google" ? "1234567890-abc….apps.googleusercontent.com" : provider.name === "microsoft" ? "00000000-0000-0000-0000-000000000000" : ""}
          hint={provider.name === "microsoft" ? t("provider:client_id_microsoft") : undefined}
        />
        <SecretField provider={provider} value={edits.client_secret ?? ""} onChange={(client_secret) => edit({ client_secret })} />
        {hasSecret && (
          <div className="flex flex-wrap items-end gap-2">
            <DayField
              label={t("provider:secret_expires")}
              value={dayOf(expires)}
              onChange={(day) => day && edit({ secret_expires_at: day.toDate(getLocalTimeZone()).getTime() })}
            />
            {expires !== null && <Button small kind="quiet" className="mb-px" onPress={() => edit({ secret_expires_at: null })}>{t("provider:secret_expires_none")}</Button>}
            <p className="w-full text-xs text-muted">{t("provider:secret_expires_hint", { count: WARN_DAYS })}</p>
          </div>
        )}
        {provider.name === "microsoft" && <TenantField value={tenant} onChange={(next) => edit({ tenant: next })} tried={tried} />}
      </Part>
      <CopyField label={t("provider:redirect")} value={provider.redirect_uri} hint={t(provider.name === "google" ? "provider:redirect_google" : "provider:redirect_hint")} />
      <Advanced provider={provider} edits={edits} onEdit={edit} tried={tried} />
      {save.error && <ErrorBox error={save.error} />}
      <div className="sticky bottom-0 -mx-2 flex flex-wrap items-center gap-2 border-t border-line bg-surface px-2 py-3">
        <Button kind="primary" type="submit" busy={save.isPending} isDisabled={!changes}>{t("common:save")}</Button>
        {changes && (
          <>
            <Button onPress={() => { setEdits({}); setTried(false); save.reset(); }}>{t("provider:discard")}</Button>
            <span role="status" className="text-xs text-muted">{t("provider:unsaved")}</span>
          </>
        )}
      </div>
    </form>
  );
}

function TenantField({ value, onChange, tried }: { value: string; onChange: (tenant: string) => void; tried: boolean }) {
  const t = useT();
  const known = (tenants as readonly string[]).includes(value);
  return (
    <div className="flex flex-wrap items-start gap-2">
      <Select
        label={t("provider:tenant.label")}
        className="min-w-64 flex-1"
        value={known ? value : "own"}
        options={[...tenants, "own" as const].map((one) => ({ value: one, label: t(`provider:tenant.${one}`), hint: t(`provider:tenant.${one}_hint`) }))}
        onChange={(next) => onChange(next === "own" ? "" : next)}
      />
      {!known && (
        <TextField
          label={t("provider:tenant.id")}
          className="min-w-64 flex-1"
          mono
          value={value}
          onChange={onChange}
          placeholder="contoso.onmicrosoft.com"
          error={tried && !tenantGood(value) ? t("provider:tenant.bad") : null}
        />
      )}
    </div>
  );
}
