// What the records of a view are grouped by: up to three columns, the outermost first.
import { ArrowDownWideNarrow, ArrowUpNarrowWide, ChevronsDownUp, ChevronsUpDown, Plus, X } from "lucide-react";
import { Button, IconButton, Segmented, Select } from "../../design";
import type { Column, View } from "../../engine";
import { useT } from "../../i18n";
import { kindIcons } from "../cell/kinds";

/** The engine's most. */
export const MOST_GROUPS = 3;

/** Types that a view can't be grouped by. */
const ungroupable = new Set<Column["type"]>(["button", "image", "file", "signature", "long_text"]);
export const isGroupable = (column: Column): boolean => !ungroupable.has(column.type);

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
            onChange={(column) => put(view.groups.map((one, index) => (index === at ? { ...one, column } : one)))}
          />
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
