// How well a text answers a query: whole words before word beginnings, those before letters in order.

const fold = (text: string) => text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** 0 is no match; at least 1 where each word of the query begins a word or stands inside of the text. */
export function score(query: string, text: string): number {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return 1;
  const hay = fold(text);
  const starts = hay.split(/[\s/·.,:;()"„“«»-]+/);
  let sum = 0;
  for (const word of words) {
    if (hay.startsWith(word)) sum += 4;
    else if (starts.some((start) => start.startsWith(word))) sum += 3;
    else if (hay.includes(word)) sum += 2;
    else if (word.length > 1 && inOrder(word, hay)) sum += 0.5;
    else return 0;
  }
  return sum / words.length;
}

function inOrder(letters: string, text: string): boolean {
  let from = 0;
  for (const letter of letters) {
    const at = text.indexOf(letter, from);
    if (at < 0) return false;
    from = at + 1;
  }
  return true;
}
