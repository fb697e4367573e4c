// Settings of boards, calendars, galleries, timelines and trees: which columns they show and go by.
import { Plus, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button, IconButton, Segmented, Switch } from "../../design";
import type { Column, ColumnId, Table, View, ViewKind } from "../../engine";
import { useT } from "../../i18n";
import { canWrite, kindIcons } from "../cell/kinds";
import { ColumnSelect } from "./color-dialog";
import { calendarOf, galleryOf, isBoardColumn, isDate, isPicture, isSelfLink, kanbanOf, timelineOf, treeOf, withSetting } from "./settings";

export interface KindSettingsProps {
  table: Table;
  tables: readonly Table[];
  view: View;
  onView: (view: View) => void;
}

export function viewSettingsOf(kind: ViewKind): ((props: KindSettingsProps) => ReactNode) | null {
  switch (kind) {
    case "kanban": return KanbanSettings;
    case "calendar": return CalendarSettings;
    case "gallery": return GallerySettings;
    case "timeline": return TimelineSettings;
    case "tree": return TreeSettings;
    default: return null;
  }
}

const Panel = ({ children }: { children: ReactNode }) => <div className="flex w-72 flex-col gap-3">{children}</div>;

/** -1 stands for no column in a choice. */
const orNull = (id: ColumnId): ColumnId | null => (id === -1 ? null : id);

function FieldSwitches({ columns, without, chosen, onChange }: { columns: readonly Column[]; without: readonly (ColumnId | null)[]; chosen: readonly ColumnId[]; onChange: (fields: ColumnId[]) => void }) {
  const t = useT();
  return (
    <div role="group" aria-label={t("view:card.fields")}>
      <p className="mb-1 text-xs font-medium text-muted">{t("view:card.fields")}</p>
      <div className="flex max-h-64 flex-col overflow-auto">
        {columns.filter((column) => !without.includes(column.id) && column.type !== "button").map((column) => {
          const Icon = kindIcons[column.type];
          return (
            <Switch key={column.id} className="flex w-full" isSelected={chosen.includes(column.id)} onChange={(on) => onChange(on ? columns.map((one) => one.id).filter((id) => id === column.id || chosen.includes(id)) : chosen.filter((id) => id !== column.id))}>
              <Icon size={14} aria-hidden className="shrink-0 text-muted" />
              <span className="truncate">{column.name}</span>
            </Switch>
          );
        })}
      </div>
    </div>
  );
}

function KanbanSettings({ table, view, onView }: KindSettingsProps) {
  const t = useT();
  const now = kanbanOf(view, table);
  const put = (change: Partial<typeof now>) => onView(withSetting(view, "kanban", { ...now, ...change }));
  const pictures = table.columns.filter(isPicture);
  return (
    <Panel>
      <ColumnSelect label={t("view:kanban.by")} className="" columns={table.columns.filter(isBoardColumn)} value={now.column} onChange={(column) => put({ column })} />
      <ColumnSelect label={t("view:card.title")} className="" columns={table.columns} value={now.title} onChange={(title) => put({ title })} />
      {pictures.length > 0 && <ColumnSelect label={t("view:card.image")} className="" none={t("common:none")} columns={pictures} value={now.image} onChange={(image) => put({ image: orNull(image) })} />}
      <Switch isSelected={now.hide_empty} onChange={(hide_empty) => put({ hide_empty })}>{t("view:kanban.hide_empty")}</Switch>
      <FieldSwitches columns={table.columns} without={[now.title, now.image]} chosen={now.fields} onChange={(fields) => put({ fields })} />
    </Panel>
  );
}

function GallerySettings({ table, view, onView }: KindSettingsProps) {
  const t = useT();
  const now = galleryOf(view, table);
  const put = (change: Partial<typeof now>) => onView(withSetting(view, "gallery", { ...now, ...change }));
  return (
    <Panel>
      <ColumnSelect label={t("view:card.image")} className="" none={t("common:none")} columns={table.columns.filter(isPicture)} value={now.image} onChange={(image) => put({ image: orNull(image) })} />
      <ColumnSelect label={t("view:card.title")} className="" columns={table.columns} value={now.title} onChange={(title) => put({ title })} />
      <FieldSwitches columns={table.columns} without={[now.title, now.image]} chosen={now.fields} onChange={(fields) => put({ fields })} />
    </Panel>
  );
}

