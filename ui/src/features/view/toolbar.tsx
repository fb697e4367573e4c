// The line above a view: filter, order, groups, columns, colours, row height, search; what a kind of view
// has no use for is not there.
import { clsx } from "clsx";
import { ArrowDownUp, ArrowDownWideNarrow, ArrowUpNarrowWide, Columns3, EyeOff, Filter, Lock, Palette, Plus, Rows3, SlidersHorizontal, TableOfContents, X, type LucideIcon } from "lucide-react";
import type { ReactNode, Ref } from "react";
import { TooltipTrigger } from "react-aria-components";
import { Button, IconButton, Popover, SearchField, Segmented, Select, Switch, Tip } from "../../design";
import type { Column, Table, View } from "../../engine";
import { useT } from "../../i18n";
import { useNarrow } from "../../shell";
import { kindIcons } from "../cell/kinds";
import { FilterEditor } from "../filter/editor";
import { rulesIn } from "../filter/filter";
import { GroupEditor } from "./group-editor";
import { cellColorsOf, rowColorsOf } from "./settings";

export interface ViewToolbarProps {
  table: Table;
  view: View;
  onView: (view: View) => void;
  search: string;
  onSearch: (text: string) => void;
  searchRef: Ref<HTMLInputElement>;
  /** Something else than the view's own screen is shown: what only that uses is not there. */
  aside: boolean;
  onColors: () => void;
  onOpenAll?: (() => void) | undefined;
  onShutAll?: (() => void) | undefined;
  /** Settings of a kind that is not a grid. */
  settings?: ReactNode;
  children?: ReactNode;
}

/** A button of the toolbar; its word goes where room is short. */
export function ToolButton({ icon, label, lit, minor, disabled, onPress }: { icon: LucideIcon; label: string; lit?: boolean; /** Loses its word first. */ minor?: boolean; disabled?: boolean; onPress?: () => void }) {
  // A button that shows only its sign says its name when it is pointed at.
  const narrow = useNarrow(1000);
  return (
    <TooltipTrigger delay={500} closeDelay={50} isDisabled={!minor && !narrow}>
      <Button small kind="quiet" icon={icon} isDisabled={disabled ?? false} {...(onPress ? { onPress } : {})} className={lit ? "!bg-accent-soft !text-accent-text" : ""}>
        <span className={clsx(minor ? "@max-[1120px]:sr-only" : !lit && "@max-[720px]:sr-only")}>{label}</span>
      </Button>
      <Tip>{label}</Tip>
    </TooltipTrigger>
  );
}

export function ViewToolbar({ table, view, onView, search, onSearch, searchRef, aside, onColors, onOpenAll, onShutAll, settings, children }: ViewToolbarProps) {
  const t = useT();
  const rules = rulesIn(view.filter);
  const hidden = table.columns.filter((column) => view.hidden.includes(column.id)).length;
  const colored = rowColorsOf(view, table.columns) !== null || cellColorsOf(view, table.columns).length > 0;
  const { locked } = view;
  const grid = view.kind === "table" && !aside;
  if (view.kind === "form" && !locked) return null;
  return (
    <div className="@container shrink-0 border-b border-line bg-surface">
      <div role="toolbar" aria-label={t("view:toolbar")} className="flex flex-wrap items-center gap-x-0.5 gap-y-1 px-2 py-1.5">
        {locked && (
          <span className="mr-1 inline-flex h-7 items-center gap-1.5 rounded-md bg-press px-2 text-xs text-muted" title={t("view:locked_hint")}>
            <Lock size={13} aria-hidden />
            {t("view:locked")}
          </span>
        )}
        {view.kind !== "form" && (
          <>
            <Popover label={t("view:filter.title")} trigger={<ToolButton icon={Filter} disabled={locked} lit={rules > 0} label={rules > 0 ? t("view:filter.count", { count: rules }) : t("view:filter.title")} />}>
              <FilterEditor key={view.id} columns={table.columns} filter={view.filter} onChange={(filter) => onView({ ...view, filter })} />
            </Popover>
            <Popover label={t("view:sort.title")} trigger={<ToolButton icon={ArrowDownUp} disabled={locked} lit={view.sorts.length > 0} label={view.sorts.length > 0 ? t("view:sort.count", { count: view.sorts.length }) : t("view:sort.title")} />}>
              <SortEditor columns={table.columns} view={view} onView={onView} />
            </Popover>
          </>
        )}
        {grid && (
          <>
            <Popover label={t("view:group.title")} trigger={<ToolButton icon={TableOfContents} disabled={locked} lit={view.groups.length > 0} label={view.groups.length > 0 ? t("view:group.count", { count: view.groups.length }) : t("view:group.title")} />}>
              <GroupEditor columns={table.columns} view={view} onView={onView} onOpenAll={onOpenAll} onShutAll={onShutAll} />
            </Popover>
            <Popover label={t("view:columns.title")} trigger={<ToolButton icon={hidden > 0 ? EyeOff : Columns3} disabled={locked} lit={hidden > 0} label={hidden > 0 ? t("view:columns.hidden", { count: hidden }) : t("view:columns.title")} />}>
              <ColumnsEditor columns={table.columns} view={view} onView={onView} />
            </Popover>
            <ToolButton icon={Palette} disabled={locked} minor lit={colored} label={t("view:color.button")} onPress={onColors} />
            <Popover label={t("view:height.title")} trigger={<ToolButton minor icon={Rows3} disabled={locked} label={t("view:height.title")} />}>
              <Segmented aria={t("view:height.title")} value={String(view.row_height)} options={["1", "2", "3", "4"].map((value) => ({ value, label: t("view:height.lines", { count: Number(value) }) }))} onChange={(value) => onView({ ...view, row_height: Number(value) })} />
            </Popover>
          </>
        )}
        {settings && !aside && (
          <Popover label={t("view:settings")} trigger={<ToolButton icon={SlidersHorizontal} disabled={locked} label={t("view:settings")} />}>
            {settings}
          </Popover>
        )}
        {children}
        {view.kind !== "form" && <SearchField label={t("record:search")} clearLabel={t("common:clear")} value={search} onChange={onSearch} inputRef={searchRef} className="ml-auto max-w-52 flex-[1_1_7rem]" />}
      </div>
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
