// One record of the grid. Drawn anew only when something of it changed.
import { clsx } from "clsx";
import { Check, Maximize2 } from "lucide-react";
import { memo } from "react";
import type { RecordRow } from "../../engine";
import { cellView, type CellWords } from "../cell/view";
import { isRightAligned } from "../cell/kinds";
import { HEAD_PX, type Lane } from "./layout";
import type { RecordSource } from "./source";

export interface RowWords extends CellWords {
  tick: string;
  open: string;
  expand: string;
}

export interface GridRowProps {
  id: string;
  index: number;
  row: RecordRow | undefined;
  source: RecordSource;
  /** The source's version, so that what was typed shows at once. */
  version: number;
  lanes: readonly Lane[];
  widthPx: number;
  height: number;
  lines: number;
  language: string;
  active: number;
  from: number;
  to: number;
  ticked: boolean;
  words: RowWords;
}

export const GridRow = memo(function GridRow({ id, index, row, source, lanes, widthPx, height, lines, language, active, from, to, ticked, words }: GridRowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={ticked}
      data-row={index}
      data-ticked={ticked ? "" : undefined}
      data-current={active >= 0 ? "" : undefined}
      data-tall={lines > 1 ? "" : undefined}
      className="grid-row flex"
      style={{ width: widthPx, height }}
    >
      <div role="rowheader" className="grid-cell sticky left-0 z-10 shrink-0 gap-0.5 !pr-1" style={{ width: HEAD_PX }}>
        <span className="row-number w-[52px] truncate text-right text-xs text-muted">{index + 1}</span>
        <button type="button" tabIndex={-1} role="checkbox" aria-checked={ticked} aria-label={`${words.tick} ${index + 1}`} data-act="tick" className="row-tick inline-flex h-6 w-[52px] shrink-0 items-center justify-end pr-1">
          <span className={clsx("inline-flex size-4 items-center justify-center rounded-sm border", ticked ? "border-accent bg-accent text-on-accent" : "border-line-strong bg-surface")}>{ticked && <Check size={12} strokeWidth={3} aria-hidden />}</span>
        </button>
        <button type="button" tabIndex={-1} aria-label={`${words.expand} ${index + 1}`} title={words.expand} data-act="expand" className="row-open inline-flex size-6 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text">
          <Maximize2 size={13} aria-hidden />
        </button>
      </div>
      {lanes.map(({ column, at, left, width, frozen }) => {
        const value = row ? source.value(row, column.id) : undefined;
        return (
          <div
            key={column.id}
            id={`${id}-${index}-${at}`}
            role="gridcell"
            aria-colindex={at + 2}
            aria-selected={at >= from && at <= to}
            data-col={at}
            data-active={at === active ? "" : undefined}
            data-in={at >= from && at <= to && from >= 0 ? "" : undefined}
            data-right={isRightAligned(column.type) ? "" : undefined}
            data-middle={column.type === "checkbox" ? "" : undefined}
            className={clsx("grid-cell", frozen ? "sticky z-10 shrink-0" : "absolute")}
            style={frozen ? { left, width } : { left, width, height }}
          >
            {row ? cellView(column, value, language, lines, words) : at % 3 === 0 ? <span aria-hidden className="skeleton h-2.5 w-3/5" /> : null}
          </div>
        );
      })}
    </div>
  );
});
