// Days, weeks, months, quarters and years as the engine names them and as people read them.

/** A date axis as people read it; the engine names days, months and years as ISO 8601 does. */
export function dateLabel(label: string, language: string): string {
  const found = /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(label);
  if (!found) return label;
  const [, year, month, day] = found;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1));
  return new Intl.DateTimeFormat(language, day === undefined ? { month: "short", year: "numeric", timeZone: "UTC" } : { day: "2-digit", month: "2-digit", year: "numeric", timeZone: "UTC" }).format(at);
}
