// Times to send later at.

export interface LaterChoice {
  id: "hour" | "tomorrow" | "monday";
  at: number;
}

/** Times offered now, each in the future. */
export function laterChoices(now: number): LaterChoice[] {
  const day = (days: number) => {
    const date = new Date(now);
    date.setDate(date.getDate() + days);
    date.setHours(8, 0, 0, 0);
    return date.getTime();
  };
  const toMonday = (8 - new Date(now).getDay()) % 7 || 7;
  return [
    { id: "hour", at: now + 3_600_000 },
    { id: "tomorrow", at: day(1) },
    ...(toMonday > 1 ? [{ id: "monday" as const, at: day(toMonday) }] : []),
  ];
}

/** The value of a `datetime-local` field, in local time. */
export function localField(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
