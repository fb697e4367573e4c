// Colours of a view: of whole records by an option, by rules, or where values occur twice; and of the cells
// of single columns by rules, along a scale, or where values occur twice.
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { Button, Dialog, IconButton, Menu, Select } from "../../design";
import type { Column, ColumnId, FilterNode, View } from "../../engine";
import { useT } from "../../i18n";
import { isNumberLike, kindIcons } from "../cell/kinds";
import { optionColors } from "../column/settings";
import { FilterEditor } from "../filter/editor";
import { cellColorsOf, duplicateColor, rowColorsOf, scaleEnd, scaleStart, withSetting, type CellColors, type ColorRule, type RowColors } from "./settings";

export function ColorDialog({ columns, view, onView, onClose }: { columns: readonly Column[]; view: View; onView: (view: View) => void; onClose: () => void }) {
  const t = useT();
  const [rows, setRows] = useState<RowColors | null>(() => rowColorsOf(view, columns));
  const [cells, setCells] = useState<CellColors[]>(() => cellColorsOf(view, columns));
  const selects = columns.filter((column) => column.type === "single_select");
  const kinds = ["none", ...(selects.length > 0 ? ["select" as const] : []), "rules", "duplicates"] as const;
  const free = columns.filter((column) => column.type !== "button" && !cells.some((one) => one.column === column.id));
  const choose = (kind: (typeof kinds)[number]) => {
    if (kind === "none") setRows(null);
    else if (kind === "select") setRows({ by: "select", column: selects[0]?.id ?? 0 });
    else if (kind === "rules") setRows({ by: "rules", rules: [{ filter: null, color: optionColors[0] }] });
    else setRows({ by: "duplicates", columns: columns[0] ? [columns[0].id] : [] });
  };
  const putCell = (at: number, next: CellColors | null) => setCells(cells.flatMap((one, index) => (index === at ? (next ? [next] : []) : [one])));
  const save = () => {
    // A rule that says nothing colours nothing.
    const said = (rules: readonly ColorRule[]) => rules.filter((rule) => rule.filter !== null);
    const kept = cells.map((one) => (one.by === "rules" ? { ...one, rules: said(one.rules) } : one));
    onView(withSetting(withSetting(view, "colors", rows?.by === "rules" ? { ...rows, rules: said(rows.rules) } : rows), "cell_colors", kept.length > 0 ? kept : null));
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("view:color.title")}
      size="large"
      footer={
        <>
          <Button onPress={onClose}>{t("common:cancel")}</Button>
          <Button kind="primary" onPress={save}>{t("common:save")}</Button>
        </>
      }
    >
      <section aria-label={t("view:color.rows")} className="flex flex-col gap-2">
        <h3 className="text-sm font-semibold">{t("view:color.rows")}</h3>
        <div className="flex flex-wrap items-end gap-2">
          <Select label={t("view:color.by")} className="w-56" value={rows?.by ?? "none"} options={kinds.map((kind) => ({ value: kind, label: t(`view:color.by_${kind}`) }))} onChange={choose} />
          {rows?.by === "select" && <ColumnSelect label={t("view:filter.column")} columns={selects} value={rows.column} onChange={(column) => setRows({ by: "select", column })} />}
          {rows?.by === "duplicates" && <ColumnSelect label={t("view:filter.column")} columns={columns} value={rows.columns[0] ?? null} onChange={(column) => setRows({ by: "duplicates", columns: [column] })} />}
        </div>
        {rows?.by === "rules" && <RulesEditor columns={columns} rules={rows.rules} onChange={(rules) => setRows({ by: "rules", rules })} />}
      </section>
      <section aria-label={t("view:color.cells")} className="mt-5 flex flex-col gap-3 border-t border-line pt-4">
        <h3 className="text-sm font-semibold">{t("view:color.cells")}</h3>
        {cells.length === 0 && <p className="text-sm text-muted">{t("view:color.cells_empty")}</p>}
        {cells.map((one, at) => {
          const column = columns.find((each) => each.id === one.column);
          if (!column) return null;
          const ways = ["rules", ...(isNumberLike(column) ? ["scale" as const] : []), "duplicates"] as const;
          return (
            <div key={one.column} role="group" aria-label={column.name} className="flex flex-col gap-2 rounded-lg border border-line bg-sunken p-3">
              <div className="flex flex-wrap items-end gap-2">
                <ColumnSelect label={t("view:filter.column")} columns={columns.filter((each) => each.id === one.column || free.includes(each))} value={one.column} onChange={(next) => putCell(at, { column: next, by: "rules", rules: [] })} />
                <Select
                  label={t("view:color.by")}
                  className="w-64"
                  value={one.by}
                  options={ways.map((way) => ({ value: way, label: t(`view:color.by_${way}`) }))}
                  onChange={(by) => putCell(at, by === "rules" ? { column: one.column, by, rules: [{ filter: null, color: optionColors[0] }] } : by === "scale" ? { column: one.column, by, from: scaleStart, to: scaleEnd } : { column: one.column, by, color: duplicateColor })}
                />
                {one.by === "scale" && (
                  <div className="flex items-center gap-1 pb-0.5">
                    <Swatch label={t("view:color.low")} color={one.from} onChange={(from) => putCell(at, { ...one, from })} />
                    <span aria-hidden className="h-3 w-24 rounded-full" style={{ background: `linear-gradient(to right, ${one.from}, ${one.to})` }} />
                    <Swatch label={t("view:color.high")} color={one.to} onChange={(to) => putCell(at, { ...one, to })} />
                  </div>
                )}
                {one.by === "duplicates" && <Swatch label={t("common:color")} color={one.color} onChange={(color) => putCell(at, { ...one, color })} />}
                <span className="flex-1" />
                <IconButton icon={X} label={t("common:remove_named", { name: column.name })} onPress={() => putCell(at, null)} />
              </div>
              {one.by === "rules" && <RulesEditor columns={columns} rules={one.rules} start={column} onChange={(rules) => putCell(at, { ...one, rules })} />}
            </div>
          );
        })}
        <div>
          <Button small kind="quiet" icon={Plus} isDisabled={free.length === 0} onPress={() => free[0] && setCells([...cells, { column: free[0].id, by: "rules", rules: [{ filter: null, color: optionColors[0] }] }])}>{t("view:color.add_column")}</Button>
        </div>
      </section>
    </Dialog>
  );
}

