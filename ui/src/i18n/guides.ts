// Long texts that are read once: step-by-step guides and answers. They stay out of the message catalogue
// and are loaded when somebody opens one. guides.test.ts holds the languages to each other.
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { chosenLanguage, type Language } from "./index";

/** A part of a guide. In its lines `**name**` is what stands on a button, and `` `text` `` what is typed. */
export interface GuidePart {
  title: string;
  lines: string[];
  /** Something to know besides. */
  note?: string;
}

export interface Guide {
  title: string;
  intro: string[];
  /** In the order in which they are shown. */
  parts: Record<string, GuidePart>;
}

export const guideNames = ["google", "microsoft", "other", "faq"] as const;
export type GuideName = (typeof guideNames)[number];

const files = import.meta.glob<Guide>("./guides/*/*.json", { import: "default" });

/** Loads a guide in a language. */
export async function loadGuide(name: GuideName, language: Language): Promise<Guide> {
  const load = files[`./guides/${language}/${name}.json`];
  if (!load) throw new Error(`no guide ${name} in ${language}`);
  return load();
}

/** A guide in the window's language; null while it is loaded. */
export function useGuide(name: GuideName): Guide | null {
  const { i18n } = useTranslation();
  const language = chosenLanguage(i18n.language);
  const [loaded, setLoaded] = useState<{ name: GuideName; language: Language; guide: Guide } | null>(null);
  useEffect(() => {
    let left = false;
    void loadGuide(name, language).then((guide) => !left && setLoaded({ name, language, guide }));
    return () => {
      left = true;
    };
  }, [name, language]);
  return loaded && loaded.name === name && loaded.language === language ? loaded.guide : null;
}
