// Letters begun from outside of the window: the system's `mailto:` links.
import { go, mailPath } from "../../shell";
import { readLink } from "../message";
import { startDraft } from "./store";

/** Begins a letter as an address asks for that the system hands over. */
export function openLetter(url: string): void {
  const link = readLink(url, "");
  if (link?.kind !== "mail") return;
  go(mailPath());
  void startDraft({
    kind: "new",
    to: [...link.to, ...link.cc].map((email) => ({ name: "", email })),
    subject: link.subject || null,
    text: link.body || null,
  });
}
