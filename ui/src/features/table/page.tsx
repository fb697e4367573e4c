// One table: its toolbar, its grid, and the record that is open beside it.
import { ArrowDownAZ, ArrowUpAZ, ClipboardCopy, Copy, EyeOff, Filter, Mails, Maximize2, Pencil, PanelLeft, PanelRight, Plus, Redo2, Search, SquareCheck, Trash2, Undo2, MoveLeft, MoveRight } from "lucide-react";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { Button, ConfirmDialog, ContextMenu, Splitter, toast, type MenuGroup } from "../../design";
import { call, toEngineError, type Base, type Column, type RecordId, type RecordRow, type Table, type View, type ViewId } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { basePath, ErrorPane, go, rowHeights, setUndoScope, tellError, useActions, useLayoutSize, useScope, useSettings } from "../../shell";
import { BulkDialog } from "../bulk";
import { ColumnDialog } from "../column/column-dialog";
import { familyOf, isWritable } from "../cell/kinds";
import { isEmpty } from "../cell/show";
import { offerBaseUndo, redoBase, undoBase, withdrawOffer } from "./undo";
import { startDraft } from "../draft";
import { RecordGrid, type RecordGridHandle } from "../record/grid";
import { RecordPanel } from "../record/panel";
import { RecordSource } from "../record/source";
import { isTicked, noTicks, tick, tickedCount, type Ticks } from "../record/ticks";
import { asGroup, newRule } from "../view/filter";
import { ViewToolbar } from "../view/toolbar";
import { useView } from "./use-view";

/** A search is asked once typing rests, ms. */
const REST_MS = 180;

export interface TablePageProps {
  base: Base;
  table: Table;
  viewId: ViewId | null;
  /** The window is too narrow for a panel beside the grid. */
  narrow: boolean;
}

/** Columns of a view in its order, without the hidden ones; the first is always shown. */
export function shownColumns(table: Table, view: View): Column[] {
  const place = new Map(view.order.map((id, at) => [id, at]));
  const ordered = view.order.length === 0 ? table.columns : table.columns.toSorted((a, b) => (place.get(a.id) ?? 1e9) - (place.get(b.id) ?? 1e9));
  return ordered.filter((column, at) => at === 0 || !view.hidden.includes(column.id));
}

