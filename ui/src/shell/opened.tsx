// What the system asks the window to open: letters by their `mailto:` links, bases by their files.
import { useEffect } from "react";
import { onOpened } from "../engine/desktop";
import { openBase } from "../features/base/open-base";
import { openLetter } from "../features/draft";
import { useT } from "../i18n";

/** Draws nothing. */
export function Opened() {
  const t = useT();
  useEffect(
    () =>
      onOpened((asked) => {
        for (const one of asked) {
          if (one.startsWith("mailto:")) openLetter(one);
          else void openBase({ path: one, bytes: null }, t);
        }
      }),
    [t],
  );
  return null;
}
