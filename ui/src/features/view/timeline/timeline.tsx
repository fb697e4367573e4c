// Records as bars over the days they take. A bar and its ends are dragged, or moved by keys: Alt with the
// arrows the whole bar, Ctrl its beginning, Shift its end.
import { clsx } from "clsx";
import { ChartGantt, ChevronLeft, ChevronRight, ZoomIn } from "lucide-react";
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { Button, EmptyState, Segmented, useRowWindow } from "../../../design";
import { call, toEngineError, useRead, type RecordRow } from "../../../engine";
import { useT } from "../../../i18n";
import { ErrorPane, rowHeights, tellError, useSettings } from "../../../shell";
import { canWrite } from "../../cell/kinds";
import { chosenOptions, showCell } from "../../cell/show";
import { useRecordSource } from "../../record/use-source";
import { dayOf, msOf, textOf, today, withDay } from "../day";
import { NeedsDate } from "../needs-date";
import type { ViewScreenProps } from "../screen";
import { timelineOf } from "../settings";
import { dayPx, lowerMarks, movedBar, rangeOf, upperMarks, type Grip, type Zoom } from "./scale";

const NAME_PX = 220;
const HEAD_PX = 46;

export function TimelineView(props: ViewScreenProps) {
  const settings = timelineOf(props.view, props.table);
  return settings.start === null ? <NeedsDate {...props} /> : <Timeline {...props} startId={settings.start} settings={settings} />;
}

interface Held {
  index: number;
  grip: Grip;
  days: number;
}

