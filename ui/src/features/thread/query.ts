// The operators of a search, as chips show them.

export interface QueryPart {
  /** As it stands in the search. */
  text: string;
  /** `from`, `has`, …; null for plain words. */
  operator: string | null;
  value: string;
  not: boolean;
}

/** Operators that the engine knows, in the order they are offered. */
export const operators = ["from", "to", "subject", "has", "is", "in", "before", "after", "larger"] as const;
export type Operator = (typeof operators)[number];

/** Ready-made parts offered for operators with few values. */
export const readyParts: readonly string[] = ["is:unread", "is:starred", "has:attachment"];

/** Splits a search into its parts; text between quotes stays together. */
export function queryParts(query: string): QueryPart[] {
  const parts = query.match(/-?(?:[\p{L}]+:)?(?:"[^"]*"?|[^\s"]+)+/gu) ?? [];
  return parts.map((text) => {
    const not = text.startsWith("-");
    const found = /^-?([\p{L}]+):(.*)$/su.exec(text);
    const operator = found?.[1]?.toLowerCase() ?? null;
    const known = operator !== null && [...operators, "cc", "filename", "smaller", "older", "newer"].includes(operator);
    return known ? { text, operator, value: (found?.[2] ?? "").replaceAll('"', ""), not } : { text, operator: null, value: text, not };
  });
}

/** The search without one of its parts. */
export function withoutPart(query: string, index: number): string {
  return queryParts(query)
    .filter((_, at) => at !== index)
    .map((part) => part.text)
    .join(" ");
}
