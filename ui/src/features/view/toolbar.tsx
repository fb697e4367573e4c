// The line above a grid: view, filter, order, columns, row height, search.
import { ArrowDownUp, ArrowDownWideNarrow, ArrowUpNarrowWide, ChevronDown, Columns3, Filter, Plus, Rows3, X } from "lucide-react";
import type { ReactNode, Ref } from "react";
import { Button, IconButton, Menu, Popover, SearchField, Segmented, Select, Switch } from "../../design";
import type { Column, Table, View } from "../../engine";
import { useT } from "../../i18n";
import { kindIcons } from "../cell/kinds";
import { FilterEditor } from "./filter-editor";
import { rulesIn } from "./filter";

export interface ViewToolbarProps {
  table: Table;
  view: View;
  onView: (view: View) => void;
  onChoose: (view: View) => void;
  search: string;
  onSearch: (text: string) => void;
  searchRef: Ref<HTMLInputElement>;
  children?: ReactNode;
}

export function ViewToolbar({ table, view, onView, onChoose, search, onSearch, searchRef, children }: ViewToolbarProps) {
  const t = useT();
  const rules = rulesIn(view.filter);
  const hidden = table.columns.filter((column) => view.hidden.includes(column.id)).length;
  return (
    <div role="toolbar" aria-label={t("view:toolbar")} className="flex shrink-0 flex-wrap items-center gap-1 border-b border-line bg-surface px-2 py-1.5">
      {table.views.length > 1 && (
        <Menu
          label={t("view:views")}
          trigger={<Button small kind="quiet" icon={Rows3}>{view.name}<ChevronDown size={13} aria-hidden /></Button>}
          groups={[{ items: table.views.map((one) => ({ id: String(one.id), label: one.name, checked: one.id === view.id, perform: () => onChoose(one) })) }]}
        />
      )}
      <Popover label={t("view:filter.title")} trigger={<Button small kind="quiet" icon={Filter} isDisabled={view.locked} className={rules > 0 ? "!bg-accent-soft !text-accent-text" : ""}>{rules > 0 ? t("view:filter.count", { count: rules }) : t("view:filter.title")}</Button>}>
        <FilterEditor key={view.id} columns={table.columns} filter={view.filter} onChange={(filter) => onView({ ...view, filter })} />
      </Popover>
      <Popover label={t("view:sort.title")} trigger={<Button small kind="quiet" icon={ArrowDownUp} isDisabled={view.locked} className={view.sorts.length > 0 ? "!bg-accent-soft !text-accent-text" : ""}>{view.sorts.length > 0 ? t("view:sort.count", { count: view.sorts.length }) : t("view:sort.title")}</Button>}>
        <SortEditor columns={table.columns} view={view} onView={onView} />
      </Popover>
      <Popover label={t("view:columns.title")} trigger={<Button small kind="quiet" icon={Columns3} isDisabled={view.locked} className={hidden > 0 ? "!bg-accent-soft !text-accent-text" : ""}>{hidden > 0 ? t("view:columns.hidden", { count: hidden }) : t("view:columns.title")}</Button>}>
        <ColumnsEditor columns={table.columns} view={view} onView={onView} />
      </Popover>
      <Popover label={t("view:height.title")} trigger={<Button small kind="quiet" icon={Rows3} isDisabled={view.locked}><span className="max-[1000px]:sr-only">{t("view:height.title")}</span></Button>}>
        <Segmented aria={t("view:height.title")} value={String(view.row_height)} options={["1", "2", "3", "4"].map((value) => ({ value, label: t("view:height.lines", { count: Number(value) }) }))} onChange={(value) => onView({ ...view, row_height: Number(value) })} />
      </Popover>
      {children}
      <SearchField label={t("record:search")} clearLabel={t("common:clear")} value={search} onChange={onSearch} inputRef={searchRef} className="ml-auto max-w-52 flex-[1_1_7rem]" />
    </div>
  );
}

const iconOf = (column: Column) => {
  const Icon = kindIcons[column.type];
  return <Icon size={14} aria-hidden className="shrink-0 text-muted" />;
};

function SortEditor({ columns, view, onView }: { columns: readonly Column[]; view: View; onView: (view: View) => void }) {
  const t = useT();
  const free = columns.filter((column) => column.type !== "button" && !view.sorts.some((sort) => sort.column === column.id));
  const put = (sorts: View["sorts"]) => onView({ ...view, sorts });
  return (
    <div className="flex min-w-80 flex-col gap-1.5">
      {view.sorts.length === 0 && <p className="text-sm text-muted">{t("view:sort.empty")}</p>}
      {view.sorts.map((sort, at) => (
        <div key={sort.column} className="flex items-center gap-1.5">
          <Select
            aria={t("view:filter.column")}
            className="min-w-0 flex-1"
            value={sort.column}
            options={columns.filter((column) => column.id === sort.column || free.includes(column)).map((column) => ({ value: column.id, label: column.name, before: iconOf(column) }))}
            onChange={(column) => put(view.sorts.map((one, index) => (index === at ? { ...one, column } : one)))}
          />
          <Segmented
            aria={t("view:sort.direction")}
            value={sort.descending ? "down" : "up"}
            options={[
              { value: "up", label: t("view:sort.up"), icon: ArrowUpNarrowWide },
              { value: "down", label: t("view:sort.down"), icon: ArrowDownWideNarrow },
            ]}
            onChange={(value) => put(view.sorts.map((one, index) => (index === at ? { ...one, descending: value === "down" } : one)))}
          />
          <IconButton icon={X} label={t("view:sort.remove")} onPress={() => put(view.sorts.filter((_, index) => index !== at))} />
        </div>
      ))}
      <div>
        <Button small kind="quiet" icon={Plus} isDisabled={free.length === 0} onPress={() => free[0] && put([...view.sorts, { column: free[0].id, descending: false }])}>{t("view:sort.add")}</Button>
      </div>
    </div>
  );
}

function ColumnsEditor({ columns, view, onView }: { columns: readonly Column[]; view: View; onView: (view: View) => void }) {
  const t = useT();
  const put = (hidden: View["hidden"]) => onView({ ...view, hidden });
  return (
    <div className="flex min-w-60 flex-col">
      <div className="max-h-80 overflow-auto">
        {columns.map((column, at) => (
          <Switch key={column.id} className="flex w-full" isDisabled={at === 0} isSelected={!view.hidden.includes(column.id)} onChange={(on) => put(on ? view.hidden.filter((one) => one !== column.id) : [...view.hidden, column.id])}>
            {iconOf(column)}
            <span className="truncate">{column.name}</span>
          </Switch>
        ))}
      </div>
      <div className="mt-1 flex gap-1 border-t border-line pt-2">
        <Button small kind="quiet" onPress={() => put([])}>{t("view:columns.show_all")}</Button>
        <Button small kind="quiet" onPress={() => put(columns.slice(1).map((column) => column.id))}>{t("view:columns.hide_all")}</Button>
      </div>
    </div>
  );
}
