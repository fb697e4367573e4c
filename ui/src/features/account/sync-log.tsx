// What each round of sync brought.
import { Dialog, Skeleton } from "../../design";
import { useRead, type Account, type SyncLogEntry } from "../../engine";
import { useFormats, useT, type Formats, type T } from "../../i18n";
import { ErrorBox, ErrorPane, troubleOf } from "../../shell";

function outcome(entry: SyncLogEntry, t: T, format: Formats): string {
  if (entry.ended_at === null) return t("account:log_running");
  const parts = [
    entry.new > 0 && `${format.number(entry.new)} ${t("account:log_new")}`,
    entry.changed > 0 && `${format.number(entry.changed)} ${t("account:log_changed")}`,
    entry.removed > 0 && `${format.number(entry.removed)} ${t("account:log_removed")}`,
    entry.unreadable > 0 && t("account:state.unreadable", { count: entry.unreadable }),
  ].filter((part): part is string => Boolean(part));
  if (parts.length === 0) return entry.error ? "" : t("account:log_nothing");
  return parts.join(", ");
}

export function SyncLog({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useT();
  const format = useFormats();
  const { data, error, refetch } = useRead("account.log", { id: account.id });
  return (
    <Dialog open onClose={onClose} title={`${t("account:log")} · ${account.name}`} size="large" closeLabel={t("common:close")}>
      {error && <ErrorPane error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={120} />}
      {data?.length === 0 && <p className="py-8 text-center text-muted">{t("account:log_empty")}</p>}
      {data && data.length > 0 && (
        <table className="selectable w-full text-left text-sm">
          <thead className="text-xs text-muted">
            <tr className="border-b border-line">
              <th className="py-1.5 pr-4 font-medium">{t("account:log_began")}</th>
              <th className="py-1.5 pr-4 font-medium">{t("account:log_took")}</th>
              <th className="py-1.5 font-medium">{t("account:log_result")}</th>
            </tr>
          </thead>
          <tbody>
            {data.map((entry) => (
              <tr key={entry.started_at} className="border-b border-line align-top">
                <td className="py-1.5 pr-4 whitespace-nowrap tabular-nums">{format.dateTime(entry.started_at)}</td>
                <td className="py-1.5 pr-4 whitespace-nowrap tabular-nums">
                  {entry.ended_at === null ? "–" : t("account:log_seconds", { seconds: format.number(Math.round((entry.ended_at - entry.started_at) / 100) / 10) })}
                </td>
                <td className="w-full py-1.5">
                  {outcome(entry, t, format)}
                  {entry.error && (
                    <details className="mt-1">
                      <summary className="text-danger-text">{troubleOf(entry.error, t).title}</summary>
                      <div className="mt-1"><ErrorBox error={entry.error} /></div>
                    </details>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  );
}
