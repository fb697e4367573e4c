// A record in full beside the grid: its fields as a form, and its mail.
import { ChevronDown, ChevronUp, Copy, Trash2, X } from "lucide-react";
import { useContext, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton, Skeleton, Tabs } from "../../design";
import { useRead, type BaseId, type Column, type RecordRow, type TableId } from "../../engine";
import { useT } from "../../i18n";
import { BaseContext } from "../cell/base-context";
import { showCell } from "../cell/show";
import { ActList } from "./acts";
import { Comments } from "./comments";
import { FieldEditor } from "./field-editor";
import { RecordMail } from "./record-mail";
import type { RecordSource } from "./source";

export interface RecordPanelProps {
  base: BaseId;
  table: TableId;
  columns: readonly Column[];
  source: RecordSource;
  row: RecordRow | undefined;
  index: number;
  onStep: (by: 1 | -1) => void;
  onClose: () => void;
  onWrite: (address: string) => void;
  onDuplicate: (row: RecordRow) => void;
  onRemove: (row: RecordRow) => void;
  onEdited: () => void;
}

export function RecordPanel({ base, table, columns, source, row, index, onStep, onClose, onWrite, onDuplicate, onRemove, onEdited }: RecordPanelProps) {
  const t = useT();
  const { i18n } = useTranslation();
  const [tab, setTab] = useState("fields");
  const tables = useContext(BaseContext)?.base.tables ?? [];
  const open = useRead("comment.list", row ? { base, table, record: row.id } : null).data?.filter((one) => !one.resolved).length ?? 0;
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus({ preventScroll: true }), []);
  const first = columns[0];
  const title = row && first ? showCell(first, source.value(row, first.id), i18n.language) : "";
  const addresses = row ? columns.filter((column) => column.type === "email").map((column) => String(source.value(row, column.id) ?? "")).filter(Boolean) : [];
  return (
    <section
      ref={panel}
      tabIndex={-1}
      aria-label={t("record:panel")}
      className="flex min-h-0 w-full min-w-0 flex-col bg-surface outline-none"
      onKeyDown={(event) => {
        if (event.defaultPrevented) return;
        if (event.key === "Escape") {
          event.preventDefault();
          onClose();
        } else if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
          event.preventDefault();
          onStep(event.key === "ArrowDown" ? 1 : -1);
        } else if (event.target === panel.current && (event.key === "ArrowDown" || event.key === "ArrowUp" || event.key === " ")) {
          event.preventDefault();
          if (event.key === " ") onClose();
          else onStep(event.key === "ArrowDown" ? 1 : -1);
        }
      }}
    >
      <header className="flex shrink-0 items-center gap-0.5 border-b border-line py-1.5 pr-2 pl-4">
        <h2 className="min-w-0 flex-1 truncate text-base font-semibold"><bdi>{title || t("record:untitled")}</bdi></h2>
        <IconButton icon={ChevronUp} label={t("record:previous")} keys="alt+arrowup" isDisabled={index <= 0} onPress={() => onStep(-1)} />
        <IconButton icon={ChevronDown} label={t("record:next")} keys="alt+arrowdown" isDisabled={index >= source.total - 1} onPress={() => onStep(1)} />
        <IconButton icon={Copy} label={t("record:duplicate")} isDisabled={!row} onPress={() => row && onDuplicate(row)} />
        <IconButton icon={Trash2} label={t("record:remove")} isDisabled={!row} onPress={() => row && onRemove(row)} />
        <IconButton icon={X} label={t("common:close")} keys="escape" onPress={onClose} />
      </header>
      {row ? (
        <Tabs
          aria={t("record:panel")}
          value={tab}
          onChange={setTab}
          className="flex-1 [&>[role=tablist]]:px-3 [&>[role=tabpanel]]:overflow-y-auto [&>[role=tabpanel]]:px-4 [&>[role=tabpanel]]:pb-6"
          tabs={[
            {
              id: "fields",
              label: t("record:fields"),
              content: (
                <div className="flex flex-col gap-3.5">
                  {columns.map((column) => (
                    <FieldEditor
                      key={`${row.id}-${column.id}`}
                      column={column}
                      value={source.value(row, column.id)}
                      record={row.id}
                      onAdded={onEdited}
                      onWrite={onWrite}
                      onChange={(value) => {
                        onEdited();
                        void source.write([{ id: row.id, cells: { [column.id]: value } }]);
                      }}
                    />
                  ))}
                </div>
              ),
            },
            { id: "mail", label: t("record:mail.title"), content: tab === "mail" && <RecordMail key={row.id} base={base} table={table} record={row.id} addresses={addresses} onWrite={onWrite} /> },
            { id: "comments", label: open > 0 ? t("history:comment.count", { count: open }) : t("history:comment.title"), content: tab === "comments" && <Comments key={row.id} base={base} table={table} record={row.id} /> },
            { id: "history", label: t("history:tab"), content: tab === "history" && <ActList key={row.id} base={base} tables={tables} table={table} record={row.id} onEdited={onEdited} /> },
          ]}
        />
      ) : (
        <div className="flex flex-col gap-3 p-4"><Skeleton height={14} width="50%" /><Skeleton height={28} /></div>
      )}
    </section>
  );
}
