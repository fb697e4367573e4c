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

/** The words of a search that stand in subjects, names and texts: plain ones and those of `from:` and the like. */
export function litWords(query: string): string[] {
  const inText = new Set([null, "from", "to", "cc", "subject"]);
  return queryParts(query)
    .filter((part) => !part.not && inText.has(part.operator) && part.value !== "OR")
    .flatMap((part) => part.value.replaceAll('"', "").split(/\s+/))
    .filter((word) => word.length > 1);
}

/** A text cut at the words: every second piece is one of them. Words match where they begin. */
export function cutAtWords(text: string, words: readonly string[]): string[] {
  if (words.length === 0 || text === "") return [text];
  const any = words.map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|");
  return text.split(new RegExp(`(?<![\\p{L}\\p{N}])(${any})`, "giu"));
}
