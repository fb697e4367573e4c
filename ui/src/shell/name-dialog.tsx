// A name for something: new or another one.
import { useState } from "react";
import { Button, Dialog, TextField } from "../design";
import { toEngineError, type EngineError } from "../engine";
import { useT } from "../i18n";
import { ErrorBox } from "./read-state";

export function NameDialog({ title, start = "", confirm, onClose, onName }: {
  title: string;
  start?: string;
  confirm: string;
  onClose: () => void;
  /** Rejects where the name can't be taken; the dialog then says why. */
  onName: (name: string) => Promise<unknown>;
}) {
  const t = useT();
  const [name, setName] = useState(start);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);
  const run = async () => {
    if (busy || name.trim() === "") return;
    setBusy(true);
    try {
      await onName(name.trim());
      onClose();
    } catch (thrown) {
      setError(toEngineError(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      size="small"
      footer={
        <>
          <Button onPress={onClose}>{t("common:cancel")}</Button>
          <Button kind="primary" busy={busy} isDisabled={name.trim() === ""} onPress={() => void run()}>{confirm}</Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <TextField
          label={t("common:name")}
          value={name}
          onChange={(next) => {
            setName(next);
            setError(null);
          }}
          autoFocus
          onFocus={(event) => (event.target as HTMLInputElement).select()}
        />
        {error && <ErrorBox error={error} />}
      </form>
    </Dialog>
  );
}
