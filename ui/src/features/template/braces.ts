// `{Column}` in text: where one is being typed, and which of those that stand there name no column.

export interface OpenBrace {
  /** Place of the brace. */
  from: number;
  /** What stands between it and the cursor. */
  query: string;
}

/** The brace that the cursor stands behind, still without its end; null where there is none. */
export function openBrace(text: string, cursor: number): OpenBrace | null {
  const before = text.slice(0, cursor);
  const from = before.lastIndexOf("{");
  if (from < 0) return null;
  const query = before.slice(from + 1);
  return /[{}\n`]/.test(query) || query.length > 60 ? null : { from, query };
}

/** The text with the column quoted at the brace, and where the cursor then stands. */
export function withColumn(text: string, cursor: number, brace: OpenBrace, name: string): { text: string; cursor: number } {
  const rest = text.slice(cursor);
  const quoted = `{${name}}`;
  return { text: text.slice(0, brace.from) + quoted + (rest.startsWith("}") ? rest.slice(1) : rest), cursor: brace.from + quoted.length };
}

export interface Quote {
  from: number;
  to: number;
  name: string;
}

/** Every simple `{Column}` of a text; what has a filter or a dot is the engine's to judge. */
export function quotesIn(text: string): Quote[] {
  return [...text.matchAll(/\{([^{}`\n|%#]+)\}/g)].map((found) => ({ from: found.index, to: found.index + found[0].length, name: (found[1] ?? "").trim() }));
}

const fold = (text: string) => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** Columns that a typed beginning can mean: those that start with it first. */
export function matching<C extends { name: string }>(columns: readonly C[], query: string): C[] {
  const wanted = fold(query.trim());
  return columns
    .filter((column) => fold(column.name).includes(wanted))
    .toSorted((a, b) => Number(!fold(a.name).startsWith(wanted)) - Number(!fold(b.name).startsWith(wanted)))
    .slice(0, 8);
}
