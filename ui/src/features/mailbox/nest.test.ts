import { expect, test } from "vitest";
import type { Mailbox, MailboxRole } from "../../engine";
import { nest, type Node } from "./nest";

let id = 0;
const box = (path: string, role: MailboxRole | null = null, selectable = true): Mailbox => ({
  id: ++id, account_id: 1, path, name: path.split("/").at(-1)!, role, selectable, messages: 0, unread: 0, on_server: null,
});
const compare = new Intl.Collator("uk").compare;
const names = (nodes: Node[]): unknown[] => nodes.map((node) => (node.children.length > 0 ? [node.name, names(node.children)] : node.name));

test("roles come first in their usual order, whatever they are called", () => {
  const { roles } = nest([box("Papierkorb", "trash"), box("INBOX", "inbox"), box("Gesendet", "sent"), box("Entwürfe", "drafts")], compare);
  expect(roles.map((one) => one.role)).toEqual(["inbox", "drafts", "sent", "trash"]);
});

test("paths nest, and a parent that is no mailbox still holds its children", () => {
  const { tree } = nest([box("Projects/2026/Kyiv"), box("Projects/2025"), box("Їжа"), box("Єнот")], compare);
  expect(names(tree)).toEqual(["Єнот", "Їжа", ["Projects", ["2025", ["2026", ["Kyiv"]]]]]);
});

test("the folder that Gmail puts above its own mailboxes is not shown", () => {
  const { roles, tree } = nest([box("INBOX", "inbox"), box("[Gmail]", null, false), box("[Gmail]/Sent", "sent"), box("[Gmail]/Important")], compare);
  expect(roles.map((one) => one.role)).toEqual(["inbox", "sent"]);
  expect(names(tree)).toEqual(["Important"]);
});
