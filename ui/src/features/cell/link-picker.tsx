// Choosing records for a link cell: those linked stand above and can be opened or let go, the others are
// found by typing, and one of that name is made where there is none.
import { clsx } from "clsx";
import { Filter, Link2, SquareArrowOutUpRight, X } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { call, toEngineError, useRead, type Column } from "../../engine";
import { useT } from "../../i18n";
import { tellError, wordsOf } from "../../shell";
import { useLinkEnds } from "./base-context";
import { canType } from "./kinds";
import { limitsOf, linkedOf, type Linked } from "./linked";
import { Picker, useTaking, type Done } from "./picker";

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
  onDone: (how: Done) => void;
}

export function LinkPicker({ column, value, initial, onChange, onDone }: LinkPickerProps) {
  const t = useT();
  const ends = useLinkEnds(column);
  const many = column.settings["multiple"] !== false;
  const [text, setText] = useState(initial ?? "");
  const [search, setSearch] = useState(text.trim());
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSearch(text.trim()), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useRead("record.candidates", ends ? { base: ends.around.base.id, table: ends.near.id, column: column.id, search: search || null, offset: 0, limit: OFFERED } : null, { keep: true });
  const chosen = linkedOf(value);
  const rows = found.data?.rows ?? [];
  const typed = text.trim();
  const settled = search === typed && !found.isFetching;
  const name = ends?.far?.columns[0];
  const limits = limitsOf(column, ends?.far).map((one) => ({ ...one, words: one.kind === "view" ? t("link:only_view", { name: one.name }) : t(`link:only_${one.kind}`) }));
  // A record made here would hardly be among those that the column offers.
  const canMake = limits.every((one) => one.open) && typed !== "" && settled && name !== undefined && canType(name) && !rows.some((row) => row.text.toLowerCase() === typed.toLowerCase());
  const nameOf = (one: Linked) => one.text || t("link:untitled", { id: one.id });

  const toggle = (one: Linked) => {
    const linked = chosen.some((each) => each.id === one.id);
    if (!many) {
      onChange(linked ? [] : [one]);
      onDone("pick");
      return;
    }
    onChange(linked ? chosen.filter((each) => each.id !== one.id) : [...chosen, one]);
    setText("");
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
  const take = (place: number) => {
    const row = rows[place];
    if (row) toggle(row);
    else if (canMake) void make();
  };
  const taking = useTaking(settled, take);
  const onKey = (event: KeyboardEvent, place: number) => {
    const inField = event.target === field.current;
    if (event.key === "Enter") {
      // A button of a linked record is pressed by Enter as any other.
      if (!inField) return;
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) onDone("enter");
      else taking.take(place);
    } else if (event.key === "Tab") {
      // Tab among the buttons of linked records stays here; from the field it leaves the cell.
      if (!inField) return;
      event.preventDefault();
      onDone(event.shiftKey ? "back_tab" : "tab");
    } else if (event.key === "Escape") {
      event.preventDefault();
      // What was chosen stays: it is seen above, and undo takes it back.
      if (text === "") onDone("pick");
      else setText("");
    } else if (event.key === "Backspace" && text === "" && chosen.length > 0 && inField) {
      event.preventDefault();
      onChange(chosen.slice(0, -1));
    }
  };

  const rest = (found.data?.total ?? 0) - rows.length;
  return (
    <Picker
      className="min-w-64"
      label={column.name}
      placeholder={t("link:find")}
      many={many}
      text={text}
      onText={(typing) => {
        setText(typing);
        taking.forget();
      }}
      choices={rows.map((row) => ({
        key: row.id,
        chosen: chosen.some((one) => one.id === row.id),
        content: (
          <>
            <Link2 size={13} aria-hidden className="shrink-0 text-muted" />
            <bdi className={clsx("min-w-0 flex-1 truncate", row.text === "" && "text-muted")}>{nameOf(row)}</bdi>
          </>
        ),
      }))}
      make={canMake ? t("link:make", { name: typed }) : null}
      empty={found.error ? wordsOf(found.error) : found.data ? t(search !== "" ? "link:none_found" : limits.length > 0 ? "link:none_offered" : "link:no_records") : t("common:loading")}
      onTake={take}
      onKey={onKey}
      field={field}
      above={
        chosen.length > 0 && (
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
                <button type="button" aria-label={t("link:unlink", { name: nameOf(one) })} title={t("link:unlink", { name: nameOf(one) })} onPointerDown={(event) => event.preventDefault()} onClick={() => { onChange(chosen.filter((each) => each.id !== one.id)); field.current?.focus(); }} className="inline-flex h-full w-6 shrink-0 items-center justify-center rounded-r-md text-muted hover:bg-hover hover:text-text">
                  <X size={12} aria-hidden />
                </button>
              </li>
            ))}
          </ul>
        )
      }
      notes={limits.map((one) => (
        <p key={one.words} className="flex items-start gap-1.5 border-t border-line px-2 py-1 text-xs text-muted">
          <Filter size={12} aria-hidden className="mt-0.5 shrink-0" />
          <bdi className="min-w-0 break-words">{one.words}</bdi>
        </p>
      ))}
      below={<p className="border-t border-line px-2 py-1 text-xs text-muted">{rest > 0 ? t("link:more", { count: rest }) : t("link:hint")}</p>}
    />
  );
}
