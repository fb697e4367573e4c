// The letter that is answered or forwarded: folded, shown in its own frame, quoted below if ticked.
import { ChevronRight } from "lucide-react";
import { clsx } from "clsx";
import { useState } from "react";
import { Checkbox } from "../../design";
import { useRead, type MessageId } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { LetterBody, nameOf, useFollowLink } from "../message";

export function Original({ message, quote, onQuote }: { message: MessageId; quote: boolean; onQuote: (quote: boolean) => void }) {
  const t = useT();
  const format = useFormats();
  const [open, setOpen] = useState(false);
  const { data } = useRead("message.get", { id: message });
  const { follow, dialog } = useFollowLink(() => {});
  if (!data) return null;
  return (
    <section aria-label={t("draft:original.title")} className="mx-4 mb-3 rounded-lg border border-line">
      <div className="flex flex-wrap items-center gap-x-3 px-2">
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} className="flex h-8 min-w-0 flex-1 items-center gap-1.5 text-left text-xs text-muted hover:text-text">
          <ChevronRight size={14} aria-hidden className={clsx("shrink-0 transition-transform duration-75", open && "rotate-90")} />
          <span className="truncate">{t("draft:original.of", { name: nameOf(data.from), time: format.dateTime(data.date_at) })}</span>
        </button>
        <Checkbox isSelected={quote} onChange={onQuote} className="text-xs">{t("draft:original.quote")}</Checkbox>
      </div>
      {open && (
        <div className="max-h-96 overflow-auto border-t border-line">
          <LetterBody message={data} dark={false} onLink={follow} />
        </div>
      )}
      {dialog}
    </section>
  );
}
