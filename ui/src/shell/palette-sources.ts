// What the palette finds by itself: mailboxes, messages, bases with their tables and views, settings, accounts.
import { AlarmClock, Archive, Database, Eye, FileText, Folder, Inbox, Mail, Send, Settings2, ShieldAlert, Table2, Trash2, UserRound, type LucideIcon } from "lucide-react";
import { call, type MailboxRole } from "../engine";
import type { MessageKey } from "../i18n";
import { go } from "./navigate";
import { registerPaletteSource } from "./palette";
import { basePath, mailPath, settingsPath } from "./paths";

const roleIcons: Record<MailboxRole, LucideIcon> = {
  inbox: Inbox,
  snoozed: AlarmClock,
  drafts: FileText,
  sent: Send,
  archive: Archive,
  junk: ShieldAlert,
  trash: Trash2,
  all: Mail,
};

registerPaletteSource({
  id: "messages",
  title: "shell:palette.messages",
  matched: true,
  async find(query, t) {
    if (query.length < 2) return [];
    const scope = { account_id: null, mailbox_id: null, role: null, query, unread: false, flagged: false, has_attachments: false };
    const page = await call("thread.list", { scope, sort: "newest", offset: 0, limit: 6 });
    return [
      ...page.rows.map((row) => ({
        id: `thread/${row.id}`,
        title: row.subject || "—",
        hint: row.people.map((one) => one.name || one.email).join(", "),
        icon: Mail,
        perform: () => go(mailPath({ query }, row.id)),
      })),
      { id: "search", title: t("shell:palette.search_all", { query }), icon: Mail, perform: () => go(mailPath({ query })) },
    ];
  },
});

registerPaletteSource({
  id: "mailboxes",
  title: "shell:palette.mailboxes",
  async find(query, t) {
    if (query === "") return [];
    const [boxes, accounts] = await Promise.all([call("mailbox.list", { account_id: null }), call("account.list", {})]);
    const names = new Map(accounts.map((one) => [one.id, one.name]));
    return boxes
      .filter((box) => box.selectable)
      .map((box) => ({
        id: `mailbox/${box.id}`,
        title: box.role ? t(`mailbox:role.${box.role}` as MessageKey) : box.path,
        hint: names.get(box.account_id),
        icon: box.role ? roleIcons[box.role] : Folder,
        perform: () => go(mailPath({ mailbox: box.id })),
      }));
  },
});

registerPaletteSource({
  id: "tables",
  title: "shell:palette.tables",
  async find(query) {
    if (query === "") return [];
    const bases = await call("base.list", {});
    return bases.flatMap((base) => [
      { id: `base/${base.id}`, title: base.name, icon: Database, perform: () => go(basePath(base.id)) },
      ...base.tables.map((table) => ({
        id: `table/${base.id}/${table.id}`,
        title: table.name,
        hint: base.name,
        icon: Table2,
        perform: () => go(basePath(base.id, table.id)),
      })),
      // Of a table with one view its own name is enough.
      ...base.tables.filter((table) => table.views.length > 1).flatMap((table) =>
        table.views.map((view) => ({
          id: `view/${base.id}/${table.id}/${view.id}`,
          title: view.name,
          hint: `${base.name} › ${table.name}`,
          icon: Eye,
          perform: () => go(basePath(base.id, table.id, { view: view.id })),
        })),
      ),
    ]);
  },
});

registerPaletteSource({
  id: "accounts",
  title: "shell:palette.settings",
  async find(query) {
    if (query === "") return [];
    const accounts = await call("account.list", {});
    return accounts.map((one) => ({
      id: `account/${one.id}`,
      title: one.name,
      hint: one.email === one.name ? undefined : one.email,
      icon: UserRound,
      perform: () => go(settingsPath("accounts", one.id)),
    }));
  },
});

/** Settings by their names; the settings page hands them over. */
export function registerSettingNames(names: readonly { id: string; title: MessageKey; path: string }[]): () => void {
  return registerPaletteSource({
    id: "settings",
    title: "shell:palette.settings",
    find: (query, t) =>
      query === "" ? [] : names.map((one) => ({ id: `setting/${one.id}`, title: t(one.title), icon: Settings2, perform: () => go(one.path) })),
  });
}
