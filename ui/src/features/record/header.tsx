// The head of the grid: names and types of the columns, their menus and widths.
import { clsx } from "clsx";
import { ArrowDown, ArrowUp, Check, ChevronDown, Filter, Lock, Minus, Plus } from "lucide-react";
import { memo, useRef } from "react";
import type { Column, ColumnId, View } from "../../engine";
import { useT } from "../../i18n";
import { isLocked, kindIcons } from "../cell/kinds";
import { HEAD_PX, HEADER_PX, type Lane } from "./layout";

export interface HeaderProps {
  id: string;
  lanes: readonly Lane[];
  /** All shown columns, also those out of sight. */
  columns: number;
  widthPx: number;
  active: number;
  view: View;
  ticked: boolean | "some";
  onTickAll: () => void;
  onMenu: (column: Column, at: { x: number; y: number }) => void;
  onWidth: (column: ColumnId, width: number, settled: boolean) => void;
  onAdd: (() => void) | null;
}

/** Columns a filter looks at. */
export function filteredColumns(view: View): Set<ColumnId> {
  const found = new Set<ColumnId>();
  const walk = (node: View["filter"]) => {
    if (!node) return;
    if (node.kind === "rule") found.add(node.column);
    else for (const item of node.items) walk(item);
  };
  walk(view.filter);
  return found;
}

export const GridHeader = memo(function GridHeader({ id, lanes, columns, widthPx, active, view, ticked, onTickAll, onMenu, onWidth, onAdd }: HeaderProps) {
  const t = useT();
  const drag = useRef<{ x: number; width: number } | null>(null);
  const filtered = filteredColumns(view);
  return (
    <div role="row" aria-rowindex={1} className="sticky top-0 z-20 flex bg-sunken" style={{ width: widthPx + 44, height: HEADER_PX }}>
      <div role="columnheader" aria-colindex={1} className="grid-head sticky left-0 z-20 flex shrink-0 items-center pl-2" style={{ width: HEAD_PX }}>
        <button type="button" tabIndex={-1} role="checkbox" aria-checked={ticked === "some" ? "mixed" : ticked} aria-label={t("record:tick_all")} title={t("record:tick_all")} onClick={onTickAll} className="inline-flex h-6 w-[52px] items-center justify-end pr-1">
          <span className={clsx("inline-flex size-4 items-center justify-center rounded-sm border", ticked !== false ? "border-accent bg-accent text-on-accent" : "border-line-strong bg-surface")}>
            {ticked === true && <Check size={12} strokeWidth={3} aria-hidden />}
            {ticked === "some" && <Minus size={12} strokeWidth={3} aria-hidden />}
          </span>
        </button>
      </div>
      {lanes.map(({ column, at, left, width, frozen }) => {
        const Icon = kindIcons[column.type];
        const sort = view.sorts.find((one) => one.column === column.id);
        const openMenu = (target: HTMLElement) => {
          const box = target.getBoundingClientRect();
          onMenu(column, { x: box.left, y: box.bottom });
        };
        return (
          <div
            key={column.id}
            id={`${id}--1-${at}`}
            role="columnheader"
            aria-colindex={at + 2}
            aria-sort={sort ? (sort.descending ? "descending" : "ascending") : undefined}
            data-col={at}
            data-head=""
            data-active={at === active ? "" : undefined}
            title={column.description || undefined}
            className={clsx("grid-head group flex items-center gap-1.5 pr-1 pl-2", frozen ? "sticky z-20 shrink-0" : "absolute top-0 h-full")}
            style={{ left, width, height: HEADER_PX }}
            onContextMenu={(event) => {
              event.preventDefault();
              onMenu(column, { x: event.clientX, y: event.clientY });
            }}
            onDoubleClick={(event) => openMenu(event.currentTarget)}
          >
            <Icon size={14} aria-hidden className="shrink-0 text-muted" />
            <span className="min-w-0 flex-1 truncate text-xs font-medium">{column.name}</span>
            <span className="sr-only">{t(`column:kind.${column.type}`)}</span>
            {isLocked(column) && <Lock size={12} aria-label={t("column:locked_state")} className="shrink-0 text-muted" />}
            {filtered.has(column.id) && <Filter size={12} aria-label={t("view:filter.on")} className="shrink-0 text-accent-text" />}
            {sort && (sort.descending ? <ArrowDown size={13} aria-hidden className="shrink-0 text-accent-text" /> : <ArrowUp size={13} aria-hidden className="shrink-0 text-accent-text" />)}
            <button
              type="button"
              tabIndex={-1}
              aria-label={t("column:menu", { name: column.name })}
              aria-haspopup="menu"
              onClick={(event) => openMenu(event.currentTarget.parentElement!)}
              className="inline-flex size-6 shrink-0 items-center justify-center rounded-sm text-muted opacity-0 group-hover:opacity-100 group-data-active:opacity-100 hover:bg-hover hover:text-text"
            >
              <ChevronDown size={14} aria-hidden />
            </button>
            <span
              aria-hidden
              className="width-grip"
              onPointerDown={(event) => {
                event.preventDefault();
                event.stopPropagation();
                event.currentTarget.setPointerCapture(event.pointerId);
                event.currentTarget.dataset["dragging"] = "";
                drag.current = { x: event.clientX, width };
              }}
              onPointerMove={(event) => {
                if (drag.current) onWidth(column.id, Math.max(40, drag.current.width + event.clientX - drag.current.x), false);
              }}
              onPointerUp={(event) => {
                delete event.currentTarget.dataset["dragging"];
                if (drag.current) onWidth(column.id, Math.max(40, drag.current.width + event.clientX - drag.current.x), true);
                drag.current = null;
              }}
              onDoubleClick={(event) => event.stopPropagation()}
            />
          </div>
        );
      })}
      {onAdd && (
        <div role="columnheader" aria-colindex={columns + 2} className="absolute top-0 h-full w-11 border-b border-line" style={{ left: widthPx }}>
          <button type="button" tabIndex={-1} aria-label={t("column:add")} title={t("column:add")} onClick={onAdd} className="inline-flex size-full items-center justify-center text-muted hover:bg-hover hover:text-text">
            <Plus size={16} aria-hidden />
          </button>
        </div>
      )}
    </div>
  );
});
