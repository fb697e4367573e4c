// The files of one cell: looked at, added by choosing, dropping or pasting, opened, saved, renamed, put in
// order, removed. What is done is written at once; undo takes it back.
import { clsx } from "clsx";
import { ArrowDown, ArrowUp, Download, FolderDown, MoreHorizontal, Paperclip, Pencil, Trash2 } from "lucide-react";
import { useCallback, useEffect, useId, useRef, useState } from "react";
import { Button, ConfirmDialog, Dialog, IconButton, Menu, TextField, toast } from "../../design";
import { write, type Column, type RecordId } from "../../engine";
import { canReveal, fileBytes, onFilesDropped, openFile, pickFiles, pickFolder, pickSavePath, revealPath, temporaryPath, type PickedFile } from "../../engine/desktop";
import { useFormats, useT } from "../../i18n";
import { iconOf, mayRun } from "../message/file-kind";
import { useFileTarget } from "./file-target";
import { cellOf, filesOf, moved, renamed, type CellFile } from "./files";
import { Thumbnail } from "./thumbnail";

export interface FilesPanelProps {
  column: Column;
  value: unknown;
  /** The record of the cell; null while it is not made yet. */
  record: RecordId | null;
  /** The cell as it is now. */
  onChange: (value: unknown) => void;
  /** The engine wrote the cell itself. */
  onAdded?: (() => void) | undefined;
  autoFocus?: boolean;
}

export const pictureFilter = ["png", "jpg", "jpeg", "gif", "webp", "avif", "bmp"];

