// The client secret: when it was set, another one in its place, or none. It is never shown, for the
// engine never tells it.
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { Button, ConfirmDialog, TextField, toast } from "../../design";
import { call, toEngineError, type Provider } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { tellError } from "../../shell";

export function SecretField({ provider, value, onChange }: { provider: Provider; value: string; onChange: (secret: string) => void }) {
  const t = useT();
  const format = useFormats();
  const [replacing, setReplacing] = useState(false);
  const [removing, setRemoving] = useState(false);
  const [seen, setSeen] = useState(provider.secret_set_at);
  // A new one was saved: the field has done its work.
  if (seen !== provider.secret_set_at) {
    setSeen(provider.secret_set_at);
    setReplacing(false);
  }
  if (provider.secret_set_at !== null && !replacing) {
    return (
      <div>
        <div className="mb-1 text-xs font-medium text-muted">{t("provider:client_secret")}</div>
        <div className="flex min-h-[30px] flex-wrap items-center gap-2">
          <KeyRound size={15} aria-hidden className="text-muted" />
          <span className="min-w-0 flex-1">{t("provider:secret_set", { date: format.date(provider.secret_set_at) })}</span>
          <Button small onPress={() => setReplacing(true)}>{t("provider:secret_replace")}</Button>
          <Button small kind="quiet" onPress={() => setRemoving(true)}>{t("common:remove")}</Button>
        </div>
        {removing && (
          <ConfirmDialog
            open
            danger
            onClose={() => setRemoving(false)}
            title={t("provider:secret_remove_title", { title: provider.title })}
            confirm={t("common:remove")}
            cancel={t("common:cancel")}
            onConfirm={async () => {
              try {
                await call("provider.set", { name: provider.name, client_secret: "" });
              } catch (thrown) {
                tellError(toEngineError(thrown));
                throw thrown;
              }
              toast(t("provider:secret_removed"));
            }}
          >
            {t("provider:secret_remove_body")}
          </ConfirmDialog>
        )}
      </div>
    );
  }
  return (
    <div className="flex items-start gap-2">
      <TextField
        label={t("provider:client_secret")}
        className="flex-1"
        type="password"
        autoComplete="off"
        autoFocus={replacing}
        mono
        value={value}
        onChange={onChange}
        hint={t(provider.name === "microsoft" ? "provider:client_secret_microsoft" : "provider:client_secret_hint")}
      />
      {replacing && (
        <Button
          className="mt-5"
          onPress={() => {
            setReplacing(false);
            onChange("");
          }}
        >
          {t("common:cancel")}
        </Button>
      )}
    </div>
  );
}
