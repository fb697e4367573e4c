// A day, typed part by part as the language writes it.
import { CalendarDate, type DateValue } from "@internationalized/date";
import { clsx } from "clsx";
import type { ReactNode } from "react";
import { DateField, DateInput, DateSegment, Label, Text } from "react-aria-components";

export function DayField({ label, hint, value, onChange, minValue, maxValue, className }: {
  label: string;
  hint?: ReactNode;
  value: CalendarDate | null;
  /** Null while a part is missing. */
  onChange: (day: CalendarDate | null) => void;
  minValue?: DateValue;
  maxValue?: DateValue;
  className?: string;
}) {
  return (
    <DateField
      value={value}
      minValue={minValue}
      maxValue={maxValue}
      onChange={(day) => onChange(day && new CalendarDate(day.year, day.month, day.day))}
      className={clsx("block", className)}
    >
      <Label className="mb-1 block text-xs font-medium text-muted">{label}</Label>
      <DateInput className="field inline-flex items-center px-2">
        {(segment) => <DateSegment segment={segment} className="rounded-xs px-0.5 py-1 tabular-nums outline-none data-focused:bg-accent data-focused:text-on-accent data-placeholder:text-faint" />}
      </DateInput>
      {hint && <Text slot="description" className="mt-1 block text-xs text-muted">{hint}</Text>}
    </DateField>
  );
}
