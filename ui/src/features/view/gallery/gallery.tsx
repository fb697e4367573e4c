// Records as cards with a picture, as many side by side as fit. Only the rows in sight are in the document.
import { Images } from "lucide-react";
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { EmptyState, useRowWindow } from "../../../design";
import { useT } from "../../../i18n";
import { ErrorPane } from "../../../shell";
import { cardHeight, RecordCard, type CardLook } from "../../record/card";
import { useRecordSource } from "../../record/use-source";
import type { ViewScreenProps } from "../screen";
import { galleryOf } from "../settings";

const CARD_PX = 236;
const GAP_PX = 12;
const COVER_PX = 148;

export function GalleryView({ base, table, view, search, language, onOpen }: ViewScreenProps) {
  const t = useT();
  const id = useId();
  const settings = galleryOf(view, table);
  const find = (column: number | null) => table.columns.find((one) => one.id === column) ?? null;
  const look: CardLook = { title: find(settings.title), image: find(settings.image), fields: settings.fields.flatMap((one) => (one === settings.title || one === settings.image ? [] : (find(one) ?? []))), coverPx: COVER_PX };
  const source = useRecordSource({ base, table: table.id, view: view.id, filter: null, search: search || null, sorts: null });
  const viewport = useRef<HTMLDivElement>(null);
  const [wide, setWide] = useState(4);
  const [active, setActive] = useState(0);
  useLayoutEffect(() => {
    const element = viewport.current;
    if (!element) return;
    const measure = () => setWide(Math.max(1, Math.floor((element.clientWidth - GAP_PX) / (CARD_PX + GAP_PX))));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const total = Math.max(0, source.total);
  const height = cardHeight(look);
  const rows = useRowWindow(viewport, { count: Math.ceil(total / wide), rowHeight: height + GAP_PX, overscan: 2, before: GAP_PX });
  const { first, end, scrollTo } = rows;
  useEffect(() => source.onRange(first * wide, Math.max(1, Math.min(total, end * wide))), [source, first, end, wide, total]);
  const at = Math.max(0, Math.min(active, total - 1));
  const open = (index: number) => {
    setActive(index);
    onOpen({ source, index, moved: (next) => { setActive(next); scrollTo(Math.floor(next / wide)); }, focus: () => viewport.current?.focus() });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.metaKey || total === 0) return;
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + wide, ArrowUp: at - wide, PageDown: at + wide * rows.page, PageUp: at - wide * rows.page, Home: 0, End: total - 1 }[event.key];
    if (next !== undefined) {
      const bounded = Math.max(0, Math.min(total - 1, next));
      setActive(bounded);
      scrollTo(Math.floor(bounded / wide));
    } else if (event.key === "Enter" || event.key === " ") open(at);
    else return;
    event.preventDefault();
  };
  if (source.error && source.total < 0) return <ErrorPane error={source.error} onRetry={() => void source.refresh()} />;
  if (source.total === 0) return <EmptyState icon={Images} title={t("view:no_records")}>{search !== "" || view.filter ? t("view:no_records_filtered") : t("view:gallery.empty_hint")}</EmptyState>;
  const shown = [];
  for (let index = first * wide; index < Math.min(total, end * wide); index += 1) {
    const row = Math.floor(index / wide);
    shown.push(
      <div
        key={source.row(index)?.id ?? `at-${index}`}
        id={`${id}-${index}`}
        role="option"
        aria-selected={index === at}
        aria-setsize={total}
        aria-posinset={index + 1}
        data-active={index === at ? "" : undefined}
        onClick={() => open(index)}
        className="gallery-card absolute top-0 rounded-lg"
        style={{ height, width: `calc((100% - ${(wide + 1) * GAP_PX}px) / ${wide})`, left: `calc(${GAP_PX}px + ${index % wide} * ((100% - ${GAP_PX}px) / ${wide}))`, transform: `translateY(${GAP_PX + rows.top(row)}px)` }}
      >
        <RecordCard look={look} row={source.row(index)} source={source} language={language} />
      </div>,
    );
  }
  return (
    <div
      ref={viewport}
      role="listbox"
      aria-label={view.name}
      aria-busy={source.total < 0}
      aria-activedescendant={total > 0 ? `${id}-${at}` : undefined}
      tabIndex={0}
      data-quiet-focus=""
      onKeyDown={onKeyDown}
      className="cards relative min-h-0 flex-1 overflow-x-hidden overflow-y-auto bg-sunken outline-none [contain:strict]"
    >
      <div role="presentation" className="relative" style={{ height: rows.height + GAP_PX }}>{shown}</div>
    </div>
  );
}
