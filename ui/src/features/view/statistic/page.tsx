// Statistics of a view: records counted or summed up by one or two columns, as a table and as a chart.
import { ChartColumn, ChartLine, ChartPie, Copy, Table2, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, EmptyState, IconButton, Segmented, Select, Skeleton, toast } from "../../../design";
import { useRead, type StatisticAxis, type BaseId, type Column, type ColumnId, type DateStep, type Figure, type RecordStatistics, type StatisticLabel, type Table, type View } from "../../../engine";
import { useFormats, useT } from "../../../i18n";
import { ErrorBox } from "../../../shell";
import { isNumberLike } from "../../cell/kinds";
import { showFigure } from "../../record/figures";
import { formatTsv } from "../../record/clipboard";
import { ColumnSelect } from "../color-dialog";
import { isGroupable } from "../group-editor";
import { isDate } from "../settings";
import { dateLabel } from "../../cell/date-label";
import { chartModel, slices } from "./chart-model";
import { BarChart, Legend, LineChart, PieChart } from "./charts";

type Kind = "bar" | "line" | "pie" | "table";

interface Wish {
  rows: StatisticAxis;
  columns: StatisticAxis | null;
  column: ColumnId | null;
  figure: Figure;
  kind: Kind;
}

const parts: readonly DateStep[] = ["day", "week", "month", "quarter", "year"];
const figures: readonly Figure[] = ["sum", "average", "min", "max", "unique"];

/** Rows of the table that are drawn; the rest is copied with it. */
const MOST_ROWS = 500;

const nameOf = (base: BaseId, view: View) => `tabella.statistic.${base}.${view.id}`;

/** What was looked at last, where its columns are still there. */
function remembered(base: BaseId, table: Table, view: View): Wish {
  const first = table.columns.find((column) => column.type === "single_select") ?? table.columns.find(isDate) ?? table.columns.find(isGroupable) ?? table.columns[0];
  const start: Wish = { rows: { column: first?.id ?? 0, by: first && isDate(first) ? "month" : null }, columns: null, column: null, figure: "count", kind: "bar" };
  try {
    const kept = JSON.parse(globalThis.localStorage?.getItem(nameOf(base, view)) ?? "null") as Wish | null;
    const known = (id: ColumnId | null | undefined) => id === null || id === undefined || table.columns.some((column) => column.id === id);
    return kept && known(kept.rows.column) && known(kept.columns?.column) && known(kept.column) ? kept : start;
  } catch {
    return start;
  }
}

