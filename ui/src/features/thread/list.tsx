// The list of conversations or messages.
import { Inbox, SearchX } from "lucide-react";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode, type Ref } from "react";
import { EmptyState, Skeleton, VirtualList, type VirtualListHandle } from "../../design";
import { useFormats, useT } from "../../i18n";
import { ErrorPane, rowHeights, useSettings } from "../../shell";
import { beginDrag } from "./drag";
import type { ListModel } from "./list-model";
import { litWords } from "./query";
import type { ListRow } from "./row";
import { peopleOf, RowView, type RowAct, type RowLook } from "./row-view";

/** A list at least this wide shows columns in single lines, px. */
const WIDE_PX = 720;

/** Draws again whenever the model changes. */
export function useListModel(model: ListModel): number {
  return useSyncExternalStore(model.subscribe, () => model.version);
}

export interface ThreadListProps {
  model: ListModel;
  label: string;
  accounts: RowLook["accounts"];
  own: ReadonlySet<string>;
  /** The cursor moved by hand; `pointer` where it was clicked. */
  onMove: (index: number, pointer: boolean) => void;
  onOpen: (index: number) => void;
  /** The pointer went down on a row: most likely it is opened next. */
  onPress: (row: ListRow) => void;
  onAct: (act: RowAct, row: ListRow) => void;
  onMenu: (row: ListRow, at: { x: number; y: number }) => void;
  /** Rows here can be put off. */
  snoozable: boolean;
  onDrop: (mailbox: number, rows: readonly ListRow[]) => void;
  /** What an empty list says. */
  empty: ReactNode;
  ref?: Ref<VirtualListHandle>;
}

