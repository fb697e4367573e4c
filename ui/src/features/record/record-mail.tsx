// The mail of a record: from, to and in copy to the addresses in its e-mail columns.
import { ArrowDownLeft, ArrowUpRight, MailSearch, Paperclip } from "lucide-react";
import { Button, EmptyState, Skeleton } from "../../design";
import { useRead, type BaseId, type Message, type RecordId, type TableId } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { ErrorPane, go, mailPath } from "../../shell";

export function RecordMail({ base, table, record, addresses, onWrite }: { base: BaseId; table: TableId; record: RecordId; addresses: readonly string[]; onWrite: (address: string) => void }) {
  const t = useT();
  const format = useFormats();
  const mail = useRead("record.mail", { base, table, record }, { keep: false });
  const accounts = useRead("account.list", {}).data;
  if (mail.error) return <ErrorPane error={mail.error} onRetry={() => void mail.refetch()} />;
  if (!mail.data) return <div className="flex flex-col gap-3 p-1">{[80, 60, 70].map((width) => <Skeleton key={width} width={`${width}%`} height={14} />)}</div>;
  if (mail.data.rows.length === 0) {
    const first = addresses[0];
    return (
      <EmptyState icon={MailSearch} title={t("record:mail.empty")} actions={first !== undefined && <Button onPress={() => onWrite(first)}>{t("record:mail.write", { address: first })}</Button>}>
        {addresses.length === 0 ? t("record:mail.no_address") : t("record:mail.empty_hint")}
      </EmptyState>
    );
  }
  const own = new Set((accounts ?? []).flatMap((one) => [one.email, ...one.identities.map((identity) => identity.email)]).map((one) => one.toLowerCase()));
  const outgoing = (message: Message) => message.from !== null && own.has(message.from.email.toLowerCase());
  return (
    <div className="flex flex-col gap-1">
      <p className="px-1 pb-1 text-xs text-muted">{t("common:messages", { count: mail.data.total })}</p>
      <ul className="flex flex-col">
        {mail.data.rows.map((message) => {
          const sent = outgoing(message);
          const Direction = sent ? ArrowUpRight : ArrowDownLeft;
          const other = sent ? message.to.map((one) => one.name || one.email).join(", ") : (message.from?.name || message.from?.email || "");
          const box = message.mailbox_ids[0];
          return (
            <li key={message.id} className="border-b border-line last:border-b-0">
              <button type="button" onClick={() => go(mailPath(box === undefined ? { role: "inbox" } : { mailbox: box }, message.thread_id))} className="flex w-full gap-2 rounded-md px-1 py-2 text-left hover:bg-hover">
                <Direction size={15} aria-label={t(sent ? "record:mail.sent" : "record:mail.received")} className={sent ? "mt-0.5 shrink-0 text-accent-text" : "mt-0.5 shrink-0 text-success-text"} />
                <span className="min-w-0 flex-1">
                  <span className="flex items-baseline gap-2">
                    <bdi className={message.flags.seen ? "min-w-0 flex-1 truncate text-sm" : "min-w-0 flex-1 truncate text-sm font-semibold"}>{other}</bdi>
                    <span className="shrink-0 text-xs text-muted">{format.when(message.date_at)}</span>
                  </span>
                  <bdi className="block truncate text-sm">{message.subject || "—"}</bdi>
                  <bdi className="block truncate text-xs text-muted">{message.snippet}</bdi>
                </span>
                {message.attachments.some((one) => !one.inline) && <Paperclip size={13} aria-hidden className="mt-1 shrink-0 text-muted" />}
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
