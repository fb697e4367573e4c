// Records without a date, to be put onto a day.
import { useCallback, useState } from "react";
import { VirtualList } from "../../../design";
import type { Column, RecordRow } from "../../../engine";
import { useFormats, useT } from "../../../i18n";
import { showCell } from "../../cell/show";
import type { RecordSource } from "../../record/source";

export function Undated({ source, title, language, onOpen, onDrag }: { source: RecordSource; title: Column | null; language: string; onOpen: (index: number) => void; onDrag: (event: React.PointerEvent, row: RecordRow, name: string) => void }) {
  const t = useT();
  const format = useFormats();
  const [active, setActive] = useState(-1);
  const onRange = useCallback((first: number, end: number) => source.onRange(first, Math.max(1, end)), [source]);
  const total = Math.max(0, source.total);
  const nameOf = (index: number) => {
    const row = source.row(index);
    return (row && title ? showCell(title, source.value(row, title.id), language) : "") || t("record:untitled");
  };
  return (
    <aside aria-label={t("view:calendar.undated")} className="flex min-h-0 w-56 shrink-0 flex-col border-l border-line bg-surface">
      <h2 className="flex h-9 shrink-0 items-center gap-2 border-b border-line px-3 text-xs font-medium">
        <span className="min-w-0 flex-1 truncate">{t("view:calendar.undated")}</span>
        <span className="text-muted">{source.total < 0 ? "" : format.number(total)}</span>
      </h2>
      {source.total === 0 && <p className="p-3 text-xs text-muted">{t("view:calendar.undated_empty")}</p>}
      <VirtualList
        label={t("view:calendar.undated")}
        count={total}
        rowHeight={32}
        active={Math.min(active, total - 1)}
        onActive={setActive}
        onOpen={onOpen}
        onRange={onRange}
        className="undated"
        rowClassName={() => "hover:bg-hover data-active:bg-hover"}
        renderRow={(index) => {
          const row = source.row(index);
          return (
            <div className="flex h-full items-center px-3" onPointerDown={(event) => row && onDrag(event, row, nameOf(index))}>
              {row ? <bdi className="truncate text-sm">{nameOf(index)}</bdi> : <span aria-hidden className="skeleton h-2.5 w-2/3" />}
            </div>
          );
        }}
      />
      {total > 0 && <p className="shrink-0 border-t border-line p-2 text-2xs text-muted">{t("view:calendar.undated_hint")}</p>}
    </aside>
  );
}
