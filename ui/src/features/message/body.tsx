// The body of a letter: a frame of its own opaque origin, served by the engine, sized by what it tells.
import { clsx } from "clsx";
import { useEffect, useRef, useState } from "react";
import { Skeleton } from "../../design";
import { bodyUrl, type Message } from "../../engine";
import { useT } from "../../i18n";
import { forwardKey } from "../../shell";
import { readFrameMessage } from "./frame-message";
import { readLink, type LetterLink } from "./link";

/** A frame that is loaded and tells nothing by then holds an error, not a letter: it is shown as it is, ms. */
const SILENT_MS = 600;
const SILENT_PX = 160;

export interface LetterBodyProps {
  message: Message;
  dark: boolean;
  onLink: (link: LetterLink | null, href: string) => void;
  /** The letter is on screen. */
  onShown?: () => void;
  /** Text of it is selected. */
  onSelecting?: (active: boolean) => void;
  onHover?: (href: string) => void;
  onFocus?: () => void;
}

export function LetterBody({ message, dark, onLink, onShown, onSelecting, onHover, onFocus }: LetterBodyProps) {
  const t = useT();
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState<number | null>(null);
  const latest = useRef({ onLink, onShown, onSelecting, onHover, onFocus });
  useEffect(() => {
    latest.current = { onLink, onShown, onSelecting, onHover, onFocus };
  });

  useEffect(() => {
    const listen = (event: MessageEvent<unknown>) => {
      const told = readFrameMessage(event, frame.current?.contentWindow);
      if (!told) return;
      const to = latest.current;
      switch (told.kind) {
        case "height":
          setHeight(told.height);
          break;
        case "shown":
          to.onShown?.();
          break;
        case "focus":
          to.onFocus?.();
          break;
        case "selection":
          to.onSelecting?.(told.active);
          break;
        case "hover":
          to.onHover?.(told.href);
          break;
        case "link":
          to.onLink(readLink(told.href, told.text), told.href);
          break;
        case "key":
          forwardKey(told);
          break;
      }
    };
    globalThis.addEventListener("message", listen);
    return () => globalThis.removeEventListener("message", listen);
  }, []);

  const source = bodyUrl(message.id, { dark, remote: message.remote_allowed });
  return (
    <div className={clsx("relative", height === null && "min-h-24")}>
      {height === null && (
        <div className="absolute inset-0 flex flex-col gap-2 p-4" aria-hidden>
          <Skeleton width="62%" />
          <Skeleton width="88%" />
          <Skeleton width="45%" />
        </div>
      )}
      <iframe
        // What is fetched later must be loaded anew.
        key={`${source}/${message.complete}`}
        ref={frame}
        title={t("message:body_of", { name: message.from.name || message.from.email })}
        src={source}
        // Scripts for the helper under its nonce only; never with allow-same-origin.
        sandbox="allow-scripts"
        referrerPolicy="no-referrer"
        className={clsx("block w-full border-0", height === null && "opacity-0")}
        style={{ height: height ?? 96, colorScheme: dark ? "dark" : "light" }}
        onLoad={() => {
          setTimeout(() => {
            if (frame.current) setHeight((now) => now ?? SILENT_PX);
          }, SILENT_MS);
        }}
      />
    </div>
  );
}
