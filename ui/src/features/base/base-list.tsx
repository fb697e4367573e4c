// The bases of the profile, and what can be done with one of them.
import { clsx } from "clsx";
import { Camera, Copy, Database, FileInput, FileOutput, History, Lock, Mail, MoreHorizontal, Palette, Pencil, Plus, Trash2, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { Link } from "react-aria-components";
import { Button, ConfirmDialog, ContextMenu, IconButton, toast, type MenuGroup } from "../../design";
import { call, toEngineError, write, type Base } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { basePath, go, NameDialog, tellError } from "../../shell";
import type { OpenTool } from "./tools";

/** Colours a base can be given: data that the profile keeps. */
const baseColors = ["#3b6fb6", "#2f8f83", "#5b8c3a", "#b7791f", "#c05746", "#a8457f", "#7457b8", "#5f6b7a"] as const;

export interface BaseListProps {
  bases: readonly Base[];
  open: Base | null;
  onImport: () => void;
  onTool: (tool: OpenTool) => void;
}

export function BaseList({ bases, open, onImport, onTool }: BaseListProps) {
  const t = useT();
  const format = useFormats();
  const [menu, setMenu] = useState<{ base: Base; at: { x: number; y: number } } | null>(null);
  const [naming, setNaming] = useState<{ kind: "create" } | { kind: "rename" | "copy"; base: Base } | null>(null);
  const [removing, setRemoving] = useState<Base | null>(null);

  const groups = (base: Base): MenuGroup[] => [
    {
      items: [
        { id: "rename", label: t("base:rename"), icon: Pencil, perform: () => setNaming({ kind: "rename", base }) },
        {
          id: "color",
          label: t("common:color"),
          icon: Palette,
          items: baseColors.map((color, at) => ({ id: color, label: t("base:color_n", { n: at + 1 }), before: <span aria-hidden className="size-4 shrink-0 rounded-full" style={{ background: color }} />, perform: () => void write("base.update", { id: base.id, color }) })),
        },
        { id: "copy", label: t("base:copy"), icon: Copy, disabled: base.error !== null, perform: () => setNaming({ kind: "copy", base }) },
      ],
    },
    {
      items: [
        { id: "export", label: t("exchange:export.action"), icon: FileOutput, disabled: base.error !== null, perform: () => onTool({ tool: "export", base }) },
        { id: "accounts", label: t("exchange:account.action"), icon: Mail, disabled: base.error !== null || Boolean(base.read_only), perform: () => onTool({ tool: "accounts", base }) },
      ],
    },
    {
      items: [
        { id: "history", label: t("history:action"), icon: History, disabled: base.error !== null, perform: () => onTool({ tool: "history", base }) },
        { id: "trash", label: t("history:trash.action"), icon: Trash2, disabled: base.error !== null || Boolean(base.read_only), perform: () => onTool({ tool: "trash", base }) },
        { id: "snapshots", label: t("history:snapshot.action"), icon: Camera, disabled: base.error !== null, perform: () => onTool({ tool: "snapshots", base }) },
      ],
    },
    { items: [{ id: "remove", label: t("base:remove"), icon: Trash2, danger: true, perform: () => setRemoving(base) }] },
  ];

  return (
    <nav aria-label={t("base:list")} className="flex min-h-0 w-full flex-1 flex-col bg-sunken">
      <div className="flex shrink-0 items-center gap-1 px-3 pt-3 pb-1">
        <h1 className="min-w-0 flex-1 truncate text-base font-semibold">{t("base:list")}</h1>
        <IconButton icon={FileInput} label={t("base:import.file")} onPress={onImport} />
        <IconButton icon={Plus} label={t("base:create")} onPress={() => setNaming({ kind: "create" })} />
      </div>
      <ul className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
        {bases.map((base) => (
          <li
            key={base.id}
            className="group relative"
            onContextMenu={(event) => {
              event.preventDefault();
              setMenu({ base, at: { x: event.clientX, y: event.clientY } });
            }}
          >
            <Link
              href={`#${basePath(base.id)}`}
              aria-current={base.id === open?.id ? "page" : undefined}
              className={clsx("flex min-h-9 items-center gap-2 rounded-md py-1 pr-9 pl-2 text-sm", base.id === open?.id ? "bg-selected font-medium" : "data-hovered:bg-hover")}
            >
              <span aria-hidden className="inline-flex size-6 shrink-0 items-center justify-center rounded-md text-on-base" style={{ background: base.color }}><Database size={13} /></span>
              <span className="min-w-0 flex-1">
                <bdi className="block truncate">{base.name}</bdi>
              </span>
              {base.read_only && <Lock size={13} role="img" aria-label={t("base:read_only.mark")} className="shrink-0 text-muted" />}
              {base.error && <TriangleAlert size={14} aria-label={t("base:unreadable")} className="shrink-0 text-danger-text" />}
            </Link>
            <IconButton
              icon={MoreHorizontal}
              label={t("base:menu", { name: base.name })}
              className="!absolute top-1 right-1 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
              onPress={(event) => {
                const box = event.target.getBoundingClientRect();
                setMenu({ base, at: { x: box.left, y: box.bottom } });
              }}
            />
          </li>
        ))}
      </ul>
      <ContextMenu at={menu?.at ?? null} onClose={() => setMenu(null)} label={menu?.base.name ?? ""} groups={menu ? groups(menu.base) : []} />
      {naming && (
        <NameDialog
          title={naming.kind === "create" ? t("base:create") : naming.kind === "rename" ? t("base:rename") : t("base:copy")}
          confirm={naming.kind === "create" ? t("base:create_confirm") : naming.kind === "rename" ? t("common:save") : t("base:copy_confirm")}
          start={naming.kind === "create" ? "" : naming.kind === "rename" ? naming.base.name : t("base:copy_name", { name: naming.base.name })}
          onClose={() => setNaming(null)}
          onName={async (name) => {
            if (naming.kind === "rename") await call("base.update", { id: naming.base.id, name });
            else {
              const made = naming.kind === "create" ? await call("base.create", { name }) : await call("base.copy", { id: naming.base.id, name });
              go(basePath(made.id));
            }
          }}
        />
      )}
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={t("base:remove_title", { name: removing?.name })}
        confirm={t("base:remove_confirm")}
        cancel={t("common:cancel")}
        danger
        onConfirm={async () => {
          if (!removing) return;
          try {
            await call("base.remove", { id: removing.id });
            const { id, path, elsewhere } = removing;
            const undo = () => void (elsewhere ? write("base.open", { path }) : write("base.restore", { id }));
            toast(t(elsewhere ? "base:removed_away" : "base:removed", { name: removing.name }), { action: { label: t("common:undo"), perform: undo } });
            if (open?.id === removing.id) go(basePath());
          } catch (thrown) {
            tellError(toEngineError(thrown));
            throw thrown;
          }
        }}
      >
        <p>{t(removing?.elsewhere ? "base:remove_away" : "base:remove_hint")}</p>
        {removing && removing.tables.length > 0 && <p className="mt-2">{t("base:remove_tables", { names: format.list(removing.tables.slice(0, 8).map((table) => table.name)) })}</p>}
        <p className="selectable mt-2 font-mono text-xs break-all">{removing?.path}</p>
      </ConfirmDialog>
    </nav>
  );
}

/** For the empty page: makes a base by name. */
export function CreateBaseButton() {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={Plus} onPress={() => setOpen(true)}>{t("base:create_empty")}</Button>
      {open && <NameDialog title={t("base:create")} confirm={t("base:create_confirm")} onClose={() => setOpen(false)} onName={async (name) => go(basePath((await call("base.create", { name })).id))} />}
    </>
  );
}
