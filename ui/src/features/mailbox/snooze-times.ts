// Times to put a conversation off to.

export interface SnoozeChoice {
  id: "today" | "tomorrow" | "weekend" | "week";
  at: number;
}

/** Hour of the day at which a day begins. */
const MORNING = 8;
/** Later today is so many hours from now, and not after this hour. */
const LATER_HOURS = 3;
const EVENING = 21;

/** Times offered now, each in the future and none twice. */
export function snoozeChoices(now: number): SnoozeChoice[] {
  const today = new Date(now);
  const weekday = today.getDay();
  const morning = (days: number) => new Date(today.getFullYear(), today.getMonth(), today.getDate() + days, MORNING).getTime();
  // A quarter of an hour is as exact as anybody means it.
  const later = new Date(now);
  later.setHours(today.getHours() + LATER_HOURS, Math.ceil(today.getMinutes() / 15) * 15, 0, 0);
  const fits = later.getDate() === today.getDate() && later.getHours() < EVENING;
  const toSaturday = 6 - weekday;
  const toMonday = (8 - weekday) % 7 || 7;
  return [
    ...(fits ? [{ id: "today" as const, at: later.getTime() }] : []),
    { id: "tomorrow", at: morning(1) },
    ...(weekday >= 1 && toSaturday > 1 ? [{ id: "weekend" as const, at: morning(toSaturday) }] : []),
    ...(toMonday > 1 ? [{ id: "week" as const, at: morning(toMonday) }] : []),
  ];
}
