// What a formula can go on with at the cursor: columns after a brace, functions after a letter.
import type { Column, FormulaFunction } from "../../engine";

export interface Completion {
  kind: "column" | "function";
  /** What is shown. */
  label: string;
  hint: string;
  /** Put in the place of what was typed of it. */
  text: string;
  /** Where the cursor goes, from the beginning of `text`. */
  cursor: number;
}

export interface Completing {
  /** From here to the cursor it was typed already. */
  from: number;
  choices: Completion[];
}

const MOST = 50;
const fold = (text: string) => text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** True where the place lies within quotes. */
function inText(before: string): boolean {
  let quote = "";
  for (const char of before) {
    if (quote === "" && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = "";
  }
  return quote !== "";
}

export function completionsAt(formula: string, cursor: number, columns: readonly Column[], functions: readonly FormulaFunction[]): Completing | null {
  const before = formula.slice(0, cursor);
  const brace = /\{([^{}]*)$/.exec(before);
  const after = formula.slice(cursor);
  if (brace) {
    const typed = fold(brace[1] ?? "");
    const closed = /^[^{}]*\}/.exec(after)?.[0].length ?? 0;
    const choices = columns
      .filter((column) => fold(column.name).includes(typed))
      .toSorted((a, b) => Number(!fold(a.name).startsWith(typed)) - Number(!fold(b.name).startsWith(typed)))
      .slice(0, MOST)
      .map((column): Completion => ({ kind: "column", label: column.name, hint: column.type, text: closed > 0 ? `{${column.name}` : `{${column.name}}`, cursor: column.name.length + 2 }));
    return choices.length === 0 ? null : { from: brace.index, choices };
  }
  const word = /[A-Za-z_][A-Za-z0-9_]*$/.exec(before);
  if (!word || inText(before.slice(0, word.index))) return null;
  const typed = word[0].toLowerCase();
  const open = after.startsWith("(");
  const choices = functions
    .filter((one) => one.name.toLowerCase().startsWith(typed))
    .slice(0, MOST)
    .map((one): Completion => ({ kind: "function", label: one.name, hint: one.signature, text: open ? one.name : `${one.name}(${one.signature.endsWith("()") ? ")" : ""}`, cursor: one.name.length + (open ? 1 : one.signature.endsWith("()") ? 2 : 1) }));
  return choices.length === 0 || (choices.length === 1 && choices[0]?.label.toLowerCase() === typed && open) ? null : { from: word.index, choices };
}

/** The formula around a mistake: what stands before it, the sign itself, and the rest. */
export function aroundMistake(formula: string, at: number): [string, string, string] {
  // The engine counts characters, not UTF-16 units.
  const chars = [...formula];
  const place = Math.max(0, Math.min(at, chars.length));
  return [chars.slice(Math.max(0, place - 40), place).join(""), chars[place] ?? "", chars.slice(place + 1, place + 30).join("")];
}
