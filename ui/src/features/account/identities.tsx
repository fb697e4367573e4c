// Sender addresses of an account.
import { Pencil, Plus, RefreshCw, Trash2 } from "lucide-react";
import { useState, type FormEvent } from "react";
import { Badge, Button, ConfirmDialog, Dialog, IconButton, TextField, looksLikeAddress, toast } from "../../design";
import { call, toEngineError, useWrite, type Account, type Identity } from "../../engine";
import { useT } from "../../i18n";
import { ErrorBox, tellError } from "../../shell";

export function Identities({ account }: { account: Account }) {
  const t = useT();
  const [edited, setEdited] = useState<Identity | "new" | null>(null);
  const [removed, setRemoved] = useState<Identity | null>(null);
  const sync = useWrite("identity.sync", { onDone: (found) => toast(t("account:aliases_synced", { count: found.length }), { tone: "success" }) });
  return (
    <section>
      <div className="mb-2 flex flex-wrap items-end gap-x-3 gap-y-2">
        <div className="min-w-52 flex-1">
          <h3 className="text-sm font-semibold">{t("account:identities")}</h3>
          <p className="text-xs text-muted">{t("account:identities_hint")}</p>
        </div>
        {account.kind === "gmail" && <Button small icon={RefreshCw} busy={sync.isPending} onPress={() => sync.mutate({ id: account.id })}>{t("account:aliases_sync")}</Button>}
        <Button small icon={Plus} onPress={() => setEdited("new")}>{t("common:add")}</Button>
      </div>
      <ul className="divide-y divide-line rounded-lg border border-line">
        {account.identities.map((identity) => (
          <li key={identity.id} className="flex items-center gap-2 py-1 pr-1 pl-3">
            <span className="selectable min-w-0 flex-1 truncate">
              {identity.name && <span className="mr-2">{identity.name}</span>}
              <span className={identity.name ? "text-muted" : ""}>{identity.email}</span>
            </span>
            {identity.provided && <Badge>{t("account:identity_provided")}</Badge>}
            {identity.main && <Badge>{t("account:identity_main")}</Badge>}
            <IconButton icon={Pencil} label={t("account:identity_edit")} size={15} onPress={() => setEdited(identity)} />
            {!identity.main && <IconButton icon={Trash2} label={t("common:remove_named", { name: identity.email })} size={15} onPress={() => setRemoved(identity)} />}
          </li>
        ))}
      </ul>
      {edited && <IdentityDialog account={account} identity={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
      {removed && (
        <ConfirmDialog
          open
          danger
          onClose={() => setRemoved(null)}
          title={t("account:identity_remove_title", { email: removed.email })}
          confirm={t("common:remove")}
          cancel={t("common:cancel")}
          onConfirm={async () => {
            try {
              await call("identity.remove", { id: removed.id });
            } catch (thrown) {
              tellError(toEngineError(thrown));
              throw thrown;
            }
          }}
        >
          {t("account:identity_remove_body")}
        </ConfirmDialog>
      )}
    </section>
  );
}

function IdentityDialog({ account, identity, onClose }: { account: Account; identity: Identity | null; onClose: () => void }) {
  const t = useT();
  const [name, setName] = useState(identity?.name ?? account.sender_name);
  const [email, setEmail] = useState(identity?.email ?? "");
  const [tried, setTried] = useState(false);
  const save = useWrite("identity.save", { quiet: true, onDone: onClose });
  const good = looksLikeAddress(email.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (good) save.mutate({ id: identity?.id ?? null, account_id: account.id, name: name.trim(), email: email.trim() });
  };
  return (
    <Dialog open onClose={onClose} size="small" title={t(identity ? "account:identity_edit" : "account:identity_add")} closeLabel={t("common:close")}>
      <form onSubmit={submit} className="space-y-3">
        <TextField label={t("account:address")} type="email" autoFocus value={email} onChange={setEmail} error={tried && !good ? t("account:address_bad") : null} />
        <TextField label={t("account:identity_name")} value={name} onChange={setName} />
        {save.error && <ErrorBox error={save.error} />}
        <div className="flex justify-end gap-2 pt-1">
          <Button onPress={onClose}>{t("common:cancel")}</Button>
          <Button kind="primary" type="submit" busy={save.isPending}>{t("common:save")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