export function FilesPanel({ column, value, record, onChange, onAdded, autoFocus = false }: FilesPanelProps) {
  const t = useT();
  const format = useFormats();
  const id = useId();
  const { base, table, add: addFiles } = useFileTarget(column, record);
  const editable = column.type === "file" || column.type === "image";
  const given = JSON.stringify(value ?? null);
  const [files, setFiles] = useState(() => filesOf(value, base));
  useEffect(() => setFiles(filesOf(JSON.parse(given) as unknown, base)), [given, base]);
  const [busy, setBusy] = useState(false);
  const [naming, setNaming] = useState<{ at: number; name: string } | null>(null);
  const [shown, setShown] = useState<number | null>(null);
  const [risky, setRisky] = useState<number | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (autoFocus) box.current?.focus({ preventScroll: true });
  }, [autoFocus]);

  const put = (next: CellFile[]) => {
    setFiles(next);
    onChange(cellOf(next));
  };
  const add = useCallback(
    async (picked: readonly PickedFile[]) => {
      if (picked.length === 0) return;
      setBusy(true);
      const added = await addFiles({ paths: picked.flatMap((one) => one.path ?? []), bytes: picked.flatMap((one) => one.bytes ?? []) });
      setBusy(false);
      if (!added) return;
      const next = [...filesOf(JSON.parse(given) as unknown, base), ...filesOf(added, base)];
      setFiles((now) => [...now, ...filesOf(added, base)]);
      if (record === null) onChange(cellOf(next));
      else onAdded?.();
    },
    [addFiles, base, record, given, onChange, onAdded],
  );
  const pick = async () => add(await pickFiles({ multiple: true, title: t("file:choose"), ...(column.type === "image" ? { filters: [{ name: t("file:pictures"), extensions: pictureFilter }] } : {}) }));
  useEffect(() => {
    if (!editable) return undefined;
    return onFilesDropped((dropped, at) => {
      if (document.elementFromPoint(at.x, at.y)?.closest("[data-takes-files]") === box.current) void add(dropped);
    });
  }, [add, editable]);

  const at = { base: base ?? "", table: table ?? 0, column: column.id, record: record ?? 0 };
  const canSave = base !== undefined && table !== undefined && record !== null;
  const told = (paths: readonly string[]) => {
    const [first] = paths;
    if (first === undefined) return;
    toast(t("file:saved", { count: paths.length }), { tone: "success", hint: paths.length === 1 ? first : undefined, ...(canReveal ? { action: { label: t("file:reveal"), perform: () => void revealPath(first) } } : {}) });
  };
  const save = async (index: number) => {
    const path = await pickSavePath((files[index]?.name ?? "").replaceAll(/[/\\]/g, "_"), t("file:save"));
    const saved = path === null ? null : await write("file.save", { ...at, file: index, path });
    if (saved) told(saved.paths);
  };
  const saveAll = async () => {
    const path = await pickFolder(t("file:save_all"));
    const saved = path === null ? null : await write("file.save", { ...at, file: null, path });
    if (saved) told(saved.paths);
  };
  const openNow = async (index: number) => {
    // The folder alone: the engine gives the file a safe name in it.
    const folder = canSave ? await temporaryPath("") : null;
    if (folder === null) {
      globalThis.open(files[index]?.url, "_blank", "noopener,noreferrer");
      return;
    }
    const saved = await write("file.save", { ...at, file: index, path: folder });
    if (saved?.paths[0]) await openFile(saved.paths[0]);
  };
  const open = (index: number) => {
    const file = files[index];
    if (!file || file.url === "") return;
    if (file.picture) setShown(index);
    else if (mayRun(file.name, "")) setRisky(index);
    else void openNow(index);
  };
  const name = (file: CellFile) => file.name || t("file:untitled");
  const picture = shown === null ? undefined : files[shown];
  const pictures = files.flatMap((file, index) => (file.picture ? [index] : []));
  const stepTo = (by: 1 | -1) => shown !== null && setShown(pictures[(pictures.indexOf(shown) + by + pictures.length) % pictures.length] ?? shown);

  return (
    // oxlint-disable-next-line no-noninteractive-tabindex -- takes what is pasted
    <div
      ref={box}
      role="group"
      aria-label={column.name}
      aria-busy={busy}
      tabIndex={editable ? 0 : undefined}
      data-takes-files={editable ? "" : undefined}
      className="flex flex-col gap-1 rounded-md"
      onPaste={(event) => {
        const pasted = [...event.clipboardData.files];
        if (!editable || pasted.length === 0) return;
        event.preventDefault();
        event.stopPropagation();
        void Promise.all(pasted.map(async (file): Promise<PickedFile> => ({ path: null, bytes: await fileBytes(file) }))).then(add);
      }}
    >
      {files.length > 0 && (
        <ul aria-label={t("file:count", { count: files.length })} className="flex max-h-72 flex-col gap-1 overflow-y-auto">
          {files.map((file, index) => {
            const Icon = iconOf(file.name, "");
            return (
              <li key={`${file.hash ?? file.name}-${index}`} className="flex min-h-10 items-center gap-1 rounded-md border border-line bg-surface pr-1">
                {naming?.at === index ? (
                  <form
                    className="flex min-w-0 flex-1 items-center gap-1 p-1"
                    onSubmit={(event) => {
                      event.preventDefault();
                      const next = naming.name.trim();
                      setNaming(null);
                      if (next !== "" && next !== file.name) put(files.map((one, each) => (each === index ? renamed(one, next, base) : one)));
                      box.current?.focus();
                    }}
                  >
                    <TextField
                      aria-label={t("file:name")}
                      className="min-w-0 flex-1"
                      value={naming.name}
                      autoFocus
                      onChange={(next) => setNaming({ at: index, name: next })}
                      onKeyDown={(event) => {
                        if (event.key !== "Escape") return;
                        event.preventDefault();
                        event.stopPropagation();
                        setNaming(null);
                        box.current?.focus();
                      }}
                    />
                    <Button small type="submit">{t("common:save")}</Button>
                  </form>
                ) : (
                  <>
                    <button type="button" disabled={file.url === ""} title={file.url === "" ? t("file:elsewhere") : file.name} aria-label={t("file:open_named", { name: name(file) })} onClick={() => open(index)} className="flex h-full min-w-0 flex-1 items-center gap-2 rounded-md p-1 text-left enabled:hover:bg-hover">
                      <span className={clsx("inline-flex size-8 shrink-0 items-center justify-center overflow-hidden rounded-md", mayRun(file.name, "") ? "bg-warning-soft text-warning-text" : "bg-sunken text-muted")}>
                        {file.picture ? <Thumbnail file={file} size="cell" alt="" sign={16} className="size-full" /> : <Icon size={16} aria-hidden />}
                      </span>
                      <span className="min-w-0">
                        <bdi className="block truncate text-sm">{name(file)}</bdi>
                        <span className="block truncate text-2xs text-muted">{file.size !== null ? format.bytes(file.size) : file.hash === null ? t("file:elsewhere") : ""}</span>
                      </span>
                    </button>
                    <Menu
                      label={t("file:menu", { name: name(file) })}
                      trigger={<IconButton icon={MoreHorizontal} label={t("file:menu", { name: name(file) })} />}
                      groups={[
                        { items: [{ id: "save", label: t("file:save"), icon: Download, disabled: !canSave || file.hash === null, perform: () => void save(index) }] },
                        ...(editable
                          ? [
                              {
                                items: [
                                  { id: "rename", label: t("file:rename"), icon: Pencil, perform: () => setNaming({ at: index, name: file.name }) },
                                  { id: "up", label: t("column:option.up"), icon: ArrowUp, disabled: index === 0, perform: () => put(moved(files, index, -1)) },
                                  { id: "down", label: t("column:option.down"), icon: ArrowDown, disabled: index === files.length - 1, perform: () => put(moved(files, index, 1)) },
                                ],
                              },
                              { items: [{ id: "remove", label: t("file:remove"), icon: Trash2, danger: true, perform: () => put(files.toSpliced(index, 1)) }] },
                            ]
                          : []),
                      ]}
                    />
                  </>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {files.length === 0 && !editable && <span className="text-faint">—</span>}
      <div className="flex flex-wrap items-center gap-1">
        {editable && <Button small icon={Paperclip} busy={busy} aria-describedby={`${id}-hint`} onPress={() => void pick()}>{t(column.type === "image" ? "file:add_pictures" : "file:add")}</Button>}
        {files.length > 1 && canSave && <Button small kind="quiet" icon={FolderDown} onPress={() => void saveAll()}>{t("file:save_all")}</Button>}
      </div>
      {editable && <p id={`${id}-hint`} className="text-xs text-muted">{t("file:hint")}</p>}

      <Dialog
        open={picture !== undefined}
        onClose={() => setShown(null)}
        title={picture ? name(picture) : ""}
        size="large"
        closeLabel={t("common:close")}
        footer={
          picture && shown !== null && (
            <>
              {pictures.length > 1 && (
                <>
                  <Button onPress={() => stepTo(-1)}>{t("file:previous")}</Button>
                  <Button onPress={() => stepTo(1)}>{t("file:next")}</Button>
                  <span className="flex-1" />
                </>
              )}
              <Button onPress={() => void openNow(shown)}>{t("file:open")}</Button>
              <Button kind="primary" icon={Download} isDisabled={!canSave} onPress={() => void save(shown)}>{t("file:save")}</Button>
            </>
          )
        }
      >
        {picture && <img src={picture.url} alt={name(picture)} className="mx-auto max-h-[60vh] max-w-full rounded-md object-contain" />}
      </Dialog>
      <ConfirmDialog open={risky !== null} onClose={() => setRisky(null)} title={t("file:risky_title")} confirm={t("file:open_anyway")} cancel={t("common:cancel")} danger onConfirm={() => {
        if (risky !== null) void openNow(risky);
      }}>
        <p className="selectable font-medium break-all text-text">{risky !== null && files[risky]?.name}</p>
        <p className="mt-1">{t("file:risky")}</p>
      </ConfirmDialog>
    </div>
  );
}
