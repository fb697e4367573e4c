// Settings of a column that links records, and of one that shows what linked records hold.
import { Filter } from "lucide-react";
import { Banner, Button, Popover, Select, Switch, TextField } from "../../design";
import { useRead, type BaseId, type Column, type FilterNode, type Table } from "../../engine";
import { useT } from "../../i18n";
import { kindIcons } from "../cell/kinds";
import { limitViews } from "../cell/linked";
import { FilterEditor } from "../filter/editor";
import { rulesIn } from "../filter/filter";
import { linkFormulaKinds, rollupSummaries, type LinkDraft, type LinkFormulaDraft, type RollupSummary } from "./settings";

const useTables = (base: BaseId): readonly Table[] => useRead("base.get", { id: base }, { keep: true }).data?.tables ?? [];

interface Props<D> {
  base: BaseId;
  table: Table;
  /** The column as it is; null makes a new one. */
  column: Column | null;
  value: D;
  onChange: (value: D) => void;
}

export function LinkSettings({ base, table, column, value, onChange }: Props<LinkDraft>) {
  const t = useT();
  const tables = useTables(base);
  const other = tables.find((one) => one.id === value.table);
  const wasTwoWay = column?.type === "link" && column.settings["two_way"] === true;
  return (
    <>
      <Select
        label={t("link:table")}
        disabled={column?.type === "link"}
        hint={column?.type === "link" ? t("link:table_fixed") : undefined}
        placeholder={t("view:filter.choose")}
        value={value.table}
        options={tables.map((one) => ({ value: one.id, label: one.name }))}
        onChange={(id) => onChange({ ...value, table: id, view: null, filter: null })}
      />
      {other && (
        <>
          <Switch isSelected={value.multiple} onChange={(multiple) => onChange({ ...value, multiple })}>{t("link:multiple")}</Switch>
          <Switch isSelected={value.twoWay} onChange={(twoWay) => onChange({ ...value, twoWay })}>{t("link:two_way")}</Switch>
          {wasTwoWay && !value.twoWay && <Banner tone="warning" className="rounded-lg">{t("link:two_way_off")}</Banner>}
          {value.twoWay && !wasTwoWay && <TextField label={t("link:back_name")} placeholder={table.name} value={value.backName} onChange={(backName) => onChange({ ...value, backName })} />}
          <Select
            label={t("link:view")}
            value={value.view ?? 0}
            hint={value.view === null ? undefined : t("link:view_hint")}
            options={[
              { value: 0, label: t("link:view_all") },
              ...limitViews(other, value.view).map((view) => ({ value: view.id, label: t("link:view_of", { name: view.name }) })),
              ...(value.view === null || other.views.some((view) => view.id === value.view) ? [] : [{ value: value.view, label: t("link:view_hidden") }]),
            ]}
            onChange={(view) => onChange({ ...value, view: view === 0 ? null : view })}
          />
          <Conditions key={other.id} table={other} label={t("link:filter")} empty={t("link:filter_none")} filter={value.filter} onChange={(filter) => onChange({ ...value, filter })} />
        </>
      )}
    </>
  );
}

/** Which records of another table count, as rules. */
function Conditions({ table, label, empty, filter, onChange }: { table: Table; label: string; empty: string; filter: FilterNode | null; onChange: (filter: FilterNode | null) => void }) {
  const t = useT();
  const count = rulesIn(filter);
  return (
    <div className="flex flex-col gap-1">
      <span className="text-xs font-medium text-muted">{label}</span>
      <Popover label={label} trigger={<Button icon={Filter} className="!justify-start !border-line-strong" aria-label={`${label}: ${count === 0 ? empty : t("link:filter_count", { count })}`}>{count === 0 ? empty : t("link:filter_count", { count })}</Button>}>
        <FilterEditor columns={table.columns.filter((one) => one.type !== "button")} filter={filter} onChange={onChange} empty={empty} />
      </Popover>
    </div>
  );
}

const ordered = new Set(["number", "duration", "rating", "date", "created_time", "modified_time", "auto_number", "formula", "link_formula"]);
const counted = new Set(["number", "duration", "rating", "formula", "link_formula"]);

/** Columns that a figure can be made of. */
const fits = (column: Column, summary: RollupSummary): boolean => (summary === "concatenate" ? true : summary === "min" || summary === "max" ? ordered.has(column.type) : counted.has(column.type));

export function LinkFormulaSettings({ base, table, column, value, onChange }: Props<LinkFormulaDraft>) {
  const t = useT();
  const tables = useTables(base);
  const links = table.columns.filter((one) => one.type === "link" && one.id !== column?.id);
  const link = links.find((one) => one.id === value.link) ?? null;
  const other = tables.find((one) => one.id === link?.settings["table"]);
  if (links.length === 0) return <Banner className="rounded-lg">{t("column:mistake.link_none")}</Banner>;
  const entries = (columns: readonly Column[]) =>
    columns.map((one) => {
      const Icon = kindIcons[one.type];
      return { value: one.id, label: one.name, before: <Icon size={14} aria-hidden className="shrink-0 text-muted" /> };
    });
  const compares = value.kind === "find_max" || value.kind === "find_min";
  const own = other?.columns.filter((one) => one.id !== column?.id) ?? [];
  const offered = value.kind === "rollup" ? own.filter((one) => fits(one, value.summary)) : own;
  return (
    <>
      <Select label={t("link:formula.link")} placeholder={t("view:filter.choose")} value={value.link} options={entries(links)} onChange={(id) => onChange({ ...value, link: id, column: null, by: null, filter: null })} />
      <Select label={t("link:formula.kind")} value={value.kind} options={linkFormulaKinds.map((kind) => ({ value: kind, label: t(`link:formula.${kind}`) }))} onChange={(kind) => onChange({ ...value, kind, column: null, by: null })} />
      {other && compares && <Select label={t("link:formula.by")} placeholder={t("view:filter.choose")} value={value.by} options={entries(own.filter((one) => ordered.has(one.type)))} onChange={(by) => onChange({ ...value, by })} />}
      {other && value.kind === "rollup" && <Select label={t("link:formula.summary")} value={value.summary} options={rollupSummaries.map((one) => ({ value: one, label: t(`link:formula.${one}`) }))} onChange={(summary) => onChange({ ...value, summary, column: null })} />}
      {other && value.kind !== "count" && <Select label={t("link:formula.column", { name: other.name })} placeholder={t("view:filter.choose")} value={value.column} options={entries(offered)} onChange={(id) => onChange({ ...value, column: id })} />}
      {other && <Conditions key={other.id} table={other} label={t("link:formula.filter")} empty={t("link:formula.filter_none")} filter={value.filter} onChange={(filter) => onChange({ ...value, filter })} />}
    </>
  );
}
