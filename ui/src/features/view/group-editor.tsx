// What the records of a view are grouped by: up to three columns, the outermost first.
import { ArrowDownWideNarrow, ArrowUpNarrowWide, ChevronsDownUp, ChevronsUpDown, Plus, X } from "lucide-react";
import { Button, IconButton, Segmented, Select } from "../../design";
import type { Column, DateStep, View } from "../../engine";
import { useT } from "../../i18n";
import { familyOf, kindIcons } from "../cell/kinds";
import { resultColumn } from "../cell/show";

/** The engine's most. */
export const MOST_GROUPS = 3;

/** Types that a view can't be grouped by. */
const ungroupable = new Set<Column["type"]>(["button", "image", "file", "signature", "long_text"]);
export const isGroupable = (column: Column): boolean => !ungroupable.has(column.type);

/** How dates can be put together; "each" keeps every value by itself. */
const steps = ["each", "day", "week", "month", "quarter", "year"] as const;
const isDate = (column: Column | undefined): boolean => column !== undefined && familyOf((resultColumn(column) ?? column).type) === "date";

export interface GroupEditorProps {
  columns: readonly Column[];
  view: View;
  onView: (view: View) => void;
  onOpenAll?: (() => void) | undefined;
  onShutAll?: (() => void) | undefined;
}

export function GroupEditor({ columns, view, onView, onOpenAll, onShutAll }: GroupEditorProps) {
  const t = useT();
  const free = columns.filter((column) => isGroupable(column) && !view.groups.some((one) => one.column === column.id));
  const put = (groups: View["groups"]) => onView({ ...view, groups });
  return (
    <div className="flex min-w-80 flex-col gap-1.5">
      {view.groups.length === 0 && <p className="text-sm text-muted">{t("view:group.none")}</p>}
      {view.groups.map((group, at) => (
        <div key={group.column} className="flex items-center gap-1.5" style={{ paddingLeft: at * 12 }}>
          <Select
            aria={t("view:group.level", { n: at + 1 })}
            className="min-w-0 flex-1"
            value={group.column}
            options={columns.filter((column) => column.id === group.column || free.includes(column)).map((column) => {
              const Icon = kindIcons[column.type];
              return { value: column.id, label: column.name, before: <Icon size={14} aria-hidden className="shrink-0 text-muted" /> };
            })}
            onChange={(column) => put(view.groups.map((one, index) => (index === at ? { column, descending: one.descending } : one)))}
          />
          {isDate(columns.find((one) => one.id === group.column)) && (
            <Select
              aria={t("view:group.step")}
              className="w-36 shrink-0"
              value={group.by ?? "each"}
              options={steps.map((step) => ({ value: step, label: step === "each" ? t("view:group.each") : t(`view:statistic.part.${step}`) }))}
              onChange={(step: DateStep | "each") => put(view.groups.map(({ column, descending }, index) => (index !== at ? view.groups[index]! : step === "each" ? { column, descending } : { column, descending, by: step })))}
            />
          )}
          <Segmented
            aria={t("view:sort.direction")}
            value={group.descending ? "down" : "up"}
            options={[
              { value: "up", label: t("view:sort.up"), icon: ArrowUpNarrowWide },
              { value: "down", label: t("view:sort.down"), icon: ArrowDownWideNarrow },
            ]}
            onChange={(value) => put(view.groups.map((one, index) => (index === at ? { ...one, descending: value === "down" } : one)))}
          />
          <IconButton icon={X} label={t("view:group.remove")} onPress={() => put(view.groups.filter((_, index) => index !== at))} />
        </div>
      ))}
      <div className="flex flex-wrap gap-1">
        <Button small kind="quiet" icon={Plus} isDisabled={free.length === 0 || view.groups.length >= MOST_GROUPS} onPress={() => free[0] && put([...view.groups, { column: (free.find((one) => one.type === "single_select") ?? free[0]).id, descending: false }])}>{t("view:group.add")}</Button>
        {view.groups.length > 0 && onOpenAll && <Button small kind="quiet" icon={ChevronsUpDown} onPress={onOpenAll}>{t("view:group.open_all")}</Button>}
        {view.groups.length > 0 && onShutAll && <Button small kind="quiet" icon={ChevronsDownUp} onPress={onShutAll}>{t("view:group.shut_all")}</Button>}
      </div>
    </div>
  );
}
