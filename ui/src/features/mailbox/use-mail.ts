// What the place of mail can do: the acts of its keys, menus and buttons, over the rows they mean.
import { AlarmClock, AlarmClockOff, Archive, FolderInput, Inbox, Mail, MailOpen, PenLine, ShieldAlert, Star, Trash2 } from "lucide-react";
import { useState } from "react";
import { call, toEngineError, useRead, write, type AccountId, type Mailbox, type Message, type MessageId, type ThreadId } from "../../engine";
import { go, mailPath, tellError, useActions, type MailScope } from "../../shell";
import { openDraft, startDraft } from "../draft";
import { gatherAll, leavesList, performAct, rowOfMessage, type Act, type ListModel, type ListRow, type RowAct, type Seen } from "../thread";
import type { LetterAct, LetterLink } from "../message";
import { rowAfterAct } from "./next-row";

export interface Mail {
  act: (act: Act, rows?: readonly ListRow[]) => Promise<void>;
  rowAct: (act: RowAct, row: ListRow) => void;
  letterAct: (act: Exclude<LetterAct, "source">, message: Message) => void;
  /** Opens a row: a conversation, or the composer where it is a draft. */
  open: (row: ListRow, how?: { replace?: boolean; explicit?: boolean }) => void;
  close: () => void;
  markRead: (message: Message) => void;
  writeTo: (link: LetterLink & { kind: "mail" }) => void;
  openDraftOf: (message: Message) => void;
  /** Rows that wait for a mailbox to be chosen. */
  moving: readonly ListRow[] | null;
  setMoving: (rows: readonly ListRow[] | null) => void;
  /** Rows that wait for a time to come back. */
  snoozing: readonly ListRow[] | null;
  setSnoozing: (rows: readonly ListRow[] | null) => void;
  /** The single message that is open, where conversations are off. */
  only: MessageId | null;
  /** What an act means now: ticked rows, else what is open, else the row under the cursor. */
  meant: () => readonly ListRow[];
}

export interface MailState {
  model: ListModel;
  scope: MailScope;
  seen: Seen;
  thread: ThreadId | null;
  mailboxes: readonly Mailbox[];
  /** `newer`, `older` or `list`. */
  afterAct: string;
  /** The row that the cursor moved to and the reader does not show yet. */
  ahead: () => ListRow | null;
  /** The same; it is not shown by itself any more. */
  takeAhead: () => ListRow | null;
}

