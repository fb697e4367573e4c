// How far a long command on messages is, and its stop.
import { CircleStop, type LucideIcon } from "lucide-react";
import { Button, Progress } from "../../design";
import { useRead, write } from "../../engine";
import { useFormats, useT } from "../../i18n";

let made = 0;

/** A name to ask the engine by. */
export function newTicket(): string {
  made += 1;
  return `mail-${Date.now().toString(36)}-${made}`;
}

function TicketProgress({ ticket }: { ticket: string }) {
  const t = useT();
  const numbers = useFormats();
  const { data } = useRead("message.progress", { ticket });
  const total = data?.total ?? undefined;
  return (
    <div role="status" className="mr-auto flex min-w-0 items-center gap-2">
      <Progress label={t("exchange:running")} className="w-32" {...(total === undefined ? {} : { done: data?.records ?? 0, total })} />
      {total !== undefined && <span className="text-xs whitespace-nowrap text-muted tabular-nums">{t("mailbox:files.of", { done: numbers.number(data?.records ?? 0), total: numbers.number(total) })}</span>}
      <Button small icon={CircleStop} onPress={() => void write("message.stop", { ticket })}>{t("exchange:stop")}</Button>
    </div>
  );
}

/** The foot of a dialog that starts such a command: its progress while it runs, then cancel and start. */
export function TicketFoot({ ticket, icon, label, onCancel, onRun }: { ticket: string | null; icon: LucideIcon; label: string; onCancel: () => void; onRun: () => void }) {
  const t = useT();
  return (
    <>
      {ticket !== null && <TicketProgress ticket={ticket} />}
      <Button onPress={onCancel} isDisabled={ticket !== null}>{t("common:cancel")}</Button>
      <Button kind="primary" icon={icon} busy={ticket !== null} onPress={onRun}>{label}</Button>
    </>
  );
}
