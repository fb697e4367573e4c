// Copies of a whole base as it was: made, restored beside it, deleted.
import { ArchiveRestore, Camera, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, ConfirmDialog, Dialog, EmptyState, IconButton, Skeleton, TextField, toast } from "../../design";
import { call, toEngineError, useRead, type Base, type EngineError, type Snapshot } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { basePath, ErrorBox, ErrorPane, go, NameDialog, tellError } from "../../shell";

export function SnapshotsDialog({ base, onClose }: { base: Base; onClose: () => void }) {
  const t = useT();
  const format = useFormats();
  const list = useRead("snapshot.list", { base: base.id });
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);
  const [restoring, setRestoring] = useState<Snapshot | null>(null);
  const [removing, setRemoving] = useState<Snapshot | null>(null);
  const titleOf = (one: Snapshot) => one.name || format.dateTime(one.at);
  const make = async () => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await call("snapshot.make", { base: base.id, name: name.trim() || null });
      setName("");
      toast(t("history:snapshot.made"), { tone: "success" });
    } catch (thrown) {
      setError(toEngineError(thrown));
    }
    setBusy(false);
  };
  if (restoring) {
    return (
      <NameDialog
        title={t("history:snapshot.restore_title")}
        confirm={t("history:trash.restore")}
        start={t("history:snapshot.new_name", { name: base.name, when: restoring.name || format.date(restoring.at) })}
        onClose={() => setRestoring(null)}
        onName={async (as_new_name) => {
          const made = await call("snapshot.restore", { base: base.id, id: restoring.id, as_new_name });
          go(basePath(made.id));
          onClose();
        }}
      />
    );
  }
  return (
    <Dialog open onClose={onClose} title={t("history:snapshot.title", { name: base.name })} footer={<Button onPress={onClose}>{t("common:close")}</Button>}>
      <div className="flex flex-col gap-3 text-sm">
        <p className="text-muted">{t("history:snapshot.hint")}</p>
        <form
          className="flex items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            void make();
          }}
        >
          <TextField label={t("history:snapshot.name")} className="min-w-0 flex-1" value={name} onChange={setName} autoFocus />
          <Button icon={Camera} kind="primary" type="submit" busy={busy}>{t("history:snapshot.make")}</Button>
        </form>
        {error && <ErrorBox error={error} />}
        {list.error && <ErrorPane error={list.error} onRetry={() => void list.refetch()} />}
        {!list.data && !list.error && <Skeleton height={40} />}
        {list.data?.length === 0 && <EmptyState icon={Camera} title={t("history:snapshot.none")} className="min-h-32" />}
        {list.data && list.data.length > 0 && (
          <ul className="max-h-80 divide-y divide-line overflow-y-auto rounded-lg border border-line">
            {list.data.map((one) => (
              <li key={one.id} className="flex items-center gap-2 px-3 py-2">
                <span className="min-w-0 flex-1">
                  <bdi className="block truncate font-medium">{titleOf(one)}</bdi>
                  <span className="block text-xs text-muted">{[...(one.name ? [format.dateTime(one.at)] : []), t("history:records", { count: one.records }), format.bytes(one.bytes)].join(" · ")}</span>
                </span>
                <IconButton icon={ArchiveRestore} label={t("history:snapshot.restore", { name: titleOf(one) })} onPress={() => setRestoring(one)} />
                <IconButton icon={Trash2} label={t("history:snapshot.remove", { name: titleOf(one) })} onPress={() => setRemoving(one)} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={t("history:snapshot.remove_title")}
        confirm={t("common:delete")}
        cancel={t("common:cancel")}
        danger
        onConfirm={async () => {
          if (!removing) return;
          try {
            await call("snapshot.remove", { base: base.id, id: removing.id });
          } catch (thrown) {
            tellError(toEngineError(thrown));
            throw thrown;
          }
        }}
      >
        {t("history:snapshot.remove_hint")}
      </ConfirmDialog>
    </Dialog>
  );
}
