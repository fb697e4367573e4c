// The names by which a base sends, each bound to an account of this profile. The base holds the names only.
import { Mail, MailPlus, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, ConfirmDialog, Dialog, EmptyState, IconButton, Select, Skeleton, TextField } from "../../design";
import { call, toEngineError, useRead, write, type AccountId, type Base, type EngineError } from "../../engine";
import { useT } from "../../i18n";
import { ErrorBox, ErrorPane, go, NameDialog, settingsPath, tellError } from "../../shell";
import { TestMail } from "../account/test-mail";

export function AccountsDialog({ base, onClose }: { base: Base; onClose: () => void }) {
  const t = useT();
  const bound = useRead("base.accounts", { id: base.id });
  const accounts = useRead("account.list", {}).data ?? [];
  const [testing, setTesting] = useState<AccountId | null>(null);
  const [renaming, setRenaming] = useState<string | null>(null);
  const [removing, setRemoving] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const tested = accounts.find((one) => one.id === testing);
  if (tested) return <TestMail account={tested} onClose={() => setTesting(null)} />;
  if (renaming !== null) return <NameDialog title={t("exchange:account.rename", { name: renaming })} confirm={t("common:save")} start={renaming} onClose={() => setRenaming(null)} onName={(name) => call("base.rename_account", { base: base.id, name: renaming, new_name: name })} />;
  const names = (bound.data ?? []).map((one) => one.name);
  return (
    <Dialog open onClose={onClose} title={t("exchange:account.title", { name: base.name })} footer={<Button onPress={onClose}>{t("common:close")}</Button>}>
      <div className="flex flex-col gap-3 text-sm">
        <p className="text-muted">{t("exchange:account.hint")}</p>
        {bound.error && <ErrorPane error={bound.error} onRetry={() => void bound.refetch()} />}
        {!bound.data && !bound.error && <Skeleton height={40} />}
        {bound.data?.length === 0 && !adding && <EmptyState icon={Mail} title={t("exchange:account.none")} className="min-h-32" />}
        {bound.data && bound.data.length > 0 && (
          <ul className="divide-y divide-line rounded-lg border border-line">
            {bound.data.map((one) => (
              <li key={one.name} className="flex flex-wrap items-center gap-2 px-3 py-2">
                <bdi className="min-w-32 flex-1 truncate font-medium">{one.name}</bdi>
                <Select
                  aria={t("exchange:account.for", { name: one.name })}
                  className="w-52"
                  placeholder={t("exchange:account.unbound")}
                  value={one.account ?? 0}
                  options={[{ value: 0, label: t("exchange:account.unbound") }, ...accounts.map((account) => ({ value: account.id, label: account.name, ...(account.name === account.email ? {} : { hint: account.email }) }))]}
                  onChange={(account) => void write("base.bind_account", { base: base.id, name: one.name, account: account === 0 ? null : account, add: false })}
                />
                <span className="flex">
                  <IconButton icon={Mail} label={t("exchange:account.test", { name: one.name })} isDisabled={one.account === null} onPress={() => setTesting(one.account)} />
                  <IconButton icon={Pencil} label={t("exchange:account.rename", { name: one.name })} onPress={() => setRenaming(one.name)} />
                  <IconButton icon={Trash2} label={t("exchange:account.unbind", { name: one.name })} onPress={() => setRemoving(one.name)} />
                </span>
              </li>
            ))}
          </ul>
        )}
        {accounts.length === 0 && (
          <p className="flex flex-wrap items-center gap-2 text-muted">
            {t("exchange:account.no_accounts")}
            <Button small onPress={() => go(settingsPath("accounts", "new"))}>{t("exchange:account.to_settings")}</Button>
          </p>
        )}
        {adding ? (
          <AddName base={base} taken={names} onClose={() => setAdding(false)} />
        ) : (
          <Button icon={MailPlus} className="self-start" isDisabled={!bound.data} onPress={() => setAdding(true)}>{t("exchange:account.add")}</Button>
        )}
      </div>
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={t("exchange:account.unbind_title", { name: removing ?? "" })}
        confirm={t("common:remove")}
        cancel={t("common:cancel")}
        danger
        onConfirm={async () => {
          if (removing === null) return;
          try {
            await call("base.unbind_account", { base: base.id, name: removing });
          } catch (thrown) {
            tellError(toEngineError(thrown));
            throw thrown;
          }
        }}
      >
        {t("exchange:account.unbind_hint")}
      </ConfirmDialog>
    </Dialog>
  );
}

function AddName({ base, taken, onClose }: { base: Base; taken: readonly string[]; onClose: () => void }) {
  const t = useT();
  const accounts = useRead("account.list", {}).data ?? [];
  const [name, setName] = useState<string | null>(null);
  const [account, setAccount] = useState<AccountId | 0>(accounts[0]?.id ?? 0);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);
  const shown = name ?? accounts.find((one) => one.id === account)?.name ?? "";
  const doubled = taken.some((one) => one.toLowerCase() === shown.trim().toLowerCase());
  const run = async () => {
    if (busy || shown.trim() === "" || doubled) return;
    setBusy(true);
    setError(null);
    try {
      await call("base.bind_account", { base: base.id, name: shown.trim(), account: account === 0 ? null : account, add: true });
      onClose();
    } catch (thrown) {
      setError(toEngineError(thrown));
      setBusy(false);
    }
  };
  return (
    <form
      className="flex flex-col gap-3 rounded-lg border border-line p-3"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <div className="flex flex-wrap gap-3">
        <Select label={t("exchange:account.account")} className="min-w-44 flex-1" value={account} options={[...accounts.map((one) => ({ value: one.id as AccountId | 0, label: one.name })), { value: 0 as const, label: t("exchange:account.unbound") }]} onChange={setAccount} />
        <TextField label={t("exchange:account.name")} className="min-w-44 flex-1" value={shown} onChange={setName} autoFocus error={doubled ? t("exchange:account.taken") : null} />
      </div>
      {error && <ErrorBox error={error} />}
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{t("common:cancel")}</Button>
        <Button kind="primary" type="submit" busy={busy} isDisabled={shown.trim() === "" || doubled} onPress={() => void run()}>{t("common:add")}</Button>
      </div>
    </form>
  );
}
