// The head of a group in the grid: what it is of, how many records, and its columns' figures.
import { clsx } from "clsx";
import { ChevronRight, Plus } from "lucide-react";
import { memo } from "react";
import type { Column, ColumnId } from "../../engine";
import { dateLabel } from "../cell/date-label";
import { optionsOf } from "../cell/kinds";
import { showCell } from "../cell/show";
import { OptionChip } from "../cell/view";
import { showFigure, type FigureName } from "./figures";
import { HEAD_PX, type Lane } from "./layout";
import type { GroupLine } from "./lines";

export interface GroupRowProps {
  id: string;
  line: number;
  head: GroupLine;
  /** The column it groups by; undefined where it is gone. */
  column: Column | undefined;
  /** Its dates are put together by weeks, months and so on. */
  stepped: boolean;
  lanes: readonly Lane[];
  widthPx: number;
  frozenPx: number;
  height: number;
  figures: ReadonlyMap<ColumnId, FigureName>;
  language: string;
  active: boolean;
  words: { empty: string; add: string; figure: Record<FigureName, string> };
}

export const GroupRow = memo(function GroupRow({ id, line, head, column, stepped, lanes, widthPx, frozenPx, height, figures, language, active, words }: GroupRowProps) {
  const { group, level, open } = head;
  const option = column?.type === "single_select" ? optionsOf(column).find((one) => one.id === group.value) : undefined;
  const text = (stepped ? dateLabel(group.label, language) : group.label) || (column && group.value !== null ? showCell(column, group.value, language) : "");
  const isMissing = group.value === null || text === "";
  const count = new Intl.NumberFormat(language).format(group.count);
  return (
    <div role="row" aria-rowindex={line + 2} aria-level={level + 1} aria-expanded={open} data-row={line} data-group="" data-level={level} data-active={active ? "" : undefined} className="group-row flex" style={{ width: widthPx, height }}>
      <div id={`${id}-${line}-0`} role="gridcell" aria-colindex={1} aria-colspan={2} data-act="group" className="sticky left-0 z-10 flex shrink-0 items-center gap-1.5 overflow-hidden pr-2" style={{ width: Math.max(frozenPx, HEAD_PX + 160), paddingLeft: 8 + level * 18 }}>
        <ChevronRight size={15} aria-hidden className={clsx("shrink-0 text-muted transition-transform duration-75", open && "rotate-90")} />
        <span className="sr-only">{column?.name}: </span>
        {option ? <OptionChip option={option} /> : <span className={clsx("min-w-0 truncate text-sm font-medium", isMissing && "text-muted")}>{isMissing ? words.empty : text}</span>}
        <span className="shrink-0 text-xs text-muted">{count}</span>
        <button type="button" tabIndex={-1} aria-label={words.add} title={words.add} data-act="group-add" className="group-add inline-flex size-6 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text">
          <Plus size={14} aria-hidden />
        </button>
      </div>
      {lanes.map(({ column: one, left, width, frozen }) => {
        const name = figures.get(one.id);
        if (frozen || !name) return null;
        const figure = showFigure(one, name, group.subtotals[one.id], language);
        if (figure === "") return null;
        return (
          <div key={one.id} role="gridcell" className="absolute flex h-full items-center justify-end gap-1.5 px-2 text-xs" style={{ left, width }}>
            <span className="min-w-0 truncate text-2xs text-muted">{words.figure[name]}</span>
            <span className="shrink-0 font-medium">{figure}</span>
          </div>
        );
      })}
    </div>
  );
});
