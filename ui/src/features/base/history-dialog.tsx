// Everything that was done in a base, by table.
import { useState } from "react";
import { Button, Dialog, Select } from "../../design";
import type { Base, TableId } from "../../engine";
import { useT } from "../../i18n";
import { ActList } from "../record/acts";
import { withdrawOffer } from "../table/undo";

export function HistoryDialog({ base, table: start, onClose }: { base: Base; table: TableId | null; onClose: () => void }) {
  const t = useT();
  const [table, setTable] = useState<TableId | 0>(start ?? 0);
  return (
    <Dialog open onClose={onClose} size="large" title={t("history:title", { name: base.name })} footer={<Button onPress={onClose}>{t("common:close")}</Button>}>
      <Select aria={t("history:table")} className="mb-2 w-60" value={table} options={[{ value: 0, label: t("history:all_tables") }, ...base.tables.map((one) => ({ value: one.id, label: one.name }))]} onChange={setTable} />
      <ActList key={table} base={base.id} tables={base.tables} table={table === 0 ? null : table} record={null} onEdited={withdrawOffer} />
    </Dialog>
  );
}
