// The passphrase of the profile, where no keyring keeps its key.
import { KeyRound } from "lucide-react";
import { useState, type FormEvent } from "react";
import { Button, Dialog, TextField } from "../../design";
import { useRead, useWrite } from "../../engine";
import { useT } from "../../i18n";
import { ErrorBox } from "../../shell";

const SHORTEST = 8;

/** The form alone; `onDone` once the secrets are open. */
export function UnlockForm({ fresh, onDone, onLater }: { fresh: boolean; onDone: () => void; onLater?: () => void }) {
  const t = useT();
  const [passphrase, setPassphrase] = useState("");
  const [repeated, setRepeated] = useState("");
  const [tried, setTried] = useState(false);
  const unlock = useWrite("profile.unlock", { quiet: true, onDone });
  const short = fresh && [...passphrase].length < SHORTEST;
  const differs = fresh && passphrase !== repeated;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!short && !differs && passphrase !== "") unlock.mutate({ passphrase });
  };
  return (
    <form onSubmit={submit} className="space-y-3">
      <p className="text-sm text-muted">{t(fresh ? "account:unlock.body_new" : "account:unlock.body")}</p>
      <TextField
        label={t("account:unlock.passphrase")}
        type="password"
        autoComplete={fresh ? "new-password" : "current-password"}
        autoFocus
        value={passphrase}
        onChange={setPassphrase}
        error={tried && short ? t("account:unlock.short") : null}
        hint={fresh ? t("account:unlock.short") : undefined}
      />
      {fresh && (
        <>
          <TextField
            label={t("account:unlock.repeat")}
            type="password"
            autoComplete="new-password"
            value={repeated}
            onChange={setRepeated}
            error={tried && differs ? t("account:unlock.differs") : null}
          />
          <p className="text-xs text-muted">{t("account:unlock.lost")}</p>
        </>
      )}
      {unlock.error && <ErrorBox error={unlock.error} />}
      <div className="flex justify-end gap-2 pt-1">
        {onLater && <Button onPress={onLater}>{t("account:unlock.later")}</Button>}
        <Button kind="primary" type="submit" icon={KeyRound} busy={unlock.isPending}>{t(fresh ? "account:unlock.set" : "account:unlock.do")}</Button>
      </div>
    </form>
  );
}

/** Asks once at start where the profile is locked; the banner opens it again. */
export function UnlockDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useT();
  const secrets = useRead("profile.get", {}).data?.secrets;
  const fresh = secrets === "needs_passphrase";
  const shown = open && (fresh || secrets === "locked");
  return (
    <Dialog open={shown} onClose={onClose} size="small" title={t(fresh ? "account:unlock.title_new" : "account:unlock.title")} closeLabel={t("common:close")} dismissable={false}>
      <UnlockForm fresh={fresh} onDone={onClose} onLater={onClose} />
    </Dialog>
  );
}
