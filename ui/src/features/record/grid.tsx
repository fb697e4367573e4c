// The grid of a table, after the grid pattern of ARIA: one tab stop, the cursor by aria-activedescendant.
// Of any number of records and columns only those in sight are in the document. It knows records by their
// place; where they come from is the source's matter (source.ts), what keys mean is in keys.ts.
import { clsx } from "clsx";
import { Plus } from "lucide-react";
import { useCallback, useEffect, useId, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore, type KeyboardEvent, type PointerEvent, type Ref } from "react";
import { useTranslation } from "react-i18next";
import { useRowWindow } from "../../design";
import type { Column, ColumnId, RecordId, RecordRow, View } from "../../engine";
import { openLink } from "../../engine/desktop";
import { useT } from "../../i18n";
import { CellEditor, type Leave } from "../cell/editor";
import { isWritable } from "../cell/kinds";
import { copyCells, emptyCells, fillDown, pasteCells } from "./cells";
import { parseHtml, parseTsv } from "./clipboard";
import "./grid.css";
import { GridHeader } from "./header";
import { movedBy, rangeOf, typesCharacter, walkedBy, type Place } from "./keys";
import { HEADER_PX, lanesInSight, lanesOf } from "./layout";
import { GridRow } from "./row";
import type { RecordSource } from "./source";
import { isTicked, tick, tickedCount, type Ticks } from "./ticks";

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
  onAddColumn: () => void;
  /** Adds an empty record at the end. */
  onAdd: () => void;
  onWrite: (address: string) => void;
  /** Something was written, so that an older offer to undo is no longer true. */
  onEdited: () => void;
  ref?: Ref<RecordGridHandle>;
}

const isMac = /Mac/.test(globalThis.navigator?.platform ?? "");

