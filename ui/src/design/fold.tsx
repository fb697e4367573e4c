// A part that is rarely needed.
import { clsx } from "clsx";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

export function Fold({ open, onToggle, label, question, children }: {
  open: boolean;
  onToggle: () => void;
  label: string;
  /** The label is a text of its own instead of a small word. */
  question?: boolean;
  children: ReactNode;
}) {
  return (
    <div>
      <button type="button" aria-expanded={open} onClick={onToggle} className={clsx("min-h-6 items-center gap-1 rounded-sm text-left", question ? "flex w-full text-sm font-medium" : "inline-flex text-xs text-muted hover:text-text")}>
        <ChevronRight size={13} aria-hidden className={clsx("shrink-0 transition-transform duration-75", question && "mr-0.5 text-muted", open && "rotate-90")} />
        {label}
      </button>
      {open && <div className="mt-2 space-y-3">{children}</div>}
    </div>
  );
}