export function useMail({ model, scope, seen, thread, mailboxes, afterAct, ahead, takeAhead }: MailState): Mail {
  const [moving, setMoving] = useState<readonly ListRow[] | null>(null);
  const [snoozing, setSnoozing] = useState<readonly ListRow[] | null>(null);
  const [single, setSingle] = useState<{ thread: ThreadId; message: MessageId } | null>(null);
  const opened = useRead("thread.get", thread === null ? null : { id: thread }).data;
  const only = model.kind.mode === "messages" && single?.thread === thread ? single.message : null;

  const close = () => go(mailPath(scope));
  const openDraftOf = (message: Message) => {
    void call("draft.open", { id: message.id }).then(
      (draft) => openDraft(draft.id),
      (thrown: unknown) => tellError(toEngineError(thrown)),
    );
  };
  const open: Mail["open"] = (row, how = {}) => {
    if (seen.role === "drafts") {
      if (how.explicit !== true) return;
      void call("thread.get", { id: row.thread }).then((found) => {
        const draft = found.messages.find((one) => one.id === row.message) ?? found.messages.findLast((one) => one.flags.draft) ?? found.messages.at(-1);
        if (draft) openDraftOf(draft);
      });
      return;
    }
    if (row.message !== null) setSingle({ thread: row.thread, message: row.message });
    if (row.thread !== thread) go(mailPath(scope, row.thread), { replace: how.replace ?? thread !== null });
  };

  /** The open conversation as a row, where the list does not hold it. */
  const openRow = (): ListRow | null => {
    if (!opened || thread === null) return null;
    const messages = only === null ? opened.messages : opened.messages.filter((one) => one.id === only);
    const newest = messages.at(-1);
    if (!newest) return null;
    const row = rowOfMessage(newest, seen.role);
    return {
      ...row,
      ...(only === null ? { key: `t${thread}`, message: null } : {}),
      unread: messages.some((one) => !one.flags.seen),
      flagged: messages.some((one) => one.flags.flagged),
    };
  };
  /** What an act means now: ticked rows, else what is open, else the row under the cursor. */
  const meant = (): ListRow[] => {
    if (model.tickedCount > 0) return model.targets();
    // A moment after a step the reader still shows the row before: what the cursor stands on is meant.
    const next = ahead();
    if (next) return [next];
    const cursor = model.cursorRow;
    if (thread !== null && cursor?.thread !== thread) {
      const row = openRow();
      if (row) return [row];
    }
    return cursor ? [cursor] : [];
  };

  const act: Mail["act"] = async (kind, given) => {
    const rows = given ?? (model.all ? await gatherAll(model) : meant());
    if (rows.length === 0) return;
    const leaves = leavesList(kind, seen);
    const moves = !["read", "unread", "star", "unstar"].includes(kind.kind);
    const coming = moves && rows.some((row) => row.key === ahead()?.key) ? takeAhead() : null;
    const openTaken = coming !== null || (thread !== null && rows.some((row) => row.thread === thread && (only === null || row.message === null || row.message === only)));
    const cursorTaken = rows.some((row) => row.key === model.cursorRow?.key);
    const next = leaves && (cursorTaken || openTaken) ? rowAfterAct(model, rows, Math.max(0, model.cursor), afterAct === "newer" ? "newer" : "older") : null;
    const done = performAct(kind, rows, { model, seen, mailboxes });
    if (moves && given === undefined) model.untick();
    if (next) model.moveToKey(next.key);
    if (moves && openTaken) {
      if (next && afterAct !== "list") open(next, { replace: true });
      else if (leaves || afterAct === "list") close();
    }
    await done;
  };

  const rowAct: Mail["rowAct"] = (kind, row) => {
    if (kind === "star") void act({ kind: row.flagged ? "unstar" : "star" }, [row]);
    else if (kind === "snooze") setSnoozing([row]);
    else if (kind === "read") void act({ kind: row.unread ? "read" : "unread" }, [row]);
    else void act({ kind }, [row]);
  };

  const letterAct: Mail["letterAct"] = (kind, message) => {
    if (kind === "reply" || kind === "reply_all" || kind === "forward") {
      void startDraft({ kind, original: message.id });
      return;
    }
    const row = rowOfMessage(message, null);
    const here: Seen = seen.mailbox !== null && message.mailbox_ids.includes(seen.mailbox) ? seen : { mailbox: null, role: seen.role };
    const what: Act = kind === "star" ? { kind: message.flags.flagged ? "unstar" : "star" } : { kind };
    void performAct(what, [row], { seen: here, mailboxes });
  };

  const markRead = (message: Message) => {
    void write("message.flag", { selection: { threads: [], messages: [message.id], mailbox_id: null }, seen: true, flagged: null, answered: null });
  };
  const writeTo: Mail["writeTo"] = (link) => {
    void startDraft({
      kind: "new",
      to: [...link.to, ...link.cc].map((email) => ({ name: "", email })),
      subject: link.subject || null,
      text: link.body || null,
    });
  };

  const some = () => model.tickedCount > 0 || thread !== null || model.cursor >= 0;
  const anyStarred = () => meant().some((row) => row.flagged);
  useActions([
    { id: "draft.new", title: "draft:new", icon: PenLine, keys: ["c"], scope: "app", perform: () => void startDraft({ kind: "new" }) },
    { id: "message.archive", title: "thread:act.archive", icon: Archive, keys: ["e"], scope: "mail", when: some, perform: () => void act({ kind: "archive" }) },
    { id: "thread.snooze", title: "thread:act.snooze", icon: AlarmClock, keys: ["b"], scope: "mail", when: () => some() && canSnooze(seen), perform: () => void (model.all ? gatherAll(model) : Promise.resolve(meant())).then(setSnoozing) },
    { id: "thread.unsnooze", title: "thread:act.unsnooze", icon: AlarmClockOff, scope: "mail", when: () => some() && seen.role === "snoozed", perform: () => void act({ kind: "unsnooze" }) },
    { id: "message.delete", title: "thread:act.delete", icon: Trash2, keys: ["#", "delete"], scope: "mail", when: some, danger: true, perform: () => void act({ kind: "delete" }) },
    { id: "message.junk", title: "thread:act.junk", icon: ShieldAlert, keys: ["!"], scope: "mail", when: some, perform: () => void act({ kind: "junk" }) },
    { id: "message.move", title: "thread:act.move", icon: FolderInput, keys: ["v"], scope: "mail", when: some, perform: () => void (model.all ? gatherAll(model) : Promise.resolve(meant())).then(setMoving) },
    { id: "message.star", title: "thread:act.star_toggle", icon: Star, keys: ["s"], scope: "mail", when: some, perform: () => void act({ kind: anyStarred() ? "unstar" : "star" }) },
    { id: "message.read", title: "thread:act.read", icon: MailOpen, keys: ["shift+i"], scope: "mail", when: some, perform: () => void act({ kind: "read" }) },
    { id: "message.unread", title: "thread:act.unread", icon: Mail, keys: ["shift+u"], scope: "mail", when: some, perform: () => void act({ kind: "unread" }) },
    {
      id: "message.inbox",
      title: "thread:act.inbox",
      icon: Inbox,
      scope: "mail",
      when: () => some() && seen.role !== "inbox" && meant().length > 0,
      perform: () => {
        const rows = meant();
        const inbox = mailboxes.find((one) => one.account_id === rows[0]?.account && one.role === "inbox");
        if (inbox) void act({ kind: "move", to: inbox }, rows.filter((row) => row.account === inbox.account_id));
      },
    },
  ]);

  return { act, rowAct, letterAct, open, close, markRead, writeTo, openDraftOf, moving, setMoving, snoozing, setSnoozing, only, meant };
}

/** Whether what a list shows can be put off: an inbox, what is put off already, and what a search found. */
export function canSnooze(seen: Seen): boolean {
  return seen.role === "inbox" || seen.role === "snoozed" || (seen.role === null && seen.mailbox === null);
}

/** Accounts of rows, each once. */
export function accountsOf(rows: readonly ListRow[] | null): AccountId[] | null {
  return rows === null || rows.length === 0 ? null : [...new Set(rows.map((row) => row.account))];
}
