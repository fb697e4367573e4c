// Signing in again, where the server refused what Tabella has.
import { useState, type FormEvent } from "react";
import { Button, Dialog, TextField, toast } from "../../design";
import { useWrite, type Account } from "../../engine";
import { useT } from "../../i18n";
import { ErrorBox } from "../../shell";

export function Reauthorize({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useT();
  const [password, setPassword] = useState("");
  const sign = useWrite("account.reauthorize", {
    quiet: true,
    onDone: () => {
      toast(t("account:reauth.done"), { tone: "success" });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password !== "") sign.mutate({ id: account.id, password });
  };
  return (
    <Dialog open onClose={onClose} title={t("account:reauth.title", { name: account.name })} size="small" closeLabel={t("common:close")}>
      <form onSubmit={submit} className="space-y-3">
        <p className="text-sm text-muted">{t("account:reauth.body")}</p>
        <TextField label={t("account:password")} type="password" autoComplete="current-password" autoFocus value={password} onChange={setPassword} hint={t("account:password_where")} />
        {sign.error && <ErrorBox error={sign.error} />}
        {!sign.error && account.sync.error && <ErrorBox error={account.sync.error} />}
        <div className="flex justify-end gap-2 pt-1">
          <Button onPress={onClose}>{t("common:cancel")}</Button>
          <Button kind="primary" type="submit" busy={sign.isPending} isDisabled={password === ""}>{t("account:reauth.do")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
