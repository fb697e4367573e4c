// One record of the grid. Drawn anew only when something of it changed. Its elements are those of the record that
// left the sight before, so every record makes the same ones as far as its values let it.
import { clsx } from "clsx";
import { Check, Lock, Maximize2 } from "lucide-react";
import { memo } from "react";
import type { RecordRow } from "../../engine";
import { cellView, type CellWords } from "../cell/view";
import { holdsFiles, isRightAligned } from "../cell/kinds";
import { HEAD_PX, type Lane } from "./layout";
import type { Painter } from "./paint";
import type { RecordSource } from "./source";

export interface RowWords extends CellWords {
  tick: string;
  open: string;
  expand: string;
  locked: string;
  awaited: string;
}

export interface GridRowProps {
  id: string;
  index: number;
  /** Its place in the list, from 1. */
  number: number;
  /** Its level below the heads of groups. */
  level: number | undefined;
  painter: Painter | null;
  row: RecordRow | undefined;
  source: RecordSource;
  /** Changes with what is typed, so that it shows at once. */
  typed: number;
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

// Signs that never change are made once.
const tickSign = <Check size={12} strokeWidth={3} aria-hidden />;
const expandSign = <Maximize2 size={13} aria-hidden />;

export const GridRow = memo(function GridRow(props: GridRowProps) {
  return props.row ? <ReadRow {...props} row={props.row} /> : <AwaitedRow {...props} />;
});

/** A record on its way: few elements, since a bar that is dragged shows hundreds of such rows a second. */
function AwaitedRow({ id, index, number, level, lanes, widthPx, height, active, words }: GridRowProps) {
  const cursor = lanes.find((lane) => lane.at === active);
  return (
    <div role="row" aria-busy aria-level={level} aria-rowindex={index + 2} data-row={index} className="grid-row flex" style={{ width: widthPx, height }}>
      <div role="rowheader" className="grid-cell sticky left-0 z-10 shrink-0" style={{ width: HEAD_PX }}>
        <span className="w-[44px] truncate text-right text-xs text-muted">{number}</span>
      </div>
      <div role="presentation" className="awaited skeleton absolute left-0" style={{ width: widthPx, height }} />
      {cursor && <div id={`${id}-${index}-${active}`} role="gridcell" aria-label={words.awaited} aria-colindex={active + 2} data-col={active} data-active="" className="grid-cell absolute" style={{ left: cursor.left, width: cursor.width, height }} />}
    </div>
  );
}

function ReadRow({ id, index, number, level, painter, row, source, lanes, widthPx, height, lines, language, active, from, to, ticked, words }: GridRowProps & { row: RecordRow }) {
  const value = (one: RecordRow, column: number) => source.value(one, column);
  const paint = painter?.row(row, value) ?? null;
  return (
    <div
      role="row"
      aria-level={level}
      data-paint={paint ? "" : undefined}
      aria-rowindex={index + 2}
      aria-selected={ticked}
      data-row={index}
      data-ticked={ticked ? "" : undefined}
      data-current={active >= 0 ? "" : undefined}
      data-tall={lines > 1 ? "" : undefined}
      className="grid-row flex"
      style={{ width: widthPx, height, ...(paint ? ({ "--paint": paint } as React.CSSProperties) : {}) }}
    >
      <div role="rowheader" className="grid-cell sticky left-0 z-10 shrink-0 gap-0.5 !pr-1" style={{ width: HEAD_PX }}>
        <span className="row-number flex w-[52px] items-center justify-end gap-1 truncate text-right text-xs text-muted">{row.locked && <Lock size={11} role="img" aria-label={words.locked} className="shrink-0" />}{number}</span>
        <button type="button" tabIndex={-1} role="checkbox" aria-checked={ticked} aria-label={`${words.tick} ${number}`} data-act="tick" className="row-tick inline-flex h-6 w-[52px] shrink-0 items-center justify-end pr-1">
          <span className={clsx("inline-flex size-4 items-center justify-center rounded-sm border", ticked ? "border-accent bg-accent text-on-accent" : "border-line-strong bg-surface")}>{ticked && tickSign}</span>
        </button>
        <button type="button" tabIndex={-1} aria-label={`${words.expand} ${number}`} title={words.expand} data-act="expand" className="row-open inline-flex size-6 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text">
          {expandSign}
        </button>
      </div>
      {lanes.map(({ column, at, left, width, frozen }) => {
        const over = painter?.cell(row, column.id, value) ?? null;
        return (
          <div
            key={column.id}
            id={at === active ? `${id}-${index}-${at}` : undefined}
            role="gridcell"
            aria-colindex={at + 2}
            aria-selected={at >= from && at <= to}
            data-col={at}
            data-takes-files={holdsFiles(column.type) ? "" : undefined}
            data-over-paint={over ? "" : undefined}
            data-active={at === active ? "" : undefined}
            data-in={at >= from && at <= to && from >= 0 ? "" : undefined}
            data-right={isRightAligned(column.type) ? "" : undefined}
            data-middle={column.type === "checkbox" ? "" : undefined}
            className={clsx("grid-cell", frozen ? "sticky z-10 shrink-0" : "absolute")}
            style={{ left, width, ...(frozen ? {} : { height }), ...(over ? ({ "--over": over } as React.CSSProperties) : {}) }}
          >
            {cellView(column, source.value(row, column.id), language, lines, words)}
          </div>
        );
      })}
    </div>
  );
}
