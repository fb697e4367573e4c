// A list of any length: one tab stop, the active row by aria-activedescendant, and only the rows in
// sight in the document. It knows positions, not contents: rows may load later.
// Rows that hold buttons of their own need `kind="grid"`: an option of a listbox may not.
import { clsx } from "clsx";
import { useEffect, useId, useImperativeHandle, useRef, type KeyboardEvent, type MouseEvent, type ReactNode, type Ref } from "react";
import { useRowWindow } from "./scroll";

export interface VirtualListHandle {
  focus(): void;
  scrollTo(index: number, align?: "nearest" | "start" | "center"): void;
  /** Moves by whole rows, so that what is in sight stays there when rows come or go before it. */
  shift(rows: number): void;
  /** First row in sight, with its hidden fraction. */
  position(): number;
}

export interface VirtualListProps {
  label: string;
  count: number;
  rowHeight: number;
  /** Draws the inside of a row. */
  renderRow: (index: number, state: { active: boolean; selected: boolean }) => ReactNode;
  /** Stable keys, so that a row keeps its element when rows before it go. */
  rowKey?: (index: number) => string | number;
  /** Row under the cursor; -1 is none. */
  active: number;
  /** False: the list does not scroll to the active row by itself, only when a key moved it. */
  follow?: boolean;
  onActive: (index: number, how: { extend: boolean; toggle: boolean; pointer: boolean }) => void;
  isSelected?: (index: number) => boolean;
  /** Enter or double click. */
  onOpen?: (index: number) => void;
  onContextMenu?: (index: number, at: { x: number; y: number }) => void;
  /** Rows now in sight, to load them. */
  onRange?: (first: number, end: number) => void;
  /** Text of a row for readers, where its inside does not say it well. */
  rowLabel?: (index: number) => string | undefined;
  multiple?: boolean;
  kind?: "listbox" | "grid";
  className?: string;
  rowClassName?: (index: number) => string | undefined;
  ref?: Ref<VirtualListHandle>;
  /** Extra keys; return true where it was handled. */
  onKey?: (event: KeyboardEvent) => boolean;
}

export function VirtualList({
  label, count, rowHeight, renderRow, rowKey, active, follow = true, onActive, isSelected, onOpen, onContextMenu, onRange, rowLabel, multiple, kind = "listbox", className, rowClassName, ref, onKey,
}: VirtualListProps) {
  const viewport = useRef<HTMLDivElement>(null);
  const id = useId();
  const rows = useRowWindow(viewport, { count, rowHeight });
  const { first, end, scrollTo, shift } = rows;
  const position = useRef(rows.position);
  position.current = rows.position;

  useImperativeHandle(
    ref,
    () => ({ focus: () => viewport.current?.focus({ preventScroll: true }), scrollTo, shift, position: () => position.current }),
    [scrollTo, shift],
  );
  useEffect(() => {
    onRange?.(first, end);
  }, [first, end, onRange]);
  useEffect(() => {
    if (follow && active >= 0) scrollTo(active);
  }, [follow, active, scrollTo]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (onKey?.(event)) {
      event.preventDefault();
      return;
    }
    if (event.altKey || event.metaKey) return;
    let next: number;
    if (event.key === "ArrowDown") next = active + 1;
    else if (event.key === "ArrowUp") next = active < 0 ? 0 : active - 1;
    else if (event.key === "PageDown") next = active + rows.page;
    else if (event.key === "PageUp") next = active - rows.page;
    else if (event.key === "Home") next = 0;
    else if (event.key === "End") next = count - 1;
    else if (event.key === "Enter" && active >= 0 && !event.ctrlKey) {
      onOpen?.(active);
      event.preventDefault();
      return;
    } else return;
    event.preventDefault();
    if (count === 0) return;
    next = Math.min(count - 1, Math.max(0, next));
    if (!follow) scrollTo(next);
    onActive(next, { extend: event.shiftKey, toggle: false, pointer: false });
  };

  const indexOf = (target: EventTarget): number => {
    const row = (target as Element).closest<HTMLElement>("[data-row]");
    return row && viewport.current?.contains(row) ? Number(row.dataset["row"]) : -1;
  };
  const onClick = (event: MouseEvent) => {
    const index = indexOf(event.target);
    if (index < 0 || (event.target as Element).closest("button,a,input,label")) return;
    onActive(index, { extend: event.shiftKey, toggle: event.ctrlKey || event.metaKey, pointer: true });
  };

  const grid = kind === "grid";
  const shown: ReactNode[] = [];
  for (let index = first; index < end; index += 1) {
    const isActive = index === active;
    const selected = isSelected?.(index) ?? isActive;
    shown.push(
      <div
        key={rowKey?.(index) ?? index}
        id={`${id}-${index}`}
        role={grid ? "row" : "option"}
        aria-selected={selected}
        aria-setsize={grid ? undefined : count}
        aria-posinset={grid ? undefined : index + 1}
        aria-rowindex={grid ? index + 1 : undefined}
        aria-label={rowLabel?.(index)}
        data-row={index}
        data-active={isActive ? "" : undefined}
        data-selected={selected ? "" : undefined}
        className={clsx("absolute inset-x-0 top-0", rowClassName?.(index))}
        style={{ height: rowHeight, transform: `translateY(${rows.top(index)}px)` }}
      >
        {grid ? (
          <div role="gridcell" className="size-full">
            {renderRow(index, { active: isActive, selected })}
          </div>
        ) : (
          renderRow(index, { active: isActive, selected })
        )}
      </div>,
    );
  }

  return (
    <div
      ref={viewport}
      role={kind}
      aria-label={label}
      aria-rowcount={grid ? count : undefined}
      aria-multiselectable={multiple ?? false}
      aria-activedescendant={active >= first && active < end ? `${id}-${active}` : undefined}
      tabIndex={0}
      data-quiet-focus=""
      className={clsx("relative min-h-0 flex-1 overflow-x-hidden overflow-y-auto [contain:strict]", className)}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onDoubleClick={(event) => {
        const index = indexOf(event.target);
        if (index >= 0) onOpen?.(index);
      }}
      onContextMenu={(event) => {
        const index = indexOf(event.target);
        if (index < 0 || !onContextMenu) return;
        event.preventDefault();
        onContextMenu(index, { x: event.clientX, y: event.clientY });
      }}
    >
      <div role="presentation" className="relative" style={{ height: rows.height }}>
        {shown}
      </div>
    </div>
  );
}
