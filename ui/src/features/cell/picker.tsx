// A field with choices below it: searched by typing, walked with the arrow keys, taken by Enter or a click.
// What the choices are, and what the other keys do, says who uses it.
import { clsx } from "clsx";
import { Check, Plus } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from "react";

/** How a choice was finished: `fill` is meant for every selected cell, `pick` stays where it is. */
export type Done = "enter" | "tab" | "back_tab" | "fill" | "pick";

export interface Choice {
  key: string | number;
  chosen: boolean;
  content: ReactNode;
}

export interface PickerProps {
  label: string;
  placeholder: string;
  many: boolean;
  text: string;
  onText: (text: string) => void;
  choices: readonly Choice[];
  /** What makes a choice of what was typed, below the others; null offers nothing. */
  make: string | null;
  /** Said where there is nothing to choose. */
  empty: string;
  /** The choice the cursor begins at while nothing is typed; -1 is none, to which it also comes back before the first. */
  start?: number;
  /** A choice by its place; the one after the last is made. */
  onTake: (place: number) => void;
  /** Keys but the arrows, with the place of the cursor. */
  onKey: (event: KeyboardEvent, place: number) => void;
  field: RefObject<HTMLInputElement | null>;
  /** What is chosen. */
  above?: ReactNode;
  /** What narrows the choices. */
  notes?: readonly ReactNode[];
  below?: ReactNode;
  className?: string;
}

/** Taking a choice by its place. What is listed may still be of the letters typed before: Enter then waits for what was typed. */
export function useTaking(settled: boolean, take: (place: number) => void) {
  const eager = useRef<number | null>(null);
  useEffect(() => {
    const place = eager.current;
    if (place === null || !settled) return;
    eager.current = null;
    take(place);
  });
  return {
    take: (place: number) => {
      if (settled) take(place);
      else eager.current = place;
    },
    forget: () => {
      eager.current = null;
    },
  };
}

export function Picker({ label, placeholder, many, text, onText, choices, make, empty, start = 0, onTake, onKey, field, above, notes = [], below, className }: PickerProps) {
  const id = useId();
  const [at, setAt] = useState(text === "" ? start : 0);
  const first = Math.min(0, start);
  const [seen, setSeen] = useState(text);
  if (text !== seen) {
    setSeen(text);
    setAt(text === "" ? first : 0);
  }
  const count = choices.length + (make === null ? 0 : 1);
  const place = Math.min(at, Math.max(0, count - 1));

  useEffect(() => {
    field.current?.focus({ preventScroll: true });
    field.current?.setSelectionRange(field.current.value.length, field.current.value.length);
  }, [field]);
  // In the last rows of a grid the list would lie below its end.
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Newer engines give a promise, which an effect must not.
    void box.current?.scrollIntoView({ block: "nearest" });
  }, [count]);
  useEffect(() => {
    document.querySelector(`[id="${id}-${place}"]`)?.scrollIntoView({ block: "nearest" });
  }, [id, place]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    event.stopPropagation();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const places = count - first;
      if (count > 0) setAt(first + ((place - first + (event.key === "ArrowDown" ? 1 : places - 1)) % places));
    } else onKey(event, place);
  };
  const row = (index: number) => ({
    id: `${id}-${index}`,
    onPointerDown: (event: { preventDefault: () => void }) => {
      event.preventDefault();
      onTake(index);
    },
    onPointerMove: () => setAt(index),
    className: clsx("flex min-h-7 items-center gap-2 rounded-md px-2", index === place && "bg-hover"),
  });

  return (
    // oxlint-disable-next-line no-static-element-interactions -- keys of the field and the buttons in it
    <div ref={box} onKeyDown={onKeyDown} className={clsx("w-full rounded-md border border-line bg-raised text-sm shadow-raised", className)}>
      {above}
      <input
        ref={field}
        role="combobox"
        aria-label={label}
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={count > 0 && place >= 0 ? `${id}-${place}` : undefined}
        value={text}
        placeholder={placeholder}
        onChange={(event) => onText(event.target.value)}
        className="h-8 w-full bg-transparent px-2 outline-none focus-visible:outline-none"
      />
      {notes}
      <ul id={`${id}-list`} role="listbox" aria-label={label} aria-multiselectable={many} className="max-h-60 overflow-auto border-t border-line p-1">
        {choices.map((choice, index) => (
          <li key={choice.key} role="option" {...row(index)} aria-selected={choice.chosen}>
            {choice.content}
            {choice.chosen && <Check size={14} aria-hidden className="shrink-0 text-accent-text" />}
          </li>
        ))}
        {make !== null && (
          <li role="option" {...row(choices.length)} aria-selected={false}>
            <Plus size={14} aria-hidden className="shrink-0 text-muted" />
            <span className="truncate">{make}</span>
          </li>
        )}
        {count === 0 && <li role="option" aria-selected={false} aria-disabled className="px-2 py-1 text-xs text-muted">{empty}</li>}
      </ul>
      {below}
    </div>
  );
}
