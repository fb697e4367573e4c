// The words of a language are loaded when it is first spoken: nobody pays for four that they never see.
// English is always there, and says what a language lacks.
import type { Language, Tree } from "./catalogue";

/** A sentence of the engine; where it counts, its plural forms. */
export type Said = string | { [form in Intl.LDMLPluralRule]?: string };

/** What one language is made of, by the paths of its files. */
export interface Files {
  messages: Record<string, Tree>;
  sentences: Record<string, Record<string, Said>>;
}

export interface Words {
  /** Messages of the window, by noun. */
  messages: Record<string, Tree>;
  /** Sentences of the engine, by their English template. */
  sentences: Map<string, Said>;
}

const files: Record<Exclude<Language, "en">, () => Promise<Files>> = {
  de: () => import("./words/de"),
  uk: () => import("./words/uk"),
  pl: () => import("./words/pl"),
  ru: () => import("./words/ru"),
};

/** Loads the words of a language other than English. */
export async function loadWords(language: Exclude<Language, "en">): Promise<Words> {
  const { messages, sentences } = await files[language]();
  return {
    messages: Object.fromEntries(Object.entries(messages).map(([path, tree]) => [path.slice(path.lastIndexOf("/") + 1, -".json".length), tree])),
    sentences: new Map(Object.values(sentences).flatMap((of) => Object.entries(of))),
  };
}
