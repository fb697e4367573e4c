// The views of a table side by side; those of a folder behind its name. Moved by drag, by Alt with the
// arrow keys, and from the menu.
import { clsx } from "clsx";
import { ChevronDown, Copy, Folder, FolderInput, FolderMinus, FolderPlus, Lock, LockOpen, MoveLeft, MoveRight, Pencil, Plus, Trash2, UserLock, Users } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, ConfirmDialog, ContextMenu, IconButton, Menu, startDrag, type MenuEntry, type MenuGroup } from "../../design";
import { call, toEngineError, write, type BaseId, type Table, type View, type ViewKind } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { basePath, go, NameDialog, tellError } from "../../shell";
import { isMine } from "../cell/linked";
import { freeName, viewIcons, viewKinds } from "./kinds";
import { folderOf, isLastShared, isPrivate, withSetting } from "./settings";

export interface ViewTabsProps {
  /** Views can only be looked at. */
  fixed?: boolean;
  base: BaseId;
  table: Table;
  view: View;
  onView: (view: View) => void;
  /** Says that something can be taken back. */
  onDone: (label: string) => void;
}

/** Tabs in their order: single views, and folders where their first view stands. */
export type TabEntry = { folder: string; views: View[] };

export function tabEntries(views: readonly View[]): TabEntry[] {
  const entries: TabEntry[] = [];
  for (const view of views) {
    const folder = folderOf(view);
    const known = folder === "" ? undefined : entries.find((one) => one.folder === folder);
    if (known) known.views.push(view);
    else entries.push({ folder, views: [view] });
  }
  return entries;
}

