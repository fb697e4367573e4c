// The grid of a table, after the grid pattern of ARIA: one tab stop, the cursor by aria-activedescendant.
// Of any number of records and columns only those in sight are in the document. It knows records by their
// place; where they come from is the source's matter (source.ts), what keys mean is in keys.ts.
import { clsx } from "clsx";
import { Plus } from "lucide-react";
import { useCallback, useEffect, useId, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore, type CSSProperties, type KeyboardEvent, type PointerEvent, type Ref } from "react";
import { useTranslation } from "react-i18next";
import { useRowWindow, useSlots } from "../../design";
import type { Column, ColumnId, RecordId, RecordRow, RecordSummary, View } from "../../engine";
import { fileBytes, onFilesDropped, openLink } from "../../engine/desktop";
import { useT } from "../../i18n";
import { CellEditor, type Leave } from "../cell/editor";
import { canType, canWrite, holdsFiles } from "../cell/kinds";
import { addFiles } from "./add-files";
import { openButton } from "./open-button";
import { copyCells, emptyCells, pasteCells, type CellJob } from "./cells";
import { readCells } from "./clipboard";
import { fillRange, fillTo } from "./fill";
import { FillHandle } from "./fill-handle";
import "./grid.css";
import { FigureBar } from "./figure-bar";
import type { FigureName } from "./figures";
import { pressInGrid } from "./grid-keys";
import { GroupRow } from "./group-row";
import { GridHeader } from "./header";
import { rangeOf, walkedBy, type Place, type Range } from "./keys";
import { awaitedGround, HEADER_PX, lanesInSight, lanesOf } from "./layout";
import { plainLines, type GroupLine, type Lines } from "./lines";
import type { Painter } from "./paint";
import { GridRow } from "./row";
import type { RecordSource } from "./source";
import { isTicked, tick, tickedCount, type Ticks } from "./ticks";
import { useSteady } from "./steady";
import { useGridWords } from "./words";

export interface RecordGridHandle {
  focus(): void;
  moveTo(row: number, col?: number): void;
  /** The record under the cursor. */
  current(): RecordRow | undefined;
  /** Empties, copies and so on: what the range of cells is. */
  edit(): void;
}

export interface RecordGridProps {
  label: string;
  source: RecordSource;
  /** Shown columns in their order. */
  columns: readonly Column[];
  /** Also the hidden ones, which groups may be of. */
  allColumns: readonly Column[];
  view: View;
  /** Lines of text in a row. */
  lines: number;
  rowHeight: number;
  ticks: Ticks;
  onTicks: (ticks: Ticks) => void;
  onExpand: (index: number) => void;
  onColumnMenu: (column: Column, at: { x: number; y: number }) => void;
  onRowMenu: (place: { row: RecordRow; index: number; column: Column }, at: { x: number; y: number }) => void;
  onWidth: (column: ColumnId, width: number) => void;
  /** `null` where no column can be added. */
  onAddColumn: (() => void) | null;
  /** Adds an empty record at the end; `null` where none can be. */
  onAdd: (() => void) | null;
  onWrite: (address: string) => void;
  /** Something was written, so that an older offer to undo is no longer true. */
  onEdited: () => void;
  /** Heads of groups and the records between them; left out where the view has no groups. */
  plan?: Lines | null;
  onGroup?: (head: GroupLine, open: boolean) => void;
  onAddInGroup?: (head: GroupLine) => void;
  painter?: Painter | null;
  /** The figure below each column, and what they are of. */
  figures: ReadonlyMap<ColumnId, FigureName>;
  summary?: Record<ColumnId, RecordSummary> | undefined;
  onFigure: (column: Column, name: FigureName | null) => void;
  /** The selected cells, in places of records; null for a single one. */
  onSelection?: (range: Range | null) => void;
  ref?: Ref<RecordGridHandle>;
}

