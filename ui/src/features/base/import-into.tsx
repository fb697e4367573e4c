// A file into a table that exists: which, how its records meet those of the file, and what would come of it.
import { Banner, Checkbox, Segmented, Select } from "../../design";
import { useRead, type Base, type ImportFileArgs, type Merged, type Table } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { ErrorBox } from "../../shell";
import { fillableOf, isComplete, type MergeChoice } from "./file-import";

/** Files up to this many records are tried as the choice changes. */
const TRIED_AT_ONCE = 50_000;

export interface ImportIntoProps {
  base: Base;
  table: Table;
  choice: MergeChoice;
  onTable: (table: Table) => void;
  onChange: (choice: MergeChoice) => void;
  /** What would be carried out. */
  args: ImportFileArgs;
  records: number;
}

export function ImportInto({ base, table, choice, onTable, onChange, args, records }: ImportIntoProps) {
  const t = useT();
  const complete = isComplete(choice);
  const trial = useRead("base.preview_import", complete && records <= TRIED_AT_ONCE ? args : null, { keep: true });
  const mapped = fillableOf(table).filter((column) => choice.mapping.includes(column.id));
  return (
    <div className="flex flex-col gap-3 rounded-lg border border-line p-3">
      <div className="flex flex-wrap items-end gap-3">
        <Select label={t("exchange:into.table")} className="min-w-44 flex-1" value={table.id} options={base.tables.map((one) => ({ value: one.id, label: one.name }))} onChange={(id) => { const found = base.tables.find((one) => one.id === id); if (found) onTable(found); }} />
        <Segmented aria={t("exchange:into.mode")} value={choice.mode} options={(["both", "update", "append"] as const).map((value) => ({ value, label: t(`exchange:into.${value}`) }))} onChange={(mode) => onChange({ ...choice, mode })} />
      </div>
      {choice.mode !== "append" && (
        <fieldset>
          <legend className="mb-1 text-xs font-medium text-muted">{t("exchange:into.keys")}</legend>
          <div className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
            {mapped.map((column) => (
              <Checkbox key={column.id} isSelected={choice.keys.includes(column.id)} onChange={(on) => onChange({ ...choice, keys: on ? [...choice.keys, column.id] : choice.keys.filter((one) => one !== column.id) })}>{column.name}</Checkbox>
            ))}
          </div>
          <p className="mt-1 text-xs text-muted">{choice.keys.length === 0 ? t("exchange:into.no_key") : t("exchange:into.keys_hint")}</p>
        </fieldset>
      )}
      {complete && trial.error && <ErrorBox error={trial.error} />}
      {complete && !trial.error && records <= TRIED_AT_ONCE && (trial.data ? <MergeReport merged={trial.data} table={table} /> : <p role="status" className="text-xs text-muted">{t("exchange:into.checking")}</p>)}
    </div>
  );
}

/** What an import into a table did, or would do. */
export function MergeReport({ merged, table }: { merged: Merged; table: Table | undefined }) {
  const t = useT();
  const format = useFormats();
  const parts = (["added", "updated", "unchanged", "emptied", "skipped"] as const).filter((one) => merged[one] > 0 || one === "added" || one === "updated");
  return (
    <div role="status" className="flex flex-col gap-2 text-sm">
      <p className="flex flex-wrap gap-x-3">{parts.map((one) => <span key={one} className={one === "emptied" || one === "skipped" ? "text-warning-text" : ""}>{t(`exchange:into.${one}`, { count: merged[one] })}</span>)}</p>
      {merged.misfits.length > 0 && (
        <Banner tone="warning" className="rounded-lg">
          <ul className="list-disc pl-4">
            {merged.misfits.slice(0, 20).map((misfit) => (
              <li key={misfit.column}>{t("exchange:into.misfit", { column: table?.columns.find((one) => one.id === misfit.column)?.name ?? "", count: misfit.count, first: misfit.first, record: format.number(misfit.record) })}</li>
            ))}
          </ul>
        </Banner>
      )}
    </div>
  );
}
