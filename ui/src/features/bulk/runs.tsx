// Runs of letters, the newest first, and the templates they are made of.
import { clsx } from "clsx";
import { Mails } from "lucide-react";
import { useState } from "react";
import { Badge, EmptyState, Progress, Skeleton, Tabs } from "../../design";
import { useRead, type Base } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { ErrorPane } from "../../shell";
import { TemplateList } from "../template";
import { RunView, runTones, settled } from "./run-view";

export function RunsPage({ bases }: { bases: readonly Base[] }) {
  const t = useT();
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <h1 className="shrink-0 px-5 pt-4 pb-1 text-lg font-semibold">{t("bulk:runs")}</h1>
      <Tabs
        aria={t("bulk:runs")}
        className="flex-1 px-5 pb-4 [&>[role=tabpanel]]:flex [&>[role=tabpanel]]:flex-col [&>[role=tabpanel]]:overflow-y-auto"
        tabs={[
          { id: "runs", label: t("bulk:sent_runs"), content: <Runs bases={bases} /> },
          { id: "templates", label: t("template:title"), content: <TemplateList bases={bases} /> },
        ]}
      />
    </div>
  );
}

function Runs({ bases }: { bases: readonly Base[] }) {
  const t = useT();
  const format = useFormats();
  const runs = useRead("bulk.list", {});
  const [chosen, setChosen] = useState<number | null>(null);
  if (runs.error) return <ErrorPane error={runs.error} onRetry={() => void runs.refetch()} />;
  if (!runs.data) return <div className="flex flex-col gap-2"><Skeleton height={16} /><Skeleton height={16} /></div>;
  const first = runs.data[0];
  if (!first) return <EmptyState icon={Mails} title={t("bulk:none")}>{t("bulk:none_hint")}</EmptyState>;
  const open = runs.data.find((one) => one.id === chosen) ?? first;
  return (
    <div className="flex min-h-0 flex-1 gap-4 max-[820px]:flex-col">
      <ul className="w-72 shrink-0 max-[1000px]:w-52 overflow-y-auto rounded-lg border border-line max-[820px]:max-h-48 max-[820px]:w-full">
        {runs.data.map((run) => (
          <li key={run.id} className="border-b border-line last:border-b-0">
            <button type="button" aria-current={run.id === open.id} onClick={() => setChosen(run.id)} className={clsx("flex w-full flex-col gap-1 px-3 py-2 text-left", run.id === open.id ? "bg-selected" : "hover:bg-hover")}>
              <span className="flex w-full items-center gap-2">
                <span className="min-w-0 flex-1 truncate text-sm font-medium">{run.template}</span>
                <Badge tone={runTones[run.state]}>{t(`bulk:state.${run.state}`)}</Badge>
              </span>
              <span className="text-xs text-muted">{format.when(run.created_at)} · {t("bulk:done_of", { n: format.number(settled(run)), total: format.number(run.total) })}</span>
              {run.state === "running" && <Progress label={t("bulk:progress")} done={settled(run)} total={run.total} className="w-full" />}
            </button>
          </li>
        ))}
      </ul>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col"><RunView key={open.id} id={open.id} bases={bases} /></div>
    </div>
  );
}
