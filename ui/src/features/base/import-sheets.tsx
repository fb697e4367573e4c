// The tables of a workbook or of another base: which are taken, and which one is shown.
import { clsx } from "clsx";
import { Checkbox } from "../../design";
import type { PreviewTable } from "../../engine";
import { useT } from "../../i18n";

export interface ImportSheetsProps {
  tables: readonly PreviewTable[];
  shown: number;
  /** Those to import; left out where only the shown one can be. */
  taken?: ReadonlySet<number>;
  onShow: (at: number) => void;
  onTake?: (taken: ReadonlySet<number>) => void;
}

export function ImportSheets({ tables, shown, taken, onShow, onTake }: ImportSheetsProps) {
  const t = useT();
  return (
    <ul aria-label={t("exchange:sheets")} className="flex max-h-28 flex-wrap gap-1 overflow-y-auto">
      {tables.map((table, at) => {
        const name = table.name || t("exchange:sheet", { n: at + 1 });
        return (
          <li key={at} className={clsx("inline-flex h-8 items-center gap-1 rounded-md border px-2 text-sm", at === shown ? "border-line-strong bg-selected" : "border-line")}>
            {taken && onTake && (
              <Checkbox
                aria-label={t("exchange:sheet_take", { name })}
                isSelected={taken.has(at)}
                onChange={(on) => {
                  const next = new Set(taken);
                  if (on) next.add(at);
                  else next.delete(at);
                  onTake(next);
                }}
              />
            )}
            <button type="button" aria-pressed={at === shown} aria-label={t("exchange:sheet_look", { name })} onClick={() => onShow(at)} className="h-full max-w-52 truncate">
              {name} <span className="text-xs text-muted">{t("exchange:progress", { count: table.total })}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
