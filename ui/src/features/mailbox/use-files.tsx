// Import, export and comparing of mail as the place of mail offers them: actions, the menu of a mailbox, files dropped.
import { FileInput, FileOutput, ListRestart } from "lucide-react";
import { useEffect, useState, type ReactNode } from "react";
import { ContextMenu, toast } from "../../design";
import type { Account, ListScope, Mailbox, MailboxId, Selection } from "../../engine";
import { onFilesDropped } from "../../engine/desktop";
import { useT } from "../../i18n";
import { useActions } from "../../shell";
import { mailboxName, type ListModel, type ListRow, type Seen } from "../thread";
import { CompareDialog } from "./compare-dialog";
import { isMailFile, wholeMailbox, type ToExport } from "./files";
import { ExportMessagesDialog, ImportMessagesDialog, type ToImport } from "./files-dialogs";

export interface MailFiles {
  /** Opens the menu of a mailbox in the tree. */
  openMenu: (mailbox: MailboxId, at: { x: number; y: number }) => void;
  dialogs: ReactNode;
}

export interface FilesState {
  model: ListModel;
  /** What the list shows, and what it is called. */
  scope: ListScope;
  title: string;
  seen: Seen;
  mailboxes: readonly Mailbox[];
  accounts: readonly Account[];
  meant: () => readonly ListRow[];
}

function selectionOf(rows: readonly ListRow[]): Selection {
  return {
    threads: rows.filter((row) => row.message === null).map((row) => row.thread),
    messages: rows.flatMap((row) => row.message ?? []),
    mailbox_id: null,
  };
}

export function useMailFiles({ model, scope, title, seen, mailboxes, accounts, meant }: FilesState): MailFiles {
  const t = useT();
  const [importing, setImporting] = useState<ToImport | null>(null);
  const [exporting, setExporting] = useState<ToExport | null>(null);
  const [comparing, setComparing] = useState<ToExport | null>(null);
  const [menu, setMenu] = useState<{ mailbox: MailboxId; x: number; y: number } | null>(null);
  // Without a mailbox of its own a list takes what is imported into an inbox, or what its role is.
  const here = seen.mailbox ?? mailboxes.find((one) => one.selectable && one.role === (seen.role ?? "inbox"))?.id ?? mailboxes.find((one) => one.selectable)?.id ?? null;
  const startImport = (mailbox: MailboxId | null, paths: readonly string[] = []) => mailbox !== null && setImporting({ mailbox, paths });

  const chosen = (open: (what: ToExport) => void) => {
    const rows = meant();
    const [only] = rows;
    // Everything the list holds is its scope: nothing has to be gathered.
    if (model.all) open({ title, scope, selection: null });
    else if (only) open({ title: rows.length === 1 ? only.subject || t("thread:no_subject") : t("thread:bulk.count", { count: rows.length }), scope, selection: selectionOf(rows) });
  };

  useActions([
    { id: "mailbox.import", title: "mailbox:files.import", icon: FileInput, scope: "mail", when: () => here !== null, perform: () => startImport(here) },
    { id: "mailbox.export", title: "mailbox:files.export", icon: FileOutput, scope: "mail", when: () => model.count > 0, perform: () => setExporting({ title, scope, selection: null }) },
    {
      id: "message.export",
      title: "mailbox:files.export_selection",
      icon: FileOutput,
      scope: "mail",
      when: () => meant().length > 0,
      perform: () => chosen(setExporting),
    },
    {
      id: "message.compare",
      title: "mailbox:compare.action",
      icon: ListRestart,
      scope: "mail",
      when: () => meant().length > 0,
      perform: () => chosen(setComparing),
    },
  ]);

  useEffect(() =>
    onFilesDropped((files, at) => {
      const under = document.elementFromPoint(at.x, at.y);
      const box = under?.closest<HTMLElement>("[data-mailbox]")?.dataset["mailbox"];
      if (document.querySelector("[data-modal]") !== null || (box === undefined && !under?.closest("[data-takes-mail]"))) return;
      const paths = files.flatMap((one) => one.path ?? []);
      // A folder has no ending and is asked by the engine.
      const mail = paths.filter((path) => isMailFile(path) || !/\.[^./\\]{1,5}$/.test(path));
      if (mail.length > 0) startImport(box === undefined ? here : Number(box), mail);
      else toast(t("mailbox:files.not_mail"), { tone: "warning", hint: t("mailbox:files.import_hint") });
    }),
  );

  const opened = mailboxes.find((one) => one.id === menu?.mailbox);
  return {
    openMenu: (mailbox, at) => setMenu({ mailbox, ...at }),
    dialogs: (
      <>
        <ContextMenu
          at={opened?.selectable ? menu : null}
          onClose={() => setMenu(null)}
          label={opened ? mailboxName(opened) : ""}
          groups={[
            {
              items: opened
                ? [
                    { id: "import", label: t("mailbox:files.import"), icon: FileInput, perform: () => startImport(opened.id) },
                    { id: "export", label: t("mailbox:files.export_mailbox"), icon: FileOutput, disabled: opened.messages === 0, perform: () => setExporting({ title: mailboxName(opened), scope: wholeMailbox(opened.id), selection: null }) },
                  ]
                : [],
            },
          ]}
        />
        {importing && <ImportMessagesDialog given={importing} mailboxes={mailboxes} accounts={accounts} onClose={() => setImporting(null)} />}
        {comparing && <CompareDialog what={comparing} onClose={() => setComparing(null)} />}
        {exporting && <ExportMessagesDialog what={exporting} onClose={() => setExporting(null)} />}
      </>
    ),
  };
}
