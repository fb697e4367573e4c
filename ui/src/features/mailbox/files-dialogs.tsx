// Importing messages from files, and exporting a mailbox or what is selected.
import { CircleCheck, CircleStop, FileInput, FileOutput, FolderInput, FolderOpen } from "lucide-react";
import { useRef, useState } from "react";
import { Banner, Button, Dialog, Progress, Select, toast } from "../../design";
import { call, toEngineError, type Account, type EngineError, type MailExported, type MailFormat, type Mailbox, type MailboxId } from "../../engine";
import { canReveal, pickFiles, pickFolder, pickPath, pickSavePath, revealPath } from "../../engine/desktop";
import { useT, sayPhrase } from "../../i18n";
import { ErrorBox } from "../../shell";
import { mailboxName } from "../thread";
import { newTicket, TicketFoot } from "./ticket";
import { fileName, importPaths, inFolder, mailExtensions, nothingBrought, type Brought, type ToExport } from "./files";

const SHOWN_MOST = 20;

/** Where an import goes to, and what was dropped. */
export interface ToImport {
  mailbox: MailboxId;
  paths: readonly string[];
}

export function ImportMessagesDialog({ given, mailboxes, accounts, onClose }: { given: ToImport; mailboxes: readonly Mailbox[]; accounts: readonly Account[]; onClose: () => void }) {
  const t = useT();
  const [into, setInto] = useState(given.mailbox);
  const [brought, setBrought] = useState<Brought>(nothingBrought);
  const [state, setState] = useState<"asking" | "running" | "stopping" | "stopped" | "done">("asking");
  const [error, setError] = useState<EngineError | null>(null);
  const stopped = useRef(false);
  const targets = mailboxes.filter((one) => one.selectable && one.role !== "snoozed");
  const several = accounts.length > 1;
  const run = async (paths: readonly string[]) => {
    if (paths.length === 0) return;
    stopped.current = false;
    setError(null);
    setState("running");
    try {
      await importPaths(into, paths, (now) => {
        setBrought(now);
        return !stopped.current;
      });
      setState(stopped.current ? "stopped" : "done");
    } catch (thrown) {
      setError(toEngineError(thrown));
      setState("stopped");
    }
  };
  const files = async () => {
    const options = { title: t("mailbox:files.choose_files"), filters: [{ name: t("mailbox:files.kinds"), extensions: [...mailExtensions, "*"] }] };
    if (!canReveal) return run([await pickPath(options)].filter((path) => path !== null));
    return run((await pickFiles({ ...options, multiple: true })).flatMap((one) => one.path ?? []));
  };
  const folder = async () => run([await pickFolder(t("mailbox:files.choose_folder"))].filter((path) => path !== null));
  const takeBack = async () => {
    try {
      for (const group of brought.groups.toReversed()) await call("operation.undo", { group });
      toast(t("mailbox:files.taken_back"));
      onClose();
    } catch (thrown) {
      setError(toEngineError(thrown));
    }
  };
  const going = state === "running" || state === "stopping";
  const over = state === "stopped" || state === "done";
  const footer = going ? (
    <Button icon={CircleStop} busy={state === "stopping"} onPress={() => { stopped.current = true; setState("stopping"); }}>{t("exchange:stop")}</Button>
  ) : over ? (
    <>
      {brought.groups.length > 0 && <Button onPress={() => void takeBack()}>{t("mailbox:files.take_back")}</Button>}
      <Button kind="primary" autoFocus onPress={onClose}>{t("common:close")}</Button>
    </>
  ) : given.paths.length > 0 ? (
    <>
      <Button onPress={onClose}>{t("common:cancel")}</Button>
      <Button kind="primary" icon={FileInput} onPress={() => void run(given.paths)}>{t("mailbox:files.import_run")}</Button>
    </>
  ) : (
    <>
      <Button onPress={onClose}>{t("common:cancel")}</Button>
      <Button icon={FolderInput} onPress={() => void folder()}>{t("mailbox:files.choose_folder")}</Button>
      <Button kind="primary" icon={FileInput} onPress={() => void files()}>{t("mailbox:files.choose_files")}</Button>
    </>
  );
  return (
    <Dialog open onClose={onClose} dismissable={!going} title={t(state === "done" ? "mailbox:files.imported" : state === "stopped" ? "mailbox:files.import_stopped" : "mailbox:files.import_title")} footer={footer}>
      <div className="flex flex-col gap-3 text-sm">
        {state === "asking" && (
          <>
            <Select
              label={t("mailbox:files.into")}
              value={String(into)}
              options={targets.map((one) => ({ value: String(one.id), label: mailboxName(one), ...(several ? { hint: accounts.find((account) => account.id === one.account_id)?.name ?? "" } : {}) }))}
              onChange={(value) => setInto(Number(value))}
            />
            {given.paths.length > 0 && <ul className="selectable font-mono text-xs break-all text-muted">{given.paths.slice(0, SHOWN_MOST).map((path) => <li key={path}>{path}</li>)}</ul>}
            <p className="text-xs text-muted">{t("mailbox:files.import_hint")}</p>
          </>
        )}
        {going && <Progress label={t("exchange:running")} done={brought.doneBytes} total={brought.totalBytes} />}
        {(going || over) && (
          <p role="status" className="flex items-center gap-2">
            {state === "done" && <CircleCheck size={17} aria-hidden className="shrink-0 text-success-text" />}
            <span className="tabular-nums">
              {t("mailbox:files.messages", { count: brought.messages })}
              {brought.skipped > 0 && <span className="block text-xs text-muted">{t("mailbox:files.skipped", { count: brought.skipped })}</span>}
            </span>
          </p>
        )}
        {over && brought.messages > 0 && <p className="text-xs text-muted">{t("mailbox:files.to_server")}</p>}
        {brought.unreadable.length > 0 && (
          <Banner tone="warning" className="rounded-lg" live={false}>
            {t("mailbox:files.unreadable", { count: brought.unreadable.length })}
            <ul className="selectable mt-1 list-disc pl-4 break-all">{brought.unreadable.slice(0, SHOWN_MOST).map((one) => <li key={one.text}>{sayPhrase(one)}</li>)}</ul>
          </Banner>
        )}
        {error && <ErrorBox error={error} />}
      </div>
    </Dialog>
  );
}

