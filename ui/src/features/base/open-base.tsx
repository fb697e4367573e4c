// Bases from files of their own, and bases that can only be read.
import { Copy, Lock } from "lucide-react";
import { useState } from "react";
import { Banner, Button, toast } from "../../design";
import { call, write, type Base } from "../../engine";
import type { PickedFile } from "../../engine/desktop";
import { useT, type T } from "../../i18n";
import { basePath, go, NameDialog } from "../../shell";

/** Opens a base's file where it lies, and goes there. */
export async function openBase({ path }: PickedFile, t: T): Promise<void> {
  if (path === null) {
    toast(t("base:import.no_path"), { tone: "warning" });
    return;
  }
  const opened = await write("base.open", { path });
  if (opened) go(basePath(opened.id));
}

/** The base as the place shows it: where nothing can be written, nothing offers to. */
export function asShown(base: Base): Base {
  if (!base.read_only) return base;
  return {
    ...base,
    tables: base.tables.map((table) => ({
      ...table,
      columns: table.columns.map((column) => ({ ...column, settings: { ...(column.settings as object), locked: true } })),
      views: table.views.map((view) => ({ ...view, locked: true })),
    })),
  };
}

/** Says that a base can only be read, and offers the way out. */
export function ReadOnlyBanner({ base }: { base: Base }) {
  const t = useT();
  const [naming, setNaming] = useState(false);
  if (!base.read_only) return null;
  return (
    <>
      <Banner icon={Lock} actions={<Button icon={Copy} onPress={() => setNaming(true)}>{t("base:read_only.copy")}</Button>}>{t(`base:read_only.${base.read_only}`)}</Banner>
      {naming && (
        <NameDialog
          title={t("base:copy")}
          confirm={t("base:copy_confirm")}
          start={t("base:copy_name", { name: base.name })}
          onClose={() => setNaming(false)}
          onName={async (name) => go(basePath((await call("base.copy", { id: base.id, name })).id))}
        />
      )}
    </>
  );
}
