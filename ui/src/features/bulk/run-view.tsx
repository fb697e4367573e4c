// One run while it goes: how far it is, each letter with its state, and how to halt it.
import { CirclePause, CirclePlay, OctagonX } from "lucide-react";
import { useState } from "react";
import { Badge, Button, ConfirmDialog, Progress, Skeleton, VirtualList, type Tone } from "../../design";
import { call, toEngineError, useRead, useWrite, type Base, type Run, type RunId, type RunState } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { ErrorPane, tellError } from "../../shell";
import { StateBadge } from "../submission/state";

export const runTones: Record<RunState, Tone> = { running: "accent", paused: "warning", stopped: "plain", done: "success" };

/** Letters that are settled, whatever came of them. */
export const settled = (run: Run): number => run.accepted + run.failed + run.uncertain + run.cancelled;

export function RunView({ id, bases }: { id: RunId; bases: readonly Base[] }) {
  const t = useT();
  const format = useFormats();
  const status = useRead("bulk.status", { id }, { keep: true });
  const pause = useWrite("bulk.pause");
  const resume = useWrite("bulk.resume");
  const [stopping, setStopping] = useState(false);
  const [active, setActive] = useState(0);
  if (status.error) return <ErrorPane error={status.error} onRetry={() => void status.refetch()} />;
  const run = status.data;
  if (!run) return <div className="flex flex-col gap-2"><Skeleton height={16} width="50%" /><Skeleton height={8} /></div>;
  const base = bases.find((one) => one.id === run.base);
  const open = run.state === "running" || run.state === "paused";
  const counts = (["accepted", "waiting", "failed", "uncertain", "cancelled"] as const).filter((key) => run[key] > 0);
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-0 flex-1">
          <p className="flex items-center gap-2 text-base font-semibold"><span className="truncate">{run.template}</span><Badge tone={runTones[run.state]}>{t(`bulk:state.${run.state}`)}</Badge></p>
          <p className="truncate text-xs text-muted">{[base?.name, base?.tables.find((one) => one.id === run.table)?.name, format.dateTime(run.created_at)].filter(Boolean).join(" · ")}</p>
        </div>
        {run.state === "running" && <Button icon={CirclePause} busy={pause.isPending} onPress={() => pause.mutate({ id })}>{t("bulk:pause")}</Button>}
        {run.state === "paused" && <Button kind="primary" icon={CirclePlay} busy={resume.isPending} onPress={() => resume.mutate({ id })}>{t("bulk:resume")}</Button>}
        {open && <Button icon={OctagonX} onPress={() => setStopping(true)}>{t("bulk:stop")}</Button>}
      </div>
      <div>
        <Progress label={t("bulk:progress")} done={settled(run)} total={run.total} text={t("bulk:done_of", { n: format.number(settled(run)), total: format.number(run.total) })} />
        <p role="status" className="mt-1.5 flex flex-wrap gap-x-3 text-xs text-muted">
          <span>{t("bulk:done_of", { n: format.number(settled(run)), total: format.number(run.total) })}</span>
          {counts.map((key) => <span key={key} className={key === "failed" ? "text-danger-text" : key === "uncertain" ? "text-warning-text" : key === "accepted" ? "text-success-text" : ""}>{t(`bulk:counts.${key}`, { count: run[key] })}</span>)}
        </p>
      </div>
      <div className="flex min-h-64 flex-1 flex-col overflow-hidden rounded-lg border border-line">
        <VirtualList
          label={t("bulk:recipients")}
          count={run.recipients.length}
          rowHeight={34}
          active={active}
          onActive={setActive}
          renderRow={(index) => {
            const one = run.recipients[index];
            if (!one) return null;
            return (
              <div className="flex h-full items-center gap-3 border-b border-line px-3 text-sm">
                <bdi className="w-2/5 min-w-0 truncate">{one.to}</bdi>
                <span className="w-28 shrink-0"><StateBadge state={one.state} /></span>
                <span className="min-w-0 flex-1 truncate text-xs text-muted" title={one.answer ?? undefined}>{one.answer}</span>
              </div>
            );
          }}
        />
      </div>
      <ConfirmDialog
        open={stopping}
        onClose={() => setStopping(false)}
        title={t("bulk:stop_title")}
        confirm={t("bulk:stop")}
        cancel={t("common:cancel")}
        danger
        onConfirm={async () => {
          try {
            await call("bulk.stop", { id });
          } catch (thrown) {
            tellError(toEngineError(thrown));
            throw thrown;
          }
        }}
      >
        {t("bulk:stop_hint", { count: run.waiting })}
      </ConfirmDialog>
    </div>
  );
}
