// Addresses inside of the window (the hash). Features build links with these and never by hand.
import type { BaseId, DraftId, MailboxId, MailboxRole, RecordId, TableId, ThreadId, ViewId } from "../engine";

export type MailScope =
  | { role: MailboxRole }
  | { mailbox: MailboxId }
  | { query: string };

/** `/mail/role/inbox`, `/mail/mailbox/7`, `/mail/search/from%3Aada`; with `/thread/5` an open conversation. */
export function mailPath(scope: MailScope = { role: "inbox" }, thread?: ThreadId | null): string {
  const list =
    "mailbox" in scope
      ? `/mail/mailbox/${scope.mailbox}`
      : "query" in scope
        ? `/mail/search/${encodeURIComponent(scope.query)}`
        : `/mail/role/${scope.role}`;
  return thread === undefined || thread === null ? list : `${list}/thread/${thread}`;
}

/** The list and conversation that a mail path names. */
export function parseMailPath(path: string): { scope: MailScope; thread: ThreadId | null } {
  const [, place, kind, which, , thread] = path.split("/");
  const open = thread === undefined || thread === "" ? null : Number(thread);
  if (place === "mail" && which !== undefined) {
    if (kind === "mailbox") return { scope: { mailbox: Number(which) }, thread: open };
    if (kind === "search") return { scope: { query: decodeURIComponent(which) }, thread: open };
    if (kind === "role") return { scope: { role: which as MailboxRole }, thread: open };
  }
  return { scope: { role: "inbox" }, thread: null };
}

export function draftPath(draft: DraftId): string {
  return `/draft/${draft}`;
}

/** `/bases`, `/bases/<base>`, `/bases/<base>/<table>`, `…/view/3`, `…/record/9`. */
export function basePath(base?: BaseId, table?: TableId, inside: { view?: ViewId; record?: RecordId } = {}): string {
  let path = "/bases";
  if (base === undefined) return path;
  path += `/${encodeURIComponent(base)}`;
  if (table === undefined) return path;
  path += `/${table}`;
  if (inside.view !== undefined) path += `/view/${inside.view}`;
  if (inside.record !== undefined) path += `/record/${inside.record}`;
  return path;
}

export function parseBasePath(path: string): { base: BaseId | null; table: TableId | null; view: ViewId | null; record: RecordId | null } {
  const parts = path.split("/").slice(2);
  const after = (word: string) => {
    const at = parts.indexOf(word, 2);
    return at >= 0 && parts[at + 1] !== undefined ? Number(parts[at + 1]) : null;
  };
  return {
    base: parts[0] ? decodeURIComponent(parts[0]) : null,
    table: parts[1] ? Number(parts[1]) : null,
    view: after("view"),
    record: after("record"),
  };
}

export const outboxPath = "/outbox";

export type SettingsSection = "general" | "reading" | "writing" | "accounts" | "providers" | "shortcuts" | "profile";

/** `/settings/general`, `/settings/accounts`, `/settings/accounts/4`, `/settings/providers/google/guide`. */
export function settingsPath(section: SettingsSection = "general", which?: number | string, page?: string): string {
  let path = `/settings/${section}`;
  if (which !== undefined) path += `/${encodeURIComponent(which)}`;
  if (which !== undefined && page !== undefined) path += `/${encodeURIComponent(page)}`;
  return path;
}
