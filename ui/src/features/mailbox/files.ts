// Mail from files and into files: the parts of an import one after another, and names that may be used for an export.
import { call, type ListScope, type MailImported, type MailboxId, type OperationGroupId, type Phrase, type Selection } from "../../engine";

/** What an import has brought so far, of all paths. */
export interface Brought {
  messages: number;
  /** There already. */
  skipped: number;
  unreadable: Phrase[];
  /** Acts that take it back, the newest last. */
  groups: OperationGroupId[];
  /** Of the path that is read now. */
  doneBytes: number;
  totalBytes: number;
}

export const nothingBrought: Brought = { messages: 0, skipped: 0, unreadable: [], groups: [], doneBytes: 0, totalBytes: 0 };

/** Imports one path after another; `onPart` hears of each part and ends it with false. Throws what the engine answers. */
export async function importPaths(mailbox: MailboxId, paths: readonly string[], onPart: (brought: Brought) => boolean): Promise<void> {
  let brought = nothingBrought;
  for (const path of paths) {
    let from: string | null = null;
    let group: OperationGroupId | null = null;
    do {
      const part: MailImported = await call("message.import_file", { mailbox_id: mailbox, path, from, group });
      brought = {
        messages: brought.messages + part.messages,
        skipped: brought.skipped + part.skipped,
        unreadable: [...brought.unreadable, ...part.unreadable],
        groups: part.group !== null && !brought.groups.includes(part.group) ? [...brought.groups, part.group] : brought.groups,
        doneBytes: part.done_bytes,
        totalBytes: part.total_bytes,
      };
      if (!onPart(brought)) return;
      from = part.next;
      group = part.group;
    } while (from !== null);
  }
}

/** Files whose name says that they hold mail. A folder has no such name and is asked by the engine. */
export const mailExtensions = ["eml", "mbox", "mbx"];
export const isMailFile = (path: string): boolean => mailExtensions.includes((/\.([^./\\]+)$/.exec(path)?.[1] ?? "").toLowerCase());

/** A title as the name of a file or folder. */
export const fileName = (title: string): string => title.replaceAll(/[\\/:*?"<>|]/g, "_").trim() || "mail";

/** A folder's path with a name in it, in the way of the system that the folder is of. */
export function inFolder(folder: string, name: string): string {
  const separator = folder.includes("\\") && !folder.includes("/") ? "\\" : "/";
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}

/** What is to be exported, and what it is called. */
export interface ToExport {
  title: string;
  scope: ListScope;
  selection: Selection | null;
}

export const wholeMailbox = (mailbox: MailboxId): ListScope => ({ account_id: null, mailbox_id: mailbox, role: null, query: null, unread: false, flagged: false, has_attachments: false });
