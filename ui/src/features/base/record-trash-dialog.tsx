// Records that were deleted from a base, and the way back for them.
import { ArchiveRestore, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, Checkbox, Dialog, EmptyState, IconButton, Select, Skeleton } from "../../design";
import { call, toEngineError, useRead, type Base, type TableId, type TrashedRecord } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { ErrorPane, tellError } from "../../shell";
import { offerBaseUndo } from "../table/undo";

const PAGE = 100;

export function RecordTrashDialog({ base, table: start, onClose }: { base: Base; table: TableId | null; onClose: () => void }) {
  const t = useT();
  const format = useFormats();
  const [table, setTable] = useState<TableId | 0>(start ?? 0);
  const [limit, setLimit] = useState(PAGE);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const trash = useRead("record.trash", { base: base.id, table: table === 0 ? null : table, offset: 0, limit: Math.min(500, limit) }, { keep: true });
  const rows = trash.data?.rows ?? [];
  const keyOf = (row: TrashedRecord) => `${row.table}/${row.id}`;
  const chosen = rows.filter((row) => ticked.has(keyOf(row)));
  const restore = async (which: readonly TrashedRecord[]) => {
    try {
      for (const id of new Set(which.map((row) => row.table))) await call("record.restore", { base: base.id, table: id, records: which.filter((row) => row.table === id).map((row) => row.id) });
      setTicked(new Set());
      offerBaseUndo(base.id, t("history:trash.restored", { count: which.length }));
    } catch (thrown) {
      tellError(toEngineError(thrown));
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      size="large"
      title={t("history:trash.title", { name: base.name })}
      footer={
        <>
          <Button onPress={onClose}>{t("common:close")}</Button>
          {chosen.length > 0 && <Button kind="primary" icon={ArchiveRestore} onPress={() => void restore(chosen)}>{t("history:trash.restore_ticked", { count: chosen.length })}</Button>}
        </>
      }
    >
      <div className="flex flex-col gap-3 text-sm">
        <Select aria={t("history:table")} className="w-60" value={table} options={[{ value: 0, label: t("history:all_tables") }, ...base.tables.map((one) => ({ value: one.id, label: one.name }))]} onChange={setTable} />
        {trash.error && <ErrorPane error={trash.error} onRetry={() => void trash.refetch()} />}
        {!trash.data && !trash.error && <Skeleton height={60} />}
        {trash.data && rows.length === 0 && <EmptyState icon={Trash2} title={t("history:trash.none")} className="min-h-40">{t("history:trash.none_hint")}</EmptyState>}
        {rows.length > 0 && (
          <ul className="divide-y divide-line rounded-lg border border-line">
            {rows.map((row) => {
              const key = keyOf(row);
              const name = row.text || t("record:untitled");
              return (
                <li key={key} className="flex items-start gap-3 px-3 py-2">
                  <Checkbox
                    aria-label={t("history:trash.tick", { name })}
                    isSelected={ticked.has(key)}
                    onChange={(on) => {
                      const next = new Set(ticked);
                      if (on) next.add(key);
                      else next.delete(key);
                      setTicked(next);
                    }}
                  />
                  <span className="min-w-0 flex-1">
                    <span className="flex items-baseline gap-2">
                      <bdi className="min-w-0 truncate font-medium">{name}</bdi>
                      <span className="shrink-0 text-xs text-muted">{[base.tables.find((one) => one.id === row.table)?.name, format.when(row.removed_at)].filter(Boolean).join(" · ")}</span>
                    </span>
                    <span className="line-clamp-2 text-xs text-muted">{row.cells.slice(1, 8).map(([column, text]) => `${column}: ${text}`).join(" · ")}</span>
                  </span>
                  <IconButton icon={ArchiveRestore} label={t("history:trash.restore_named", { name })} onPress={() => void restore([row])} />
                </li>
              );
            })}
          </ul>
        )}
        {trash.data && trash.data.total > rows.length && limit < 500 && <Button className="self-center" onPress={() => setLimit(limit + PAGE)}>{t("history:trash.more")}</Button>}
      </div>
    </Dialog>
  );
}