export function RecordGrid(props: RecordGridProps) {
  const { label, source, columns, view, lines, rowHeight, ticks, onTicks, onExpand, onColumnMenu, onRowMenu, onAddColumn, onAdd, onWrite, onEdited, onGroup, painter = null, figures, ref } = props;
  const t = useT();
  const { i18n } = useTranslation();
  const id = useId();
  const viewport = useRef<HTMLDivElement>(null);
  useSyncExternalStore(source.subscribe, source.snapshot);
  const total = Math.max(0, source.total);
  const plan = useMemo(() => props.plan ?? plainLines(total), [props.plan, total]);
  const isRead = (from: number, to: number) => {
    for (let line = from; line < Math.min(to, plan.count); line += 1) {
      const found = plan.at(line);
      if (found && "record" in found && !source.row(found.record)) return false;
    }
    return true;
  };
  const rows = useRowWindow(viewport, { count: plan.count + 1, rowHeight, before: HEADER_PX, isRead });
  const { first, end, scrollTo } = rows;
  const slots = useSlots(rows);
  const [wantedFirst, wantedEnd] = rows.wanted;
  const [widths, setWidths] = useState<ReadonlyMap<number, number>>(new Map());
  const layout = useMemo(() => lanesOf(columns, widths, Math.min(columns.length, Math.max(1, view.frozen))), [columns, widths, view.frozen]);
  const [across, setAcross] = useState<[number, number]>([0, 30]);
  const [cursor, setCursor] = useState<Place>({ row: 0, col: 0 });
  const [anchor, setAnchor] = useState<Place>({ row: 0, col: 0 });
  const [editing, setEditing] = useState<{ place: Place; row: RecordRow; initial: string | null; job: CellJob | null } | null>(null);
  const cols = columns.length;
  // A list that grew shorter takes the cursor and the range with it.
  const kept = (place: Place): Place => ({ row: Math.max(-1, Math.min(place.row, plan.count - 1)), col: Math.max(0, Math.min(place.col, cols - 1)) });
  const at = kept(cursor);
  const range = rangeOf(kept(anchor), at);
  const several = range.top !== range.bottom || range.left !== range.right;

  const words = useGridWords(source.aim.base);
  // The records of the selected lines, without those of shut groups.
  const within = useMemo(() => plan.records(range.top, range.bottom), [plan, range.top, range.bottom]);
  const job: CellJob | null = within && { source, columns, range: { ...range, top: within[0], bottom: within[1] }, total };
  const { onSelection } = props;
  useEffect(() => {
    onSelection?.(several && within ? { top: within[0], bottom: within[1], left: range.left, right: range.right } : null);
  }, [onSelection, several, within, range.left, range.right]);

  useEffect(() => {
    const places: number[] = [];
    for (let line = wantedFirst; line < Math.min(wantedEnd, plan.count); line += 1) {
      const found = plan.at(line);
      if (found && "record" in found) places.push(found.record);
    }
    source.onRange(places[0] ?? 0, Math.max(1, (places.at(-1) ?? 0) + 1));
  }, [source, wantedFirst, wantedEnd, plan]);

  // Which columns are in sight.
  useLayoutEffect(() => {
    const element = viewport.current;
    if (!element) return;
    const look = () => {
      const next = lanesInSight(layout, element.scrollLeft, element.clientWidth || 1280);
      setAcross((old) => (old[0] === next[0] && old[1] === next[1] ? old : next));
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      observer.disconnect();
    };
  }, [layout]);
  const lanes = useMemo(() => layout.lanes.filter((lane) => lane.frozen || (lane.at >= across[0] && lane.at <= across[1])), [layout, across]);

  const ground = useMemo(() => awaitedGround(lanes), [lanes]);

  const reveal = useCallback(
    (place: Place) => {
      if (place.row >= 0) scrollTo(place.row);
      const element = viewport.current;
      const lane = layout.lanes[place.col];
      if (!element || !lane || lane.frozen) return;
      if (lane.left < element.scrollLeft + layout.frozenPx) element.scrollLeft = lane.left - layout.frozenPx;
      else if (lane.left + lane.width > element.scrollLeft + element.clientWidth) element.scrollLeft = Math.min(lane.left - layout.frozenPx, lane.left + lane.width - element.clientWidth + 2);
    },
    [scrollTo, layout],
  );
  const moveTo = (place: Place, extend = false) => {
    setCursor(place);
    if (!extend || place.row < 0) setAnchor(place);
    reveal(place);
  };

  const recordAt = (line: number): number => {
    const found = plan.at(line);
    return found && "record" in found ? found.record : -1;
  };
  const headAt = (line: number): GroupLine | null => {
    const found = plan.at(line);
    return found && "head" in found ? found.head : null;
  };
  const rowAt = (line: number) => (recordAt(line) >= 0 ? source.row(recordAt(line)) : undefined);
  // What is typed goes into the cell under the cursor, wherever the list is scrolled to.
  const cursorRecord = recordAt(at.row);
  useEffect(() => (cursorRecord < 0 ? undefined : source.hold(cursorRecord)), [source, cursorRecord]);
  const writable = (col: number) => columns[col] !== undefined && canType(columns[col]);
  // Typed after a jump, before the record was there: the editor opens with it once it is.
  const early = useRef<{ place: Place; text: string | null } | null>(null);
  const beginEdit = (initial: string | null) => {
    const row = rowAt(at.row);
    const column = columns[at.col];
    if (row && column?.type === "button" && initial === null) openButton(source, props.allColumns, column, row, i18n.language);
    if (!column || !canWrite(column)) return;
    if (!row) {
      if (recordAt(at.row) < 0 || column.type === "checkbox") return;
      const before = early.current;
      const same = before?.place.row === at.row && before.place.col === at.col;
      early.current = { place: at, text: same ? `${before.text ?? ""}${initial ?? ""}` || null : initial };
      return;
    }
    if (column.type === "checkbox") {
      void edit([{ id: row.id, cells: { [column.id]: !(source.value(row, column.id) === true) } }]);
      return;
    }
    reveal(at);
    setEditing({ place: at, row, initial, job: several ? job : null });
    setAnchor(at);
  };
  const edit = (records: Parameters<RecordSource["write"]>[0]) => {
    onEdited();
    return source.write(records);
  };
  const focusGrid = () => viewport.current?.focus({ preventScroll: true });
  const leave = (how: Leave) => {
    setEditing(null);
    focusGrid();
    const bounds = { rows: plan.count, cols, page: rows.page };
    const next = how === "stay" || how === "fill" ? null : how === "down" || how === "up" ? walkedBy(at, "Enter", how === "up", bounds) : walkedBy(at, "Tab", how === "left", bounds);
    if (next) moveTo(next);
  };

  useEffect(() => {
    const waiting = early.current;
    if (!waiting) return;
    if (editing || waiting.place.row !== at.row || waiting.place.col !== at.col) early.current = null;
    else if (rowAt(at.row)) {
      early.current = null;
      beginEdit(waiting.text);
    }
  });

  useImperativeHandle(ref, () => ({
    focus: focusGrid,
    moveTo: (row, col) => moveTo({ row: plan.of(row), col: col ?? at.col }),
    current: () => rowAt(at.row),
    edit: () => beginEdit(null),
  }));

  const run = (work: Promise<boolean>) => {
    onEdited();
    void work;
  };
  const boxOf = (row: number, col: number) => document.querySelector(`[id="${id}-${row}-${col}"]`)?.getBoundingClientRect();

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (editing || event.target !== viewport.current || event.nativeEvent.isComposing) return;
    const column = columns[at.col];
    const row = rowAt(at.row);
    const taken = pressInGrid(event, {
      at, bounds: { rows: plan.count, cols, page: rows.page }, column, row, head: headAt(at.row), several, job, moveTo, run, beginEdit,
      writable: writable(at.col),
      edit: (records) => void edit(records),
      widen: (which, by) => {
        const now = layout.lanes[at.col]?.width ?? which.width;
        const width = Math.min(1200, Math.max(40, now + by));
        setWidths((old) => new Map(old).set(which.id, width));
        props.onWidth(which.id, width);
      },
      columnMenu: () => column && onColumnMenu(column, { x: boxOf(-1, at.col)?.left ?? 0, y: boxOf(-1, at.col)?.bottom ?? 0 }),
      rowMenu: () => row && column && onRowMenu({ row, index: recordAt(at.row), column }, { x: boxOf(at.row, at.col)?.left ?? 0, y: boxOf(at.row, at.col)?.bottom ?? 0 }),
      selectAll: () => {
        setAnchor({ row: 0, col: 0 });
        setCursor({ row: plan.count - 1, col: cols - 1 });
      },
      selectOne: () => setAnchor(at),
      tickRow: () => row && onTicks(tick(ticks, [row.id], !isTicked(ticks, row.id))),
      expand: () => onExpand(recordAt(at.row)),
      toggle: (head, open) => onGroup?.(head, open),
    });
    if (taken) event.preventDefault();
  };

  const placeOf = (target: EventTarget | null): Place | null => {
    const element = (target as Element | null)?.closest<HTMLElement>("[data-row] [data-col],[data-row],[data-head]");
    if (!element || !viewport.current?.contains(element)) return null;
    const row = element.closest<HTMLElement>("[data-row]")?.dataset["row"];
    const col = element.dataset["col"];
    return { row: row === undefined ? -1 : Number(row), col: col === undefined ? -1 : Number(col) };
  };
  // Files dropped on a cell that takes them go into it.
  const onDrop = useRef<Parameters<typeof onFilesDropped>[0]>(() => {});
  useEffect(() => {
    onDrop.current = (files, { x, y }) => {
      const target = document.elementFromPoint(x, y);
      const place = target?.closest("[data-takes-files]") && !target.closest("[data-editor]") ? placeOf(target) : null;
      const column = place ? columns[place.col] : undefined;
      const row = place ? rowAt(place.row) : undefined;
      if (!place || !column || !row || document.querySelector("[data-modal]") !== null) return;
      moveTo(place);
      run(addFiles(source, column, row.id, files));
    };
  });
  useEffect(() => onFilesDropped((files, place) => onDrop.current(files, place)), []);
  const dragging = useRef(false);
  const lastTick = useRef(-1);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    const target = event.target as Element;
    if (target.closest("[data-editor]")) return;
    const place = placeOf(target);
    const act = target.closest<HTMLElement>("[data-act]")?.dataset["act"];
    if (!place) return;
    if (place.row >= 0 && act) {
      event.preventDefault();
      focusGrid();
      actOn(act, place, event.shiftKey);
      return;
    }
    if (target.closest("button,.width-grip")) return;
    if (place.col < 0) {
      // The number of a record stands for the whole of it.
      if (place.row >= 0) {
        focusGrid();
        setAnchor({ row: event.shiftKey ? anchor.row : place.row, col: 0 });
        setCursor({ row: place.row, col: cols - 1 });
      }
      return;
    }
    focusGrid();
    event.preventDefault();
    moveTo(place, event.shiftKey);
    const row = rowAt(place.row);
    const column = columns[place.col];
    if (row && column?.type === "checkbox" && target.closest("[data-box]")) void edit([{ id: row.id, cells: { [column.id]: source.value(row, column.id) !== true } }]);
    const star = target.closest<SVGElement>("[data-star]")?.dataset["star"];
    if (row && column?.type === "rating" && star && place.row === at.row && place.col === at.col) {
      const now = Number(source.value(row, column.id)) || 0;
      void edit([{ id: row.id, cells: { [column.id]: Number(star) === now ? null : Number(star) } }]);
    }
    dragging.current = place.row >= 0;
  };
  const actOn = (act: string, place: Place, extend: boolean) => {
    const head = headAt(place.row);
    if (head) {
      moveTo({ row: place.row, col: 0 });
      if (act === "group-add") props.onAddInGroup?.(head);
      else onGroup?.(head, !head.open);
      return;
    }
    const row = rowAt(place.row);
    if (!row) return;
    const column = columns[place.col];
    const record = recordAt(place.row);
    if (act === "expand") {
      setCursor({ ...at, row: place.row });
      setAnchor({ ...at, row: place.row });
      onExpand(record);
    } else if (act === "tick") {
      const on = !isTicked(ticks, row.id);
      if (extend && lastTick.current >= 0) {
        const [from, to] = [Math.min(lastTick.current, record), Math.max(lastTick.current, record)];
        void source.rows(from, to + 1).then((found) => onTicks(tick(ticks, found.map((one) => one.id), on)));
      } else onTicks(tick(ticks, [row.id], on));
      lastTick.current = record;
    } else if (column && act === "email") onWrite(String(source.value(row, column.id) ?? ""));
    else if (column && act === "button") openButton(source, props.allColumns, column, row, i18n.language);
    else if (column && act === "url") {
      const address = String(source.value(row, column.id) ?? "");
      void openLink(/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`);
    }
  };

  const count = tickedCount(ticks, total);
  const busy = source.total < 0;
  // The same functions always, so that head and foot are not drawn anew with every row that scrolls by.
  const tickAll = useSteady(() => onTicks({ all: count < total, ids: new Set<RecordId>() }));
  const columnMenu = useSteady(onColumnMenu);
  const addColumn = useSteady(() => onAddColumn?.());
  const chooseFigure = useSteady(props.onFigure);
  const widen = useSteady((column: ColumnId, width: number, settled: boolean) => {
    setWidths((old) => new Map(old).set(column, width));
    if (settled) props.onWidth(column, Math.round(width));
  });
  const shown = [];
  for (const { index, slot } of slots) {
    if (index >= plan.count) continue;
    const head = headAt(index);
    const row = rowAt(index);
    const inside = several && index >= range.top && index <= range.bottom;
    const grouped = head && view.groups[head.level];
    shown.push(
      <div key={slot} role="presentation" className="absolute top-0 left-0" style={{ transform: `translateY(${HEADER_PX + rows.top(index)}px)`, zIndex: 0 }}>
        {head ? (
          <GroupRow id={id} line={index} head={head} column={props.allColumns.find((one) => one.id === grouped?.column)} stepped={grouped?.by !== undefined} lanes={lanes} widthPx={layout.totalPx} frozenPx={layout.frozenPx} height={rowHeight} figures={figures} language={i18n.language} active={index === at.row} words={words.group} />
        ) : (
          <GridRow
            id={id}
            index={index}
            number={recordAt(index) + 1}
            level={plan.grouped ? view.groups.length + 1 : undefined}
            painter={painter}
            row={row}
            source={source}
            typed={source.typed}
            lanes={lanes}
            widthPx={layout.totalPx}
            height={rowHeight}
            lines={lines}
            language={i18n.language}
            active={index === at.row ? at.col : -1}
            from={inside ? range.left : -1}
            to={inside ? range.right : -1}
            ticked={row !== undefined && isTicked(ticks, row.id)}
            words={words}
          />
        )}
      </div>,
    );
  }
  const lane = editing ? layout.lanes[editing.place.col] : undefined;

  return (
    <>
    <div
      ref={viewport}
      role={plan.grouped ? "treegrid" : "grid"}
      aria-label={label}
      aria-rowcount={busy ? -1 : plan.count + 1}
      aria-colcount={cols + 2}
      aria-multiselectable
      aria-busy={busy}
      aria-activedescendant={editing || total + cols === 0 || (at.row >= 0 && (at.row < first || at.row >= end)) ? undefined : `${id}-${at.row}-${at.col}`}
      tabIndex={0}
      data-quiet-focus=""
      className="record-grid relative min-h-0 flex-1 overflow-auto bg-sunken outline-none [contain:strict]"
      onKeyDown={onKeyDown}
      // An element of a row is another record's after the next scroll: it keeps no focus.
      onFocus={(event) => {
        if (event.target.closest("[data-row]")) focusGrid();
      }}
      onPointerDown={onPointerDown}
      onPointerMove={(event) => {
        if (!dragging.current || (event.buttons & 1) === 0) return;
        const place = placeOf(document.elementFromPoint(event.clientX, event.clientY));
        if (place && place.row >= 0 && place.col >= 0 && (place.row !== at.row || place.col !== at.col)) moveTo(place, true);
      }}
      onPointerUp={() => {
        dragging.current = false;
      }}
      onDoubleClick={(event) => {
        const place = placeOf(event.target);
        if (place && place.row >= 0 && place.col >= 0 && !(event.target as Element).closest("[data-act],[data-editor],[data-box]")) beginEdit(null);
      }}
      onContextMenu={(event) => {
        const place = placeOf(event.target);
        const row = place && rowAt(place.row);
        if (!row || (event.target as Element).closest("[data-editor]")) return;
        event.preventDefault();
        const col = Math.max(0, place.col);
        if (!(several && place.row >= range.top && place.row <= range.bottom)) moveTo({ row: place.row, col });
        const column = columns[col];
        if (column) onRowMenu({ row, index: recordAt(place.row), column }, { x: event.clientX, y: event.clientY });
      }}
      onCopy={(event) => {
        if (editing) return;
        event.preventDefault();
        if (job) copyCells(job, event.clipboardData, i18n.language);
      }}
      onCut={(event) => {
        if (editing) return;
        event.preventDefault();
        if (job && copyCells(job, event.clipboardData, i18n.language)) run(emptyCells(job));
      }}
      onPaste={(event) => {
        if (editing) return;
        event.preventDefault();
        const column = columns[at.col];
        const row = rowAt(at.row);
        if (column && row && holdsFiles(column.type) && event.clipboardData.files.length > 0) {
          const files = [...event.clipboardData.files];
          void Promise.all(files.map(async (file) => ({ path: null, bytes: await fileBytes(file) }))).then((picked) => run(addFiles(source, column, row.id, picked)));
          return;
        }
        const cells = readCells(event.clipboardData.getData("text/plain"), event.clipboardData.getData("text/html"));
        if (cells.length > 0 && (job || total === 0)) run(pasteCells(job ?? { source, columns, range, total }, cells));
      }}
    >
      <div role="presentation" className="relative" style={{ height: rows.height + HEADER_PX, width: layout.totalPx + 60, "--awaited": ground } as CSSProperties}>
        <GridHeader
          id={id}
          lanes={lanes}
          columns={cols}
          widthPx={layout.totalPx}
          active={at.row === -1 ? at.col : -1}
          view={view}
          ticked={count === 0 ? false : count >= total ? true : "some"}
          onTickAll={tickAll}
          onMenu={columnMenu}
          onAdd={onAddColumn && addColumn}
          onWidth={widen}
        />
        {shown}
        {!busy && onAdd && end > plan.count && (
          <div role="row" aria-rowindex={plan.count + 2} className="absolute top-0 left-0" style={{ transform: `translateY(${HEADER_PX + rows.top(plan.count)}px)` }}>
            <div role="gridcell" aria-colindex={1} className="sticky left-0">
              <button type="button" tabIndex={-1} onClick={onAdd} style={{ height: Math.min(rowHeight, 34), width: layout.totalPx }} className={clsx("flex items-center gap-2 border-b border-line bg-surface pl-6 text-left text-sm text-muted hover:bg-hover hover:text-text")}>
                <Plus size={15} aria-hidden />
                {t("record:add")}
              </button>
            </div>
          </div>
        )}
        {!editing && job && at.row >= 0 && <FillHandle label={words.fill} layout={layout} range={range} top={(line) => HEADER_PX + rows.top(line)} height={rowHeight} scrolledPx={viewport.current?.scrollLeft ?? 0} lineAt={(x, y) => placeOf(document.elementFromPoint(x, y))?.row ?? -1} onFill={(line) => { const to = recordAt(line); if (to >= 0) run(fillTo(job, to)); }} />}
        {editing && lane && (
          <div
            data-editor=""
            className="absolute z-30"
            style={{
              top: HEADER_PX + rows.top(editing.place.row),
              left: lane.frozen ? (viewport.current?.scrollLeft ?? 0) + lane.left : lane.left,
            }}
          >
            <div role="row" aria-rowindex={editing.place.row + 2}>
              <div role="gridcell" aria-colindex={editing.place.col + 2}>
                <CellEditor
                  key={`${editing.place.row}-${editing.place.col}`}
                  column={lane.column}
                  record={editing.row.id}
                  value={source.value(editing.row, lane.column.id)}
                  onPut={(value) => void edit([{ id: editing.row.id, cells: { [lane.column.id]: value } }])}
                  initial={editing.initial}
                  width={lane.width}
                  height={lines > 1 ? Math.min(rowHeight, 34) : rowHeight}
                  onCommit={(value, how) => {
                    if (how === "fill" && editing.job && value !== undefined) run(fillRange(editing.job, lane.column, value));
                    else if (value !== undefined) void edit([{ id: editing.row.id, cells: { [lane.column.id]: value } }]);
                    leave(how);
                  }}
                  onCancel={() => leave("stay")}
                />
              </div>
            </div>
          </div>
        )}
      </div>
    </div>
    <FigureBar viewport={viewport} lanes={lanes} frozenPx={layout.frozenPx} figures={figures} summary={props.summary} language={i18n.language} locked={view.locked} onFigure={chooseFigure} />
    </>
  );
}
