// Acts that the servers do not know of yet, and those they refused.
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { useRead } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { ErrorBox } from "../../shell";

export function PendingChanges() {
  const t = useT();
  const format = useFormats();
  const [open, setOpen] = useState(false);
  const pending = useRead("operation.pending", {}).data ?? [];
  if (pending.length === 0) return null;
  const refused = pending.filter((one) => one.refused !== null);
  return (
    <div className="border-b border-line bg-sunken">
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} className="flex min-h-9 w-full items-center gap-2 px-4 text-left text-sm hover:bg-hover">
        <ChevronRight size={14} aria-hidden className={open ? "rotate-90" : ""} />
        <span className="flex-1">{t("submission:changes.title")}</span>
        {refused.length > 0 && <span className="text-danger-text">{format.number(refused.length)} {t("submission:changes.refused")}</span>}
        <span className="text-muted">{t("submission:changes.count", { count: pending.length - refused.length })}</span>
      </button>
      {open && (
        <ul className="max-h-64 divide-y divide-line overflow-y-auto border-t border-line">
          {pending.map((one) => (
            <li key={one.id} className="px-4 py-2 text-sm">
              <p className="flex gap-3">
                <span className="min-w-0 flex-1 truncate">{one.subject || t("submission:no_subject")}</span>
                <span className="font-mono text-xs text-muted">{one.kind}</span>
                <span className="text-xs text-muted">{format.when(one.created_at)}</span>
              </p>
              {one.refused && <div className="mt-1"><ErrorBox error={one.refused} /></div>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
