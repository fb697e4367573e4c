// A month to choose a day from.
import { CalendarDate } from "@internationalized/date";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { Button, Calendar, CalendarCell, CalendarGrid, Heading, I18nProvider } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useT } from "../../i18n";
import { readDate } from "./show";

const two = (n: number) => String(n).padStart(2, "0");

/** `onPick` gets `YYYY-MM-DD`. */
export function MonthPicker({ value, onPick }: { value: unknown; onPick: (day: string) => void }) {
  const t = useT();
  const { i18n } = useTranslation();
  const at = readDate(value);
  const arrow = "inline-flex size-7 items-center justify-center rounded-md text-muted data-hovered:bg-hover data-hovered:text-text";
  return (
    <I18nProvider locale={i18n.language}>
      <Calendar
        aria-label={t("column:pick_day")}
        defaultValue={at ? new CalendarDate(at.year, at.month, at.day) : null}
        onChange={(day) => onPick(`${String(day.year).padStart(4, "0")}-${two(day.month)}-${two(day.day)}`)}
        className="w-60 p-2"
      >
        <header className="flex items-center gap-1 pb-1">
          <Button slot="previous" className={arrow}><ChevronLeft size={15} aria-hidden /></Button>
          <Heading className="flex-1 text-center text-sm font-medium" />
          <Button slot="next" className={arrow}><ChevronRight size={15} aria-hidden /></Button>
        </header>
        <CalendarGrid className="w-full text-center text-xs">
          {(day) => (
            <CalendarCell
              date={day}
              className="mx-auto inline-flex size-7 items-center justify-center rounded-md outline-none data-hovered:bg-hover data-selected:bg-accent data-selected:text-on-accent data-outside-month:text-faint data-outside-month:opacity-50 data-focus-visible:outline-2 data-focus-visible:outline-focus"
            />
          )}
        </CalendarGrid>
      </Calendar>
    </I18nProvider>
  );
}
