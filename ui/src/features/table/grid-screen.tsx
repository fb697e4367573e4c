// The grid of a table view: its records with their groups, colours and figures, menus of columns and rows,
// and what is done with ticked records.
import { ArrowDownAZ, ArrowUpAZ, ClipboardCopy, Copy, CopyPlus, EyeOff, Filter, Link2, Lock, LockOpen, Mails, Maximize2, MoveLeft, MoveRight, PanelLeft, PanelRight, Pencil, PinIcon, PinOff, Plus, Replace, SquareCheck, TableOfContents, Trash2 } from "lucide-react";
import { useCallback, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from "react";
import { Button, ConfirmDialog, ContextMenu, toast, type MenuGroup } from "../../design";
import { call, toEngineError, useRead, type Base, type Column, type RecordId, type RecordRow } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { ErrorPane, rowHeights, tellError, useActions, useSettings, wordsOf } from "../../shell";
import { BulkDialog } from "../bulk";
import { BaseContext } from "../cell/base-context";
import { canWrite, familyOf } from "../cell/kinds";
import { linkedOf } from "../cell/linked";
import { isEmpty } from "../cell/show";
import { ColumnDialog } from "../column/column-dialog";
import { RecordGrid, type RecordGridHandle } from "../record/grid";
import { FindBar } from "../record/find-bar";
import type { Range } from "../record/keys";
import { groupedLines, groupKeys, type GroupLine } from "../record/lines";
import { RecordSource } from "../record/source";
import { isTicked, noTicks, tick, tickedCount, type Ticks } from "../record/ticks";
import { asGroup, newRule } from "../filter/filter";
import { isGroupable, MOST_GROUPS } from "../view/group-editor";
import { usePainter } from "../view/painter";
import type { ViewScreenProps } from "../view/screen";
import { ToolButton } from "../view/toolbar";
import { figuresOf, withSetting } from "../view/settings";
import { duplicateRecords, lockRecords } from "./acts";
import { shownColumns } from "./shown-columns";
import { SelectionFigures } from "./selection-figures";
import { useShutGroups } from "./shut-groups";
import { offerBaseUndo, withdrawOffer } from "./undo";

/** What the grid adds to the toolbar. */
export interface GridTools {
  openAll?: (() => void) | undefined;
  shutAll?: (() => void) | undefined;
  buttons?: ReactNode;
}

/** By then what closed is out of the document and has given its focus back, ms. */
const FOCUS_BACK_MS = 60;

export interface GridScreenProps extends ViewScreenProps {
  whole: Base;
  toolbar: (tools: GridTools) => ReactNode;
}

export function GridScreen({ base, whole, table, view, search, language, onView, onOpen, onWrite, onAdd, onRemove, toolbar }: GridScreenProps) {
  const t = useT();
  const format = useFormats();
  const settings = useSettings();
  const aim = useMemo(() => ({ base, table: table.id, view: view.id, filter: null, search: search || null, sorts: null }), [base, table.id, view.id, search]);
  const [source] = useState(() => new RecordSource(aim));
  useEffect(() => source.retarget(aim), [source, aim]);
  useEffect(() => {
    source.start();
    return () => source.end();
  }, [source]);
  const version = useSyncExternalStore(source.subscribe, source.editions);

  const [ticks, setTicks] = useState<Ticks>(noTicks);
  const aimKey = JSON.stringify([aim, view.filter]);
  useEffect(() => setTicks((now) => (now.all ? noTicks : now)), [aimKey]);
  const [columnMenu, setColumnMenu] = useState<{ column: Column; at: { x: number; y: number } } | null>(null);
  const [rowMenu, setRowMenu] = useState<{ row: RecordRow; index: number; column: Column; at: { x: number; y: number } } | null>(null);
  const [editing, setEditing] = useState<{ column: Column | null; position?: number } | null>(null);
  const [removing, setRemoving] = useState<{ count: number } | null>(null);
  const [sending, setSending] = useState(false);
  const [finding, setFinding] = useState(false);
  const [selection, setSelection] = useState<Range | null>(null);
  const grid = useRef<RecordGridHandle>(null);

  const columns = useMemo(() => shownColumns(table, view), [table, view]);
  const total = Math.max(0, source.total);
  const ticked = tickedCount(ticks, total);
  const density = rowHeights(settings.density);
  const lines = Math.min(4, Math.max(1, view.row_height));
  const rowHeight = lines === 1 ? density.line : 14 + lines * 20;

  const list = { base, table: table.id, view: view.id, search: search || null };
  const isGrouped = view.groups.length > 0;
  const grouped = useRead("record.groups", isGrouped ? list : null, { keep: true });
  const [shut, setShut] = useShutGroups(base, view.id);
  const groups = isGrouped ? grouped.data : undefined;
  const plan = useMemo(() => (groups && !groups.truncated ? groupedLines(groups.groups, shut) : null), [groups, shut]);
  const figures = useMemo(() => figuresOf(view), [view]);
  const summary = useRead("record.summary", figures.size > 0 ? { ...list, columns: [...figures.keys()] } : null, { keep: true }).data;
  const painter = usePainter(base, table, view, language);
  const onGroup = useCallback(
    (head: GroupLine, open: boolean) => {
      const next = new Set(shut);
      if (open) next.delete(head.key);
      else next.add(head.key);
      setShut(next);
    },
    [shut, setShut],
  );

  const add = async (cells: Record<number, unknown> = {}) => {
    const made = await onAdd(cells);
    if (made === null) return;
    await source.refresh();
    const at = source.indexOf(made);
    grid.current?.moveTo(at >= 0 ? at : source.total - 1);
    grid.current?.focus();
  };
  const remove = async (ids: RecordId[]) => {
    if (!(await onRemove(ids))) return;
    setTicks((now) => (now.all ? noTicks : tick(now, ids, false)));
    await source.refresh();
    grid.current?.focus();
  };
  /** A record in a group begins with what the group, and those around it, are of. */
  const addInGroup = (head: GroupLine) => {
    const cells = Object.fromEntries(
      view.groups.slice(0, head.level + 1).flatMap((one, at): [number, unknown][] => {
        const column = table.columns.find((each) => each.id === one.column);
        const value = head.path[at];
        return column && canWrite(column) && !isEmpty(value) ? [[column.id, value]] : [];
      }),
    );
    void add(cells);
  };
  const open = (index: number) => onOpen({ source, index, moved: (next) => grid.current?.moveTo(next), focus: () => grid.current?.focus() });
  const tickedIds = async (): Promise<RecordId[]> => (ticks.all ? (await source.ids()).filter((id) => isTicked(ticks, id)) : [...ticks.ids]);
  const columnAct = async (run: () => Promise<unknown>, done?: string) => {
    try {
      await run();
      if (done !== undefined) offerBaseUndo(base, done);
    } catch (thrown) {
      tellError(toEngineError(thrown));
    }
  };
  const filterBy = (column: Column, value?: unknown) => {
    const rule = newRule(column);
    const kind = familyOf(column.type);
    const known = value !== undefined && !isEmpty(value);
    if (value !== undefined) {
      if (!known) rule.predicate = kind === "flag" ? "is" : "is_empty";
      else if (kind === "text" || kind === "person") rule.predicate = "is";
      rule.value = kind === "flag" ? value === true : known ? (kind === "date" ? String(value).slice(0, 10) : value) : null;
    }
    const group = asGroup(view.filter);
    const next = group.all ? { ...group, items: [...group.items, rule] } : { kind: "group" as const, all: true, items: [group, rule] };
    onView({ ...view, filter: next });
  };

  // Nothing can be written: nothing offers to.
  const fixed = Boolean(whole.read_only);
  useActions([
    ...(fixed ? [] : [{ id: "record.add", title: "record:add" as const, icon: Plus, keys: ["mod+enter"], scope: "base" as const, perform: () => void add() }]),
    ...(fixed ? [] : [{ id: "column.add", title: "column:add" as const, icon: Plus, scope: "base" as const, perform: () => setEditing({ column: null }) }]),
    { id: "record.find", title: "record:find.title", icon: Replace, keys: ["mod+h"], scope: "base", perform: () => setFinding(true) },
    { id: "record.untick", title: "record:untick", scope: "base", when: () => ticked > 0, perform: () => setTicks(noTicks) },
    { id: "bulk.send", title: "bulk:send_letters", icon: Mails, scope: "base", when: () => total > 0, perform: () => setSending(true) },
  ]);

  const columnGroups = (column: Column): MenuGroup[] => {
    const sortBy = (descending: boolean) => onView({ ...view, sorts: [{ column: column.id, descending }, ...view.sorts.filter((one) => one.column !== column.id)] });
    const at = table.columns.findIndex((one) => one.id === column.id);
    const shownAt = columns.findIndex((one) => one.id === column.id);
    const { locked } = view;
    const isFrozen = shownAt < Math.max(1, view.frozen);
    // A view with an order of its own moves the column in that; else the table's is moved.
    const moveBy = (by: 1 | -1) => {
      if (view.order.length === 0) return columnAct(() => call("column.update", { base, table: table.id, column: column.id, position: at + by }));
      const order = shownColumns(table, { ...view, hidden: [] }).map((one) => one.id);
      const from = order.indexOf(column.id);
      onView({ ...view, order: order.toSpliced(from, 1).toSpliced(from + by, 0, column.id) });
      return Promise.resolve();
    };
    return [
      { items: [{ id: "edit", label: t("column:edit"), icon: Pencil, disabled: fixed, perform: () => setEditing({ column }) }] },
      {
        items: [
          { id: "up", label: t("column:sort_up"), icon: ArrowDownAZ, disabled: locked, perform: () => sortBy(false) },
          { id: "down", label: t("column:sort_down"), icon: ArrowUpAZ, disabled: locked, perform: () => sortBy(true) },
          { id: "filter", label: t("column:filter"), icon: Filter, disabled: locked, perform: () => filterBy(column) },
          { id: "group", label: t("column:group"), icon: TableOfContents, disabled: locked || !isGroupable(column) || view.groups.length >= MOST_GROUPS || view.groups.some((one) => one.column === column.id), perform: () => onView({ ...view, groups: [...view.groups, { column: column.id, descending: false }] }) },
          { id: "freeze", label: isFrozen && shownAt > 0 ? t("column:unfreeze") : t("column:freeze"), icon: isFrozen && shownAt > 0 ? PinOff : PinIcon, disabled: locked || (shownAt === 0 && view.frozen <= 1), perform: () => onView({ ...view, frozen: isFrozen && shownAt > 0 ? shownAt : shownAt + 1 }) },
          { id: "hide", label: t("column:hide"), icon: EyeOff, disabled: locked || shownAt === 0, perform: () => onView({ ...view, hidden: [...view.hidden, column.id] }) },
        ],
      },
      {
        items: [
          { id: "before", label: t("column:insert_before"), icon: PanelLeft, disabled: fixed || at === 0, perform: () => setEditing({ column: null, position: at }) },
          { id: "after", label: t("column:insert_after"), icon: PanelRight, disabled: fixed, perform: () => setEditing({ column: null, position: at + 1 }) },
          { id: "duplicate", label: t("column:duplicate"), icon: CopyPlus, disabled: fixed, perform: () => void columnAct(() => call("column.duplicate", { base, table: table.id, column: column.id, name: null }), t("column:duplicated", { name: column.name })) },
          { id: "left", label: t("column:move_left"), icon: MoveLeft, disabled: fixed || shownAt <= 1, perform: () => void moveBy(-1) },
          { id: "right", label: t("column:move_right"), icon: MoveRight, disabled: fixed || shownAt === 0 || shownAt === columns.length - 1, perform: () => void moveBy(1) },
        ],
      },
      { items: [{ id: "remove", label: t("column:remove"), icon: Trash2, danger: true, disabled: fixed || table.columns.length === 1, perform: () => void columnAct(() => call("column.remove", { base, table: table.id, column: column.id }), t("column:removed", { name: column.name })) }] },
    ];
  };
  const askRemove = () => {
    // A few can be taken back by the toast; for many the question comes first.
    if (ticked > 100) setRemoving({ count: ticked });
    else void tickedIds().then(remove);
  };
  const many = (row: RecordRow) => ticked > 1 && isTicked(ticks, row.id);
  const chosen = async (row: RecordRow): Promise<RecordId[]> => (many(row) ? tickedIds() : [row.id]);
  const duplicate = async (ids: RecordId[]) => {
    const [made] = await duplicateRecords(base, table, ids);
    if (made === undefined) return;
    await source.refresh();
    const at = source.indexOf(made);
    if (at >= 0) grid.current?.moveTo(at);
    grid.current?.focus();
  };
  const showHit = useCallback(
    (hit: { offset: number; column: number }) => {
      const col = columns.findIndex((one) => one.id === hit.column);
      grid.current?.moveTo(hit.offset, Math.max(0, col));
    },
    [columns],
  );
  const around = useContext(BaseContext);
  const linkedGroup = (row: RecordRow, column: Column): MenuGroup[] => {
    const far = column.type === "link" ? whole.tables.find((one) => one.id === column.settings["table"]) : undefined;
    if (!far || !around) return [];
    return [{ items: linkedOf(source.value(row, column.id)).slice(0, 8).map((one) => ({ id: `linked-${one.id}`, label: t("link:open", { name: one.text || t("link:untitled", { id: one.id }) }), icon: Link2, perform: () => around.openRecord(far, one.id) })) }];
  };
  const rowGroups = ({ row, index, column }: { row: RecordRow; index: number; column: Column }): MenuGroup[] => [
    ...linkedGroup(row, column),
    {
      items: [
        { id: "open", label: t("record:expand_row"), icon: Maximize2, keys: "space", perform: () => open(index) },
        { id: "tick", label: t(isTicked(ticks, row.id) ? "record:untick_row" : "record:tick_row"), icon: SquareCheck, keys: "shift+space", perform: () => setTicks(tick(ticks, [row.id], !isTicked(ticks, row.id))) },
        { id: "only", label: t("record:only_this", { name: column.name }), icon: Filter, disabled: view.locked || familyOf(column.type) === "presence", perform: () => filterBy(column, column.type === "multiple_select" ? source.value(row, column.id) : (source.value(row, column.id) ?? null)) },
      ],
    },
    {
      items: [
        { id: "duplicate", label: many(row) ? t("record:duplicate_ticked", { count: ticked }) : t("record:duplicate"), icon: Copy, disabled: fixed, perform: () => void chosen(row).then(duplicate) },
        { id: "lock", label: many(row) ? t(row.locked ? "record:unlock_ticked" : "record:lock_ticked", { count: ticked }) : t(row.locked ? "record:unlock" : "record:lock"), icon: row.locked ? LockOpen : Lock, disabled: fixed, perform: () => void chosen(row).then((ids) => lockRecords(base, table, ids, !row.locked)) },
        { id: "copy", label: t("record:copy_cells"), icon: ClipboardCopy, keys: "mod+c", perform: () => { grid.current?.focus(); document.execCommand("copy"); } },
      ],
    },
    {
      items: [
        { id: "remove", label: ticked > 0 && isTicked(ticks, row.id) ? t("record:remove_ticked", { count: ticked }) : t("record:remove"), icon: Trash2, danger: true, disabled: fixed, perform: () => (ticked > 0 && isTicked(ticks, row.id) ? askRemove() : void remove([row.id])) },
      ],
    },
  ];

  // What opened a menu or a dialog may be drawn anew or be no stop of Tab: the grid takes the keys again, unless
  // something else was opened or asked for them.
  const backToGrid = () => {
    const look = () => {
      const focused = document.activeElement;
      if (document.querySelector("[data-modal]") || (focused && focused !== document.body && !focused.closest("[role=columnheader]"))) return;
      grid.current?.focus();
    };
    setTimeout(look, FOCUS_BACK_MS);
  };
  const failed = source.error ?? (isGrouped ? (grouped.error ?? null) : null);
  return (
    <>
      {toolbar({
        openAll: isGrouped ? () => setShut(new Set()) : undefined,
        shutAll: groups ? () => setShut(new Set(groupKeys(groups.groups))) : undefined,
        buttons: (
          <>
            <ToolButton minor icon={Replace} lit={finding} label={t("record:find.title")} onPress={() => setFinding(!finding)} />
            <span aria-hidden className="mx-1 h-5 w-px bg-line" />
            {ticked > 0 ? <Button small kind="primary" icon={Mails} onPress={() => setSending(true)}>{t("bulk:send_letters")}</Button> : <ToolButton icon={Mails} disabled={total === 0} label={t("bulk:send_letters")} onPress={() => setSending(true)} />}
            {ticked > 0 && !fixed && <Button small kind="quiet" icon={Trash2} onPress={askRemove}>{t("record:remove_ticked", { count: ticked })}</Button>}
          </>
        ),
      })}
      {finding && (
        <FindBar
          base={base}
          table={table.id}
          view={view.id}
          columns={columns}
          onHit={showHit}
          onReplaced={(label) => offerBaseUndo(base, label)}
          onClose={() => {
            setFinding(false);
            grid.current?.focus();
          }}
        />
      )}
      {failed && source.total < 0 ? (
        <ErrorPane error={failed} onRetry={() => void source.refresh()} />
      ) : (
        <>
          {failed && (
            <div role="alert" className="flex items-center gap-3 bg-danger-soft px-3 py-1 text-sm">
              <span className="min-w-0 flex-1 truncate">{wordsOf(failed)}</span>
              <Button small onPress={() => (view.filter ? onView({ ...view, filter: null }) : void source.refresh())}>{view.filter ? t("view:filter.clear") : t("common:retry")}</Button>
            </div>
          )}
          <RecordGrid
            ref={grid}
            label={table.name}
            source={source}
            columns={columns}
            allColumns={table.columns}
            view={view}
            lines={lines}
            rowHeight={rowHeight}
            ticks={ticks}
            onTicks={setTicks}
            plan={plan}
            onGroup={onGroup}
            onAddInGroup={addInGroup}
            painter={painter}
            figures={figures}
            summary={summary}
            onFigure={(column, name) => onView(withSetting(view, "summaries", Object.fromEntries([...figures].filter(([id]) => id !== column.id).concat(name ? [[column.id, name]] : []))))}
            onSelection={setSelection}
            onExpand={open}
            onColumnMenu={(column, at) => setColumnMenu({ column, at })}
            onRowMenu={(which, at) => setRowMenu({ ...which, at })}
            onWidth={(column, width) => void columnAct(() => call("column.update", { base, table: table.id, column, width }))}
            onAddColumn={fixed ? null : () => setEditing({ column: null })}
            onAdd={fixed ? null : () => void add()}
            onWrite={onWrite}
            onEdited={withdrawOffer}
          />
        </>
      )}
      <footer className="flex h-7 shrink-0 items-center gap-3 overflow-hidden border-t border-line bg-sunken px-3 text-xs text-muted">
        <span role="status" className="whitespace-nowrap">{source.total < 0 ? t("common:loading") : search !== "" || view.filter ? t("record:found", { count: total }) : t("record:count", { count: total })}</span>
        {groups?.truncated && <span className="truncate text-warning-text">{t("view:group.truncated")}</span>}
        {ticked > 0 && (
          <>
            <span className="whitespace-nowrap text-accent-text">{t("record:ticked", { count: ticked })}</span>
            <Button small kind="quiet" className="!h-6" onPress={() => setTicks(noTicks)}>{t("record:untick")}</Button>
          </>
        )}
        <span className="flex-1" />
        {selection ? <SelectionFigures source={source} columns={columns} range={selection} version={version} /> : <span className="truncate">{table.description || t("record:hint", { n: format.number(columns.length) })}</span>}
      </footer>
      <ContextMenu at={columnMenu?.at ?? null} onClose={() => { setColumnMenu(null); backToGrid(); }} label={columnMenu?.column.name ?? ""} groups={columnMenu ? columnGroups(columnMenu.column) : []} />
      <ContextMenu at={rowMenu?.at ?? null} onClose={() => { setRowMenu(null); backToGrid(); }} label={t("record:menu")} groups={rowMenu ? rowGroups(rowMenu) : []} />
      {editing && (
        <ColumnDialog
          base={base}
          table={table}
          column={editing.column}
          position={editing.position}
          onClose={() => {
            setEditing(null);
            backToGrid();
          }}
          onDone={(converted) => {
            setEditing(null);
            backToGrid();
            if (converted) offerBaseUndo(base, t("column:converted", { name: editing.column?.name }));
            else if (editing.column === null) toast(t("column:added"));
          }}
        />
      )}
      <ConfirmDialog open={removing !== null} onClose={() => setRemoving(null)} title={t("record:remove_many", { count: removing?.count ?? 0 })} confirm={t("record:remove_confirm")} cancel={t("common:cancel")} danger onConfirm={async () => remove(await tickedIds())}>
        {t("record:remove_hint")}
      </ConfirmDialog>
      {sending && (
        <BulkDialog
          base={whole}
          table={table}
          target={{ ids: ticked > 0 && (!ticks.all || ticks.ids.size > 0) ? tickedIds : search !== "" ? () => source.ids() : null, view: view.id, count: ticked > 0 ? ticked : total, ticked: ticked > 0, value: (record, column) => { const found = source.row(source.indexOf(record)); return found ? source.value(found, column) : undefined; } }}
          onClose={() => setSending(false)}
        />
      )}
    </>
  );
}
