// Above the list: what is shown, and in which way. While rows are ticked: what to do with them.
import { AlarmClock, Archive, ArrowDownWideNarrow, FolderInput, ListFilter, MoreHorizontal, PanelBottom, PanelRight, Rows3, Trash2, X } from "lucide-react";
import { Button, IconButton, Menu, type MenuGroup } from "../../design";
import type { ListSort } from "../../engine";
import { useFormats, useT, type MessageKey } from "../../i18n";
import { keysOf, patchSettings, useMenuEntries, useSettings } from "../../shell";
import type { ListModel } from "./list-model";
import { sorts } from "./row";

export interface Filters {
  unread: boolean;
  flagged: boolean;
  attachments: boolean;
}

export const noFilters: Filters = { unread: false, flagged: false, attachments: false };

const columns = ["snippet", "attachments", "account", "size"] as const;

export interface ListBarProps {
  title: string;
  model: ListModel;
  filters: Filters;
  onFilters: (filters: Filters) => void;
  sort: ListSort;
  onSort: (sort: ListSort) => void;
  /** A narrow window has one column: there is no place of the reader to choose. */
  narrow: boolean;
}

export function ListBar({ title, model, filters, onFilters, sort, onSort, narrow }: ListBarProps) {
  const t = useT();
  const format = useFormats();
  const settings = useSettings();
  const filtered = filters.unread || filters.flagged || filters.attachments;
  const filterEntry = (name: keyof Filters) => ({
    id: name,
    label: t(`thread:filter.${name}` as MessageKey),
    checked: filters[name],
    perform: () => onFilters({ ...filters, [name]: !filters[name] }),
  });
  const viewGroups: MenuGroup[] = [
    {
      title: t("thread:sort.title"),
      items: sorts.map((one) => ({ id: one, label: t(`thread:sort.${one}` as MessageKey), checked: sort === one, perform: () => onSort(one) })),
    },
    {
      title: t("thread:column.title"),
      items: columns.map((one) => ({
        id: `column-${one}`,
        label: t(`thread:column.${one}` as MessageKey),
        checked: settings.list_columns.includes(one),
        perform: () =>
          void patchSettings((now) => ({
            list_columns: now.list_columns.includes(one) ? now.list_columns.filter((name) => name !== one) : [...now.list_columns, one],
          })),
      })),
    },
    ...(narrow
      ? []
      : [
          {
            title: t("thread:reader.title"),
            items: (["right", "bottom", "off"] as const).map((one) => ({
              id: `reader-${one}`,
              label: t(`thread:reader.${one}` as MessageKey),
              icon: one === "right" ? PanelRight : one === "bottom" ? PanelBottom : Rows3,
              checked: settings.reader === one,
              perform: () => void patchSettings({ reader: one }),
            })),
          },
        ]),
    {
      items: [
        {
          id: "conversations",
          label: t("thread:conversations"),
          checked: settings.conversations,
          perform: () => void patchSettings((now) => ({ conversations: !now.conversations })),
        },
      ],
    },
  ];

  const files = useMenuEntries(["mailbox.import", "mailbox.export"], t);
  if (files.length > 0) viewGroups.push({ items: files });

  if (model.tickedCount > 0) return <BulkBar model={model} />;
  return (
    <div className="flex h-9 items-center gap-1">
      <h1 className="min-w-0 truncate text-base font-semibold">{title}</h1>
      {model.count > 0 && <span className="shrink-0 text-xs text-muted">{format.number(model.count)}</span>}
      <span className="flex-1" />
      <Menu
        trigger={<IconButton icon={ListFilter} label={t("thread:filter.title")} className={filtered ? "bg-accent-soft text-accent-text" : ""} />}
        label={t("thread:filter.title")}
        groups={[{ items: [filterEntry("unread"), filterEntry("flagged"), filterEntry("attachments")] }]}
        placement="bottom end"
      />
      <Menu trigger={<IconButton icon={ArrowDownWideNarrow} label={t("thread:view")} />} label={t("thread:view")} groups={viewGroups} placement="bottom end" />
    </div>
  );
}

/** What can be done with ticked rows; on everything the list holds, if asked. */
function BulkBar({ model }: { model: ListModel }) {
  const t = useT();
  const { performBulk, entries, snoozable } = useBulk(t);
  const every = model.count;
  return (
    <div role="toolbar" aria-label={t("thread:bulk.label")} className="-mx-1 flex h-9 items-center gap-0.5 rounded-md bg-accent-soft px-1">
      <IconButton icon={X} label={t("thread:bulk.clear")} keys="escape" onPress={() => model.untick()} />
      <span role="status" className="min-w-0 shrink truncate text-sm font-medium">{t("thread:bulk.count", { count: model.tickedCount })}</span>
      {!model.all && model.tickedCount < every && (
        <Button small kind="quiet" onPress={() => model.tickAll()} className="min-w-0 shrink truncate text-accent-text">{t("thread:bulk.all", { count: every })}</Button>
      )}
      <span className="flex-1" />
      <IconButton icon={Archive} label={t("thread:act.archive")} keys={keysOf("message.archive")} onPress={() => performBulk("message.archive")} />
      {snoozable && <IconButton icon={AlarmClock} label={t("thread:act.snooze")} keys={keysOf("thread.snooze")} onPress={() => performBulk("thread.snooze")} />}
      <IconButton icon={Trash2} label={t("thread:act.delete")} keys={keysOf("message.delete")} onPress={() => performBulk("message.delete")} />
      <IconButton icon={FolderInput} label={t("thread:act.move")} keys={keysOf("message.move")} onPress={() => performBulk("message.move")} />
      <Menu trigger={<IconButton icon={MoreHorizontal} label={t("common:more")} />} label={t("common:more")} groups={[{ items: entries }]} placement="bottom end" />
    </div>
  );
}

function useBulk(t: ReturnType<typeof useT>) {
  const entries = useMenuEntries(["thread.unsnooze", "message.read", "message.unread", "message.star", "message.junk", "message.export", "message.compare"], t).filter((one) => one.id !== "thread.unsnooze" || one.disabled !== true);
  const move = useMenuEntries(["message.archive", "thread.snooze", "message.delete", "message.move"], t);
  return { entries, snoozable: move.some((one) => one.id === "thread.snooze" && one.disabled !== true), performBulk: (id: string) => move.find((one) => one.id === id)?.perform?.() };
}

