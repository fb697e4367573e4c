// Comparing chosen messages with their servers: asked first, then told how far it is, then what it brought.
import { CircleCheck, ListRestart } from "lucide-react";
import { useState } from "react";
import { Button, Dialog } from "../../design";
import { call, toEngineError, type EngineError, type MailResynced } from "../../engine";
import { useT } from "../../i18n";
import { ErrorBox } from "../../shell";
import type { ToExport } from "./files";
import { newTicket, TicketFoot } from "./ticket";

export function CompareDialog({ what, onClose }: { what: ToExport; onClose: () => void }) {
  const t = useT();
  const [ticket, setTicket] = useState<string | null>(null);
  const [error, setError] = useState<EngineError | null>(null);
  const [done, setDone] = useState<MailResynced | null>(null);
  const run = async () => {
    const mine = newTicket();
    setTicket(mine);
    setError(null);
    try {
      setDone(await call("message.resync", { scope: what.scope, selection: what.selection, ticket: mine }));
    } catch (thrown) {
      setError(toEngineError(thrown));
    }
    setTicket(null);
  };
  if (done) {
    const told = (["mended", "gone", "local"] as const).filter((one) => done[one] > 0);
    return (
      <Dialog open onClose={onClose} title={t(done.stopped ? "mailbox:compare.stopped" : "mailbox:compare.done")} footer={<Button kind="primary" autoFocus onPress={onClose}>{t("common:close")}</Button>}>
        <div className="flex flex-col gap-1.5 text-sm">
          <p className="flex items-center gap-2"><CircleCheck size={17} aria-hidden className="shrink-0 text-success-text" />{t("mailbox:compare.compared", { count: done.messages })}</p>
          {told.map((one) => <p key={one} className="pl-[25px]">{t(`mailbox:compare.${one}`, { count: done[one] })}</p>)}
          {told.length === 0 && done.messages > 0 && <p className="pl-[25px] text-muted">{t("mailbox:compare.same")}</p>}
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      dismissable={ticket === null}
      title={t("mailbox:compare.title", { name: what.title })}
      footer={<TicketFoot ticket={ticket} icon={ListRestart} label={t("mailbox:compare.run")} onCancel={onClose} onRun={() => void run()} />}
    >
      <div className="flex flex-col gap-3 text-sm">
        <p>{t("mailbox:compare.hint")}</p>
        {error && <ErrorBox error={error} />}
      </div>
    </Dialog>
  );
}
