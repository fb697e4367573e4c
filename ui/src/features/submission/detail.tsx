// One letter: what became of it, for whom, in whose words; and what can be done.
import { RotateCcw, Send, Undo2 } from "lucide-react";
import { useState } from "react";
import { Button, Dialog, Skeleton, toast } from "../../design";
import { useRead, useWrite, write, type Submission, type SubmissionId } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { ErrorBox, ErrorPane, draftPath, go } from "../../shell";
import { StateBadge, canCancel, canRetry, waitWords } from "./state";

/** Takes a letter back and says where it went. */
export async function cancelLetter(id: SubmissionId, words: { toDraft: string; done: string; open: string }): Promise<void> {
  const result = await write("submission.cancel", { id });
  if (!result) return;
  const { draft_id } = result;
  if (draft_id === null) toast(words.done);
  else toast(words.toDraft, { action: { label: words.open, perform: () => go(draftPath(draft_id)) } });
}

export function SubmissionDetail({ id, now, paused }: { id: SubmissionId; now: number; paused: boolean }) {
  const t = useT();
  const { data: letter, error, refetch } = useRead("submission.get", { id });
  if (error) return <ErrorPane error={error} onRetry={() => void refetch()} />;
  if (!letter) return <div className="p-5"><Skeleton height={160} /></div>;
  return <Letter letter={letter} now={now} paused={paused} key={letter.id} emptySubject={t("submission:no_subject")} />;
}

function Letter({ letter, now, paused, emptySubject }: { letter: Submission; now: number; paused: boolean; emptySubject: string }) {
  const t = useT();
  const format = useFormats();
  const [settling, setSettling] = useState(false);
  const retry = useWrite("submission.retry");
  const wait = waitWords(letter, now, paused, t, format);
  const facts = [
    { label: t("submission:detail.from"), value: letter.from.name ? `${letter.from.name} <${letter.from.email}>` : letter.from.email },
    { label: t("submission:detail.created"), value: format.fullDateTime(letter.created_at) },
    { label: t("submission:detail.changed"), value: format.fullDateTime(letter.state_at) },
    { label: t("submission:detail.size"), value: format.bytes(letter.size) },
    ...(letter.state === "accepted" ? [{ label: t("submission:detail.filed"), value: t(letter.filed ? "common:yes" : "common:no") }] : []),
    { label: t("submission:detail.message_id"), value: letter.sent_message_id ?? letter.message_id },
    ...(letter.answer ? [{ label: t("submission:detail.answer"), value: letter.answer }] : []),
  ];
  return (
    <div className="h-full overflow-y-auto p-5">
      <h2 className="selectable text-lg font-semibold break-words">{letter.subject || emptySubject}</h2>
      <p className="mt-1 flex flex-wrap items-center gap-2 text-sm text-muted">
        <StateBadge state={letter.state} />
        {wait && <span className="tabular-nums">{wait}</span>}
        {letter.attempts > 0 && <span>{t("submission:attempts", { count: letter.attempts })}</span>}
      </p>
      <div className="mt-3 flex flex-wrap gap-2 empty:hidden">
        {canCancel(letter.state) && (
          <Button
            icon={Undo2}
            onPress={() =>
              void cancelLetter(letter.id, {
                toDraft: t("submission:cancelled_to_draft"),
                done: t("submission:cancelled"),
                open: t("submission:open_draft"),
              })
            }
          >
            {t("submission:cancel")}
          </Button>
        )}
        {canRetry(letter) && <Button icon={RotateCcw} busy={retry.isPending} onPress={() => retry.mutate({ id: letter.id })}>{t("submission:retry")}</Button>}
        {letter.state === "uncertain" && <Button kind="primary" onPress={() => setSettling(true)}>{t("submission:settle.open")}</Button>}
      </div>
      {letter.error && <div className="mt-4"><ErrorBox error={letter.error} /></div>}
      {letter.state === "uncertain" && <p className="mt-4 text-sm text-pretty text-muted">{t("submission:settle.body")}</p>}
      <h3 className="mt-5 mb-1 text-xs font-medium text-muted">{t("submission:recipients", { count: letter.recipients.length })}</h3>
      <ul className="divide-y divide-line rounded-lg border border-line">
        {letter.recipients.map((one) => (
          <li key={one.email} className="px-3 py-2">
            <div className="flex items-center gap-2">
              <span className="selectable min-w-0 flex-1 truncate">{one.email}</span>
              <StateBadge state={one.state} />
            </div>
            {one.answer && <p className="selectable mt-1 font-mono text-xs break-words text-muted">{one.code !== null && !one.answer.startsWith(String(one.code)) ? `${one.code} ` : ""}{one.answer}</p>}
          </li>
        ))}
      </ul>
      <dl className="selectable mt-5 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-xs">
        {facts.map(({ label, value }) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="break-words">{value}</dd>
          </div>
        ))}
      </dl>
      {settling && <Settle letter={letter} onClose={() => setSettling(false)} />}
    </div>
  );
}

function Settle({ letter, onClose }: { letter: Submission; onClose: () => void }) {
  const t = useT();
  const settle = useWrite("submission.settle", { quiet: true, onDone: onClose });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("submission:settle.title")}
      closeLabel={t("common:close")}
      footer={
        <>
          <Button onPress={onClose}>{t("common:cancel")}</Button>
          <Button busy={settle.isPending} onPress={() => settle.mutate({ id: letter.id, sent: false })}>{t("submission:settle.unsent")}</Button>
          <Button kind="primary" icon={Send} busy={settle.isPending} onPress={() => settle.mutate({ id: letter.id, sent: true })}>{t("submission:settle.sent")}</Button>
        </>
      }
    >
      <p className="font-medium">{letter.subject || t("submission:no_subject")}</p>
      <p className="mt-2 text-sm text-pretty text-muted">{t("submission:settle.body")}</p>
      {settle.error && <div className="mt-3"><ErrorBox error={settle.error} /></div>}
    </Dialog>
  );
}
