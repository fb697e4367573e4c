// What the dry run found, before anything leaves.
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { Badge, Banner, Segmented, VirtualList, type Tone } from "../../design";
import type { Account, Base, BulkPlan, BulkProblemKind, Table } from "../../engine";
import { useFormats, useT, say } from "../../i18n";
import { ErrorBox } from "../../shell";

const tones: Record<BulkProblemKind, Tone> = { no_address: "danger", bad_address: "danger", duplicate: "warning", empty_value: "warning", template: "danger" };

export function PlanView({ plan, account }: { plan: BulkPlan; base: Base; table: Table; account: Account | null }) {
  const t = useT();
  const format = useFormats();
  const [shown, setShown] = useState<"problems" | "samples">(plan.problems.length > 0 ? "problems" : "samples");
  const [active, setActive] = useState(0);
  const held = new Set(plan.problems.filter((one) => one.kind !== "empty_value").map((one) => one.record)).size;
  return (
    <>
      <dl className="grid grid-cols-3 gap-2 text-center">
        {([["bulk:count.records", plan.records, ""], ["bulk:count.letters", plan.letters, "text-success-text"], ["bulk:count.held", held, held > 0 ? "text-danger-text" : ""]] as const).map(([label, value, tone]) => (
          <div key={label} className="flex flex-col-reverse rounded-lg border border-line p-2">
            <dt className="text-xs text-muted">{t(label)}</dt>
            <dd className={`text-xl font-semibold ${tone}`}>{format.number(value)}</dd>
          </div>
        ))}
      </dl>
      {plan.template_error && <ErrorBox error={plan.template_error} />}
      {account && plan.letters > 0 && <p className="text-sm text-muted">{t("bulk:leaves_from", { address: account.email })}</p>}
      {plan.problems.length === 0 && plan.template_error === null && <p className="flex items-center gap-2 text-sm"><CircleCheck size={16} aria-hidden className="text-success-text" />{t("bulk:no_problems")}</p>}
      {plan.problems.length > 0 && (
        <div><Segmented aria={t("bulk:shown")} value={shown} options={[{ value: "problems", label: t("bulk:problems", { count: plan.problems.length }) }, { value: "samples", label: t("bulk:samples") }]} onChange={setShown} /></div>
      )}
      {shown === "problems" && plan.problems.length > 0 ? (
        <div className="flex h-64 flex-col overflow-hidden rounded-lg border border-line">
          <VirtualList
            label={t("bulk:problems", { count: plan.problems.length })}
            count={plan.problems.length}
            rowHeight={34}
            active={active}
            onActive={setActive}
            renderRow={(index) => {
              const problem = plan.problems[index];
              if (!problem) return null;
              return (
                <div className="flex h-full items-center gap-3 border-b border-line px-3 text-sm">
                  <span className="w-20 shrink-0 text-xs text-muted">{t("bulk:record_n", { n: problem.record })}</span>
                  <span className="w-48 shrink-0"><Badge tone={tones[problem.kind]}>{t(`bulk:problem.${problem.kind}`)}</Badge></span>
                  <bdi className="min-w-0 flex-1 truncate">{say(problem.what, problem.what_parts)}</bdi>
                </div>
              );
            }}
          />
        </div>
      ) : (
        <ul className="flex max-h-72 flex-col gap-2 overflow-y-auto">
          {plan.samples.map((sample) => (
            <li key={sample.record} className="selectable rounded-lg border border-line px-3 py-2">
              <p className="truncate text-xs text-muted"><bdi>{sample.to}</bdi></p>
              <p className="truncate text-sm font-medium"><bdi>{sample.subject}</bdi></p>
              <p className="line-clamp-2 text-xs whitespace-pre-line text-muted">{sample.text}</p>
            </li>
          ))}
        </ul>
      )}
      {held > 0 && <Banner tone="warning" className="rounded-lg" live={false}>{t("bulk:held_hint", { count: held })}</Banner>}
    </>
  );
}
