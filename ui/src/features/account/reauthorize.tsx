// Signing in again, where the server refused what Tabella has. Nothing is lost by it.
import { useState, type FormEvent } from "react";
import { Button, Dialog, Skeleton, TextField, toast } from "../../design";
import { useRead, useWrite, type Account } from "../../engine";
import { useT } from "../../i18n";
import { ErrorBox, ErrorPane } from "../../shell";
import { SignInDialog } from "./sign-in";

/** By password, or on the provider's own page where the account came from there. */
export function Reauthorize({ account, onClose }: { account: Account; onClose: () => void }) {
  return account.provider === null ? <ByPassword account={account} onClose={onClose} /> : <ByProvider account={account} name={account.provider} onClose={onClose} />;
}

/** Through this provider, or with a password, whichever the account had before; all mail stays. */
export function SwitchSignIn({ account, to, onClose }: { account: Account; to: string | null; onClose: () => void }) {
  return to === null ? <ByPassword account={account} switched onClose={onClose} /> : <ByProvider account={account} name={to} onClose={onClose} />;
}

function ByProvider({ account, name, onClose }: { account: Account; name: string; onClose: () => void }) {
  const t = useT();
  const { data: providers, error, refetch } = useRead("provider.list", {});
  const provider = providers?.find((one) => one.name === name);
  if (provider) {
    return (
      <SignInDialog
        provider={provider}
        args={{ account: account.id, email: account.email }}
        onDone={() => {
          toast(t("account:reauth.done"), { tone: "success" });
          onClose();
        }}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog open onClose={onClose} title={t("account:reauth.title", { name: account.name })} size="small" closeLabel={t("common:close")}>
      {error ? <ErrorPane error={error} onRetry={() => void refetch()} /> : providers ? <p className="pb-3 text-sm">{t("provider:gone")}</p> : <Skeleton height={80} />}
    </Dialog>
  );
}

function ByPassword({ account, switched = false, onClose }: { account: Account; switched?: boolean; onClose: () => void }) {
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
    if (password !== "") sign.mutate({ id: account.id, password, switch: switched });
  };
  return (
    <Dialog open onClose={onClose} title={t(switched ? "account:reauth.switch_title" : "account:reauth.title", { name: account.name })} size="small" closeLabel={t("common:close")}>
      <form onSubmit={submit} className="space-y-3">
        <p className="text-sm text-muted">{t(switched ? "account:reauth.switch_body" : "account:reauth.body")}</p>
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