export function StatisticPage({ base, table, view, onClose }: { base: BaseId; table: Table; view: View; onClose: () => void }) {
  const t = useT();
  const format = useFormats();
  const { i18n } = useTranslation();
  const [wish, setWish] = useState(() => remembered(base, table, view));
  const put = (change: Partial<Wish>) => {
    const next = { ...wish, ...change };
    setWish(next);
    try {
      globalThis.localStorage?.setItem(nameOf(base, view), JSON.stringify(next));
    } catch {
      // Not kept: it begins anew next time.
    }
  };
  const measured = table.columns.find((column) => column.id === wish.column) ?? null;
  const counts = wish.figure === "count" || measured === null;
  const found = useRead("record.statistics", { base, table: table.id, view: view.id, rows: wish.rows, columns: wish.kind === "pie" ? null : wish.columns, measure: { column: counts ? null : wish.column, summary: counts ? "count" : wish.figure } }, { keep: true });
  const find = (id: ColumnId) => table.columns.find((column) => column.id === id);
  const columns = table.columns.filter(isGroupable);
  const axisOf = (id: ColumnId): StatisticAxis => {
    const column = find(id);
    return { column: id, by: column && isDate(column) ? "month" : null };
  };
  const show = (value: number): string => (counts || wish.figure === "unique" || !measured ? format.number(value) : showFigure(measured, wish.figure, { count: 0, filled: 0, empty: 0, unique: 0, sum: value, average: value, median: value, min: value, max: value }, i18n.language));
  const measure = counts || !measured ? t("record:figure.count") : `${t(`record:figure.${wish.figure}`)}: ${measured.name}`;
  const empty = t("view:group.empty");
  const title = `${measure} – ${find(wish.rows.column)?.name ?? ""}${wish.columns && wish.kind !== "pie" ? ` × ${find(wish.columns.column)?.name ?? ""}` : ""}`;

  // Without a second axis the engine gives one column without a name.
  const named = (axis: StatisticAxis, labels: readonly StatisticLabel[]) => (axis.by === null ? [...labels] : labels.map((one) => ({ ...one, label: dateLabel(one.label, i18n.language) })));
  const data: RecordStatistics | undefined = found.data && { ...found.data, rows: named(wish.rows, found.data.rows), columns: wish.columns === null || wish.kind === "pie" ? [] : named(wish.columns, found.data.columns) };
  const model = data && chartModel(data, measure, empty);
  const copy = async (what: RecordStatistics) => {
    const head = [find(wish.rows.column)?.name ?? "", ...(what.columns.length > 0 ? what.columns.map((column) => column.label || empty) : [measure])];
    const lines = what.rows.map((row, at) => [row.label || empty, ...(what.values[at] ?? []).map((value) => (value === null ? "" : String(value)))]);
    await navigator.clipboard.writeText(formatTsv([head, ...lines]));
    toast(t("record:copied", { count: what.rows.length }), { tone: "success" });
  };
  return (
    <section aria-label={t("view:statistic.title")} className="flex min-h-0 flex-1 flex-col">
      <header className="flex shrink-0 flex-wrap items-end gap-2 border-b border-line bg-sunken px-3 py-2">
        <ColumnSelect label={t("view:statistic.rows")} className="w-44" columns={columns} value={wish.rows.column} onChange={(column) => put({ rows: axisOf(column) })} />
        <PartSelect column={find(wish.rows.column)} axis={wish.rows} onChange={(rows) => put({ rows })} />
        {wish.kind !== "pie" && (
          <>
            <ColumnSelect label={t("view:statistic.columns")} className="w-44" none={t("common:none")} columns={columns.filter((column) => column.id !== wish.rows.column)} value={wish.columns?.column ?? null} onChange={(column) => put({ columns: column === -1 ? null : axisOf(column) })} />
            {wish.columns && <PartSelect column={find(wish.columns.column)} axis={wish.columns} onChange={(next) => put({ columns: next })} />}
          </>
        )}
        <ColumnSelect label={t("view:statistic.measure")} className="w-52" none={t("view:statistic.number_of_records")} columns={table.columns.filter((column) => isNumberLike(column) || column.type === "formula")} value={counts ? null : wish.column} onChange={(column) => put(column === -1 ? { column: null, figure: "count" } : { column, figure: wish.figure === "count" ? "sum" : wish.figure })} />
        {!counts && <Select label={t("view:statistic.figure")} className="w-32" value={wish.figure} options={figures.map((value) => ({ value, label: t(`record:figure.${value}`) }))} onChange={(figure) => put({ figure })} />}
        <span className="flex-1" />
        <Segmented
          aria={t("view:statistic.kind")}
          value={wish.kind}
          options={[
            { value: "bar", label: t("view:statistic.bar"), icon: ChartColumn },
            { value: "line", label: t("view:statistic.line"), icon: ChartLine },
            { value: "pie", label: t("view:statistic.pie"), icon: ChartPie },
            { value: "table", label: t("view:statistic.table"), icon: Table2 },
          ]}
          onChange={(kind) => put({ kind })}
        />
        <IconButton icon={X} label={t("common:close")} onPress={onClose} />
      </header>
      <div className="min-h-0 flex-1 overflow-auto p-4">
        {found.error && <ErrorBox error={found.error} onRetry={() => void found.refetch()} />}
        {!data && !found.error && <div className="flex flex-col gap-3"><Skeleton width={260} height={16} /><Skeleton height={220} /></div>}
        {data && model && data.rows.length === 0 && <EmptyState icon={ChartColumn} title={t("view:no_records")} />}
        {data && model && data.rows.length > 0 && (
          <div className="flex flex-col gap-6" aria-busy={found.isFetching}>
            {wish.kind !== "table" && (
              <figure>
                <figcaption className="pb-2 text-sm font-semibold">{title}</figcaption>
                {wish.kind === "bar" && <BarChart model={model} label={title} show={show} />}
                {wish.kind === "line" && <LineChart model={model} label={title} show={show} />}
                {wish.kind === "pie" && <PieChart parts={slices(data, empty, t("view:statistic.rest"))} label={title} show={show} percent={format.percent} />}
                {wish.kind !== "pie" && <Legend model={model} />}
                {wish.kind !== "pie" && (model.cut.categories > 0 || model.cut.series > 0) && <p className="pt-2 text-xs text-warning-text">{t("view:statistic.cut")}</p>}
              </figure>
            )}
            <DataTable data={data} caption={title} rowName={find(wish.rows.column)?.name ?? ""} measure={measure} empty={empty} show={show} adds={counts || wish.figure === "sum"} onCopy={() => void copy(data)} />
          </div>
        )}
      </div>
    </section>
  );
}

