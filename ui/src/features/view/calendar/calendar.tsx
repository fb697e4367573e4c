// A month or a week with the records that fall into it. Records are moved to another day by drag or by Alt
// with the arrow keys; those without a date stand in a list beside it.
import { ChevronLeft, ChevronRight, ListX, Plus } from "lucide-react";
import { useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { clsx } from "clsx";
import { Button, IconButton, Popover, Segmented, startDrag } from "../../../design";
import { call, toEngineError, type FilterNode, type RecordRow } from "../../../engine";
import { useFormats, useT } from "../../../i18n";
import { ErrorPane, tellError, useNarrow } from "../../../shell";
import { canWrite } from "../../cell/kinds";
import { chosenOptions, readDate, showCell } from "../../cell/show";
import { useRecordSource } from "../../record/use-source";
import { dayOf, mondayOf, monthStart, msOf, partsOf, plusMonths, textOf, today, withDay } from "../day";
import { NeedsDate } from "../needs-date";
import type { ViewScreenProps } from "../screen";
import { calendarOf } from "../settings";
import { Undated } from "./undated";
import { hiddenOn, segmentsOf, type Entry, type Segment } from "./weeks";

/** Records shown at most; more in one month can't be read. */
const MOST = 1000;
const BAR_PX = 22;
const DATE_PX = 26;

export function CalendarView(props: ViewScreenProps) {
  const settings = calendarOf(props.view, props.table);
  return settings.start === null ? <NeedsDate {...props} /> : <Calendar {...props} startId={settings.start} settings={settings} />;
}

function Calendar({ base, table, view, search, language, startId, settings, onOpen, onAdd, onDone, onEdited }: ViewScreenProps & { startId: number; settings: ReturnType<typeof calendarOf> }) {
  const t = useT();
  const format = useFormats();
  const [mode, setMode] = useState<"month" | "week">("month");
  const [at, setAt] = useState(() => today());
  const isNarrow = useNarrow(1100);
  const [undatedShown, setShowUndated] = useState<boolean | null>(null);
  const showUndated = undatedShown ?? !isNarrow;
  const grid = useRef<HTMLDivElement>(null);
  const [cellPx, setCellPx] = useState(110);
  const now = today();
  const find = (id: number | null) => table.columns.find((one) => one.id === id) ?? null;
  const [start, end, title, color] = [find(startId)!, find(settings.end), find(settings.title), find(settings.color)];
  const movable = canWrite(start) && (end === null || canWrite(end));

  const first = mode === "month" ? mondayOf(monthStart(at)) : mondayOf(at);
  const weeks = mode === "month" ? Math.ceil((monthStart(at, 1) - first) / 7) : 1;
  const last = first + weeks * 7 - 1;
  const filter: FilterNode = useMemo(() => {
    const rule = (column: number, predicate: string, day: number): FilterNode => ({ kind: "rule", column, predicate, value: textOf(day), modifier: "exact_date" });
    const begins = rule(startId, "is_on_or_after", first);
    return { kind: "group", all: true, items: [rule(startId, "is_on_or_before", last), settings.end === null ? begins : { kind: "group", all: false, items: [begins, rule(settings.end, "is_on_or_after", first)] }] };
  }, [startId, settings.end, first, last]);
  const list = { base, table: table.id, view: view.id, search: search || null };
  const source = useRecordSource({ ...list, filter, sorts: [{ column: startId, descending: false }] });
  const bare: FilterNode = useMemo(() => ({ kind: "rule", column: startId, predicate: "is_empty", value: null, modifier: null }), [startId]);
  const undated = useRecordSource({ ...list, filter: bare, sorts: null });
  const count = Math.min(MOST, Math.max(0, source.total));
  useLayoutEffect(() => source.onRange(0, Math.max(1, count)), [source, count]);
  useLayoutEffect(() => {
    const element = grid.current;
    if (!element) return;
    const measure = () => setCellPx((element.clientHeight || 700) / weeks);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [weeks]);

  const entries: Entry[] = [];
  for (let index = 0; index < count; index += 1) {
    const row = source.row(index);
    const from = row ? dayOf(source.value(row, startId)) : null;
    if (!row || from === null) continue;
    const until = end ? dayOf(source.value(row, end.id)) : null;
    entries.push({ index, start: from, end: Math.max(from, until ?? from) });
  }
  const nameOf = (row: RecordRow | undefined) => (row && title ? showCell(title, source.value(row, title.id), language) : "") || t("record:untitled");
  const open = (index: number) => onOpen({ source, index, focus: () => focusDay(at) });
  const write = async (row: RecordRow, cells: Record<number, unknown>, day: number) => {
    onEdited();
    try {
      await call("record.update", { base, table: table.id, records: [{ id: row.id, cells }] });
      onDone(t("view:calendar.moved", { day: format.date(new Date(partsOf(day).year, partsOf(day).month - 1, partsOf(day).day).getTime()) }));
    } catch (thrown) {
      tellError(toEngineError(thrown));
    }
  };
  const moveBy = (row: RecordRow, days: number) => {
    if (!movable || days === 0) return;
    const cells: Record<number, unknown> = {};
    for (const column of end ? [start, end] : [start]) {
      const value = source.value(row, column.id);
      const day = dayOf(value);
      if (day !== null) cells[column.id] = withDay(value, day + days);
    }
    void write(row, cells, (dayOf(source.value(row, startId)) ?? 0) + days);
  };
  const addOn = async (day: number) => {
    if (!canWrite(start)) return;
    const made = await onAdd({ [startId]: textOf(day) });
    if (made === null) return;
    await source.refresh();
    const index = source.indexOf(made);
    if (index >= 0) open(index);
  };
  const focusDay = (day: number) => grid.current?.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus();
  const go = (day: number, focus = false) => {
    setAt(day);
    if (focus) setTimeout(() => focusDay(day));
  };
  const page = (by: -1 | 1) => go(mode === "month" ? plusMonths(at, by) : at + by * 7);

  const onDayKey = (event: KeyboardEvent, day: number) => {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = { ArrowLeft: day - 1, ArrowRight: day + 1, ArrowUp: day - 7, ArrowDown: day + 7, PageUp: mode === "month" ? plusMonths(day, -1) : day - 7, PageDown: mode === "month" ? plusMonths(day, 1) : day + 7, Home: mondayOf(day), End: mondayOf(day) + 6 }[event.key];
    if (next !== undefined) go(next, true);
    else if (event.key === "Enter") {
      const entry = event.currentTarget.querySelector<HTMLElement>("[data-entry]");
      if (entry) entry.focus();
      else void addOn(day);
    } else return;
    event.preventDefault();
  };
  const onEntryKey = (event: KeyboardEvent<HTMLElement>, segment: Segment) => {
    const row = source.row(segment.entry.index);
    const days = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
    if (event.altKey && days !== undefined && row) {
      event.preventDefault();
      event.stopPropagation();
      moveBy(row, days);
      return;
    }
    const cell = event.currentTarget.closest<HTMLElement>("[data-day]");
    if (event.key === "Escape") cell?.focus();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const all = [...(cell?.querySelectorAll<HTMLElement>("[data-entry]") ?? [])];
      all[all.indexOf(event.currentTarget) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const drag = (event: PointerEvent<HTMLElement>, segment: Segment) => {
    const row = source.row(segment.entry.index);
    if (!row || !movable) return;
    const box = event.currentTarget.getBoundingClientRect();
    const grabbed = Math.floor((event.clientX - box.left) / (box.width / (segment.to - segment.from + 1)));
    const cell = event.currentTarget.closest<HTMLElement>("[data-day]");
    const from = Number(cell?.dataset["day"]) + grabbed;
    startDrag(event, { label: nameOf(row), target: "[data-day]", drop: (target) => moveBy(row, Number(target.dataset["day"]) - from) });
  };

  const bar = (segment: Segment) => {
    const row = source.row(segment.entry.index);
    if (!row) return null;
    const option = color ? chosenOptions(color, source.value(row, color.id))[0] : undefined;
    const clock = readDate(source.value(row, startId));
    const time = clock?.timed && !segment.before ? `${String(clock.hour).padStart(2, "0")}:${String(clock.minute).padStart(2, "0")} ` : "";
    const name = nameOf(row);
    return (
      <button
        key={segment.entry.index}
        type="button"
        tabIndex={-1}
        data-entry=""
        title={`${time}${name}${option ? ` · ${option.name}` : ""}`}
        onPointerDown={(event) => drag(event, segment)}
        onClick={() => open(segment.entry.index)}
        onKeyDown={(event) => onEntryKey(event, segment)}
        className={clsx("absolute z-10 truncate px-1.5 text-left text-xs leading-5 hover:brightness-95", option?.color ? "text-on-option" : "bg-accent-soft text-accent-text", segment.before ? "rounded-l-none" : "rounded-l-sm", segment.after ? "rounded-r-none" : "rounded-r-sm")}
        style={{ top: DATE_PX + segment.lane * BAR_PX, height: BAR_PX - 2, left: segment.before ? 0 : 3, width: `calc(${(segment.to - segment.from + 1) * 100}% - ${(segment.before ? 0 : 3) + (segment.after ? 0 : 4)}px)`, background: option?.color || undefined }}
      >
        {time && <span className="opacity-75">{time}</span>}
        <bdi>{name}</bdi>
      </button>
    );
  };

  const shownMonth = partsOf(at).month;
  const heading = mode === "month" ? new Intl.DateTimeFormat(language, { month: "long", year: "numeric", timeZone: "UTC" }).format(msOf(at)) : new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).formatRange(msOf(first), msOf(last));
  const weekday = new Intl.DateTimeFormat(language, { weekday: "short", timeZone: "UTC" });
  const fullDay = new Intl.DateTimeFormat(language, { dateStyle: "full", timeZone: "UTC" });
  const room = mode === "week" ? 1000 : Math.max(1, Math.floor((cellPx - DATE_PX - 24) / BAR_PX));
  if (source.error && source.total < 0) return <ErrorPane error={source.error} onRetry={() => void source.refresh()} />;
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <div className="flex shrink-0 flex-wrap items-center gap-1 px-2 py-1.5">
          <IconButton icon={ChevronLeft} label={t(mode === "month" ? "view:calendar.previous_month" : "view:calendar.previous_week")} onPress={() => page(-1)} />
          <IconButton icon={ChevronRight} label={t(mode === "month" ? "view:calendar.next_month" : "view:calendar.next_week")} onPress={() => page(1)} />
          <Button small onPress={() => go(now)}>{t("view:calendar.today")}</Button>
          <h2 aria-live="polite" className="ml-2 text-base font-semibold first-letter:uppercase">{heading}</h2>
          <span className="flex-1" />
          {source.total > MOST && <span className="text-xs text-warning-text">{t("view:first_shown", { n: format.number(MOST), all: format.number(source.total) })}</span>}
          <Segmented aria={t("view:calendar.span")} value={mode} options={[{ value: "month", label: t("view:calendar.month") }, { value: "week", label: t("view:calendar.week") }]} onChange={setMode} />
          <Button small kind="quiet" icon={ListX} onPress={() => setShowUndated(!showUndated)} aria-expanded={showUndated} className={showUndated ? "!bg-selected" : ""}>{t("view:calendar.undated_count", { count: Math.max(0, undated.total) })}</Button>
        </div>
        <div role="grid" aria-label={`${view.name}, ${heading}`} aria-busy={source.total < 0} className="flex min-h-0 flex-1 flex-col overflow-auto">
          <div role="row" className="grid shrink-0 grid-cols-7 border-b border-line bg-sunken">
            {Array.from({ length: 7 }, (_, index) => (
              <div key={index} role="columnheader" className="px-2 py-1 text-right text-xs text-muted">{weekday.format(msOf(first + index))}</div>
            ))}
          </div>
          <div ref={grid} role="presentation" className="flex min-h-[420px] flex-1 flex-col">
            {Array.from({ length: weeks }, (_, week) => {
              const monday = first + week * 7;
              const segments = segmentsOf(entries, monday);
              return (
                <div key={monday} role="row" className="grid flex-1 grid-cols-7" style={{ minHeight: mode === "week" ? DATE_PX + (Math.max(0, ...segments.map((one) => one.lane + 1)) + 1) * BAR_PX : 0 }}>
                  {Array.from({ length: 7 }, (_, index) => {
                    const day = monday + index;
                    const { month, day: date } = partsOf(day);
                    const hidden = hiddenOn(segments, index, room);
                    return (
                      <div
                        key={day}
                        role="gridcell"
                        data-day={day}
                        tabIndex={day === at ? 0 : -1}
                        aria-current={day === now ? "date" : undefined}
                        onKeyDown={(event) => onDayKey(event, day)}
                        onFocus={(event) => event.target === event.currentTarget && setAt(day)}
                        onDoubleClick={(event) => !(event.target as Element).closest("[data-entry],button") && void addOn(day)}
                        className={clsx("group relative min-w-0 border-r border-b border-line focus-visible:z-20 focus-visible:-outline-offset-2", mode === "month" && month !== shownMonth ? "bg-sunken" : "bg-surface")}
                      >
                        <div className="flex h-[26px] items-center justify-end gap-1 px-1">
                          <span className="sr-only">{fullDay.format(msOf(day))}</span>
                          {canWrite(start) && (
                            <button type="button" tabIndex={-1} aria-label={t("view:calendar.add_on", { day: fullDay.format(msOf(day)) })} onClick={() => void addOn(day)} className="mr-auto inline-flex size-6 items-center justify-center rounded-md text-muted opacity-0 group-hover:opacity-100 hover:bg-hover hover:text-text focus-visible:opacity-100">
                              <Plus size={14} aria-hidden />
                            </button>
                          )}
                          <span aria-hidden className={clsx("inline-flex h-5 min-w-5 items-center justify-center rounded-full px-1 text-xs", day === now ? "bg-accent font-semibold text-on-accent" : month === shownMonth ? "" : "text-muted")}>{date}</span>
                        </div>
                        {segments.filter((one) => one.from === index && one.lane < room).map(bar)}
                        {hidden > 0 && (
                          <span className="absolute bottom-0 left-1">
                            <Popover label={fullDay.format(msOf(day))} trigger={<Button small kind="quiet" aria-label={t("view:calendar.more", { count: hidden })} className="!h-6 min-w-6 !px-1 !text-2xs !text-muted">+{format.number(hidden)}</Button>}>
                              {(close) => (
                                <div className="flex max-h-72 w-60 flex-col gap-0.5">
                                  <p className="pb-1 text-xs font-medium">{fullDay.format(msOf(day))}</p>
                                  {segments.filter((one) => one.from <= index && one.to >= index).map((one) => (
                                    <Button key={one.entry.index} small kind="quiet" className="!justify-start" onPress={() => { close(); open(one.entry.index); }}><span className="truncate">{nameOf(source.row(one.entry.index))}</span></Button>
                                  ))}
                                </div>
                              )}
                            </Popover>
                          </span>
                        )}
                      </div>
                    );
                  })}
                </div>
              );
            })}
          </div>
        </div>
      </div>
      {showUndated && (
        <Undated
          source={undated}
          title={title}
          language={language}
          onOpen={(index) => onOpen({ source: undated, index })}
          onDrag={(event, row, name) => canWrite(start) && startDrag(event, { label: name, target: "[data-day]", drop: (target) => void write(row, { [startId]: textOf(Number(target.dataset["day"])) }, Number(target.dataset["day"])) })}
        />
      )}
    </div>
  );
}
