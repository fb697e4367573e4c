// How an account is doing, in words.
import { Dot } from "../../design";
import type { Account } from "../../engine";
import { useFormats, useT, type Formats, type T } from "../../i18n";

/** One honest phrase, such as `Up to date · 12:41`. */
export function stateWords({ sync, paused }: Pick<Account, "sync" | "paused">, t: T, format: Formats): string {
  if (paused) return t("account:state.paused");
  if (sync.phase === "fetching") {
    if (sync.total === 0) return t("account:state.fetching_unknown");
    return t("account:state.fetching", { done: format.number(sync.done), total: format.number(sync.total) });
  }
  if (sync.phase === "up_to_date") {
    return t("account:state.up_to_date", { time: sync.ok_at === null ? "" : format.when(sync.ok_at) });
  }
  return t(`account:state.${sync.phase}`);
}

/** Colour of the state's point. */
export function stateColor({ sync, paused }: Pick<Account, "sync" | "paused">): string {
  if (paused || sync.phase === "paused" || sync.phase === "new") return "var(--line-strong)";
  if (sync.phase === "up_to_date") return "var(--success)";
  if (sync.phase === "sign_in" || sync.phase === "failed") return "var(--danger)";
  if (sync.phase === "offline") return "var(--warning)";
  return "var(--accent)";
}

export function AccountState({ account, waiting = 0 }: { account: Account; waiting?: number }) {
  const t = useT();
  const format = useFormats();
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-2 text-xs text-muted">
      <span className="inline-flex min-w-0 items-center gap-1.5">
        <Dot color={stateColor(account)} />
        <span className="truncate">{stateWords(account, t, format)}</span>
      </span>
      {waiting > 0 && <span>{t("account:state.waiting", { count: waiting })}</span>}
      {account.sync.unreadable > 0 && <span className="text-warning-text">{t("account:state.unreadable", { count: account.sync.unreadable })}</span>}
    </span>
  );
}