function DateSettings({ table, now, put }: { table: Table; now: ReturnType<typeof calendarOf>; put: (change: Partial<ReturnType<typeof calendarOf>>) => void }) {
  const t = useT();
  const dates = table.columns.filter(isDate);
  // Ends are moved with their beginnings, which what Tabella fills can't be.
  const ends = dates.filter((column) => column.id !== now.start && canWrite(column));
  return (
    <Panel>
      <ColumnSelect label={t("view:date.start")} className="" columns={dates} value={now.start} onChange={(start) => put({ start, ...(start === now.end ? { end: null } : {}) })} />
      <ColumnSelect label={t("view:date.end")} className="" none={t("common:none")} columns={ends} value={now.end} onChange={(end) => put({ end: orNull(end) })} />
      <ColumnSelect label={t("view:card.title")} className="" columns={table.columns} value={now.title} onChange={(title) => put({ title })} />
      <ColumnSelect label={t("view:date.color")} className="" none={t("common:none")} columns={table.columns.filter((column) => column.type === "single_select")} value={now.color} onChange={(color) => put({ color: orNull(color) })} />
    </Panel>
  );
}

function CalendarSettings({ table, view, onView }: KindSettingsProps) {
  const now = calendarOf(view, table);
  return <DateSettings table={table} now={now} put={(change) => onView(withSetting(view, "calendar", { ...now, ...change }))} />;
}

function TimelineSettings({ table, view, onView }: KindSettingsProps) {
  const now = timelineOf(view, table);
  return <DateSettings table={table} now={now} put={(change) => onView(withSetting(view, "timeline", { ...now, ...change }))} />;
}

/** The engine's most. */
const MOST_LEVELS = 3;

function TreeSettings({ table, tables, view, onView }: KindSettingsProps) {
  const t = useT();
  const now = treeOf(view, table);
  const by = now.levels.length > 0 ? "levels" : "parent";
  const links = table.columns.filter((column) => column.type === "link");
  // The columns a level can go down by are those of the table the level above leads to.
  const steps: { columns: Column[]; value: ColumnId }[] = [];
  let at: Table | undefined = table;
  for (const id of now.levels) {
    const columns: Column[] = at ? at.columns.filter((column) => column.type === "link") : [];
    const chosen = columns.find((column) => column.id === id);
    if (!chosen) break;
    steps.push({ columns, value: id });
    at = tables.find((one) => one.id === chosen.settings["table"]);
  }
  const next = at?.columns.find((column) => column.type === "link");
  const put = (tree: { parent: ColumnId | null } | { levels: ColumnId[] }) => onView(withSetting(view, "tree", tree));
  return (
    <Panel>
      <Segmented
        aria={t("view:tree.by")}
        value={by}
        options={[{ value: "parent", label: t("view:tree.by_parent") }, { value: "levels", label: t("view:tree.by_levels") }]}
        onChange={(value) => (value === "parent" ? put({ parent: table.columns.find(isSelfLink(table))?.id ?? null }) : links[0] && put({ levels: [links[0].id] }))}
      />
      {by === "parent" ? (
        <ColumnSelect label={t("view:tree.parent")} className="" columns={table.columns.filter(isSelfLink(table))} value={now.parent} onChange={(parent) => put({ parent })} />
      ) : (
        <>
          {steps.map((step, index) => (
            <div key={index} className="flex items-end gap-1">
              <ColumnSelect label={t("view:tree.level", { n: index + 1 })} className="min-w-0 flex-1" columns={step.columns} value={step.value} onChange={(column) => put({ levels: [...now.levels.slice(0, index), column] })} />
              {index > 0 && <IconButton icon={X} label={t("view:tree.remove_level")} onPress={() => put({ levels: now.levels.slice(0, index) })} />}
            </div>
          ))}
          {next && steps.length < MOST_LEVELS && <Button small kind="quiet" icon={Plus} onPress={() => put({ levels: [...steps.map((one) => one.value), next.id] })}>{t("view:tree.add_level")}</Button>}
        </>
      )}
    </Panel>
  );
}