export function ColumnSelect({ label, columns, value, onChange, className = "w-52", none }: { label: string; columns: readonly Column[]; value: ColumnId | null; onChange: (column: ColumnId) => void; className?: string; none?: string }) {
  const options = columns.map((column) => {
    const Icon = kindIcons[column.type];
    return { value: column.id, label: column.name, before: <Icon size={14} aria-hidden className="shrink-0 text-muted" /> };
  });
  return <Select label={label} className={className} value={value ?? (none === undefined ? null : -1)} options={none === undefined ? options : [{ value: -1, label: none, before: <span className="w-3.5" /> }, ...options]} onChange={onChange} />;
}

function Swatch({ label, color, onChange }: { label: string; color: string; onChange: (color: string) => void }) {
  const t = useT();
  return (
    <Menu
      label={label}
      trigger={
        <Button kind="quiet" small aria-label={label} className="!w-8 !px-0">
          <span aria-hidden className="size-5 rounded-full border border-line" style={{ background: color }} />
        </Button>
      }
      groups={[{ items: [...new Set([...optionColors, scaleStart])].map((one, at) => ({ id: one, label: t("column:option.color", { n: at + 1 }), before: <span aria-hidden className="size-4 rounded-full" style={{ background: one }} />, perform: () => onChange(one) })) }]}
    />
  );
}

function RulesEditor({ columns, rules, onChange, start }: { columns: readonly Column[]; rules: readonly ColorRule[]; onChange: (rules: ColorRule[]) => void; start?: Column }) {
  const t = useT();
  const put = (at: number, change: Partial<ColorRule>) => onChange(rules.map((one, index) => (index === at ? { ...one, ...change } : one)));
  // The column that is coloured comes first, being what most rules are about.
  const ordered = start ? [start, ...columns.filter((one) => one.id !== start.id)] : columns;
  return (
    <div className="flex flex-col gap-2">
      {rules.map((rule, at) => (
        <div key={at} role="group" aria-label={t("view:color.rule", { n: at + 1 })} className="flex items-start gap-2 rounded-lg border border-line bg-surface p-2">
          <Swatch label={t("common:color")} color={rule.color} onChange={(color) => put(at, { color })} />
          <div className="min-w-0 flex-1"><FilterEditor columns={ordered} filter={rule.filter} empty={t("view:color.rule_empty")} onChange={(filter: FilterNode | null) => put(at, { filter })} /></div>
          <IconButton icon={X} label={t("view:color.remove_rule")} onPress={() => onChange(rules.filter((_, index) => index !== at))} />
        </div>
      ))}
      <div>
        <Button small kind="quiet" icon={Plus} onPress={() => onChange([...rules, { filter: null, color: optionColors[rules.length % optionColors.length] ?? optionColors[0] }])}>{t("view:color.add_rule")}</Button>
      </div>
    </div>
  );
}
