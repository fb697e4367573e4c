// Choosing options of a select column: typed to search, made on the way where there is none of that name.
import { clsx } from "clsx";
import { Check, Plus } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import type { Column } from "../../engine";
import { useT } from "../../i18n";
import { OptionChip } from "./view";
import { optionsOf } from "./kinds";
import { chosenOptions } from "./show";

const fold = (text: string) => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();

export interface OptionPickerProps {
  column: Column;
  value: unknown;
  /** Text typed already. */
  initial?: string | undefined;
  /** A new value: for one option its id or name (null empties), for several a list of them. */
  onChange: (value: unknown) => void;
  /** The choice is finished: Enter, or a single option was taken. */
  onDone: (how: "enter" | "tab" | "back_tab" | "pick") => void;
  onCancel: () => void;
}

export function OptionPicker({ column, value, initial, onChange, onDone, onCancel }: OptionPickerProps) {
  const t = useT();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const many = column.type === "multiple_select";
  const [text, setText] = useState(initial ?? "");
  // The cursor begins where the choice stands.
  const [at, setAt] = useState(() => (many || initial ? 0 : Math.max(0, optionsOf(column).findIndex((option) => option.id === value))));
  const chosen = chosenOptions(column, value);
  const typed = text.trim();
  const found = optionsOf(column).filter((option) => fold(option.name).includes(fold(typed)));
  const isNew = typed !== "" && !optionsOf(column).some((option) => fold(option.name) === fold(typed));
  const count = found.length + (isNew ? 1 : 0);
  const place = Math.min(at, Math.max(0, count - 1));

  useEffect(() => {
    const field = input.current;
    field?.focus({ preventScroll: true });
    field?.setSelectionRange(field.value.length, field.value.length);
  }, []);
  useEffect(() => {
    document.querySelector(`[id="${id}-${place}"]`)?.scrollIntoView({ block: "nearest" });
  }, [id, place]);

  const take = (index: number) => {
    const option = found[index];
    const picked: number | string | null = option ? option.id : isNew ? typed : null;
    if (picked === null) return;
    if (!many) {
      onChange(picked);
      onDone("pick");
      return;
    }
    const now = chosen.map((one) => (one.id < 0 ? one.name : one.id));
    onChange(now.includes(picked) ? now.filter((one) => one !== picked) : [...now, picked]);
    setText("");
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    event.stopPropagation();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (count > 0) setAt((place + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (many && typed === "" && at === 0 && !event.ctrlKey) onDone("enter");
      else if (event.ctrlKey) onDone("enter");
      else take(place);
    } else if (event.key === "Tab") {
      event.preventDefault();
      if (typed !== "" && !many) {
        const option = found[place];
        if (option || isNew) onChange(option ? option.id : typed);
      }
      onDone(event.shiftKey ? "back_tab" : "tab");
    } else if (event.key === "Escape") {
      event.preventDefault();
      onCancel();
    } else if (event.key === "Backspace" && text === "" && chosen.length > 0) {
      event.preventDefault();
      onChange(many ? chosen.slice(0, -1).map((one) => one.id) : null);
    }
  };

  return (
    <div className="w-full min-w-56 rounded-md border border-line bg-raised shadow-raised">
      {chosen.length > 0 && <div className="flex flex-wrap gap-1 px-2 pt-2">{chosen.map((option) => <OptionChip key={option.name} option={option} />)}</div>}
      <input
        ref={input}
        role="combobox"
        aria-label={column.name}
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={count > 0 ? `${id}-${place}` : undefined}
        value={text}
        placeholder={t("column:option.find")}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        className="h-8 w-full bg-transparent px-2 outline-none focus-visible:outline-none"
      />
      <ul id={`${id}-list`} role="listbox" aria-label={column.name} aria-multiselectable={many} className="max-h-60 overflow-auto border-t border-line p-1">
        {found.map((option, index) => (
          <li
            key={option.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={chosen.some((one) => one.id === option.id)}
            onPointerDown={(event) => {
              event.preventDefault();
              take(index);
            }}
            onPointerMove={() => setAt(index)}
            className={clsx("flex min-h-7 items-center gap-2 rounded-md px-2", index === place && "bg-hover")}
          >
            <span className="min-w-0 flex-1"><OptionChip option={option} /></span>
            {chosen.some((one) => one.id === option.id) && <Check size={14} aria-hidden className="shrink-0 text-accent-text" />}
          </li>
        ))}
        {isNew && (
          <li
            id={`${id}-${found.length}`}
            role="option"
            aria-selected={false}
            onPointerDown={(event) => {
              event.preventDefault();
              take(found.length);
            }}
            onPointerMove={() => setAt(found.length)}
            className={clsx("flex min-h-7 items-center gap-2 rounded-md px-2 text-sm", place === found.length && "bg-hover")}
          >
            <Plus size={14} aria-hidden className="shrink-0 text-muted" />
            <span className="truncate">{t("column:option.make", { name: typed })}</span>
          </li>
        )}
        {count === 0 && <li role="option" aria-selected={false} aria-disabled className="px-2 py-1 text-xs text-muted">{t("column:option.none")}</li>}
      </ul>
    </div>
  );
}
