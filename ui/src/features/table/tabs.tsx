// The tables of a base side by side.
import { clsx } from "clsx";
import { ChevronDown, Copy, CopyPlus, Eye, EyeOff, MoveLeft, MoveRight, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog, IconButton, Menu } from "../../design";
import { call, toEngineError, write, type Base, type Table } from "../../engine";
import { useT } from "../../i18n";
import { basePath, go, NameDialog, tellError } from "../../shell";
import { offerBaseUndo } from "./undo";

export function TableTabs({ base, open }: { base: Base; open: Table | null }) {
  const t = useT();
  const [naming, setNaming] = useState<Table | "new" | null>(null);
  const [removing, setRemoving] = useState<Table | null>(null);
  const hidden = base.tables.filter((table) => table.hidden === true && table.id !== open?.id);
  const shown = base.tables.filter((table) => !hidden.includes(table));
  const duplicate = async (table: Table, records: boolean) => {
    const names = new Set(base.tables.map((one) => one.name));
    let name = t("table:duplicate_name", { name: table.name });
    while (names.has(name)) name = t("table:duplicate_name", { name });
    const made = await write("table.duplicate", { base: base.id, table: table.id, name, records });
    if (made) go(basePath(base.id, made.id));
  };
  // Where nothing can be written, a hidden table is looked at all the same.
  const reveal = async (table: Table) => {
    if (!base.read_only) await write("table.update", { base: base.id, table: table.id, hidden: false });
    go(basePath(base.id, table.id));
  };
  const move = (table: Table, by: 1 | -1) => {
    const next = shown[shown.indexOf(table) + by];
    if (next) void write("table.move_to", { base: base.id, table: table.id, position: base.tables.indexOf(next) });
  };
  return (
    <div className="flex shrink-0 items-end gap-1 overflow-x-auto overflow-y-hidden border-b border-line bg-sunken px-2 pt-2">
      <nav aria-label={t("table:tabs")} className="flex items-end gap-0.5">
        {shown.map((table) => {
          const current = table.id === open?.id;
          return (
            <span key={table.id} className={clsx("-mb-px inline-flex h-8 items-center rounded-t-md border border-b-0", current ? "border-line bg-surface" : "border-transparent hover:bg-hover")}>
              <a
                href={`#${basePath(base.id, table.id)}`}
                aria-current={current ? "page" : undefined}
                onDoubleClick={() => !base.read_only && setNaming(table)}
                className={clsx("inline-flex h-full max-w-56 items-center rounded-md text-sm", current ? "pl-3 font-medium" : "px-3 text-muted", base.read_only && "pr-3")}
              >
                <bdi className="truncate">{table.name}</bdi>
              </a>
              {current && !base.read_only && (
                <Menu
                  label={table.name}
                  trigger={<IconButton icon={ChevronDown} size={14} label={t("table:menu", { name: table.name })} />}
                  groups={[
                    { items: [{ id: "rename", label: t("table:rename"), icon: Pencil, perform: () => setNaming(table) }] },
                    {
                      items: [
                        { id: "copy", label: t("table:duplicate"), icon: Copy, perform: () => void duplicate(table, true) },
                        { id: "bare", label: t("table:duplicate_bare"), icon: CopyPlus, perform: () => void duplicate(table, false) },
                      ],
                    },
                    {
                      items: [
                        { id: "left", label: t("table:move_left"), icon: MoveLeft, disabled: shown[0] === table, perform: () => move(table, -1) },
                        { id: "right", label: t("table:move_right"), icon: MoveRight, disabled: shown.at(-1) === table, perform: () => move(table, 1) },
                        { id: "hide", label: t("table:hide"), icon: EyeOff, disabled: shown.length === 1, perform: () => { void write("table.update", { base: base.id, table: table.id, hidden: true }); const next = shown.find((one) => one !== table); if (next) go(basePath(base.id, next.id), { replace: true }); } },
                      ],
                    },
                    { items: [{ id: "remove", label: t("table:remove"), icon: Trash2, danger: true, disabled: base.tables.length === 1, ...(base.tables.length === 1 ? { hint: t("table:last") } : {}), perform: () => setRemoving(table) }] },
                  ]}
                />
              )}
            </span>
          );
        })}
      </nav>
      {hidden.length > 0 && (
        <Menu
          label={t("table:hidden")}
          trigger={<IconButton icon={EyeOff} label={t("table:hidden")} className="mb-0.5" />}
          groups={[{ items: hidden.map((table) => ({ id: String(table.id), label: t("table:show", { name: table.name }), icon: Eye, perform: () => void reveal(table) })) }]}
        />
      )}
      {!base.read_only && <IconButton icon={Plus} label={t("table:create")} className="mb-0.5" onPress={() => setNaming("new")} />}
      {naming && (
        <NameDialog
          title={naming === "new" ? t("table:create") : t("table:rename")}
          confirm={naming === "new" ? t("common:add") : t("common:save")}
          start={naming === "new" ? "" : naming.name}
          onClose={() => setNaming(null)}
          onName={async (name) => {
            if (naming === "new") go(basePath(base.id, (await call("table.create", { base: base.id, name })).id));
            else await call("table.update", { base: base.id, table: naming.id, name });
          }}
        />
      )}
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={t("table:remove_title", { name: removing?.name })}
        confirm={t("table:remove")}
        cancel={t("common:cancel")}
        danger
        onConfirm={async () => {
          if (!removing) return;
          try {
            await call("table.remove", { base: base.id, table: removing.id });
            if (removing.id === open?.id) go(basePath(base.id), { replace: true });
            offerBaseUndo(base.id, t("table:removed", { name: removing.name }));
          } catch (thrown) {
            tellError(toEngineError(thrown));
            throw thrown;
          }
        }}
      >
        {t("table:remove_hint")}
      </ConfirmDialog>
    </div>
  );
}