export function ExportMessagesDialog({ what, onClose }: { what: ToExport; onClose: () => void }) {
  const t = useT();
  const [format, setFormat] = useState<MailFormat>("mbox");
  const [ticket, setTicket] = useState<string | null>(null);
  const [error, setError] = useState<EngineError | null>(null);
  const [done, setDone] = useState<MailExported | null>(null);
  const formats = ["mbox", "eml"] as const;
  const target = async (): Promise<string | null> => {
    const name = fileName(what.title);
    if (format === "mbox") return pickSavePath(`${name}.mbox`, t("mailbox:files.save_as"));
    const folder = await pickFolder(t("mailbox:files.save_into"));
    // A folder of its own: what is there already is never written over.
    return folder === null ? null : inFolder(folder, `${name} ${new Date().toISOString().slice(0, 19).replaceAll(/[T:]/g, "-")}`);
  };
  const run = async () => {
    const path = await target();
    if (path === null) return;
    const mine = newTicket();
    setTicket(mine);
    setError(null);
    try {
      setDone(await call("message.export_file", { scope: what.scope, selection: what.selection, format, path, ticket: mine }));
    } catch (thrown) {
      const failed = toEngineError(thrown);
      if (failed.code === "cancelled") toast(t("mailbox:files.export_stopped"));
      else setError(failed);
    }
    setTicket(null);
  };
  if (done) {
    return (
      <Dialog
        open
        onClose={onClose}
        title={t("exchange:export.done_title")}
        footer={
          <>
            {canReveal && <Button icon={FolderOpen} onPress={() => void revealPath(done.path)}>{t("exchange:export.show")}</Button>}
            <Button kind="primary" autoFocus onPress={onClose}>{t("common:close")}</Button>
          </>
        }
      >
        <div className="flex flex-col gap-3 text-sm">
          <p className="flex items-center gap-2"><CircleCheck size={17} aria-hidden className="shrink-0 text-success-text" />{t("mailbox:files.written", { count: done.messages })}</p>
          <p className="selectable font-mono text-xs break-all text-muted">{done.path}</p>
          {done.missing.length > 0 && (
            <Banner tone="warning" className="rounded-lg" live={false}>
              {t("mailbox:files.missing", { count: done.missing.length })}
              <ul className="selectable mt-1 list-disc pl-4">{done.missing.slice(0, SHOWN_MOST).map((subject, index) => <li key={index}><bdi>{subject || t("thread:no_subject")}</bdi></li>)}</ul>
            </Banner>
          )}
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      dismissable={ticket === null}
      title={t("mailbox:files.export_title", { name: what.title })}
      footer={<TicketFoot ticket={ticket} icon={FileOutput} label={t("mailbox:files.export_run")} onCancel={onClose} onRun={() => void run()} />}
    >
      <div className="flex flex-col gap-3">
        <Select
          label={t("exchange:export.format")}
          value={format}
          hint={t(`mailbox:files.hint.${format}`)}
          options={formats.map((one) => ({ value: one, label: t(`mailbox:files.format.${one}`), hint: t(`mailbox:files.hint.${one}`) }))}
          onChange={setFormat}
        />
        {error && <ErrorBox error={error} />}
      </div>
    </Dialog>
  );
}
