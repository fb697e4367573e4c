// Choosing records for a link cell: those linked stand above and can be opened or let go, the others are
// found by typing, and one of that name is made where there is none.
import { clsx } from "clsx";
import { Check, Filter, Link2, Plus, SquareArrowOutUpRight, X } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { call, toEngineError, useRead, type Column } from "../../engine";
import { useT } from "../../i18n";
import { tellError, wordsOf } from "../../shell";
import { useLinkEnds } from "./base-context";
import { canType } from "./kinds";
import { limitsOf, linkedOf, type Linked } from "./linked";

/** Records offered at once. */
const OFFERED = 50;
/** A search is asked once typing rests, ms. */
const REST_MS = 120;

export interface LinkPickerProps {
  column: Column;
  value: unknown;
  /** Text typed already. */
  initial?: string | undefined;
  /** The records that are linked now; empty lets all go. */
  onChange: (records: Linked[]) => void;
  onDone: (how: "enter" | "tab" | "back_tab" | "pick") => void;
}

export function LinkPicker({ column, value, initial, onChange, onDone }: LinkPickerProps) {
  const t = useT();
  const id = useId();
  const ends = useLinkEnds(column);
  const many = column.settings["multiple"] !== false;
  const [text, setText] = useState(initial ?? "");
  const [search, setSearch] = useState(text.trim());
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSearch(text.trim()), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    input.current?.focus({ preventScroll: true });
    input.current?.setSelectionRange(input.current.value.length, input.current.value.length);
  }, []);
  const found = useRead("record.candidates", ends ? { base: ends.around.base.id, table: ends.near.id, column: column.id, search: search || null, offset: 0, limit: OFFERED } : null, { keep: true });
  const chosen = linkedOf(value);
  const rows = found.data?.rows ?? [];
  const typed = text.trim();
  const name = ends?.far?.columns[0];
  // A record made here would hardly be among those that the column offers.
  const limits = limitsOf(column, ends?.far).map((one) => ({ ...one, words: one.kind === "view" ? t("link:only_view", { name: one.name }) : t(`link:only_${one.kind}`) }));
  const canMake = limits.every((one) => one.open) && typed !== "" && search === typed && !found.isFetching && name !== undefined && canType(name) && !rows.some((row) => row.text.toLowerCase() === typed.toLowerCase());
  const count = rows.length + (canMake ? 1 : 0);
  const place = Math.min(at, Math.max(0, count - 1));
  // In the last rows of a grid the list would lie below its end.
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.scrollIntoView({ block: "nearest" }), [count]);
  const nameOf = (one: Linked) => one.text || t("link:untitled", { id: one.id });
  useEffect(() => {
    document.querySelector(`[id="${id}-${place}"]`)?.scrollIntoView({ block: "nearest" });
  }, [id, place]);

  const toggle = (one: Linked) => {
    const linked = chosen.some((each) => each.id === one.id);
    if (!many) {
      onChange(linked ? [] : [one]);
      onDone("pick");
      return;
    }
    onChange(linked ? chosen.filter((each) => each.id !== one.id) : [...chosen, one]);
    setText("");
    setAt(0);
  };
  const make = async () => {
    if (!ends?.far || !name) return;
    try {
      const { records } = await call("record.add", { base: ends.around.base.id, table: ends.far.id, records: [{ [name.id]: typed }] });
      if (records[0] !== undefined) toggle({ id: records[0], text: typed });
    } catch (thrown) {
      tellError(toEngineError(thrown));
    }
  };
  // What is listed may still be of the letters typed before: Enter waits for what was typed.
  const eager = useRef(false);
  const settled = search === typed && !found.isFetching;
  useEffect(() => {
    if (!eager.current || !settled) return;
    eager.current = false;
    take(place);
  });
  const take = (index: number) => {
    const row = rows[index];
    if (row) toggle(row);
    else if (canMake) void make();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    event.stopPropagation();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (count > 0) setAt((place + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) onDone("enter");
      else if (settled) take(place);
      else eager.current = true;
    } else if (event.key === "Tab") {
      // Tab among the buttons of linked records stays here; from the field it leaves the cell.
      if (event.target !== input.current) return;
      event.preventDefault();
      onDone(event.shiftKey ? "back_tab" : "tab");
    } else if (event.key === "Escape") {
      event.preventDefault();
      // What was chosen stays: it is seen above, and undo takes it back.
      if (text === "") onDone("pick");
      else setText("");
    } else if (event.key === "Backspace" && text === "" && chosen.length > 0 && event.target === input.current) {
      event.preventDefault();
      onChange(chosen.slice(0, -1));
    }
  };

  const rest = (found.data?.total ?? 0) - rows.length;
  return (
    // oxlint-disable-next-line no-static-element-interactions -- keys of the field and the buttons in it
    <div ref={box} onKeyDown={onKeyDown} className="w-full min-w-64 rounded-md border border-line bg-raised text-sm shadow-raised">
      {chosen.length > 0 && (
        <ul aria-label={t("link:linked")} className="flex max-h-28 flex-wrap gap-1 overflow-y-auto px-2 pt-2">
          {chosen.map((one) => (
            <li key={one.id} className="inline-flex h-6 max-w-full items-center rounded-md border border-line bg-sunken text-xs">
              <button
                type="button"
                aria-label={t("link:open", { name: nameOf(one) })}
                title={t("link:open", { name: nameOf(one) })}
                disabled={!ends?.far}
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => {
                  const far = ends?.far;
                  onDone("pick");
                  if (far) ends.around.openRecord(far, one.id);
                }}
                className="inline-flex h-full min-w-0 items-center gap-1 rounded-l-md pr-1 pl-1.5 hover:bg-hover"
              >
                <bdi className="truncate">{nameOf(one)}</bdi>
                <SquareArrowOutUpRight size={11} aria-hidden className="shrink-0 text-muted" />
              </button>
              <button type="button" aria-label={t("link:unlink", { name: nameOf(one) })} title={t("link:unlink", { name: nameOf(one) })} onPointerDown={(event) => event.preventDefault()} onClick={() => { onChange(chosen.filter((each) => each.id !== one.id)); input.current?.focus(); }} className="inline-flex h-full w-6 shrink-0 items-center justify-center rounded-r-md text-muted hover:bg-hover hover:text-text">
                <X size={12} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        ref={input}
        role="combobox"
        aria-label={column.name}
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={count > 0 ? `${id}-${place}` : undefined}
        value={text}
        placeholder={t("link:find")}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
          eager.current = false;
        }}
        className="h-8 w-full bg-transparent px-2 outline-none focus-visible:outline-none"
      />
      {limits.map((one) => (
        <p key={one.words} className="flex items-center gap-1.5 border-t border-line px-2 py-1 text-xs text-muted">
          <Filter size={12} aria-hidden className="shrink-0" />
          <bdi className="min-w-0 truncate">{one.words}</bdi>
        </p>
      ))}
      <ul id={`${id}-list`} role="listbox" aria-label={column.name} aria-multiselectable={many} className="max-h-60 overflow-auto border-t border-line p-1">
        {rows.map((row, index) => {
          const linked = chosen.some((one) => one.id === row.id);
          return (
            <li
              key={row.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={linked}
              onPointerDown={(event) => {
                event.preventDefault();
                take(index);
              }}
              onPointerMove={() => setAt(index)}
              className={clsx("flex min-h-7 items-center gap-2 rounded-md px-2", index === place && "bg-hover")}
            >
              <Link2 size={13} aria-hidden className="shrink-0 text-muted" />
              <bdi className={clsx("min-w-0 flex-1 truncate", row.text === "" && "text-muted")}>{nameOf(row)}</bdi>
              {linked && <Check size={14} aria-hidden className="shrink-0 text-accent-text" />}
            </li>
          );
        })}
        {canMake && (
          <li
            id={`${id}-${rows.length}`}
            role="option"
            aria-selected={false}
            onPointerDown={(event) => {
              event.preventDefault();
              take(rows.length);
            }}
            onPointerMove={() => setAt(rows.length)}
            className={clsx("flex min-h-7 items-center gap-2 rounded-md px-2", place === rows.length && "bg-hover")}
          >
            <Plus size={14} aria-hidden className="shrink-0 text-muted" />
            <span className="truncate">{t("link:make", { name: typed })}</span>
          </li>
        )}
        {count === 0 && <li role="option" aria-selected={false} aria-disabled className="px-2 py-1 text-xs text-muted">{found.error ? wordsOf(found.error) : found.data ? t(search !== "" ? "link:none_found" : limits.length > 0 ? "link:none_offered" : "link:no_records") : t("common:loading")}</li>}
      </ul>
      <p className="border-t border-line px-2 py-1 text-xs text-muted">{rest > 0 ? t("link:more", { count: rest }) : t("link:hint")}</p>
    </div>
  );
}
