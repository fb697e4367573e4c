// The files of a letter: look at, open, save.
import { clsx } from "clsx";
import { Download, FolderDown } from "lucide-react";
import { useState } from "react";
import { Button, ConfirmDialog, Dialog, IconButton, toast } from "../../design";
import { partUrl, write, type Attachment, type Message } from "../../engine";
import { canReveal, openFile, pickFolder, pickSavePath, revealPath, temporaryPath } from "../../engine/desktop";
import { useFormats, useT } from "../../i18n";
import { iconOf, isPicture, mayRun } from "./file-kind";

/** Parts that a person would call files: all but the pictures inside of the text. */
export function filesOf(message: Message): Attachment[] {
  return message.attachments.filter((one) => !one.inline);
}

export function Attachments({ message }: { message: Message }) {
  const t = useT();
  const format = useFormats();
  const [shown, setShown] = useState<Attachment | null>(null);
  const [risky, setRisky] = useState<Attachment | null>(null);
  const files = filesOf(message);
  if (files.length === 0) return null;

  const told = (paths: readonly string[]) => {
    const [first] = paths;
    if (first === undefined) return;
    toast(t("message:attachment.saved", { count: paths.length }), {
      tone: "success",
      hint: paths.length === 1 ? first : undefined,
      ...(canReveal ? { action: { label: t("message:attachment.reveal"), perform: () => void revealPath(first) } } : {}),
    });
  };
  const save = async (file: Attachment) => {
    const path = await pickSavePath(file.filename, t("message:attachment.save"));
    if (path === null) return;
    const saved = await write("message.save_attachment", { id: message.id, part: file.part, path });
    if (saved) told(saved.paths);
  };
  const saveAll = async () => {
    const path = await pickFolder(t("message:attachment.save_all"));
    if (path === null) return;
    const saved = await write("message.save_attachment", { id: message.id, part: null, path });
    if (saved) told(saved.paths);
  };
  const openNow = async (file: Attachment) => {
    const path = await temporaryPath(file.filename);
    if (path === null) {
      globalThis.open(partUrl(message.id, file.part), "_blank", "noopener,noreferrer");
      return;
    }
    const saved = await write("message.save_attachment", { id: message.id, part: file.part, path });
    if (saved?.paths[0]) await openFile(saved.paths[0]);
  };
  const open = (file: Attachment) => {
    if (mayRun(file.filename, file.mime)) setRisky(file);
    else if (isPicture(file.mime)) setShown(file);
    else void openNow(file);
  };
  const bytes = files.reduce((sum, file) => sum + file.size, 0);

  return (
    <section aria-label={t("message:attachment.title")} className="border-t border-line px-4 py-3">
      <div className="mb-2 flex items-center gap-2 text-xs text-muted">
        <span>{t("message:attachment.count", { count: files.length })}</span>
        <span aria-hidden>·</span>
        <span>{format.bytes(bytes)}</span>
        <span className="flex-1" />
        {files.length > 1 && <Button small kind="quiet" icon={FolderDown} onPress={() => void saveAll()}>{t("message:attachment.save_all")}</Button>}
      </div>
      <ul className="flex flex-wrap gap-2">
        {files.map((file) => {
          const Icon = iconOf(file.filename, file.mime);
          const picture = isPicture(file.mime);
          return (
            <li key={file.part} className="flex h-12 max-w-full min-w-52 items-center rounded-lg border border-line bg-surface pr-1.5 hover:border-line-strong">
              <button
                type="button"
                onClick={() => open(file)}
                title={file.filename}
                className="flex h-full min-w-0 flex-1 items-center gap-2.5 rounded-lg pl-2 text-left"
              >
                <span className={clsx("inline-flex size-8 shrink-0 items-center justify-center overflow-hidden rounded-md", mayRun(file.filename, file.mime) ? "bg-warning-soft text-warning-text" : "bg-hover text-muted")}>
                  {picture ? <img src={partUrl(message.id, file.part)} alt="" loading="lazy" className="size-full object-cover" /> : <Icon size={17} aria-hidden />}
                </span>
                <span className="min-w-0">
                  <bdi className="block max-w-56 truncate text-sm">{file.filename}</bdi>
                  <span className="block text-2xs text-muted">{format.bytes(file.size)}</span>
                </span>
              </button>
              <IconButton icon={Download} label={t("message:attachment.save_named", { name: file.filename })} onPress={() => void save(file)} />
            </li>
          );
        })}
      </ul>

      <Dialog
        open={shown !== null}
        onClose={() => setShown(null)}
        title={shown?.filename ?? ""}
        size="large"
        closeLabel={t("common:close")}
        footer={
          shown && (
            <>
              <Button onPress={() => void openNow(shown)}>{t("message:attachment.open")}</Button>
              <Button kind="primary" icon={Download} onPress={() => void save(shown)}>{t("message:attachment.save")}</Button>
            </>
          )
        }
      >
        {shown && <img src={partUrl(message.id, shown.part)} alt={shown.filename} className="mx-auto max-h-[60vh] max-w-full rounded-md object-contain" />}
      </Dialog>
      <ConfirmDialog
        open={risky !== null}
        onClose={() => setRisky(null)}
        title={t("message:attachment.risky_title")}
        confirm={t("message:attachment.open_anyway")}
        cancel={t("common:cancel")}
        danger
        onConfirm={() => {
          if (risky) void openNow(risky);
        }}
      >
        <p className="selectable font-medium break-all text-text">{risky?.filename}</p>
        <p className="mt-1">{t("message:attachment.risky", { name: message.from.email })}</p>
      </ConfirmDialog>
    </section>
  );
}
