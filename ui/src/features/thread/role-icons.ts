import { Archive, FileText, Inbox, Mails, Send, ShieldAlert, Trash2, type LucideIcon } from "lucide-react";
import type { MailboxRole } from "../../engine";

export const roleIcons: Record<MailboxRole, LucideIcon> = {
  inbox: Inbox,
  drafts: FileText,
  sent: Send,
  archive: Archive,
  junk: ShieldAlert,
  trash: Trash2,
  all: Mails,
};
