// A board: a column for each option of a choice, a card for each record. Cards are moved by drag, by Alt
// with the arrow keys, and from their menu.
import { Columns3, MoveRight, Plus, Trash2 } from "lucide-react";
import { useCallback, useRef, useState } from "react";
import { Button, ContextMenu, EmptyState, IconButton, startDrag, TextField, VirtualList, type MenuGroup, type VirtualListHandle } from "../../../design";
import { call, toEngineError, type Column, type RecordRow } from "../../../engine";
import { useFormats, useT } from "../../../i18n";
import { tellError, wordsOf } from "../../../shell";
import { canType } from "../../cell/kinds";
import { useNames } from "../../cell/names";
import { showCell } from "../../cell/show";
import { OptionChip, PersonChip } from "../../cell/view";
import { cardHeight, RecordCard, type CardLook } from "../../record/card";
import { useRecordSource } from "../../record/use-source";
import type { ViewScreenProps } from "../screen";
import { kanbanOf } from "../settings";
import { isByName, laneFilter, lanesOf, movedCell, type LaneValue } from "./lanes";

const COVER_PX = 104;
const GAP_PX = 8;

export function KanbanView(props: ViewScreenProps) {
  const { table, view } = props;
  const settings = kanbanOf(view, table);
  const column = table.columns.find((one) => one.id === settings.column);
  const find = (id: number | null) => table.columns.find((one) => one.id === id) ?? null;
  const look: CardLook = {
    title: find(settings.title),
    image: find(settings.image),
    fields: settings.fields.flatMap((id) => (id === settings.title || id === settings.image || (id === settings.column && column?.type !== "collaborator") ? [] : (find(id) ?? []))),
    coverPx: COVER_PX,
  };
  if (!column) return <NoColumn {...props} />;
  if (isByName(column)) return <NamesBoard key={column.id} {...props} column={column} look={look} hideEmpty={settings.hide_empty} />;
  return <Board {...props} column={column} names={[]} look={look} hideEmpty={settings.hide_empty} />;
}

interface BoardProps extends ViewScreenProps {
  column: Column;
  look: CardLook;
  hideEmpty: boolean;
}

/** A board whose columns the records tell; it stands once they are known. */
function NamesBoard(props: BoardProps) {
  const { names, known } = useNames(props.column);
  return known ? <Board {...props} names={names} /> : <div className="min-h-0 flex-1 bg-sunken" aria-busy />;
}

function Board({ names, ...props }: BoardProps & { names: readonly string[] }) {
  const { base, table, view, column, look, hideEmpty, onDone, onEdited } = props;
  const t = useT();
  const board = useRef<HTMLDivElement>(null);
  const lanes = lanesOf(column, names, t("view:filter.checked"), t("view:filter.unchecked"));
  const nameOf = (lane: LaneValue | null) => lane?.name ?? t(column.type === "collaborator" ? "view:kanban.nobody" : "view:kanban.none");
  const move = async (row: RecordRow, now: unknown, from: LaneValue | null, to: LaneValue | null) => {
    onEdited();
    try {
      await call("record.update", { base, table: table.id, records: [{ id: row.id, cells: { [column.id]: movedCell(column, now, from, to) as never } }] });
      onDone(t("view:kanban.moved", { name: nameOf(to) }));
    } catch (thrown) {
      tellError(toEngineError(thrown));
    }
  };
  const focusLane = (at: number) => board.current?.querySelectorAll<HTMLElement>("[data-lane] [role=listbox]")[at]?.focus();
  return (
    <div ref={board} role="group" aria-label={view.name} className="flex min-h-0 flex-1 gap-3 overflow-x-auto bg-sunken p-3">
      {lanes.map((lane) => (
        <Lane key={lane?.id ?? "none"} {...props} lane={lane} lanes={lanes} look={look} hideEmpty={hideEmpty} nameOf={nameOf} onMove={move} onFocusLane={focusLane} />
      ))}
    </div>
  );
}