function PartSelect({ column, axis, onChange }: { column: Column | undefined; axis: StatisticAxis; onChange: (axis: StatisticAxis) => void }) {
  const t = useT();
  if (!column || !isDate(column)) return null;
  return <Select label={t("view:statistic.by")} className="w-28" value={axis.by ?? "month"} options={parts.map((value) => ({ value, label: t(`view:statistic.part.${value}`) }))} onChange={(by) => onChange({ ...axis, by })} />;
}

function DataTable({ data, caption, rowName, measure, empty, show, adds, onCopy }: { data: RecordStatistics; caption: string; rowName: string; measure: string; empty: string; show: (value: number) => string; /** Whether a sum of the numbers means something. */ adds: boolean; onCopy: () => void }) {
  const t = useT();
  const format = useFormats();
  const several = data.columns.length > 0;
  const sum = (values: readonly (number | null | undefined)[]) => values.reduce<number>((all, one) => all + (one ?? 0), 0);
  const cell = "border-b border-line px-3 py-1.5 text-right tabular-nums";
  return (
    <div>
      <div className="flex items-center gap-2 pb-1">
        <h2 className="min-w-0 flex-1 truncate text-sm font-semibold">{t("view:statistic.data")}</h2>
        <Button small kind="quiet" icon={Copy} onPress={onCopy}>{t("view:statistic.copy")}</Button>
      </div>
      <div role="group" aria-label={caption} tabIndex={0} className="max-w-full overflow-x-auto rounded-lg border border-line">
        <table className="w-full border-collapse text-sm">
          <caption className="sr-only">{caption}</caption>
          <thead className="bg-sunken text-xs">
            <tr>
              <th scope="col" className="border-b border-line px-3 py-1.5 text-left font-medium">{rowName}</th>
              {several ? data.columns.map((column, at) => <th key={at} scope="col" className={`${cell} font-medium whitespace-nowrap`}>{column.label || empty}</th>) : <th scope="col" className={`${cell} font-medium`}>{measure}</th>}
              {several && adds && <th scope="col" className={`${cell} font-medium`}>{t("view:statistic.sum")}</th>}
            </tr>
          </thead>
          <tbody>
            {data.rows.slice(0, MOST_ROWS).map((row, at) => (
              <tr key={at} className="hover:bg-hover">
                <th scope="row" className="border-b border-line px-3 py-1.5 text-left font-normal">{row.label || <span className="text-muted">{empty}</span>}</th>
                {(data.values[at] ?? []).map((value, index) => <td key={index} className={cell}>{value === null ? <span className="text-faint">–</span> : show(value)}</td>)}
                {several && adds && <td className={`${cell} font-medium`}>{show(sum(data.values[at] ?? []))}</td>}
              </tr>
            ))}
          </tbody>
          {adds && (
            <tfoot className="bg-sunken font-medium">
              <tr>
                <th scope="row" className="px-3 py-1.5 text-left font-medium">{t("view:statistic.sum")}</th>
                {(several ? data.columns : [null]).map((_, index) => <td key={index} className="px-3 py-1.5 text-right tabular-nums">{show(sum(data.values.map((line) => line[index])))}</td>)}
                {several && <td className="px-3 py-1.5 text-right tabular-nums">{show(sum(data.values.flat()))}</td>}
              </tr>
            </tfoot>
          )}
        </table>
      </div>
      {data.rows.length > MOST_ROWS && <p className="pt-2 text-xs text-muted">{t("view:first_shown", { n: format.number(MOST_ROWS), all: format.number(data.rows.length) })}</p>}
    </div>
  );
}
