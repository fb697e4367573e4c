// Acts on mail: each is one write of the door, undone by its group.
//
// Owns: which rows an act takes out of the list, its words, and its way back. The list hides or alters
// the rows at once; the engine's change brings the truth, an error brings the rows back with the reason.
import {
  call,
  toEngineError,
  type AccountId,
  type EngineError,
  type Mailbox,
  type MailboxId,
  type MailboxRole,
  type OperationGroupId,
  type Selection,
  type Undoable,
} from "../../engine";
import { currentFormats, translate, type MessageKey } from "../../i18n";
import { forget, pushUndo, sayUndo, tellError } from "../../shell";
import type { ListModel } from "./list-model";
import { Progress } from "./progress";
import type { ListRow } from "./row";

/** Rows one write takes. */
const PART_ROWS = 500;

export type Act =
  | { kind: "archive" | "delete" | "junk" | "read" | "unread" | "star" | "unstar" }
  | { kind: "move"; to: Mailbox }
  | { kind: "snooze"; until: number }
  | { kind: "unsnooze" };

/** Where rows were seen. */
export interface Seen {
  mailbox: MailboxId | null;
  role: MailboxRole | null;
}

/** One selection an account: moves name the mailbox that the rows were seen in. */
export function selections(rows: readonly ListRow[], seen: Seen, mailboxes: readonly Mailbox[]): Map<AccountId, Selection> {
  const byAccount = new Map<AccountId, Selection>();
  for (const row of rows) {
    let selection = byAccount.get(row.account);
    if (!selection) {
      const inRole = seen.role === null ? undefined : mailboxes.find((one) => one.account_id === row.account && one.role === seen.role);
      selection = { threads: [], messages: [], mailbox_id: seen.mailbox ?? inRole?.id ?? null };
      byAccount.set(row.account, selection);
    }
    if (row.message === null) selection.threads.push(row.thread);
    else selection.messages.push(row.message);
  }
  return byAccount;
}

/** Whether rows leave the list by the act. A search goes on showing what was moved. */
export function leavesList(act: Act, seen: Seen): boolean {
  if (seen.mailbox === null && seen.role === null) return false;
  switch (act.kind) {
    case "archive":
      return seen.role !== "archive" && seen.role !== "all";
    case "delete":
      return true;
    case "junk":
      return seen.role !== "junk";
    case "snooze":
      return seen.role === "inbox";
    case "unsnooze":
      return seen.role === "snoozed";
    case "move":
      return act.to.id !== seen.mailbox && act.to.role !== seen.role;
    default:
      return false;
  }
}

const changes: Partial<Record<Act["kind"], Partial<ListRow>>> = {
  read: { unread: false },
  unread: { unread: true },
  star: { flagged: true },
  unstar: { flagged: false },
};

async function perform(act: Act, selection: Selection): Promise<Undoable> {
  switch (act.kind) {
    case "archive":
      return call("message.archive", { selection });
    case "delete":
      return call("message.delete", { selection });
    case "junk":
      return call("message.junk", { selection });
    case "move":
      return call("message.move_to", { selection, mailbox_id: act.to.id });
    case "snooze":
      return call("thread.snooze", { selection, until: act.until });
    case "unsnooze":
      return call("thread.unsnooze", { selection });
    case "read":
    case "unread":
      return call("message.flag", { selection, seen: act.kind === "read", flagged: null, answered: null });
    case "star":
    case "unstar":
      return call("message.flag", { selection, seen: null, flagged: act.kind === "star", answered: null });
  }
}

/** Words for what was done, such as `3 conversations archived`. */
export function actWords(act: Act, rows: readonly ListRow[]): string {
  const noun = rows.every((row) => row.message === null) ? "threads" : "messages";
  return translate(`thread:done.${act.kind}_${noun}` as MessageKey, {
    count: rows.length,
    ...(act.kind === "move" ? { mailbox: mailboxName(act.to) } : {}),
    ...(act.kind === "snooze" ? { time: currentFormats().dateTime(act.until) } : {}),
  });
}

