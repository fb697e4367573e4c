// What was done to a base or one of its records, newest first; a cell's older value can be put back.
import { ArrowRight, History, Undo2 } from "lucide-react";
import { useState } from "react";
import { Badge, Button, EmptyState, IconButton, Skeleton } from "../../design";
import { useRead, write, type Act, type ActChange, type BaseId, type HistoryArgs, type RecordId, type Table, type TableId } from "../../engine";
import { useFormats, useT, type MessageKey } from "../../i18n";
import { ErrorPane } from "../../shell";
import { canType } from "../cell/kinds";

const PAGE = 50;
const known = new Set(["record.add", "record.update", "record.remove", "record.restore", "record.duplicate", "record.replace", "record.lock", "column.add", "column.duplicate", "column.update", "column.remove", "table.create", "table.duplicate", "table.update", "table.remove", "base.import_file"]);

/** The words for a command of the log. */
export const actKey = (what: string): MessageKey => (known.has(what) ? `history:did.${what.replace(".", "_")}` : what.startsWith("view.") ? "history:did.view" : "history:did.other") as MessageKey;

export interface ActListProps {
  base: BaseId;
  tables: readonly Table[];
  table: TableId | null;
  record: RecordId | null;
  /** Whose acts, and when; all if left out. */
  only?: Pick<HistoryArgs, "by" | "from_at" | "until_at">;
  onEdited?: () => void;
}

const anybody = { by: null, from_at: null, until_at: null } as const;

export function ActList({ base, tables, table, record, only = anybody, onEdited }: ActListProps) {
  const t = useT();
  const [count, setCount] = useState(PAGE);
  const page = useRead("base.history", { base, table, record, ...only, before: null, limit: Math.min(200, count) }, { keep: true });
  if (page.error) return <ErrorPane error={page.error} onRetry={() => void page.refetch()} />;
  if (!page.data) return <div className="flex flex-col gap-3 p-1">{[80, 60, 70].map((width) => <Skeleton key={width} width={`${width}%`} height={14} />)}</div>;
  if (page.data.acts.length === 0) return <EmptyState icon={History} title={t("history:none")} className="min-h-40" />;
  const last = page.data.acts.at(-1);
  return (
    <div className="flex flex-col">
      <ol className="flex flex-col">{page.data.acts.map((act) => <ActRow key={act.act} base={base} act={act} tables={tables} alone={record !== null} onEdited={onEdited} />)}</ol>
      {page.data.more && count < 200 && <Button className="mt-2 self-center" onPress={() => setCount(count + PAGE)}>{t("history:older")}</Button>}
      {page.data.more && count >= 200 && last && <Older base={base} tables={tables} table={table} record={record} only={only} before={last.act} onEdited={onEdited} />}
    </div>
  );
}

/** What lies behind the first pages: it does not change while it is read. */
function Older({ before, ...props }: Omit<ActListProps, "onEdited"> & { before: number; onEdited: (() => void) | undefined }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const page = useRead("base.history", open ? { base: props.base, table: props.table, record: props.record, ...(props.only ?? anybody), before, limit: 200 } : null, { keep: true });
  if (!open) return <Button className="mt-2 self-center" onPress={() => setOpen(true)}>{t("history:older")}</Button>;
  if (!page.data) return <Skeleton height={14} />;
  const last = page.data.acts.at(-1);
  return (
    <>
      <ol className="flex flex-col">{page.data.acts.map((act) => <ActRow key={act.act} base={props.base} act={act} tables={props.tables} alone={props.record !== null} onEdited={props.onEdited} />)}</ol>
      {page.data.more && last && <Older {...props} before={last.act} />}
    </>
  );
}

function ActRow({ base, act, tables, alone, onEdited }: { base: BaseId; act: Act; tables: readonly Table[]; alone: boolean; onEdited: (() => void) | undefined }) {
  const t = useT();
  const format = useFormats();
  const [whole, setWhole] = useState(false);
  const shown = whole ? act.changes : act.changes.slice(0, alone ? 12 : 4);
  const where = tables.find((one) => one.id === act.table)?.name;
  return (
    <li className="border-b border-line py-2 last:border-b-0">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className={act.undone ? "text-sm font-medium text-muted line-through" : "text-sm font-medium"}>{t(actKey(act.what))}</span>
        {act.undone && <Badge>{t("history:undone")}</Badge>}
        {!alone && act.records > 1 && <span className="text-xs text-muted">{t("history:records", { count: act.records })}</span>}
        {!alone && where !== undefined && <span className="text-xs text-muted">{where}</span>}
        <time dateTime={new Date(act.at).toISOString()} title={format.fullDateTime(act.at)} className="ml-auto text-xs whitespace-nowrap text-muted">{format.when(act.at)}</time>
      </p>
      {act.by !== "me" && act.by !== "" && <p className="text-xs text-muted">{t("history:by.others")}</p>}
      <ul className="mt-1 flex flex-col gap-0.5">
        {shown.map((change, at) => <ChangeLine key={at} base={base} act={act} change={change} tables={tables} alone={alone} onEdited={onEdited} />)}
      </ul>
      {act.changes.length > shown.length && <Button small kind="quiet" className="mt-1" onPress={() => setWhole(true)}>{t("history:more_changes", { count: act.changes.length - shown.length })}</Button>}
    </li>
  );
}

function ChangeLine({ base, act, change, tables, alone, onEdited }: { base: BaseId; act: Act; change: ActChange; tables: readonly Table[]; alone: boolean; onEdited: (() => void) | undefined }) {
  const t = useT();
  const column = tables.find((one) => one.id === change.table)?.columns.find((one) => one.id === change.column);
  const value = (text: string | null) => (text ? <bdi className="break-words">{text.length > 200 ? `${text.slice(0, 200)}…` : text}</bdi> : <span className="text-faint">{t("history:empty")}</span>);
  if (change.kind === "add" || change.kind === "remove") return alone ? null : <li className="truncate text-xs text-muted">{change.text || t("record:untitled")} {t(`history:change.${change.kind}`)}</li>;
  const isCell = change.kind === "update" || change.before !== null || change.after !== null;
  if (!isCell && alone && change.record !== null) return null;
  if (!isCell) return <li className="truncate text-xs text-muted">{change.kind === "view" && change.text === "" ? t("history:private_view") : change.text}</li>;
  const { record } = change;
  return (
    <li className="group flex items-start gap-1.5 text-xs">
      <span className="min-w-0 flex-1">
        {!alone && <bdi className="text-muted">{change.text || t("record:untitled")} · </bdi>}
        <span className="text-muted">{column?.name ?? "—"}: </span>
        <span>{value(change.before)} <ArrowRight size={11} role="img" aria-label="→" className="inline text-muted" /> {value(change.after)}</span>
      </span>
      {column && record !== null && !act.undone && canType(column) && (
        <IconButton
          icon={Undo2}
          size={13}
          className="!size-6 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
          label={change.before ? t("history:put_back", { value: change.before.slice(0, 60) }) : t("history:put_back_empty")}
          onPress={() => {
            onEdited?.();
            void write("record.update", { base, table: change.table, records: [{ id: record, cells: { [column.id]: change.before || null } }] });
          }}
        />
      )}
    </li>
  );
}
