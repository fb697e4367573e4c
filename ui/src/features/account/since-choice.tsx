// From when on mail is fetched.
import { CalendarDate, getLocalTimeZone, today } from "@internationalized/date";
import { DayField, Select } from "../../design";
import { useT } from "../../i18n";

export type SinceKind = "all" | "year" | "month" | "date";
export interface Since {
  kind: SinceKind;
  /** The day, where one was chosen. */
  day: CalendarDate;
}

export function sinceOf(at: number | null): Since {
  const day = today(getLocalTimeZone()).subtract({ months: 3 });
  if (at === null) return { kind: "all", day };
  const date = new Date(at);
  return { kind: "date", day: new CalendarDate(date.getFullYear(), date.getMonth() + 1, date.getDate()) };
}

/** Begin of the day in this place, ms UTC; null is everything. */
export function sinceAt({ kind, day }: Since): number | null {
  const zone = getLocalTimeZone();
  if (kind === "all") return null;
  if (kind === "year") return today(zone).subtract({ years: 1 }).toDate(zone).getTime();
  if (kind === "month") return today(zone).subtract({ months: 1 }).toDate(zone).getTime();
  return day.toDate(zone).getTime();
}

export function SinceChoice({ value, onChange }: { value: Since; onChange: (value: Since) => void }) {
  const t = useT();
  return (
    <div className="flex flex-wrap items-start gap-2">
      <Select<SinceKind>
        label={t("account:since.label")}
        className="min-w-52 flex-1"
        value={value.kind}
        options={(["all", "year", "month", "date"] as const).map((kind) => ({ value: kind, label: t(`account:since.${kind}`) }))}
        onChange={(kind) => onChange({ ...value, kind })}
        hint={value.kind === "all" ? undefined : t("account:since.hint")}
      />
      {value.kind === "date" && (
        <DayField label={t("account:since.day")} value={value.day} maxValue={today(getLocalTimeZone())} onChange={(day) => day && onChange({ ...value, day })} />
      )}
    </div>
  );
}
