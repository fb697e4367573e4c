// Everything that was done in a base: by table, by whom, and when.
import { getLocalTimeZone, type CalendarDate } from "@internationalized/date";
import { useState } from "react";
import { Button, DayField, Dialog, Select } from "../../design";
import type { Base, HistoryBy, TableId } from "../../engine";
import { useT } from "../../i18n";
import { ActList } from "../record/acts";
import { withdrawOffer } from "../table/undo";

export function HistoryDialog({ base, table: start, onClose }: { base: Base; table: TableId | null; onClose: () => void }) {
  const t = useT();
  const [table, setTable] = useState<TableId | 0>(start ?? 0);
  const [by, setBy] = useState<HistoryBy | "all">("all");
  const [from, setFrom] = useState<CalendarDate | null>(null);
  const [until, setUntil] = useState<CalendarDate | null>(null);
  const moment = (day: CalendarDate | null) => day?.toDate(getLocalTimeZone()).getTime() ?? null;
  const only = { by: by === "all" ? null : by, from_at: moment(from), until_at: moment(until?.add({ days: 1 }) ?? null) };
  return (
    <Dialog open onClose={onClose} size="large" title={t("history:title", { name: base.name })} footer={<Button onPress={onClose}>{t("common:close")}</Button>}>
      <div className="mb-3 flex flex-wrap items-end gap-2">
        <Select label={t("history:table")} className="w-48" value={table} options={[{ value: 0, label: t("history:all_tables") }, ...base.tables.map((one) => ({ value: one.id, label: one.name }))]} onChange={setTable} />
        <Select label={t("history:who")} className="w-48" value={by} options={(["all", "me", "others"] as const).map((one) => ({ value: one, label: t(`history:by.${one}`) }))} onChange={setBy} />
        <DayField label={t("history:from")} value={from} onChange={setFrom} />
        <DayField label={t("history:until")} value={until} onChange={setUntil} />
        {(from !== null || until !== null || by !== "all") && <Button small kind="quiet" onPress={() => { setBy("all"); setFrom(null); setUntil(null); }}>{t("view:filter.clear")}</Button>}
      </div>
      <ActList key={`${table}-${JSON.stringify(only)}`} base={base.id} tables={base.tables} table={table === 0 ? null : table} record={null} only={only} onEdited={withdrawOffer} />
    </Dialog>
  );
}
