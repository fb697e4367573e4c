// From the address to the list that it names.
import type { ListScope, Mailbox, MailboxRole } from "../../engine";
import type { T, MessageKey } from "../../i18n";
import type { MailScope } from "../../shell";
import { mailboxName, type Filters, type Seen } from "../thread";

export function listScope(scope: MailScope, filters: Filters): ListScope {
  return {
    account_id: null,
    mailbox_id: "mailbox" in scope ? scope.mailbox : null,
    role: "role" in scope ? scope.role : null,
    query: "query" in scope ? scope.query : null,
    unread: filters.unread,
    flagged: filters.flagged,
    has_attachments: filters.attachments,
  };
}

/** Where the rows of a list were seen, for acts. */
export function seenIn(scope: MailScope, mailboxes: readonly Mailbox[]): Seen {
  if ("mailbox" in scope) return { mailbox: scope.mailbox, role: mailboxes.find((one) => one.id === scope.mailbox)?.role ?? null };
  if ("role" in scope) return { mailbox: null, role: scope.role };
  return { mailbox: null, role: null };
}

export function scopeTitle(scope: MailScope, mailboxes: readonly Mailbox[], several: boolean, t: T): string {
  if ("query" in scope) return scope.query === "is:starred" ? t("mailbox:starred") : t("mailbox:found");
  if ("mailbox" in scope) {
    const mailbox = mailboxes.find((one) => one.id === scope.mailbox);
    return mailbox ? mailboxName(mailbox) : "";
  }
  const unified: Partial<Record<MailboxRole, MessageKey>> = { inbox: "mailbox:all_inboxes", snoozed: "mailbox:all_snoozed", drafts: "mailbox:all_drafts", sent: "mailbox:all_sent" };
  const title = several ? unified[scope.role] : undefined;
  return t(title ?? (`mailbox:role.${scope.role}` as MessageKey));
}
