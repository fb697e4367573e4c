// The corner of the selected cells that fills those below, or above, when it is dragged. Ctrl+D is its key.
import { useState } from "react";
import type { Range } from "./keys";
import { HEAD_PX, type Lanes } from "./layout";

export interface FillHandleProps {
  label: string;
  layout: Lanes;
  range: Range;
  /** Where a line begins, px from the top of the whole. */
  top: (line: number) => number;
  height: number;
  scrolledPx: number;
  /** The line at a point of the window; -1 outside. */
  lineAt: (x: number, y: number) => number;
  /** Fills up to a line. */
  onFill: (line: number) => void;
}

export function FillHandle({ label, layout, range, top, height, scrolledPx, lineAt, onFill }: FillHandleProps) {
  const [to, setTo] = useState<number | null>(null);
  const first = layout.lanes[range.left];
  const last = layout.lanes[range.right];
  if (!first || !last) return null;
  const place = (lane: typeof last) => lane.left + (lane.frozen ? scrolledPx : 0);
  const right = place(last) + last.width;
  // Below the frozen columns it would be over cells that are not its own.
  if (!last.frozen && right - scrolledPx < Math.max(HEAD_PX, layout.frozenPx)) return null;
  const from = to === null ? 0 : to < range.top ? to : range.bottom + 1;
  const end = to === null ? 0 : to < range.top ? range.top : to + 1;
  return (
    <>
      {to !== null && end > from && <div aria-hidden className="pointer-events-none absolute z-20 border-2 border-dashed border-accent" style={{ top: top(from), left: place(first), width: right - place(first), height: (end - from) * height }} />}
      <div
        aria-hidden
        title={label}
        data-fill=""
        className="absolute z-20 size-2 cursor-crosshair rounded-[1px] border border-surface bg-focus after:absolute after:-inset-2 after:content-['']"
        style={{ top: top(range.bottom) + height - 5, left: right - 5, touchAction: "none" }}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.preventDefault();
          event.stopPropagation();
          event.currentTarget.setPointerCapture(event.pointerId);
          setTo(range.bottom);
        }}
        onPointerMove={(event) => {
          if (to === null) return;
          event.stopPropagation();
          const line = lineAt(event.clientX, event.clientY);
          if (line >= 0) setTo(line);
        }}
        onPointerUp={(event) => {
          if (to === null) return;
          event.stopPropagation();
          setTo(null);
          if (to > range.bottom || to < range.top) onFill(to);
        }}
        onLostPointerCapture={() => setTo(null)}
      />
    </>
  );
}
