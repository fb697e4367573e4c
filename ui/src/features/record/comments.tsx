// What people wrote about a record, the open ones first.
import { CircleCheck, MessageSquare, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { Badge, Button, EmptyState, IconButton, Skeleton, TextField } from "../../design";
import { call, toEngineError, useRead, write, type BaseId, type RecordId, type TableId } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { ErrorPane, tellError } from "../../shell";

/** Longest comment, characters. */
const LONGEST = 10_000;

export function Comments({ base, table, record }: { base: BaseId; table: TableId; record: RecordId }) {
  const t = useT();
  const format = useFormats();
  const list = useRead("comment.list", { base, table, record });
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const add = async () => {
    if (busy || text.trim() === "") return;
    setBusy(true);
    try {
      await call("comment.add", { base, table, record, text: text.trim().slice(0, LONGEST) });
      setText("");
    } catch (thrown) {
      tellError(toEngineError(thrown));
    }
    setBusy(false);
  };
  const ordered = (list.data ?? []).toSorted((a, b) => Number(a.resolved) - Number(b.resolved) || b.at - a.at);
  return (
    <div className="flex flex-col gap-3">
      <form
        className="flex flex-col gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <TextField
          label={t("history:comment.write")}
          rows={3}
          value={text}
          maxLength={LONGEST}
          onChange={setText}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void add();
          }}
        />
        <Button type="submit" kind="primary" className="self-end" busy={busy} isDisabled={text.trim() === ""}>{t("history:comment.add")}</Button>
      </form>
      {list.error && <ErrorPane error={list.error} onRetry={() => void list.refetch()} />}
      {!list.data && !list.error && <Skeleton height={40} />}
      {list.data?.length === 0 && <EmptyState icon={MessageSquare} title={t("history:comment.none")} className="min-h-28" />}
      <ul className="flex flex-col gap-2">
        {ordered.map((one) => (
          <li key={one.id} className={one.resolved ? "rounded-lg border border-line bg-sunken p-2.5 text-muted" : "rounded-lg border border-line p-2.5"}>
            <p className="flex items-center gap-2 text-xs text-muted">
              <time dateTime={new Date(one.at).toISOString()} title={format.fullDateTime(one.at)}>{format.when(one.at)}</time>
              {one.resolved && <Badge>{t("history:comment.resolved")}</Badge>}
              <span className="ml-auto flex">
                <IconButton icon={one.resolved ? RotateCcw : CircleCheck} size={15} label={t(one.resolved ? "history:comment.reopen" : "history:comment.resolve")} onPress={() => void write("comment.resolve", { base, id: one.id, resolved: !one.resolved })} />
                <IconButton icon={Trash2} size={15} label={t("history:comment.remove")} onPress={() => void write("comment.remove", { base, id: one.id })} />
              </span>
            </p>
            <p className="selectable text-sm break-words whitespace-pre-wrap">{one.text}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}
