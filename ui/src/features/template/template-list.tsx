// All templates, to change, copy and remove them.
import { Copy, FileText, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, ConfirmDialog, EmptyState, IconButton } from "../../design";
import { call, toEngineError, useRead, type Base, type Template } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { ErrorPane, tellError } from "../../shell";
import { TemplateDialog } from "./template-dialog";

export function TemplateList({ bases }: { bases: readonly Base[] }) {
  const t = useT();
  const format = useFormats();
  const templates = useRead("template.list", {});
  const [editing, setEditing] = useState<Template | "new" | null>(null);
  const [removing, setRemoving] = useState<Template | null>(null);
  const copy = async (one: Template) => {
    try {
      setEditing(await call("template.put", { id: null, name: t("template:copy_name", { name: one.name }), subject: one.subject, html: one.html, text: one.text }));
    } catch (thrown) {
      tellError(toEngineError(thrown));
    }
  };
  const dialog = editing && <TemplateDialog template={editing === "new" ? null : editing} bases={bases} at={null} onClose={() => setEditing(null)} onSaved={() => setEditing(null)} />;
  if (templates.error) return <ErrorPane error={templates.error} onRetry={() => void templates.refetch()} />;
  if (templates.data?.length === 0) {
    return (
      <>
        <EmptyState icon={FileText} title={t("template:none")} actions={<Button kind="primary" icon={Plus} onPress={() => setEditing("new")}>{t("template:create")}</Button>}>{t("template:none_hint")}</EmptyState>
        {dialog}
      </>
    );
  }
  return (
    <div className="flex flex-col gap-2 px-1">
      <div><Button icon={Plus} onPress={() => setEditing("new")}>{t("template:create")}</Button></div>
      <ul className="flex flex-col rounded-lg border border-line">
        {(templates.data ?? []).map((one) => (
          <li key={one.id} className="flex items-center gap-2 border-b border-line px-3 py-2 last:border-b-0">
            <button type="button" onClick={() => setEditing(one)} className="min-w-0 flex-1 rounded-md text-left">
              <span className="block truncate text-sm font-medium">{one.name}</span>
              <span className="block truncate text-xs text-muted">{one.subject || "—"}</span>
            </button>
            <span className="text-xs text-muted">{format.when(one.updated_at)}</span>
            <IconButton icon={Pencil} label={t("template:edit")} onPress={() => setEditing(one)} />
            <IconButton icon={Copy} label={t("template:copy")} onPress={() => void copy(one)} />
            <IconButton icon={Trash2} label={t("common:remove_named", { name: one.name })} onPress={() => setRemoving(one)} />
          </li>
        ))}
      </ul>
      {dialog}
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={t("template:remove_title", { name: removing?.name })}
        confirm={t("common:remove")}
        cancel={t("common:cancel")}
        danger
        onConfirm={async () => {
          try {
            if (removing) await call("template.remove", { id: removing.id });
          } catch (thrown) {
            tellError(toEngineError(thrown));
            throw thrown;
          }
        }}
      >
        {t("template:remove_hint")}
      </ConfirmDialog>
    </div>
  );
}