export function ViewTabs({ base, fixed = false, table, view, onView, onDone }: ViewTabsProps) {
  const t = useT();
  const format = useFormats();
  const [naming, setNaming] = useState<{ title: string; start: string; confirm: string; run: (name: string) => Promise<unknown> } | null>(null);
  const [menu, setMenu] = useState<{ view: View; at: { x: number; y: number } } | null>(null);
  const [claiming, setClaiming] = useState(false);
  const others = table.others_views ?? 0;
  const open = (one: View) => go(basePath(base, table.id, { view: one.id }));
  const tell = (work: Promise<unknown>) => void work.catch((thrown: unknown) => tellError(toEngineError(thrown)));
  const put = (next: View) => (next.id === view.id ? Promise.resolve(onView(next)) : call("view.update", { base, table: table.id, view: next }));
  const names = table.views.map((one) => one.name);

  const add = async (kind: ViewKind, name: string, copy: View | null) => {
    const made = await call("view.add", { base, table: table.id, name, kind, copy_of: copy?.id ?? null });
    open(made);
    onDone(t("view:added", { name: made.name }));
  };
  const claim = async () => {
    const claimed = await write("view.claim", { base, table: table.id });
    if (claimed) onDone(t("view:claimed", { count: claimed.length }));
  };
  const remove = async (one: View) => {
    const at = table.views.findIndex((each) => each.id === one.id);
    const { unlimited } = await call("view.remove", { base, table: table.id, view: one.id });
    const next = table.views[at + 1] ?? table.views[at - 1];
    if (one.id === view.id && next) go(basePath(base, table.id, { view: next.id }), { replace: true });
    onDone(unlimited.length === 0 ? t("view:removed", { name: one.name }) : t("view:removed_limit", { name: one.name, columns: format.list(unlimited), count: unlimited.length }));
  };
  const move = (one: View, position: number) => {
    const bounded = Math.max(0, Math.min(table.views.length - 1, position));
    if (table.views[bounded]?.id !== one.id) tell(call("view.move_to", { base, table: table.id, view: one.id, position: bounded }));
  };
  const rename = (one: View) => setNaming({ title: t("view:rename"), start: one.name, confirm: t("common:save"), run: (name) => call("view.update", { base, table: table.id, view: { ...one, name } }) });

  // The open view is in sight, however many there are.
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Newer engines give a promise, which an effect must not.
    void bar.current?.querySelector(`[data-view-tab="${view.id}"]`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [view.id]);
  const folders = [...new Set(table.views.map(folderOf).filter(Boolean))];
  const groups = (one: View): MenuGroup[] => {
    const at = table.views.findIndex((each) => each.id === one.id);
    const inFolder = folderOf(one);
    const last = isLastShared(one, table.views);
    return [
      {
        items: [
          { id: "rename", label: t("view:rename"), icon: Pencil, keys: "f2", disabled: one.locked, perform: () => rename(one) },
          { id: "copy", label: t("view:duplicate"), icon: Copy, perform: () => tell(add(one.kind, freeName(t("view:copy_name", { name: one.name }), names), one)) },
        ],
      },
      {
        items: [
          { id: "left", label: t("column:move_left"), icon: MoveLeft, keys: "alt+arrowleft", disabled: at === 0, perform: () => move(one, at - 1) },
          { id: "right", label: t("column:move_right"), icon: MoveRight, keys: "alt+arrowright", disabled: at === table.views.length - 1, perform: () => move(one, at + 1) },
          {
            id: "folder",
            label: t("view:folder.put"),
            icon: FolderInput,
            disabled: one.locked,
            items: [
              ...folders.map((folder): MenuEntry => ({ id: `in-${folder}`, label: folder, checked: folder === inFolder, perform: () => tell(put(withSetting(one, "folder", folder))) })),
              { id: "new", label: t("view:folder.new"), icon: FolderPlus, perform: () => setNaming({ title: t("view:folder.new"), start: "", confirm: t("common:add"), run: (name) => put(withSetting(one, "folder", name)) }) },
              ...(inFolder === "" ? [] : [{ id: "out", label: t("view:folder.out"), icon: FolderMinus, perform: () => tell(put(withSetting(one, "folder", null))) }]),
            ],
          },
        ],
      },
      {
        items: [
          { id: "lock", label: one.locked ? t("view:unlock") : t("view:lock"), hint: t("view:lock_hint"), icon: one.locked ? LockOpen : Lock, perform: () => tell(put({ ...one, locked: !one.locked })) },
          isPrivate(one)
            ? { id: "share", label: t("view:share"), hint: t(isMine(one) ? "view:share_hint" : "view:marked_hint"), icon: Users, disabled: one.locked, perform: () => tell(put(withSetting(one, "private", null))) }
            : { id: "private", label: t("view:make_private"), hint: t(last ? "view:last_shared" : "view:private_hint"), icon: UserLock, disabled: one.locked || last, perform: () => tell(put(withSetting(one, "private", true))) },
        ],
      },
      { items: [{ id: "remove", label: t("view:remove"), icon: Trash2, danger: true, disabled: last || one.locked, ...(table.views.length === 1 ? { hint: t("view:last") } : last ? { hint: t("view:last_shared") } : one.locked ? { hint: t("view:locked") } : {}), perform: () => tell(remove(one)) }] },
    ];
  };

  const sign = (one: View) => {
    const Icon = viewIcons[one.kind];
    return <Icon size={14} aria-hidden className="shrink-0 text-muted" />;
  };
  const marks = (one: View) => (
    <>
      {one.locked && <Lock size={12} role="img" aria-label={t("view:locked")} className="shrink-0 text-muted" />}
      {isPrivate(one) && (
        <span title={t(isMine(one) ? "view:mine" : "view:marked_hint")} className="inline-flex shrink-0">
          <UserLock size={12} role="img" aria-label={t(isMine(one) ? "view:mine" : "view:private")} className={isMine(one) ? "text-accent-text" : "text-muted"} />
        </span>
      )}
    </>
  );
  const tab = (one: View) => {
    const current = one.id === view.id;
    return (
      <span key={one.id} data-view-tab={one.id} className={clsx("inline-flex h-7 shrink-0 items-center rounded-md", current ? "bg-selected" : "hover:bg-hover")}>
        <a
          href={`#${basePath(base, table.id, { view: one.id })}`}
          aria-current={current ? "page" : undefined}
          draggable={false}
          onPointerDown={(event) =>
            startDrag(event, {
              label: one.name,
              target: "[data-view-tab]",
              over: (target, at) => {
                const box = target.getBoundingClientRect();
                return at.x < box.left + box.width / 2 ? "before" : "after";
              },
              drop: (target, side) => {
                const ids = table.views.map((each) => each.id).filter((id) => id !== one.id);
                const place = ids.indexOf(Number(target.dataset["viewTab"]));
                if (place >= 0) move(one, place + (side === "after" ? 1 : 0));
              },
            })
          }
          onKeyDown={(event) => {
            const at = table.views.findIndex((each) => each.id === one.id);
            if (event.altKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) move(one, at + (event.key === "ArrowLeft" ? -1 : 1));
            else if (event.key === "F2" && !one.locked) rename(one);
            else if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
              const box = event.currentTarget.getBoundingClientRect();
              setMenu({ view: one, at: { x: box.left, y: box.bottom } });
            } else return;
            event.preventDefault();
            event.stopPropagation();
          }}
          onContextMenu={(event) => {
            event.preventDefault();
            setMenu({ view: one, at: { x: event.clientX, y: event.clientY } });
          }}
          className={clsx("inline-flex h-full max-w-52 items-center gap-1.5 rounded-md px-2 text-sm", current ? "font-medium" : "text-muted")}
        >
          {sign(one)}
          <bdi className="truncate">{one.name}</bdi>
          {marks(one)}
        </a>
        {current && <Menu label={one.name} trigger={<IconButton icon={ChevronDown} size={14} className="!size-6" label={t("view:menu", { name: one.name })} />} groups={groups(one)} />}
      </span>
    );
  };

  return (
    <div ref={bar} className="flex min-h-9 shrink-0 items-center gap-1 overflow-x-auto border-b border-line bg-surface px-2 py-1">
      <nav aria-label={t("view:views")} className="flex items-center gap-0.5">
        {tabEntries(table.views).map((entry) => {
          if (entry.folder === "") return entry.views.map(tab);
          const inside = entry.views.find((one) => one.id === view.id);
          return (
            <span key={`folder-${entry.folder}`} className="inline-flex shrink-0 items-center gap-0.5">
              <Menu
                label={entry.folder}
                trigger={
                  <Button small kind="quiet" icon={Folder} className="max-w-52 !text-sm !text-muted">
                    <bdi className="truncate">{entry.folder}</bdi>
                    <ChevronDown size={13} aria-hidden className="shrink-0" />
                  </Button>
                }
                groups={[{ items: entry.views.map((one) => ({ id: String(one.id), label: one.name, ...(isMine(one) ? { hint: t("view:mine") } : {}), checked: one.id === view.id, perform: () => open(one) })) }]}
              />
              {inside && tab(inside)}
            </span>
          );
        })}
      </nav>
      {!fixed && (
        <Menu
          label={t("view:add")}
          trigger={<IconButton icon={Plus} label={t("view:add")} />}
          groups={[
            { title: t("view:add"), items: viewKinds.map((kind) => ({ id: kind, label: t(`view:kind.${kind}`), hint: t(`view:kind_hint.${kind}`), icon: viewIcons[kind], perform: () => setNaming({ title: t("view:add_kind", { kind: t(`view:kind.${kind}`) }), start: freeName(t(`view:kind.${kind}`), names), confirm: t("common:add"), run: (name) => add(kind, name, null) }) })) },
            ...(others === 0 ? [] : [{ items: [{ id: "claim", label: t("view:claim", { count: others }), hint: t("view:claim_hint"), icon: UserLock, perform: () => setClaiming(true) }] }]),
          ]}
        />
      )}
      <ContextMenu at={menu?.at ?? null} onClose={() => setMenu(null)} label={menu?.view.name ?? ""} groups={menu ? groups(menu.view) : []} />
      <ConfirmDialog open={claiming} title={t("view:claim_title", { count: others })} confirm={t("view:claim_run")} cancel={t("common:cancel")} onClose={() => setClaiming(false)} onConfirm={claim}>
        {t("view:claim_body")}
      </ConfirmDialog>
      {naming && <NameDialog title={naming.title} start={naming.start} confirm={naming.confirm} onClose={() => setNaming(null)} onName={naming.run} />}
    </div>
  );
}