interface LaneProps extends BoardProps {
  lane: LaneValue | null;
  lanes: readonly (LaneValue | null)[];
  nameOf: (lane: LaneValue | null) => string;
  /** `now` is what the cell holds, `from` the lane the card was taken from. */
  onMove: (row: RecordRow, now: unknown, from: LaneValue | null, to: LaneValue | null) => Promise<void>;
  /** Gives the focus to the lane of that place among those shown. */
  onFocusLane: (at: number) => void;
}

function Lane({ base, table, view, search, language, column, lane, lanes, look, hideEmpty, nameOf, onMove, onFocusLane, onOpen, onAdd, onRemove }: LaneProps) {
  const t = useT();
  const format = useFormats();
  const filter = laneFilter(column, lane);
  const source = useRecordSource({ base, table: table.id, view: view.id, filter, search: search || null, sorts: null });
  const list = useRef<VirtualListHandle>(null);
  const box = useRef<HTMLElement>(null);
  const [active, setActive] = useState(-1);
  const [adding, setAdding] = useState(false);
  const [menu, setMenu] = useState<{ index: number; at: { x: number; y: number } } | null>(null);
  const total = Math.max(0, source.total);
  const at = Math.min(active, total - 1);
  const height = cardHeight(look) + GAP_PX;
  const name = nameOf(lane);
  const onRange = useCallback((first: number, end: number) => source.onRange(first, Math.max(1, end)), [source]);
  if (source.total === 0 && hideEmpty && !adding) return null;

  const open = (index: number) => onOpen({ source, index, moved: setActive, focus: () => list.current?.focus() });
  const titleOf = (row: RecordRow | undefined) => (row && look.title ? showCell(look.title, source.value(row, look.title.id), language) : "") || t("record:untitled");
  const moveTo = (row: RecordRow, to: LaneValue | null) => onMove(row, source.value(row, column.id), lane, to);
  const drag = (event: React.PointerEvent, row: RecordRow) =>
    startDrag(event, {
      label: titleOf(row),
      target: "[data-lane]",
      over: (target) => (target === box.current ? null : "in"),
      drop: (target) => {
        const to = lanes.find((one) => String(one?.id ?? "none") === target.dataset["lane"]);
        if (to !== undefined) void moveTo(row, to);
      },
    });
  const step = (by: -1 | 1) => {
    const row = source.row(at);
    const to = lanes[lanes.findIndex((one) => one?.id === lane?.id) + by];
    if (row && to !== undefined) void moveTo(row, to);
  };
  const groups = (row: RecordRow, index: number): MenuGroup[] => [
    { items: [{ id: "open", label: t("record:expand_row"), keys: "enter", perform: () => open(index) }] },
    {
      title: t("view:kanban.move_to"),
      items: lanes.filter((one) => one?.id !== lane?.id).map((one) => ({ id: `to-${one?.id ?? "none"}`, label: nameOf(one), icon: MoveRight, perform: () => void moveTo(row, one) })),
    },
    { items: [{ id: "remove", label: t("record:remove"), icon: Trash2, danger: true, perform: () => void onRemove([row.id]) }] },
  ];
  const shownAt = () => [...(box.current?.parentElement?.querySelectorAll("[data-lane]") ?? [])].indexOf(box.current as Element);
  const menuRow = menu ? source.row(menu.index) : undefined;
  return (
    <section ref={box} data-lane={lane?.id ?? "none"} aria-label={name} className="flex min-h-0 w-[272px] shrink-0 flex-col rounded-lg">
      <header className="flex h-8 shrink-0 items-center gap-2 px-1">
        <h2 className="flex min-w-0 items-center">{lane?.option ? <OptionChip option={lane.option} /> : lane && column.type === "collaborator" ? <PersonChip name={lane.name} /> : <span className="text-xs text-muted">{name}</span>}</h2>
        <span className="text-xs text-muted">{source.total < 0 ? "" : format.number(total)}</span>
        <span className="flex-1" />
        <IconButton icon={Plus} label={t("view:kanban.add_to", { name })} onPress={() => setAdding(true)} />
      </header>
      {adding && <AddCard title={look.title} onClose={() => { setAdding(false); list.current?.focus(); }} onAdd={async (text) => (await onAdd({ ...(lane ? { [column.id]: lane.value } : {}), ...(look.title && text !== "" ? { [look.title.id]: text } : {}) })) !== null} />}
      {source.error && <p role="alert" className="px-1 py-2 text-xs text-danger-text">{wordsOf(source.error)}</p>}
      <VirtualList
        ref={list}
        label={name}
        count={total}
        rowHeight={height}
        active={at}
        onActive={setActive}
        onOpen={open}
        onRange={onRange}
        onContextMenu={(index, where) => setMenu({ index, at: where })}
        rowKey={(index) => source.row(index)?.id ?? `at-${index}`}
        className="kanban-lane -mx-1 rounded-md px-1 outline-none"
        renderRow={(index) => {
          const row = source.row(index);
          return (
            <div className="h-full px-1" style={{ paddingBottom: GAP_PX }} onPointerDown={(event) => row && drag(event, row)}>
              <RecordCard look={look} row={row} source={source} language={language} />
            </div>
          );
        }}
        onKey={(event) => {
          if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
            const by = event.key === "ArrowLeft" ? -1 : 1;
            if (event.altKey) step(by);
            else onFocusLane(shownAt() + by);
            return true;
          }
          if ((event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) && at >= 0) {
            const { left, top } = (document.querySelector(`[id="${event.currentTarget.getAttribute("aria-activedescendant")}"]`) ?? event.currentTarget).getBoundingClientRect();
            setMenu({ index: at, at: { x: left + 16, y: top + 30 } });
            return true;
          }
          if (event.key === " " && at >= 0) {
            open(at);
            return true;
          }
          return false;
        }}
      />
      {source.total === 0 && !adding && <p className="absolute mt-10 w-[272px] px-2 text-center text-xs text-faint">{t("view:kanban.empty")}</p>}
      <ContextMenu at={menuRow ? menu!.at : null} onClose={() => setMenu(null)} label={titleOf(menuRow)} groups={menu && menuRow ? groups(menuRow, menu.index) : []} />
    </section>
  );
}

