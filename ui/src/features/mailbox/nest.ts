// Mailboxes of an account as a tree: those with a role first, in their usual order; the others by path.
import type { Mailbox, MailboxRole } from "../../engine";
import { roleOrder } from "../thread";

export interface Node {
  /** The path, unique in its account. */
  path: string;
  name: string;
  /** Null where a parent is named in a path but is no mailbox of its own. */
  mailbox: Mailbox | null;
  children: Node[];
}

export function nest(mailboxes: readonly Mailbox[], compare: (a: string, b: string) => number): { roles: Mailbox[]; tree: Node[] } {
  // Nothing is put off: there is nothing to look after.
  mailboxes = mailboxes.filter((one) => one.role !== "snoozed" || one.messages > 0);
  const roles = mailboxes
    .filter((one) => one.role !== null && one.selectable)
    .toSorted((a, b) => roleOrder.indexOf(a.role!) - roleOrder.indexOf(b.role!) || compare(a.path, b.path));
  const shown = new Set(roles.map((one) => one.id));
  const root: Node[] = [];
  const nodes = new Map<string, Node>();
  const place = (path: string): Node => {
    const found = nodes.get(path);
    if (found) return found;
    const cut = path.lastIndexOf("/");
    const node: Node = { path, name: path.slice(cut + 1), mailbox: null, children: [] };
    nodes.set(path, node);
    if (cut < 0) root.push(node);
    else place(path.slice(0, cut)).children.push(node);
    return node;
  };
  for (const mailbox of mailboxes) {
    if (shown.has(mailbox.id)) continue;
    place(mailbox.path).mailbox = mailbox;
  }
  const sort = (list: Node[]): Node[] => {
    list.sort((a, b) => compare(a.name, b.name));
    for (const node of list) sort(node.children);
    // Gmail keeps everything below "[Gmail]": a parent that leads nowhere is left out.
    return list.flatMap((node) => (node.mailbox?.selectable || node.children.length > 1 || !/^\[.*\]$/.test(node.name) ? [node] : node.children));
  };
  return { roles, tree: sort(root).filter((node) => node.mailbox?.selectable || node.children.length > 0) };
}

/** Unread messages that an account's name stands for: those of its inbox. */
export function unreadOf(mailboxes: readonly Mailbox[], role: MailboxRole): number {
  return mailboxes.filter((one) => one.role === role).reduce((sum, one) => sum + one.unread, 0);
}
