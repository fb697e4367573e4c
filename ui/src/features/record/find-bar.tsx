// Finding a text in the cells of a view, one after the other, and putting another in its place.
import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { Button, Checkbox, IconButton, Select, TextField } from "../../design";
import { call, toEngineError, useRead, type BaseId, type Column, type ColumnId, type RecordHit, type TableId, type ViewId } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { tellError } from "../../shell";

/** A search is asked once typing rests, ms. */
const REST_MS = 200;

export interface FindBarProps {
  base: BaseId;
  table: TableId;
  view: ViewId;
  columns: readonly Column[];
  /** Shows the place of a hit. */
  onHit: (hit: RecordHit) => void;
  /** Something was replaced. */
  onReplaced: (label: string) => void;
  onClose: () => void;
}

export function FindBar({ base, table, view, columns, onHit, onReplaced, onClose }: FindBarProps) {
  const t = useT();
  const format = useFormats();
  const [text, setText] = useState("");
  const [wanted, setWanted] = useState("");
  const [replacement, setReplacement] = useState("");
  const [cased, setCased] = useState(false);
  const [whole, setWhole] = useState(false);
  const [column, setColumn] = useState<ColumnId | 0>(0);
  const [at, setAt] = useState(0);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    const timer = setTimeout(() => setWanted(text), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const aim = { base, table, view, text: wanted, case: cased, whole, column: column === 0 ? null : column };
  const found = useRead("record.find", wanted === "" ? null : { ...aim, from: 0 }, { keep: true });
  const hits = wanted === "" ? [] : (found.data?.hits ?? []);
  const total = wanted === "" ? 0 : (found.data?.total ?? 0);
  const place = Math.min(at, Math.max(0, hits.length - 1));
  const go = (next: number) => {
    const hit = hits[next];
    if (!hit) return;
    setAt(next);
    onHit(hit);
  };
  const step = (by: 1 | -1) => hits.length > 0 && go((place + by + hits.length) % hits.length);
  // The first hit is shown as it is found; later answers leave the place alone.
  const shown = useRef("");
  const key = JSON.stringify(aim);
  const first = hits[0];
  useEffect(() => {
    if (found.isFetching || shown.current === key || !first) return;
    shown.current = key;
    setAt(0);
    onHit(first);
  }, [found.isFetching, key, first, onHit]);
  const replace = async (only: RecordHit | null) => {
    if (busy || wanted === "") return;
    setBusy(true);
    try {
      const act = await call("record.replace", { ...aim, replacement, records: only ? [{ record: only.record, column: only.column }] : null });
      onReplaced(act.records.length >= 1000 ? t("record:find.replaced_all") : t("record:find.replaced", { count: act.records.length }));
    } catch (thrown) {
      tellError(toEngineError(thrown));
    }
    setBusy(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      event.stopPropagation();
      onClose();
    } else if (event.key === "Enter" && event.target === field.current) {
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
    }
  };
  const state = text === "" ? "" : found.isFetching || text !== wanted ? "…" : hits.length === 0 ? t("record:find.none") : t("record:find.place", { at: format.number(place + 1), count: total });
  return (
    // oxlint-disable-next-line no-static-element-interactions -- keys of the fields in it
    <div role="search" aria-label={t("record:find.title")} onKeyDown={onKeyDown} className="flex shrink-0 flex-wrap items-center gap-x-2 gap-y-1.5 border-b border-line bg-sunken px-2 py-1.5">
      <TextField aria-label={t("record:find.text")} placeholder={t("record:find.text")} className="w-44" inputRef={field} value={text} onChange={setText} />
      <span role="status" className="min-w-16 text-xs whitespace-nowrap text-muted tabular-nums">{state}</span>
      <span className="flex">
        <IconButton icon={ChevronUp} label={t("record:find.previous")} keys="shift+enter" isDisabled={hits.length === 0} onPress={() => step(-1)} />
        <IconButton icon={ChevronDown} label={t("record:find.next")} keys="enter" isDisabled={hits.length === 0} onPress={() => step(1)} />
      </span>
      <TextField aria-label={t("record:find.replacement")} placeholder={t("record:find.replacement")} className="w-44" value={replacement} onChange={setReplacement} />
      <Button small isDisabled={hits.length === 0} busy={busy} onPress={() => void replace(hits[place] ?? null)}>{t("record:find.one")}</Button>
      <Button small isDisabled={hits.length === 0} busy={busy} onPress={() => void replace(null)}>{t("record:find.all")}</Button>
      <Checkbox className="text-xs" isSelected={cased} onChange={setCased}>{t("record:find.case")}</Checkbox>
      <Checkbox className="text-xs" isSelected={whole} onChange={setWhole}>{t("record:find.whole")}</Checkbox>
      <Select aria={t("record:find.column")} className="w-40" value={column} options={[{ value: 0, label: t("record:find.everywhere") }, ...columns.map((one) => ({ value: one.id, label: one.name }))]} onChange={setColumn} />
      <IconButton icon={X} label={t("common:close")} keys="escape" className="ml-auto" onPress={onClose} />
    </div>
  );
}
