// What the probe found, step by step.
import { CircleCheck, CircleX } from "lucide-react";
import type { ProbeReport as Report } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { ErrorBox } from "../../shell";

export function ProbeReport({ report }: { report: Report }) {
  const t = useT();
  const format = useFormats();
  return (
    <ul className="divide-y divide-line rounded-lg border border-line">
      {report.steps.map((step) => (
        <li key={step.kind} className="px-3 py-2">
          <div className="flex items-start gap-2.5">
            {step.ok ? (
              <CircleCheck size={16} aria-hidden className="mt-0.5 shrink-0 text-success-text" />
            ) : (
              <CircleX size={16} aria-hidden className="mt-0.5 shrink-0 text-danger-text" />
            )}
            <span className="min-w-0 flex-1">
              {t(`account:step.${step.kind}`)}
              <span className="sr-only">: {t(step.ok ? "account:step_ok" : "account:step_failed")}</span>
              {step.found && <span className="selectable block text-xs break-words text-muted">{step.found}</span>}
            </span>
          </div>
          {step.error && <div className="mt-2"><ErrorBox error={step.error} /></div>}
        </li>
      ))}
      <li className="px-3 py-1.5 text-xs text-muted">{t("account:probe_at", { when: format.dateTime(report.probed_at) })}</li>
    </ul>
  );
}
