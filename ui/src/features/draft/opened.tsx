// Letters begun from outside of the window: the system's `mailto:` links.
import { useEffect } from "react";
import { onOpened } from "../../engine/desktop";
import { go, mailPath } from "../../shell";
import { readLink } from "../message";
import { startDraft } from "./store";

/** Draws nothing; begins a letter for each address that the system hands over. */
export function OpenedLetters() {
  useEffect(
    () =>
      onOpened((urls) => {
        for (const url of urls) {
          const link = readLink(url, "");
          if (link?.kind !== "mail") continue;
          go(mailPath());
          void startDraft({
            kind: "new",
            to: [...link.to, ...link.cc].map((email) => ({ name: "", email })),
            subject: link.subject || null,
            text: link.body || null,
          });
        }
      }),
    [],
  );
  return null;
}