function Timeline({ base, table, view, search, language, startId, settings, onOpen, onDone, onEdited }: ViewScreenProps & { startId: number; settings: ReturnType<typeof timelineOf> }) {
  const t = useT();
  const id = useId();
  const { density } = useSettings();
  const rowPx = rowHeights(density).line;
  const [zoom, setZoom] = useState<Zoom>("day");
  const [active, setActive] = useState(0);
  const [held, setHeld] = useState<Held | null>(null);
  const [sight, setSight] = useState<[number, number]>([0, 1200]);
  const viewport = useRef<HTMLDivElement>(null);
  const find = (column: number | null) => table.columns.find((one) => one.id === column) ?? null;
  const [start, end, title, color] = [find(startId)!, find(settings.end), find(settings.title), find(settings.color)];
  const list = { base, table: table.id, view: view.id, search: search || null };
  const source = useRecordSource({ ...list, filter: null, sorts: view.sorts.length > 0 ? null : [{ column: startId, descending: false }] });
  const bounds = useRead("record.summary", { ...list, columns: end ? [startId, end.id] : [startId] }, { keep: true }).data;
  const total = Math.max(0, source.total);
  const now = today();
  const [firstDay, lastDay] = useMemo(() => rangeOf([startId, ...(end ? [end.id] : [])].flatMap((one) => [dayOf(bounds?.[one]?.min), dayOf(bounds?.[one]?.max)]), now), [bounds, startId, end, now]);
  const scale = dayPx[zoom];
  const widthPx = (lastDay - firstDay + 1) * scale;
  const rows = useRowWindow(viewport, { count: total, rowHeight: rowPx, before: HEAD_PX });
  const { first, end: until, scrollTo } = rows;
  useEffect(() => source.onRange(first, Math.max(1, Math.min(total, until))), [source, first, until, total]);
  const left = (day: number) => (day - firstDay) * scale;

  const isAny = total > 0;
  useLayoutEffect(() => {
    const element = viewport.current;
    if (!element || !isAny) return;
    const look = () => setSight((old) => {
      const next: [number, number] = [element.scrollLeft, element.scrollLeft + (element.clientWidth || 1200) - NAME_PX];
      return old[0] === next[0] && old[1] === next[1] ? old : next;
    });
    look();
    element.addEventListener("scroll", look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      observer.disconnect();
    };
  }, [isAny]);
  const showDay = (day: number, share = 0.3) => {
    const element = viewport.current;
    if (element) element.scrollLeft = Math.max(0, left(day) - (element.clientWidth - NAME_PX) * share);
  };
  // Begins with today, and stays with the same day when the scale or the axis changes.
  const anchor = useRef<number | null>(null);
  const showAnchor = useRef(() => {});
  useLayoutEffect(() => {
    showAnchor.current = () => {
      // Begins with today, or with the first bar where none of the first ones is near today.
      const bars = Array.from({ length: Math.min(total, rows.page) }, (_, index) => source.row(index)).flatMap((row, index) => (row ? [barOf(row, index)] : [])).filter((bar) => bar !== null);
      const isNear = bars.some(([from, to]) => left(to) > left(now) - 240 && left(from) < left(now) + 500);
      showDay(anchor.current ?? (isNear || !bars[0] ? now : bars[0][0]));
    };
  });
  useLayoutEffect(() => {
    if (isAny) showAnchor.current();
  }, [zoom, firstDay, isAny]);
  const keepAnchor = () => {
    const element = viewport.current;
    if (element) anchor.current = firstDay + (element.scrollLeft + (element.clientWidth - NAME_PX) * 0.3) / scale;
  };

  const barOf = (row: RecordRow, index: number): [number, number] | null => {
    const from = dayOf(source.value(row, startId));
    if (from === null) return null;
    const to = Math.max(from, (end ? dayOf(source.value(row, end.id)) : null) ?? from);
    return held?.index === index ? movedBar(from, to, held.grip, held.days) : [from, to];
  };
  const canMove = (grip: Grip) => (grip === "end" ? end !== null && canWrite(end) : canWrite(start));
  const write = async (row: RecordRow, [from, to]: [number, number]) => {
    const cells: Record<number, unknown> = {};
    const [was, wasEnd] = [source.value(row, startId), end ? source.value(row, end.id) : null];
    if (canWrite(start) && dayOf(was) !== from) cells[startId] = withDay(was, from);
    if (end && canWrite(end) && dayOf(wasEnd) !== to && (dayOf(wasEnd) !== null || to !== from)) cells[end.id] = withDay(wasEnd, to);
    if (Object.keys(cells).length === 0) return;
    onEdited();
    if (await source.write([{ id: row.id, cells }])) onDone(t("view:timeline.moved", { name: nameOf(row) }));
  };
  const nameOf = (row: RecordRow | undefined) => (row && title ? showCell(title, source.value(row, title.id), language) : "") || t("record:untitled");
  const shift = (index: number, grip: Grip, days: number) => {
    const row = source.row(index);
    if (!row || !canMove(grip)) return;
    const bar = barOf(row, index);
    if (bar) void write(row, movedBar(bar[0], bar[1], grip, days));
    else void call("record.update", { base, table: table.id, records: [{ id: row.id, cells: { [startId]: textOf(now) } }] }).catch((thrown: unknown) => tellError(toEngineError(thrown)));
  };
  const activate = (index: number, follow = true) => {
    const bounded = Math.max(0, Math.min(total - 1, index));
    setActive(bounded);
    if (!follow) return;
    scrollTo(bounded);
    const [row, element] = [source.row(bounded), viewport.current];
    const bar = row && barOf(row, bounded);
    if (bar && element && (left(bar[1] + 1) < element.scrollLeft || left(bar[0]) > element.scrollLeft + element.clientWidth - NAME_PX)) showDay(bar[0]);
  };
  const open = (index: number) => {
    setActive(index);
    onOpen({ source, index, moved: activate, focus: () => viewport.current?.focus() });
  };
  const at = Math.max(0, Math.min(active, total - 1));
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== viewport.current || event.metaKey || total === 0) return;
    const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (by !== 0) {
      if (event.altKey) shift(at, "whole", by);
      else if (event.shiftKey) shift(at, "end", by);
      else if (event.ctrlKey) shift(at, "start", by);
      else viewport.current?.scrollBy({ left: by * scale * (zoom === "day" ? 7 : 28) });
    } else if (event.altKey || event.ctrlKey) return;
    else if (event.key === "ArrowDown") activate(at + 1);
    else if (event.key === "ArrowUp") activate(at - 1);
    else if (event.key === "PageDown") activate(at + rows.page);
    else if (event.key === "PageUp") activate(at - rows.page);
    else if (event.key === "Home") activate(0);
    else if (event.key === "End") activate(total - 1);
    else if (event.key === "Enter" || event.key === " ") open(at);
    else return;
    event.preventDefault();
  };
  const press = (event: PointerEvent<HTMLElement>, index: number) => {
    if (event.button !== 0) return;
    const grip = ((event.target as HTMLElement).closest<HTMLElement>("[data-grip]")?.dataset["grip"] ?? "whole") as Grip;
    const bar = event.currentTarget;
    const from = event.clientX;
    let days = 0;
    bar.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) => {
      if (!canMove(grip)) return;
      days = Math.round((moved.clientX - from) / scale);
      setHeld({ index, grip, days });
    };
    const done = (ended: globalThis.PointerEvent) => {
      bar.removeEventListener("pointermove", move);
      bar.removeEventListener("pointerup", done);
      bar.removeEventListener("pointercancel", done);
      const row = source.row(index);
      const [was, to] = [row && dayOf(source.value(row, startId)), row && end ? dayOf(source.value(row, end.id)) : null];
      if (ended.type === "pointerup" && row && typeof was === "number" && days !== 0) void write(row, movedBar(was, Math.max(was, to ?? was), grip, days)).finally(() => setHeld(null));
      else {
        setHeld(null);
        if (ended.type === "pointerup" && Math.abs(ended.clientX - from) < 4) open(index);
      }
    };
    bar.addEventListener("pointermove", move);
    bar.addEventListener("pointerup", done);
    bar.addEventListener("pointercancel", done);
  };

  const short = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
  const spanText = ([from, to]: [number, number]) => (from === to ? short.format(msOf(from)) : short.formatRange(msOf(from), msOf(to)));
  if (source.error && source.total < 0) return <ErrorPane error={source.error} onRetry={() => void source.refresh()} />;
  if (source.total === 0) return <EmptyState icon={ChartGantt} title={t("view:no_records")}>{search !== "" || view.filter ? t("view:no_records_filtered") : t("view:timeline.empty_hint")}</EmptyState>;

  const [fromDay, toDay] = [Math.max(firstDay, firstDay + Math.floor(sight[0] / scale) - 7), Math.min(lastDay, firstDay + Math.ceil(sight[1] / scale) + 7)];
  const lower = lowerMarks(fromDay, toDay, zoom, language, now);
  const shown = [];
  for (let index = first; index < Math.min(until, total); index += 1) {
    const row = source.row(index);
    const bar = row ? barOf(row, index) : null;
    const option = row && color ? chosenOptions(color, source.value(row, color.id))[0] : undefined;
    const name = row ? nameOf(row) : "";
    const barPx = bar ? Math.max(6, (bar[1] - bar[0] + 1) * scale - 2) : 0;
    const inside = barPx > 90;
    shown.push(
      <div
        key={row?.id ?? `at-${index}`}
        id={`${id}-${index}`}
        role="option"
        aria-selected={index === at}
        aria-setsize={total}
        aria-posinset={index + 1}
        data-active={index === at ? "" : undefined}
        className="timeline-row absolute top-0 left-0 flex border-b border-line"
        style={{ height: rowPx, width: NAME_PX + widthPx, transform: `translateY(${HEAD_PX + rows.top(index)}px)` }}
        onClick={() => activate(index, false)}
      >
        <div className="timeline-name sticky left-0 z-20 flex shrink-0 items-center border-r border-line bg-surface px-3" style={{ width: NAME_PX }} onDoubleClick={() => open(index)}>
          {row ? <><bdi className="truncate text-sm">{name}</bdi>{bar && <span className="sr-only">, {spanText(bar)}</span>}</> : <span aria-hidden className="skeleton h-2.5 w-2/3" />}
        </div>
        {row && bar && (
          <div
            data-bar=""
            aria-hidden
            title={`${name} · ${spanText(bar)}`}
            onPointerDown={(event) => press(event, index)}
            className={clsx("absolute z-10 flex touch-none items-center rounded-md text-xs select-none hover:brightness-95", canMove("whole") ? "cursor-grab" : "", option?.color ? "text-on-option" : "bg-accent text-on-accent", held?.index === index && "shadow-raised")}
            style={{ left: NAME_PX + left(bar[0]) + 1, width: barPx, top: 4, bottom: 4, background: option?.color || undefined }}
          >
            {canMove("start") && <span aria-hidden data-grip="start" className="absolute inset-y-0 left-0 w-2 cursor-ew-resize" />}
            {inside ? <span className="truncate px-2">{held?.index === index ? spanText(bar) : name}</span> : held?.index === index && <span className="absolute left-full ml-2 whitespace-nowrap text-text">{spanText(bar)}</span>}
            {canMove("end") && <span aria-hidden data-grip="end" className="absolute inset-y-0 right-0 w-2 cursor-ew-resize" />}
          </div>
        )}
        {row && bar && (left(bar[1] + 1) < sight[0] || left(bar[0]) > sight[1]) && (
          <button
            type="button"
            tabIndex={-1}
            aria-hidden
            title={spanText(bar)}
            onClick={() => showDay(bar[0])}
            className="sticky z-10 my-auto inline-flex size-6 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
            style={{ left: left(bar[1] + 1) < sight[0] ? NAME_PX + 4 : NAME_PX + sight[1] - sight[0] - 28 }}
          >
            {left(bar[1] + 1) < sight[0] ? <ChevronLeft size={15} aria-hidden /> : <ChevronRight size={15} aria-hidden />}
          </button>
        )}
        {row && !bar && <span className="sticky left-[232px] flex items-center text-xs text-faint">{t("view:timeline.no_date")}</span>}
      </div>,
    );
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 flex-wrap items-center gap-2 px-2 py-1.5">
        <Button small onPress={() => { anchor.current = null; showDay(now); }}>{t("view:calendar.today")}</Button>
        <span className="flex-1" />
        <ZoomIn size={15} aria-hidden className="text-muted" />
        <Segmented aria={t("view:timeline.zoom")} value={zoom} options={(["day", "week", "month"] as const).map((value) => ({ value, label: t(`view:timeline.${value}`) }))} onChange={(next) => { keepAnchor(); setZoom(next); }} />
      </div>
      <div
        ref={viewport}
        role="listbox"
        aria-label={view.name}
        aria-busy={source.total < 0}
        aria-activedescendant={at >= first && at < until ? `${id}-${at}` : undefined}
        tabIndex={0}
        data-quiet-focus=""
        onKeyDown={onKeyDown}
        className="timeline relative min-h-0 flex-1 overflow-auto border-t border-line bg-surface outline-none [contain:strict]"
      >
        <div role="presentation" className="relative" style={{ height: rows.height + HEAD_PX, width: NAME_PX + widthPx }}>
          <div aria-hidden className="sticky top-0 z-30 border-b border-line bg-sunken" style={{ height: HEAD_PX, width: NAME_PX + widthPx }}>
            <div className="sticky left-0 z-10 flex h-full items-end border-r border-line bg-sunken px-3 pb-1 text-xs font-medium" style={{ width: NAME_PX }}><span className="truncate">{title?.name ?? table.name}</span></div>
            {upperMarks(fromDay, toDay, zoom, language).map((mark) => (
              <span key={mark.day} className="absolute top-0 h-[22px] overflow-clip border-l border-line text-xs leading-[22px] font-medium" style={{ left: NAME_PX + left(mark.day), width: mark.days * scale }}>
                <span className="sticky inline-block max-w-full truncate px-2 first-letter:uppercase" style={{ left: NAME_PX }}>{mark.label}</span>
              </span>
            ))}
            {lower.map((mark) => (
              <span key={mark.day} className={clsx("absolute bottom-0 flex h-6 items-center justify-center border-l border-line text-2xs", mark.kind === "now" ? "bg-accent-soft font-semibold text-accent-text" : "text-muted")} style={{ left: NAME_PX + left(mark.day), width: mark.days * scale }}>{mark.label}</span>
            ))}
          </div>
          <div aria-hidden className="pointer-events-none absolute inset-y-0 left-0">
            {lower.filter((mark) => mark.kind === "off").map((mark) => <span key={mark.day} className="absolute inset-y-0 bg-hover" style={{ left: NAME_PX + left(mark.day), width: mark.days * scale, top: HEAD_PX, height: rows.height }} />)}
            <span className="absolute w-px bg-accent" style={{ left: NAME_PX + left(now) + scale / 2, top: HEAD_PX, height: rows.height }} />
          </div>
          {shown}
        </div>
      </div>
    </div>
  );
}
