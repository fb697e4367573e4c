// Bases that were removed: brought back, or deleted for good.
import { ArchiveRestore, DatabaseBackup, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, ConfirmDialog, Dialog, EmptyState, IconButton, Skeleton, toast } from "../../design";
import { call, toEngineError, useRead, type TrashedBase } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { basePath, ErrorPane, go, tellError } from "../../shell";

export function BaseTrashDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const format = useFormats();
  const trash = useRead("base.trash", {});
  const [purging, setPurging] = useState<TrashedBase | null>(null);
  const restore = async (one: TrashedBase) => {
    try {
      const back = await call("base.restore", { id: one.id });
      toast(t("history:bases.restored", { name: back.name }), { tone: "success" });
      go(basePath(back.id));
      onClose();
    } catch (thrown) {
      tellError(toEngineError(thrown));
    }
  };
  return (
    <Dialog open onClose={onClose} title={t("history:bases.title")} footer={<Button onPress={onClose}>{t("common:close")}</Button>}>
      <div className="text-sm">
        {trash.error && <ErrorPane error={trash.error} onRetry={() => void trash.refetch()} />}
        {!trash.data && !trash.error && <Skeleton height={40} />}
        {trash.data?.length === 0 && <EmptyState icon={DatabaseBackup} title={t("history:bases.none")} className="min-h-40">{t("history:bases.none_hint")}</EmptyState>}
        {trash.data && trash.data.length > 0 && (
          <ul className="divide-y divide-line rounded-lg border border-line">
            {trash.data.map((one) => (
              <li key={one.id} className="flex items-center gap-2 px-3 py-2">
                <span className="min-w-0 flex-1">
                  <bdi className="block truncate font-medium">{one.name}</bdi>
                  <span className="block text-xs text-muted">{t("history:bases.removed_at", { when: format.dateTime(one.removed_at), size: format.bytes(one.bytes) })}</span>
                </span>
                <Button small icon={ArchiveRestore} aria-label={t("history:trash.restore_named", { name: one.name })} onPress={() => void restore(one)}>{t("history:trash.restore")}</Button>
                <IconButton icon={Trash2} tone="danger" label={t("history:bases.purge", { name: one.name })} onPress={() => setPurging(one)} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <ConfirmDialog
        open={purging !== null}
        onClose={() => setPurging(null)}
        title={t("history:bases.purge_title", { name: purging?.name })}
        confirm={t("history:bases.purge_confirm")}
        cancel={t("common:cancel")}
        danger
        onConfirm={async () => {
          if (!purging) return;
          try {
            await call("base.purge", { id: purging.id });
          } catch (thrown) {
            tellError(toEngineError(thrown));
            throw thrown;
          }
        }}
      >
        {t("history:bases.purge_hint")}
      </ConfirmDialog>
    </Dialog>
  );
}