export function RecordGrid(props: RecordGridProps) {
  const { label, source, columns, view, lines, rowHeight, ticks, onTicks, onExpand, onColumnMenu, onRowMenu, onAddColumn, onAdd, onWrite, onEdited, ref } = props;
  const t = useT();
  const { i18n } = useTranslation();
  const id = useId();
  const viewport = useRef<HTMLDivElement>(null);
  const version = useSyncExternalStore(source.subscribe, source.snapshot);
  const total = Math.max(0, source.total);
  const rows = useRowWindow(viewport, { count: total + 1, rowHeight, before: HEADER_PX });
  const { first, end, scrollTo } = rows;
  const [widths, setWidths] = useState<ReadonlyMap<number, number>>(new Map());
  const layout = useMemo(() => lanesOf(columns, widths, Math.min(columns.length, Math.max(1, view.frozen))), [columns, widths, view.frozen]);
  const [across, setAcross] = useState<[number, number]>([0, 30]);
  const [cursor, setCursor] = useState<Place>({ row: 0, col: 0 });
  const [anchor, setAnchor] = useState<Place>({ row: 0, col: 0 });
  const [editing, setEditing] = useState<{ place: Place; row: RecordRow; initial: string | null } | null>(null);
  const cols = columns.length;
  const at: Place = { row: Math.max(-1, Math.min(cursor.row, total - 1)), col: Math.max(0, Math.min(cursor.col, cols - 1)) };
  const range = rangeOf(anchor, at);
  const several = range.top !== range.bottom || range.left !== range.right;

  const words = useMemo(
    () => ({ yes: t("common:yes"), no: t("common:no"), write: t("record:write_to"), open: t("record:open_link"), tick: t("record:tick_row"), expand: t("record:expand_row") }),
    [t],
  );

  useEffect(() => source.onRange(first, Math.min(end, Math.max(1, total))), [source, first, end, total]);

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

  const rowAt = (index: number) => (index >= 0 && index < total ? source.row(index) : undefined);
  const writable = (col: number) => columns[col] !== undefined && isWritable(columns[col].type);
  const beginEdit = (initial: string | null) => {
    const row = rowAt(at.row);
    const column = columns[at.col];
    if (!row || !column || !isWritable(column.type)) return;
    if (column.type === "checkbox") {
      void edit([{ id: row.id, cells: { [column.id]: !(source.value(row, column.id) === true) } }]);
      return;
    }
    reveal(at);
    setAnchor(at);
    setEditing({ place: at, row, initial });
  };
  const edit = (records: Parameters<RecordSource["write"]>[0]) => {
    onEdited();
    return source.write(records);
  };
  const focusGrid = () => viewport.current?.focus({ preventScroll: true });
  const leave = (how: Leave) => {
    setEditing(null);
    focusGrid();
    const bounds = { rows: total, cols, page: rows.page };
    const next = how === "stay" ? null : how === "down" || how === "up" ? walkedBy(at, "Enter", how === "up", bounds) : walkedBy(at, "Tab", how === "left", bounds);
    if (next) moveTo(next);
  };

  useImperativeHandle(ref, () => ({
    focus: focusGrid,
    moveTo: (row, col) => moveTo({ row, col: col ?? at.col }),
    current: () => rowAt(at.row),
    edit: () => beginEdit(null),
  }));

  const job = { source, columns, range, total };
  const run = (work: Promise<boolean>) => {
    onEdited();
    void work;
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (editing || event.target !== viewport.current || event.nativeEvent.isComposing) return;
    const mod = isMac ? event.metaKey : event.ctrlKey;
    const { key, shiftKey: shift, altKey: alt } = event;
    const take = () => event.preventDefault();
    const column = columns[at.col];
    const row = rowAt(at.row);
    if (alt && at.row === -1 && column && (key === "ArrowLeft" || key === "ArrowRight")) {
      take();
      const now = layout.lanes[at.col]?.width ?? column.width;
      const width = Math.min(1200, Math.max(40, now + (key === "ArrowLeft" ? -20 : 20)));
      setWidths((old) => new Map(old).set(column.id, width));
      props.onWidth(column.id, width);
      return;
    }
    if (alt) return;
    if (key === "Tab") {
      const next = walkedBy({ ...at, row: Math.max(0, at.row) }, "Tab", shift, { rows: total, cols, page: rows.page });
      // At the ends Tab leaves the grid, as from any other control.
      if (!next) return;
      take();
      moveTo(next);
      return;
    }
    if (at.row === -1 && column && (key === "Enter" || key === "F2" || key === " " || key === "ContextMenu")) {
      take();
      const box = document.querySelector(`[id="${id}--1-${at.col}"]`)?.getBoundingClientRect();
      onColumnMenu(column, { x: box?.left ?? 0, y: box?.bottom ?? 0 });
      return;
    }
    const next = movedBy(at, { key, mod, shift }, { rows: total, cols, page: rows.page });
    if (next) {
      take();
      moveTo(next, shift);
      return;
    }
    if (mod && event.code === "KeyA") {
      take();
      setAnchor({ row: 0, col: 0 });
      setCursor({ row: total - 1, col: cols - 1 });
      return;
    }
    if (mod && event.code === "KeyD") {
      take();
      run(fillDown(job));
      return;
    }
    if (mod && (key === ";" || event.code === "Semicolon") && row && column?.type === "date") {
      take();
      const now = new Date();
      const day = `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
      void edit([{ id: row.id, cells: { [column.id]: day } }]);
      return;
    }
    if (mod || event.metaKey) return;
    if (key === " ") {
      take();
      if (shift && row) onTicks(tick(ticks, [row.id], !isTicked(ticks, row.id)));
      else if (row) onExpand(at.row);
    } else if (key === "Enter" || key === "F2") {
      take();
      if (shift) return;
      beginEdit(null);
    } else if (key === "Delete" || key === "Backspace") {
      take();
      run(emptyCells(job));
    } else if (key === "Escape" && several) {
      take();
      setAnchor(at);
    } else if ((key === "ContextMenu" || (key === "F10" && shift)) && row && column) {
      take();
      const box = document.querySelector(`[id="${id}-${at.row}-${at.col}"]`)?.getBoundingClientRect();
      onRowMenu({ row, index: at.row, column }, { x: box?.left ?? 0, y: box?.bottom ?? 0 });
    } else if (typesCharacter(event) && writable(at.col) && row) {
      take();
      if (column?.type !== "checkbox") beginEdit(key);
    }
  };

  const placeOf = (target: EventTarget | null): Place | null => {
    const element = (target as Element | null)?.closest<HTMLElement>("[data-row] [data-col],[data-row],[data-head]");
    if (!element || !viewport.current?.contains(element)) return null;
    const row = element.closest<HTMLElement>("[data-row]")?.dataset["row"];
    const col = element.dataset["col"];
    return { row: row === undefined ? -1 : Number(row), col: col === undefined ? -1 : Number(col) };
  };
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
    const row = rowAt(place.row);
    if (!row) return;
    const column = columns[place.col];
    if (act === "expand") {
      setCursor({ ...at, row: place.row });
      setAnchor({ ...at, row: place.row });
      onExpand(place.row);
    } else if (act === "tick") {
      const on = !isTicked(ticks, row.id);
      if (extend && lastTick.current >= 0) {
        const [from, to] = [Math.min(lastTick.current, place.row), Math.max(lastTick.current, place.row)];
        void source.rows(from, to + 1).then((found) => onTicks(tick(ticks, found.map((one) => one.id), on)));
      } else onTicks(tick(ticks, [row.id], on));
      lastTick.current = place.row;
    } else if (column && act === "email") onWrite(String(source.value(row, column.id) ?? ""));
    else if (column && act === "url") {
      const address = String(source.value(row, column.id) ?? "");
      void openLink(/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`);
    }
  };

  const count = tickedCount(ticks, total);
  const busy = source.total < 0;
  const shown = [];
  for (let index = first; index < Math.min(end, total); index += 1) {
    const row = source.row(index);
    const inside = several && index >= range.top && index <= range.bottom;
    shown.push(
      <div key={index} role="presentation" className="absolute top-0 left-0" style={{ transform: `translateY(${HEADER_PX + rows.top(index)}px)`, zIndex: 0 }}>
        <GridRow
          id={id}
          index={index}
          row={row}
          source={source}
          version={version}
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
      </div>,
    );
  }
  const lane = editing ? layout.lanes[editing.place.col] : undefined;

  return (
    <div
      ref={viewport}
      role="grid"
      aria-label={label}
      aria-rowcount={busy ? -1 : total + 1}
      aria-colcount={cols + 2}
      aria-multiselectable
      aria-busy={busy}
      aria-activedescendant={editing || total + cols === 0 || (at.row >= 0 && (at.row < first || at.row >= end)) ? undefined : `${id}-${at.row}-${at.col}`}
      tabIndex={0}
      data-quiet-focus=""
      className="record-grid relative min-h-0 flex-1 overflow-auto bg-sunken outline-none [contain:strict]"
      onKeyDown={onKeyDown}
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
        if (column) onRowMenu({ row, index: place.row, column }, { x: event.clientX, y: event.clientY });
      }}
      onCopy={(event) => {
        if (editing) return;
        event.preventDefault();
        copyCells(job, event.clipboardData, i18n.language);
      }}
      onCut={(event) => {
        if (editing) return;
        event.preventDefault();
        if (copyCells(job, event.clipboardData, i18n.language)) run(emptyCells(job));
      }}
      onPaste={(event) => {
        if (editing) return;
        event.preventDefault();
        const text = event.clipboardData.getData("text/plain");
        const cells = text === "" ? parseHtml(event.clipboardData.getData("text/html")) : parseTsv(text);
        if (cells.length > 0) run(pasteCells(job, cells));
      }}
    >
      <div role="presentation" className="relative" style={{ height: rows.height + HEADER_PX, width: layout.totalPx + 60 }}>
        <GridHeader
          id={id}
          lanes={lanes}
          columns={cols}
          widthPx={layout.totalPx}
          active={at.row === -1 ? at.col : -1}
          view={view}
          ticked={count === 0 ? false : count >= total ? true : "some"}
          onTickAll={() => onTicks({ all: count < total, ids: new Set<RecordId>() })}
          onMenu={onColumnMenu}
          onAdd={onAddColumn}
          onWidth={(column, width, settled) => {
            setWidths((old) => new Map(old).set(column, width));
            if (settled) props.onWidth(column, Math.round(width));
          }}
        />
        {shown}
        {!busy && end > total && (
          <div role="row" aria-rowindex={total + 2} className="absolute top-0 left-0" style={{ transform: `translateY(${HEADER_PX + rows.top(total)}px)` }}>
            <div role="gridcell" aria-colindex={1} className="sticky left-0">
              <button type="button" tabIndex={-1} onClick={onAdd} style={{ height: Math.min(rowHeight, 34), width: layout.totalPx }} className={clsx("flex items-center gap-2 border-b border-line bg-surface pl-6 text-left text-sm text-muted hover:bg-hover hover:text-text")}>
                <Plus size={15} aria-hidden />
                {t("record:add")}
              </button>
            </div>
          </div>
        )}
        {editing && lane && (
          <div
            data-editor=""
            className="absolute z-30"
            style={{
              top: HEADER_PX + rows.top(editing.place.row),
              left: lane.frozen ? (viewport.current?.scrollLeft ?? 0) + lane.left : lane.left,
            }}
          >
            <CellEditor
              key={`${editing.place.row}-${editing.place.col}`}
              column={lane.column}
              value={source.value(editing.row, lane.column.id)}
              initial={editing.initial}
              width={lane.width}
              height={lines > 1 ? Math.min(rowHeight, 34) : rowHeight}
              onCommit={(value, how) => {
                if (value !== undefined) void edit([{ id: editing.row.id, cells: { [lane.column.id]: value } }]);
                leave(how);
              }}
              onCancel={() => leave("stay")}
            />
          </div>
        )}
      </div>
    </div>
  );
}

