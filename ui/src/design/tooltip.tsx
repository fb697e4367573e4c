// Tooltips and the keys shown in them.
import { clsx } from "clsx";
import type { ReactNode } from "react";
import { Tooltip as AriaTooltip, Focusable, TooltipTrigger } from "react-aria-components";
import { keyCaps } from "./keycap";

/** Keys of a shortcut as caps: `mod+k`, `g i`. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  return (
    <kbd className={clsx("inline-flex items-center gap-1 font-sans text-2xs text-muted", className)}>
      {keyCaps(keys).map((step, at) => (
        <span key={at} className="inline-flex gap-0.5">
          {step.map((cap) => (
            <span
              key={cap}
              className="inline-flex min-w-[18px] items-center justify-center rounded-xs border border-line bg-sunken px-1 leading-4"
            >
              {cap}
            </span>
          ))}
        </span>
      ))}
    </kbd>
  );
}

/** The bubble itself, inside of a TooltipTrigger. */
export function Tip({ children, keys, placement }: { children: ReactNode; keys?: string | undefined; placement?: "top" | "bottom" | "right" | "left" }) {
  return (
    <AriaTooltip
      offset={6}
      placement={placement ?? "bottom"}
      className="appear z-50 flex max-w-72 items-center gap-2 rounded-md border border-line bg-raised px-2 py-1 text-xs text-text shadow-raised"
    >
      {children}
      {keys && <Kbd keys={keys} />}
    </AriaTooltip>
  );
}

/** A tooltip over anything that can't hold focus by itself, such as a shortened text. */
export function Tooltip({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <TooltipTrigger delay={600} closeDelay={50}>
      <Focusable>
        <span role="note" tabIndex={-1} className="min-w-0">
          {children}
        </span>
      </Focusable>
      <Tip>{text}</Tip>
    </TooltipTrigger>
  );
}
