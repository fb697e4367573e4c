// The profile itself, and its check-up.
import { CircleCheck, CircleX, FolderOpen } from "lucide-react";
import { Button, Skeleton } from "../../design";
import { useRead } from "../../engine";
import { canReveal, revealPath } from "../../engine/desktop";
import { useT, say } from "../../i18n";
import { ErrorBox, ErrorPane } from "../../shell";

export function ProfileSection() {
  const t = useT();
  const profile = useRead("profile.get", {});
  const doctor = useRead("profile.doctor", {});
  if (profile.error) return <ErrorPane error={profile.error} onRetry={() => void profile.refetch()} />;
  const rows = profile.data
    ? [
        { label: t("setting:profile.version"), value: profile.data.version },
        { label: t("setting:profile.path"), value: profile.data.path },
        { label: t("setting:profile.secrets"), value: t(`setting:secrets.${profile.data.secrets}`) },
      ]
    : [];
  return (
    <div className="space-y-8">
      <section>
        <dl className="selectable grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-2 text-sm">
          {rows.map(({ label, value }) => (
            <div key={label} className="contents">
              <dt className="text-muted">{label}</dt>
              <dd className="break-all">{value}</dd>
            </div>
          ))}
        </dl>
        {canReveal && profile.data && (
          <Button small icon={FolderOpen} className="mt-3" onPress={() => void revealPath(profile.data.path)}>{t("setting:profile.path")}</Button>
        )}
      </section>
      <section>
        <div className="mb-2 flex items-end gap-3">
          <div className="min-w-0 flex-1">
            <h3 className="text-sm font-semibold">{t("setting:doctor.title")}</h3>
            <p className="text-xs text-muted">{t("setting:doctor.hint")}</p>
          </div>
          <Button small busy={doctor.isFetching} onPress={() => void doctor.refetch()}>{t("setting:doctor.again")}</Button>
        </div>
        {doctor.error && <ErrorBox error={doctor.error} onRetry={() => void doctor.refetch()} />}
        {!doctor.data && !doctor.error && <Skeleton height={120} />}
        {doctor.data && (
          <ul className="divide-y divide-line rounded-lg border border-line">
            {doctor.data.map((finding) => (
              <li key={finding.what} className="px-3 py-2">
                <div className="flex items-start gap-2.5">
                  {finding.ok ? <CircleCheck size={16} aria-hidden className="mt-0.5 shrink-0 text-success-text" /> : <CircleX size={16} aria-hidden className="mt-0.5 shrink-0 text-danger-text" />}
                  <span className="selectable min-w-0 flex-1">
                    <span className="inline-block first-letter:uppercase">{say(finding.what, finding.what_parts)}</span>
                    <span className="sr-only">: {t(finding.ok ? "account:step_ok" : "account:step_failed")}</span>
                    <span className="block text-xs break-words text-muted">{say(finding.found, finding.found_parts)}</span>
                  </span>
                </div>
                {finding.error && <div className="mt-2"><ErrorBox error={finding.error} /></div>}
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}