export function TablePage({ base, table, viewId, narrow }: TablePageProps) {
  const t = useT();
  const format = useFormats();
  const settings = useSettings();
  const { view, change } = useView(base.id, table, viewId);
  const [typed, setTyped] = useState("");
  const [search, setSearch] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), typed === "" ? 0 : REST_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const aim = useMemo(() => ({ base: base.id, table: table.id, view: view.id, filter: null, search: search || null, sorts: null }), [base.id, table.id, view.id, search]);
  const [source] = useState(() => new RecordSource(aim));
  useEffect(() => source.retarget(aim), [source, aim]);
  useEffect(() => {
    source.start();
    return () => source.end();
  }, [source]);
  useSyncExternalStore(source.subscribe, source.snapshot);

  const [ticks, setTicks] = useState<Ticks>(noTicks);
  const aimKey = JSON.stringify([aim, view.filter]);
  useEffect(() => setTicks((now) => (now.all ? noTicks : now)), [aimKey]);
  const [openAt, setOpenAt] = useState<number | null>(null);
  const [columnMenu, setColumnMenu] = useState<{ column: Column; at: { x: number; y: number } } | null>(null);
  const [rowMenu, setRowMenu] = useState<{ row: RecordRow; index: number; column: Column; at: { x: number; y: number } } | null>(null);
  const [editing, setEditing] = useState<{ column: Column | null; position?: number } | null>(null);
  const [removing, setRemoving] = useState<{ count: number } | null>(null);
  const [sending, setSending] = useState(false);
  const [panel, setPanel, keepPanel] = useLayoutSize("base.panel", 420);
  const grid = useRef<RecordGridHandle>(null);
  const searchField = useRef<HTMLInputElement>(null);

  useEffect(() => setUndoScope(`base:${base.id}`), [base.id]);
  useScope("base");

  const columns = useMemo(() => shownColumns(table, view), [table, view]);
  const total = Math.max(0, source.total);
  const ticked = tickedCount(ticks, total);
  const density = rowHeights(settings.density);
  const lines = Math.min(4, Math.max(1, view.row_height));
  const rowHeight = lines === 1 ? density.line : 14 + lines * 20;

  const add = async (cells: Record<number, unknown> = {}, after = true) => {
    withdrawOffer();
    try {
      const { records } = await call("record.add", { base: base.id, table: table.id, records: [cells] });
      await source.refresh();
      const at = records[0] === undefined ? -1 : source.indexOf(records[0]);
      if (after) grid.current?.moveTo(at >= 0 ? at : source.total - 1);
      grid.current?.focus();
    } catch (thrown) {
      tellError(toEngineError(thrown));
    }
  };
  const duplicate = async (row: RecordRow) => {
    const cells = Object.fromEntries(table.columns.filter((column) => isWritable(column.type) && !isEmpty(source.value(row, column.id))).map((column) => [column.id, source.value(row, column.id)]));
    await add(cells);
  };
  const remove = async (ids: RecordId[]) => {
    if (ids.length === 0) return;
    try {
      await call("record.remove", { base: base.id, table: table.id, records: ids });
      setTicks((now) => (now.all ? noTicks : tick(now, ids, false)));
      await source.refresh();
      offerBaseUndo(base.id, t("record:removed", { count: ids.length }));
      grid.current?.focus();
    } catch (thrown) {
      tellError(toEngineError(thrown));
      throw thrown;
    }
  };
  const tickedIds = async (): Promise<RecordId[]> => (ticks.all ? (await source.ids()).filter((id) => isTicked(ticks, id)) : [...ticks.ids]);
  const writeTo = (address: string) => {
    const found = /^(.*?)<([^<>]+)>\s*$/.exec(address);
    void startDraft({ kind: "new", to: [found ? { name: (found[1] ?? "").trim(), email: (found[2] ?? "").trim() } : { name: "", email: address.trim() }] });
  };
  const columnAct = async (run: () => Promise<unknown>, done?: string) => {
    try {
      await run();
      if (done !== undefined) offerBaseUndo(base.id, done);
    } catch (thrown) {
      tellError(toEngineError(thrown));
    }
  };
  const place = (column: Column) => table.columns.findIndex((one) => one.id === column.id);
  const filterBy = (column: Column, value?: unknown) => {
    const rule = newRule(column);
    const kind = familyOf(column.type);
    const known = value !== undefined && !isEmpty(value);
    if (value !== undefined) {
      if (!known) rule.predicate = kind === "flag" ? "is" : "is_empty";
      else if (kind === "text") rule.predicate = "is";
      rule.value = kind === "flag" ? value === true : known ? (kind === "date" ? String(value).slice(0, 10) : value) : null;
    }
    const group = asGroup(view.filter);
    const next = group.all ? { ...group, items: [...group.items, rule] } : { kind: "group" as const, all: true, items: [group, rule] };
    change({ ...view, filter: next });
  };

  useActions([
    { id: "base.undo", title: "base:undo", icon: Undo2, keys: ["mod+z"], scope: "base", perform: () => void undoBase(base.id) },
    { id: "base.redo", title: "base:redo", icon: Redo2, keys: ["mod+shift+z", "mod+y"], scope: "base", perform: () => void redoBase(base.id) },
    { id: "record.add", title: "record:add", icon: Plus, keys: ["mod+enter"], scope: "base", perform: () => void add() },
    { id: "record.search", title: "record:search", icon: Search, keys: ["/", "mod+f"], scope: "base", perform: () => searchField.current?.focus() },
    { id: "record.untick", title: "record:untick", scope: "base", when: () => ticked > 0, perform: () => setTicks(noTicks) },
    { id: "column.add", title: "column:add", icon: Plus, scope: "base", perform: () => setEditing({ column: null }) },
    { id: "bulk.send", title: "bulk:send_letters", icon: Mails, scope: "base", when: () => total > 0, perform: () => setSending(true) },
  ]);

  const columnGroups = (column: Column): MenuGroup[] => {
    const sortBy = (descending: boolean) => change({ ...view, sorts: [{ column: column.id, descending }, ...view.sorts.filter((one) => one.column !== column.id)] });
    const at = place(column);
    const locked = view.locked;
    return [
      { items: [{ id: "edit", label: t("column:edit"), icon: Pencil, perform: () => setEditing({ column }) }] },
      {
        items: [
          { id: "up", label: t("column:sort_up"), icon: ArrowDownAZ, disabled: locked, perform: () => sortBy(false) },
          { id: "down", label: t("column:sort_down"), icon: ArrowUpAZ, disabled: locked, perform: () => sortBy(true) },
          { id: "filter", label: t("column:filter"), icon: Filter, disabled: locked, perform: () => filterBy(column) },
          { id: "hide", label: t("column:hide"), icon: EyeOff, disabled: locked || columns[0]?.id === column.id, perform: () => change({ ...view, hidden: [...view.hidden, column.id] }) },
        ],
      },
      {
        items: [
          { id: "before", label: t("column:insert_before"), icon: PanelLeft, disabled: at === 0, perform: () => setEditing({ column: null, position: at }) },
          { id: "after", label: t("column:insert_after"), icon: PanelRight, perform: () => setEditing({ column: null, position: at + 1 }) },
          { id: "left", label: t("column:move_left"), icon: MoveLeft, disabled: at <= 1 || view.order.length > 0, perform: () => void columnAct(() => call("column.update", { base: base.id, table: table.id, column: column.id, position: at - 1 })) },
          { id: "right", label: t("column:move_right"), icon: MoveRight, disabled: at === 0 || at === table.columns.length - 1 || view.order.length > 0, perform: () => void columnAct(() => call("column.update", { base: base.id, table: table.id, column: column.id, position: at + 1 })) },
        ],
      },
      { items: [{ id: "remove", label: t("column:remove"), icon: Trash2, danger: true, disabled: table.columns.length === 1, perform: () => void columnAct(() => call("column.remove", { base: base.id, table: table.id, column: column.id }), t("column:removed", { name: column.name })) }] },
    ];
  };
  const rowGroups = ({ row, index, column }: { row: RecordRow; index: number; column: Column }): MenuGroup[] => [
    {
      items: [
        { id: "open", label: t("record:expand_row"), icon: Maximize2, keys: "space", perform: () => setOpenAt(index) },
        { id: "tick", label: t(isTicked(ticks, row.id) ? "record:untick_row" : "record:tick_row"), icon: SquareCheck, keys: "shift+space", perform: () => setTicks(tick(ticks, [row.id], !isTicked(ticks, row.id))) },
        { id: "only", label: t("record:only_this", { name: column.name }), icon: Filter, disabled: view.locked || familyOf(column.type) === "presence", perform: () => filterBy(column, column.type === "multiple_select" ? source.value(row, column.id) : (source.value(row, column.id) ?? null)) },
      ],
    },
    {
      items: [
        { id: "duplicate", label: t("record:duplicate"), icon: Copy, perform: () => void duplicate(row) },
        { id: "copy", label: t("record:copy_cells"), icon: ClipboardCopy, keys: "mod+c", perform: () => { grid.current?.focus(); document.execCommand("copy"); } },
      ],
    },
    {
      items: [
        { id: "remove", label: ticked > 0 && isTicked(ticks, row.id) ? t("record:remove_ticked", { count: ticked }) : t("record:remove"), icon: Trash2, danger: true, perform: () => (ticked > 0 && isTicked(ticks, row.id) ? askRemove() : void remove([row.id]).catch(() => {})) },
      ],
    },
  ];
  const askRemove = () => {
    // A few can be taken back by the toast; for many the question comes first.
    if (ticked > 100) setRemoving({ count: ticked });
    else void tickedIds().then(remove).catch(() => {});
  };

  const openRow = openAt === null ? undefined : source.row(openAt);
  const step = (by: 1 | -1) => {
    if (openAt === null) return;
    const next = Math.min(total - 1, Math.max(0, openAt + by));
    setOpenAt(next);
    grid.current?.moveTo(next);
  };
  const closePanel = () => {
    setOpenAt(null);
    setTimeout(() => grid.current?.focus());
  };
  useEffect(() => {
    if (openAt !== null && total > 0 && openAt >= total) setOpenAt(total - 1);
  }, [openAt, total]);

  const panelShown = openAt !== null && total > 0 && (
    <RecordPanel
      base={base.id}
      table={table.id}
      columns={columns}
      source={source}
      row={openRow}
      index={openAt}
      onStep={step}
      onClose={closePanel}
      onWrite={writeTo}
      onDuplicate={(row) => void duplicate(row)}
      onRemove={(row) => void remove([row.id]).catch(() => {})}
      onEdited={withdrawOffer}
    />
  );

  return (
    <div className="flex min-h-0 min-w-0 flex-1">
      {!(narrow && panelShown) && (
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          <ViewToolbar table={table} view={view} onView={change} onChoose={(one) => go(basePath(base.id, table.id, { view: one.id }))} search={typed} onSearch={setTyped} searchRef={searchField}>
            <span aria-hidden className="mx-1 h-5 w-px bg-line" />
            <Button small kind={ticked > 0 ? "primary" : "quiet"} icon={Mails} isDisabled={total === 0} onPress={() => setSending(true)}>{t("bulk:send_letters")}</Button>
            {ticked > 0 && <Button small kind="quiet" icon={Trash2} onPress={askRemove}>{t("record:remove_ticked", { count: ticked })}</Button>}
          </ViewToolbar>
          {source.error && source.total < 0 ? (
            <ErrorPane error={source.error} onRetry={() => void source.refresh()} />
          ) : (
            <>
              {source.error && (
                <div role="alert" className="flex items-center gap-3 bg-danger-soft px-3 py-1 text-sm">
                  <span className="min-w-0 flex-1 truncate">{source.error.message} {source.error.remedy}</span>
                  <Button small onPress={() => (view.filter ? change({ ...view, filter: null }) : void source.refresh())}>{view.filter ? t("view:filter.clear") : t("common:retry")}</Button>
                </div>
              )}
              <RecordGrid
                ref={grid}
                label={table.name}
                source={source}
                columns={columns}
                view={view}
                lines={lines}
                rowHeight={rowHeight}
                ticks={ticks}
                onTicks={setTicks}
                onExpand={setOpenAt}
                onColumnMenu={(column, at) => setColumnMenu({ column, at })}
                onRowMenu={(which, at) => setRowMenu({ ...which, at })}
                onWidth={(column, width) => void columnAct(() => call("column.update", { base: base.id, table: table.id, column, width }))}
                onAddColumn={() => setEditing({ column: null })}
                onAdd={() => void add()}
                onWrite={writeTo}
                onEdited={withdrawOffer}
              />
            </>
          )}
          <footer className="flex h-8 shrink-0 items-center gap-3 border-t border-line bg-sunken px-3 text-xs text-muted">
            <span role="status">{source.total < 0 ? t("common:loading") : search !== "" || view.filter ? t("record:found", { count: total }) : t("record:count", { count: total })}</span>
            {ticked > 0 && (
              <>
                <span className="text-accent-text">{t("record:ticked", { count: ticked })}</span>
                <Button small kind="quiet" className="!h-6" onPress={() => setTicks(noTicks)}>{t("record:untick")}</Button>
              </>
            )}
            <span className="flex-1" />
            <span className="truncate">{table.description || t("record:hint", { n: format.number(columns.length) })}</span>
          </footer>
        </div>
      )}
      {panelShown && !narrow && (
        <>
          <Splitter label={t("common:resize", { name: t("record:panel") })} after value={panel} min={320} max={760} initial={420} onChange={setPanel} onSettled={keepPanel} />
          <div className="flex min-h-0 shrink-0" style={{ width: `min(${panel}px, 60%)` }}>{panelShown}</div>
        </>
      )}
      {panelShown && narrow && panelShown}
      <ContextMenu at={columnMenu?.at ?? null} onClose={() => setColumnMenu(null)} label={columnMenu?.column.name ?? ""} groups={columnMenu ? columnGroups(columnMenu.column) : []} />
      <ContextMenu at={rowMenu?.at ?? null} onClose={() => setRowMenu(null)} label={t("record:menu")} groups={rowMenu ? rowGroups(rowMenu) : []} />
      {editing && (
        <ColumnDialog
          base={base.id}
          table={table}
          column={editing.column}
          position={editing.position}
          onClose={() => setEditing(null)}
          onDone={(converted) => {
            setEditing(null);
            if (converted) offerBaseUndo(base.id, t("column:converted", { name: editing.column?.name }));
            else if (editing.column === null) toast(t("column:added"));
          }}
        />
      )}
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={t("record:remove_many", { count: removing?.count ?? 0 })}
        confirm={t("record:remove_confirm")}
        cancel={t("common:cancel")}
        danger
        onConfirm={async () => remove(await tickedIds())}
      >
        {t("record:remove_hint")}
      </ConfirmDialog>
      {sending && (
        <BulkDialog
          base={base}
          table={table}
          target={{ ids: ticked > 0 && (!ticks.all || ticks.ids.size > 0) ? tickedIds : search !== "" ? () => source.ids() : null, view: view.id, count: ticked > 0 ? ticked : total, ticked: ticked > 0, value: (record, column) => { const found = source.row(source.indexOf(record)); return found ? source.value(found, column) : undefined; } }}
          onClose={() => setSending(false)}
        />
      )}
    </div>
  );
}
