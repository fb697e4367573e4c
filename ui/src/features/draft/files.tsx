// The files of a draft.
import { LoaderCircle, X } from "lucide-react";
import { IconButton } from "../../design";
import type { DraftAttachment } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { iconOf } from "../message";

export function DraftFiles({ files, coming, onRemove }: { files: readonly DraftAttachment[]; coming: readonly string[]; onRemove: (file: DraftAttachment) => void }) {
  const t = useT();
  const format = useFormats();
  if (files.length === 0 && coming.length === 0) return null;
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  return (
    <section aria-label={t("draft:files.title")} className="border-t border-line px-4 py-2">
      <ul className="flex flex-wrap gap-1.5">
        {files.map((file) => {
          const Icon = iconOf(file.filename, file.mime);
          return (
            <li key={file.id} className="flex h-8 max-w-full items-center gap-2 rounded-md border border-line bg-sunken pl-2">
              <Icon size={15} aria-hidden className="shrink-0 text-muted" />
              <bdi className="max-w-56 truncate">{file.filename}</bdi>
              <span className="text-2xs text-muted">{format.bytes(file.size)}</span>
              <IconButton icon={X} size={13} className="size-7" label={t("common:remove_named", { name: file.filename })} onPress={() => onRemove(file)} />
            </li>
          );
        })}
        {coming.map((name, at) => (
          <li key={`${name}-${at}`} role="status" className="flex h-8 items-center gap-2 rounded-md border border-line px-2 text-muted">
            <LoaderCircle size={15} className="turn" aria-hidden />
            <bdi className="max-w-56 truncate">{name}</bdi>
            <span className="sr-only">{t("draft:files.coming")}</span>
          </li>
        ))}
      </ul>
      {files.length > 1 && <p className="pt-1 text-2xs text-muted">{t("draft:files.sum", { count: files.length, size: format.bytes(bytes) })}</p>}
    </section>
  );
}