/** A line for a new card's title; Enter adds it and waits for the next. */
function AddCard({ title, onAdd, onClose }: { title: Column | null; onAdd: (text: string) => Promise<boolean>; onClose: () => void }) {
  const t = useT();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const typed = title !== null && canType(title);
  const add = async () => {
    if (busy) return;
    setBusy(true);
    const ok = await onAdd(typed ? text.trim() : "");
    setBusy(false);
    if (!ok) return;
    if (typed) setText("");
    else onClose();
  };
  return (
    <form
      className="flex flex-col gap-1.5 px-1 pb-2"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      {typed && <TextField aria-label={title.name} placeholder={title.name} value={text} onChange={setText} autoFocus />}
      <div className="flex gap-1.5">
        <Button small kind="primary" type="submit" busy={busy} autoFocus={!typed}>{t("common:add")}</Button>
        <Button small kind="quiet" onPress={onClose}>{t("common:close")}</Button>
      </div>
    </form>
  );
}

/** A board needs a choice to stand its columns for. */
function NoColumn({ base, table }: ViewScreenProps) {
  const t = useT();
  const make = async () => {
    try {
      const options = [t("view:kanban.todo"), t("view:kanban.doing"), t("view:kanban.done")].map((name) => ({ name }));
      await call("column.add", { base, table: table.id, name: t("view:kanban.new_column"), type: "single_select", settings: { options } });
    } catch (thrown) {
      tellError(toEngineError(thrown));
    }
  };
  return (
    <EmptyState icon={Columns3} title={t("view:kanban.no_column")} actions={<Button kind="primary" icon={Plus} onPress={() => void make()}>{t("view:kanban.make_column")}</Button>}>
      {t("view:kanban.no_column_hint")}
    </EmptyState>
  );
}

