// Following a link of a letter: the browser at once, or a question first where the link pretends.
import { useState, type ReactNode } from "react";
import { ConfirmDialog, toast } from "../../design";
import { useT } from "../../i18n";
import { openLink } from "../../engine/desktop";
import type { LetterLink } from "./link";

export interface FollowLink {
  follow: (link: LetterLink | null, href: string) => void;
  /** To be drawn by whoever follows. */
  dialog: ReactNode;
}

/** `onMail` gets the links that write a letter. */
export function useFollowLink(onMail: (link: LetterLink & { kind: "mail" }) => void): FollowLink {
  const t = useT();
  const [asked, setAsked] = useState<(LetterLink & { kind: "web" }) | null>(null);
  const follow = (link: LetterLink | null, href: string) => {
    if (!link) {
      // Jumps inside of the letter have nothing to open.
      if (!href.startsWith("#")) toast(t("message:link.refused"), { hint: href.slice(0, 120) });
    } else if (link.kind === "mail") onMail(link);
    else if (link.kind === "phone") void openLink(link.url);
    else if (link.deceptive) setAsked(link);
    else void openLink(link.url);
  };
  const dialog = (
    <ConfirmDialog
      open={asked !== null}
      onClose={() => setAsked(null)}
      title={t("message:link.title")}
      confirm={t("message:link.open", { host: asked?.host ?? "" })}
      cancel={t("common:cancel")}
      danger
      onConfirm={() => {
        if (asked) void openLink(asked.url);
      }}
    >
      <p>{t("message:link.text", { text: asked?.text.slice(0, 80) ?? "" })}</p>
      <p className="selectable my-2 text-base font-semibold break-all text-text">{asked?.host}</p>
      <p className="selectable max-h-24 overflow-auto rounded-md bg-sunken p-2 font-mono text-xs break-all">{asked?.url}</p>
    </ConfirmDialog>
  );
  return { follow, dialog };
}
