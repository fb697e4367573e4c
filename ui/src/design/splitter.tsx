// The line between two panes: dragged, or moved with the arrow keys. The pane's size is the caller's.
import { clsx } from "clsx";
import { useRef } from "react";

export interface SplitterProps {
  /** Name of the pane it sizes. */
  label: string;
  /** Size of that pane, px. */
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
  /** When a drag or key press ended: the time to remember it. */
  onSettled?: (value: number) => void;
  /** `vertical` is a line from top to bottom. */
  orientation?: "vertical" | "horizontal";
  /** The pane lies after the line instead of before it. */
  after?: boolean;
  /** Double click and Enter go back to this. */
  initial?: number;
}

export function Splitter({ label, value, min, max, onChange, onSettled, orientation = "vertical", after, initial }: SplitterProps) {
  const from = useRef<{ at: number; value: number } | null>(null);
  const latest = useRef(value);
  latest.current = value;
  const upright = orientation === "vertical";
  const sign = after ? -1 : 1;
  const set = (next: number) => {
    const bounded = Math.round(Math.min(max, Math.max(min, next)));
    latest.current = bounded;
    onChange(bounded);
  };
  const settle = (next: number) => {
    set(next);
    onSettled?.(latest.current);
  };
  return (
    <div
      role="separator"
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={Math.round(value)}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      data-quiet-focus=""
      className={clsx(
        "group relative z-10 shrink-0 touch-none",
        upright ? "-mx-[3px] w-[7px] cursor-col-resize" : "-my-[3px] h-[7px] cursor-row-resize",
      )}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { at: upright ? event.clientX : event.clientY, value };
      }}
      onPointerMove={(event) => {
        if (!from.current) return;
        set(from.current.value + sign * ((upright ? event.clientX : event.clientY) - from.current.at));
      }}
      onPointerUp={() => {
        if (from.current) onSettled?.(latest.current);
        from.current = null;
      }}
      onPointerCancel={() => {
        from.current = null;
      }}
      onDoubleClick={() => initial !== undefined && settle(initial)}
      onKeyDown={(event) => {
        const step = event.shiftKey ? 48 : 12;
        const less = upright ? "ArrowLeft" : "ArrowUp";
        const more = upright ? "ArrowRight" : "ArrowDown";
        if (event.key === less) settle(value - sign * step);
        else if (event.key === more) settle(value + sign * step);
        else if (event.key === "Home") settle(min);
        else if (event.key === "End") settle(max);
        else if (event.key === "Enter" && initial !== undefined) settle(initial);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <span
        aria-hidden
        className={clsx(
          "absolute bg-line transition-colors duration-75 group-hover:bg-accent group-focus-visible:bg-focus",
          upright ? "inset-y-0 left-[3px] w-px group-focus-visible:w-[3px] group-focus-visible:-translate-x-px" : "inset-x-0 top-[3px] h-px group-focus-visible:h-[3px] group-focus-visible:-translate-y-px",
        )}
      />
    </div>
  );
}
