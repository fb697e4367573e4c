import { AlarmClock, Archive, FileText, Inbox, Mails, Send, ShieldAlert, Trash2, type LucideIcon } from "lucide-react";
import type { MailboxRole } from "../../engine";

export const roleIcons: Record<MailboxRole, LucideIcon> = {
  inbox: Inbox,
  snoozed: AlarmClock,
  drafts: FileText,
  sent: Send,
  archive: Archive,
  junk: ShieldAlert,
  trash: Trash2,
  all: Mails,
};

/** The order in which mailboxes with a role stand. */
export const roleOrder: readonly MailboxRole[] = ["inbox", "snoozed", "drafts", "sent", "archive", "all", "junk", "trash"];