export function ThreadList({ model, label, accounts, own, onMove, onOpen, onPress, onAct, onMenu, snoozable, onDrop, empty, ref }: ThreadListProps) {
  const t = useT();
  const format = useFormats();
  const settings = useSettings();
  useListModel(model);
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualListHandle>(null);
  const [wide, setWide] = useState(false);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setWide(element.clientWidth >= WIDE_PX);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const setList = (handle: VirtualListHandle | null) => {
    list.current = handle;
    if (typeof ref === "function") ref(handle);
    else if (ref) ref.current = handle;
  };

  const heights = rowHeights(settings.density);
  const lines: RowLook["lines"] = wide ? "wide" : settings.density === "compact" ? "one" : "two";
  const rowHeight = wide ? heights.line : heights.list;
  const { query } = model.kind.scope;
  const words = useMemo(() => (query === null ? [] : litWords(query)), [query]);
  // Rows are drawn again only when they change, so what they call stays the same.
  const latest = useRef({ model, onAct });
  useEffect(() => {
    latest.current = { model, onAct };
  });
  const tickRow = useCallback((row: ListRow) => latest.current.model.toggle(latest.current.model.source.indexOf(row.key)), []);
  const actOnRow = useCallback((act: RowAct, row: ListRow) => latest.current.onAct(act, row), []);
  const ensure = useCallback((first: number, end: number) => model.source.ensure(first, end), [model]);
  useKeptInSight(model, list);
  useEffect(() => {
    if (model.cursor >= 0) list.current?.scrollTo(model.cursor);
    // When the rows or the pane change their height, the cursor stays in sight.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [rowHeight, settings.reader]);

  const { count, error } = model.source;
  if (error && (count ?? 0) === 0) return <ErrorPane error={error} onRetry={() => model.source.refresh()} />;

  const spoken = (index: number): string | undefined => {
    const row = model.source.row(index);
    if (!row) return t("common:loading");
    return [
      row.unread && t("thread:unread"),
      peopleOf(row, own, t("message:me"), t("thread:nobody")),
      row.subject || t("thread:no_subject"),
      format.when(row.at),
      row.messages > 1 && t("common:messages", { count: row.messages }),
      row.flagged && t("message:starred"),
      row.answered && t("thread:answered"),
      row.attachments && t("thread:with_attachments"),
      row.snoozed !== null && t("thread:snooze.until", { time: format.ahead(row.snoozed) }),
    ]
      .filter(Boolean)
      .join(", ");
  };

  return (
    <div ref={box} className="relative flex min-h-0 flex-1 flex-col">
      {count === 0 && <div className="absolute inset-0 z-10">{empty}</div>}
      {count === null && <FirstRows rowHeight={rowHeight} />}
      <VirtualList
        ref={setList}
        label={label}
        count={count ?? 0}
        rowHeight={rowHeight}
        multiple
        kind="grid"
        follow={false}
        active={model.cursor}
        isSelected={(index) => model.isTicked(index)}
        rowKey={(index) => model.source.row(index)?.key ?? `at-${index}`}
        rowLabel={spoken}
        onRange={ensure}
        onActive={(index, how) => {
          if (how.toggle) {
            model.moveTo(index);
            model.toggle(index);
          } else if (how.extend) model.moveTo(index, true);
          else {
            if (how.pointer) model.untick();
            model.moveTo(index);
            onMove(index, how.pointer);
          }
        }}
        onOpen={onOpen}
        onContextMenu={(index, at) => {
          const row = model.source.row(index);
          if (!row) return;
          if (!model.isTicked(index)) {
            model.untick();
            model.moveTo(index);
          }
          onMenu(row, at);
        }}
        renderRow={(index, { active, selected }) => {
          const row = model.source.row(index);
          return (
            // The press begins a drag; moving by keyboard is `v`.
            <div
              role="presentation"
              className="h-full"
              onPointerDown={(event) => {
                if (event.button !== 0 || !row || event.pointerType === "touch" || (event.target as Element).closest("[data-spot]")) return;
                onPress(row);
                beginDrag(event.nativeEvent, () => (model.isTicked(index) ? model.targets() : [row]), onDrop);
              }}
            >
              <RowView
                row={row}
                lines={lines}
                columns={settings.list_columns}
                ticking={model.tickedCount > 0}
                accounts={accounts}
                own={own}
                words={words}
                snoozable={snoozable}
                active={active}
                ticked={selected}
                onTick={tickRow}
                onAct={actOnRow}
              />
            </div>
          );
        }}
      />
    </div>
  );
}

/** Keeps the rows in sight where they are when rows come or go above them. */
function useKeptInSight(model: ListModel, list: { current: VirtualListHandle | null }): void {
  const seen = useRef<{ key: string; index: number } | null>(null);
  useLayoutEffect(() => {
    const handle = list.current;
    if (!handle) return;
    const top = Math.ceil(handle.position());
    const before = seen.current;
    if (before && before.index > 0 && top > 0) {
      const now = model.source.indexOf(before.key);
      if (now >= 0 && now !== before.index) {
        handle.shift(now - before.index);
        seen.current = { key: before.key, index: now };
        return;
      }
    }
    const row = model.source.row(top);
    seen.current = row ? { key: row.key, index: top } : null;
  });
  // A list that is shown anew shows its cursor.
  const { cursor } = model;
  const shown = useRef<ListModel | null>(null);
  useEffect(() => {
    if (shown.current === model || cursor < 0) return;
    shown.current = model;
    seen.current = null;
    list.current?.scrollTo(cursor, "center");
  }, [model, cursor, list]);
}

function FirstRows({ rowHeight }: { rowHeight: number }) {
  return (
    <div aria-hidden className="late absolute inset-0 overflow-hidden">
      {Array.from({ length: 14 }, (_, index) => (
        <div key={index} style={{ height: rowHeight }} className="flex flex-col justify-center gap-2 border-b border-line pr-3 pl-8">
          <Skeleton width={`${30 + ((index * 17) % 30)}%`} height={9} />
          <Skeleton width={`${55 + ((index * 23) % 35)}%`} height={9} />
        </div>
      ))}
    </div>
  );
}

/** What an empty list says: nothing found, nothing that passes the filters, or nothing there. */
export function EmptyList({ searching, filtered, inbox, onClear }: { searching: boolean; filtered: boolean; inbox: boolean; onClear: ReactNode }) {
  const t = useT();
  if (searching || filtered) {
    return <EmptyState icon={SearchX} title={t(searching ? "thread:empty.search" : "thread:empty.filter")} actions={onClear}>{t("thread:empty.search_hint")}</EmptyState>;
  }
  return <EmptyState icon={Inbox} title={t(inbox ? "thread:empty.inbox" : "thread:empty.title")}>{inbox ? t("thread:empty.inbox_hint") : undefined}</EmptyState>;
}
