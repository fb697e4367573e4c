// Drafts of this computer above the list of drafts: those whose copy the server does not show yet.
import { PenLine } from "lucide-react";
import type { AccountId, Draft } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { nameOf } from "../message";
import { openDraft } from "./store";

/** Whether a listed copy on the server is this draft, as far as a list can tell. */
export function isCopyOf(draft: Draft, listed: { account: AccountId; subject: string }): boolean {
  return listed.account === draft.account_id && listed.subject.trim() === draft.subject.trim();
}

export function LocalDrafts({ drafts }: { drafts: readonly Draft[] }) {
  const t = useT();
  const format = useFormats();
  if (drafts.length === 0) return null;
  return (
    <section aria-label={t("draft:local")} className="max-h-[40%] shrink-0 overflow-y-auto border-b border-line bg-sunken">
      <h2 className="px-3 pt-2 text-2xs font-medium text-muted">{t("draft:local")}</h2>
      <ul className="p-1">
        {drafts.map((draft) => (
          <li key={draft.id}>
            <button type="button" onClick={() => openDraft(draft.id)} className="flex h-9 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-hover">
              <PenLine size={14} aria-hidden className="shrink-0 text-muted" />
              <bdi className="max-w-40 shrink-0 truncate">{draft.to.length > 0 ? draft.to.map(nameOf).join(", ") : t("draft:local_nobody")}</bdi>
              <bdi className="min-w-0 flex-1 truncate text-muted">{draft.subject || t("draft:no_subject")}</bdi>
              <time className="shrink-0 text-xs text-muted" dateTime={new Date(draft.updated_at).toISOString()}>{format.when(draft.updated_at)}</time>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