/** A mailbox as people call it: its role's name, else its own. */
export function mailboxName(mailbox: Mailbox): string {
  return mailbox.role ? translate(`mailbox:role.${mailbox.role}` as MessageKey) : mailbox.name;
}

export interface ActOptions {
  /** The list that shows the rows; they are hidden or altered there at once. */
  model?: ListModel | null;
  seen: Seen;
  mailboxes: readonly Mailbox[];
  /** False: no toast; the act still stands on the undo stack. */
  announce?: boolean;
  /** False: not even on the stack (marking as read by reading). */
  undoable?: boolean;
}

interface Parts {
  /** Rows that were acted on. */
  done: number;
  /** What takes it back: one group an account. */
  groups: OperationGroupId[];
  refusal: EngineError | null;
}

/** Does it part by part, so that a large act can be watched and stopped, and others write in between. */
async function inParts(act: Act, rows: readonly ListRow[], { seen, mailboxes }: ActOptions): Promise<Parts> {
  const groups = new Map<AccountId, OperationGroupId>();
  const progress = new Progress();
  let done = 0;
  let refusal: EngineError | null = null;
  while (done < rows.length && !refusal && !progress.stopped) {
    const part = rows.slice(done, done + PART_ROWS);
    const sent = [...selections(part, seen, mailboxes)].map(async ([account, selection]) => {
      const group = groups.get(account);
      const answer = await perform(act, group === undefined ? selection : { ...selection, group });
      if (group === undefined && (answer.messages > 0 || rows.length <= PART_ROWS)) groups.set(account, answer.group);
    });
    const refused = (await Promise.allSettled(sent)).find((answer) => answer.status === "rejected");
    if (refused) refusal = toEngineError(refused.reason);
    else done += part.length;
    if (done < rows.length) progress.at(done, rows.length);
  }
  progress.end();
  return { done, groups: [...groups.values()], refusal };
}

/** Every row of a list where all are ticked, loaded or not; none where the user stopped it. */
export async function gatherAll(model: ListModel): Promise<ListRow[]> {
  const progress = new Progress();
  const rows = await model.gather((done, total) => {
    progress.at(done, total);
    return !progress.stopped;
  });
  progress.end();
  return rows;
}

/** Does it. Resolves once the engine has taken it; false where it refused, which is told. */
export async function performAct(act: Act, rows: readonly ListRow[], options: ActOptions): Promise<boolean> {
  if (rows.length === 0) return false;
  const { model, seen } = options;
  const keys = rows.map((row) => row.key);
  const change = changes[act.kind];
  const altered = change ?? (leavesList(act, seen) ? "hide" : null);
  if (altered) model?.source.overlay(keys, altered);

  const doing = inParts(act, rows, options);
  // On the stack before the engine has answered: Ctrl+Z a moment later means this act, not the one before it.
  const undo =
    options.undoable === false
      ? null
      : pushUndo({
          scope: "mail",
          label: actWords(act, rows),
          undo: async () => {
            const taken = await doing;
            model?.source.release(keys);
            for (const group of taken.groups.toReversed()) {
              await call("operation.undo", { group }).catch((thrown: unknown) => tellError(toEngineError(thrown)));
            }
          },
        });
  const { done, groups, refusal } = await doing;
  if (altered && done > 0) model?.source.settle(keys.slice(0, done));
  if (done < rows.length) model?.source.release(keys.slice(done));
  if (refusal) tellError(refusal);
  if (groups.length === 0) {
    if (undo !== null) forget(undo);
    return false;
  }
  const moves = change === undefined;
  if (undo !== null && (options.announce ?? (moves || rows.length > 1))) sayUndo(undo, actWords(act, rows.slice(0, done)));
  return refusal === null;
}
