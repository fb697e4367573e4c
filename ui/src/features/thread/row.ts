// One row of a list: a conversation, or a single message where conversations are off.
import type { AccountId, Address, ListSort, Message, MailboxRole, MessageId, ThreadId, ThreadRow } from "../../engine";

export interface ListRow {
  /** Unique in its list. */
  key: string;
  thread: ThreadId;
  /** Set where the row is a single message. */
  message: MessageId | null;
  account: AccountId;
  subject: string;
  people: Address[];
  snippet: string;
  at: number;
  /** Messages of the conversation, and how many of them are in this list. */
  messages: number;
  matching: number;
  unread: boolean;
  flagged: boolean;
  answered: boolean;
  forwarded: boolean;
  attachments: boolean;
  draft: boolean;
  /** Put off until then; null where it is not. */
  snoozed: number | null;
  /** Bytes of the largest message. */
  size: number;
}

export type ListMode = "threads" | "messages";

/** Sorts in the order the menu shows them. */
export const sorts: readonly ListSort[] = ["newest", "oldest", "from", "subject", "largest"];

export function rowOfThread(row: ThreadRow): ListRow {
  return {
    key: `t${row.id}`,
    thread: row.id,
    message: null,
    account: row.account_id,
    subject: row.subject,
    people: row.people,
    snippet: row.snippet,
    at: row.last_at,
    messages: row.messages,
    matching: row.matching,
    unread: row.unread > 0,
    flagged: row.flagged,
    answered: row.answered,
    forwarded: false,
    attachments: row.has_attachments,
    draft: row.has_draft,
    snoozed: row.snoozed_until ?? null,
    size: row.size,
  };
}

/** Where letters go out, a row names who gets them. */
export function rowOfMessage(message: Message, role: MailboxRole | null): ListRow {
  const outgoing = role === "sent" || role === "drafts";
  return {
    key: `m${message.id}`,
    thread: message.thread_id,
    message: message.id,
    account: message.account_id,
    subject: message.subject,
    people: outgoing ? [...message.to, ...message.cc].slice(0, 4) : [message.from],
    snippet: message.snippet,
    at: message.date_at,
    messages: 1,
    matching: 1,
    unread: !message.flags.seen,
    flagged: message.flags.flagged,
    answered: message.flags.answered,
    forwarded: message.flags.forwarded,
    attachments: message.attachments.some((one) => !one.inline),
    draft: message.flags.draft,
    snoozed: message.snoozed_until ?? null,
    size: message.size,
  };
}
