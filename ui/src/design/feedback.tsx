// What the window says by itself: empty and error pages, banners, progress, small marks.
import { clsx } from "clsx";
import { ChevronRight, CircleAlert, CircleCheck, Info, TriangleAlert, type LucideIcon } from "lucide-react";
import { useState, type ReactNode } from "react";
import { ProgressBar } from "react-aria-components";

export type Tone = "plain" | "accent" | "danger" | "warning" | "success";

const soft: Record<Tone, string> = {
  plain: "bg-press text-muted",
  accent: "bg-accent-soft text-accent-text",
  danger: "bg-danger-soft text-danger-text",
  warning: "bg-warning-soft text-warning-text",
  success: "bg-success-soft text-success-text",
};

/** A short word or count. */
export function Badge({ tone = "plain", children, className }: { tone?: Tone; children: ReactNode; className?: string }) {
  return (
    <span className={clsx("inline-flex h-[18px] shrink-0 items-center gap-1 rounded-sm px-1.5 text-2xs font-medium whitespace-nowrap", soft[tone], className)}>
      {children}
    </span>
  );
}

/** A coloured point; says nothing by itself, so a word must stand beside it. */
export function Dot({ color, className }: { color: string; className?: string }) {
  return <span aria-hidden data-dot="" className={clsx("inline-block size-2 shrink-0 rounded-full", className)} style={{ background: color }} />;
}

/** A page with nothing in it, and what could be done about that. */
export function EmptyState({ icon: Icon, title, children, actions, className }: {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  className?: string;
}) {
  return (
    <div className={clsx("flex h-full min-h-0 flex-col items-center justify-center overflow-auto p-8 text-center", className)}>
      <span className="mb-3 inline-flex size-11 items-center justify-center rounded-xl bg-hover text-muted">
        <Icon size={21} strokeWidth={1.6} aria-hidden />
      </span>
      <h2 className="text-base font-semibold text-balance">{title}</h2>
      {children && <div className="mt-1 max-w-96 text-sm text-pretty text-muted">{children}</div>}
      {actions && <div className="mt-4 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}

/** An error as people can use it: what happened, what to do, and the other side's words on demand. */
export interface Trouble {
  title: string;
  message?: string;
  remedy?: string;
  detail?: string | null;
}

function Detail({ trouble, label }: { trouble: Trouble; label: string }) {
  const [open, setOpen] = useState(false);
  if (!trouble.detail) return null;
  return (
    <div className="mt-2">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="inline-flex min-h-6 items-center gap-1 text-xs text-muted hover:text-text"
      >
        <ChevronRight size={13} aria-hidden className={clsx("transition-transform duration-75", open && "rotate-90")} />
        {label}
      </button>
      {open && (
        <pre className="selectable mt-1 max-h-40 overflow-auto rounded-md bg-sunken p-2 text-left font-mono text-xs break-words whitespace-pre-wrap text-muted">
          {trouble.detail}
        </pre>
      )}
    </div>
  );
}

export function ErrorState({ trouble, detailLabel, actions, className }: { trouble: Trouble; detailLabel: string; actions?: ReactNode; className?: string }) {
  return (
    <div role="alert" className={clsx("flex h-full min-h-0 flex-col items-center justify-center overflow-auto p-8 text-center", className)}>
      <span className="mb-3 inline-flex size-11 items-center justify-center rounded-xl bg-danger-soft text-danger-text">
        <CircleAlert size={21} strokeWidth={1.6} aria-hidden />
      </span>
      <h2 className="text-base font-semibold text-balance">{trouble.title}</h2>
      <div className="selectable mt-1 max-w-[440px] text-sm text-pretty">
        {trouble.message && <p className="text-muted">{trouble.message}</p>}
        {trouble.remedy && <p className="mt-1">{trouble.remedy}</p>}
        <Detail trouble={trouble} label={detailLabel} />
      </div>
      {actions && <div className="mt-4 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}

const bannerIcons: Record<Tone, LucideIcon> = {
  plain: Info,
  accent: Info,
  danger: CircleAlert,
  warning: TriangleAlert,
  success: CircleCheck,
};

/** A line across a pane. */
export function Banner({ tone = "plain", children, actions, className, icon, live = true }: {
  tone?: Tone;
  children: ReactNode;
  actions?: ReactNode;
  className?: string;
  icon?: LucideIcon;
  /** Read aloud when it appears. */
  live?: boolean;
}) {
  const Icon = icon ?? bannerIcons[tone];
  return (
    <div
      role={live ? (tone === "danger" ? "alert" : "status") : undefined}
      className={clsx("flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5 text-sm", soft[tone], className)}
    >
      <Icon size={15} aria-hidden className="shrink-0" />
      <div className="min-w-0 flex-1 text-text">{children}</div>
      {actions && <div className="flex shrink-0 flex-wrap gap-1.5">{actions}</div>}
    </div>
  );
}

/** An error inside of a form or card. */
export function TroubleBox({ trouble, detailLabel, actions }: { trouble: Trouble; detailLabel: string; actions?: ReactNode }) {
  return (
    <div role="alert" className="rounded-lg bg-danger-soft p-3 text-sm">
      <div className="flex gap-2">
        <CircleAlert size={16} aria-hidden className="mt-0.5 shrink-0 text-danger-text" />
        <div className="selectable min-w-0 flex-1">
          <p className="font-semibold">{trouble.title}</p>
          {trouble.message && <p className="mt-0.5 break-words">{trouble.message}</p>}
          {trouble.remedy && <p className="mt-0.5 break-words">{trouble.remedy}</p>}
          <Detail trouble={trouble} label={detailLabel} />
          {actions && <div className="mt-2 flex flex-wrap gap-2">{actions}</div>}
        </div>
      </div>
    </div>
  );
}

/** Progress in numbers; without `total` it only says that something runs. */
export function Progress({ label, done, total, text, className }: { label: string; done?: number; total?: number; text?: string; className?: string }) {
  const known = total !== undefined && total > 0;
  return (
    <ProgressBar
      aria-label={label}
      isIndeterminate={!known}
      value={done ?? 0}
      maxValue={known ? total : 100}
      valueLabel={text}
      className={clsx("block", className)}
    >
      {({ percentage }) => (
        <span className="block h-1 overflow-hidden rounded-full bg-press">
          <span
            className={clsx("block h-full rounded-full bg-accent", known ? "transition-[width] duration-300" : "skeleton w-1/3")}
            style={known ? { width: `${percentage ?? 0}%` } : undefined}
          />
        </span>
      )}
    </ProgressBar>
  );
}

/** The place of a text that is still under way. */
export function Skeleton({ width, height = 12, className }: { width?: number | string; height?: number; className?: string }) {
  return <span aria-hidden className={clsx("skeleton block", className)} style={{ width: width ?? "100%", height }} />;
}

const hues = [20, 55, 95, 145, 175, 205, 235, 262, 292, 325, 352];

/** The colour that stands for an address, always the same one. */
export function colorOf(key: string): string {
  let hash = 2166136261;
  for (const char of key.toLowerCase()) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619);
  const hue = hues[(hash >>> 0) % hues.length];
  return `light-dark(oklch(0.52 0.1 ${hue}), oklch(0.46 0.09 ${hue}))`;
}

/** First letters of a name, or of the address where there is none. */
export function initialsOf(name: string, email: string): string {
  const words = (name || email.split("@")[0] || "?")
    .replaceAll(/["'()<>[\]]/g, "")
    .split(/[\s._-]+/)
    .filter(Boolean);
  const first = [...(words[0] ?? "?")][0] ?? "?";
  const last = words.length > 1 ? ([...(words.at(-1) ?? "")][0] ?? "") : "";
  return (first + last).toUpperCase();
}

/** Below so many px two letters can't be read any more. */
const TWO_LETTERS_PX = 20;

/** Initials on a colour, of a small one the first alone; beside a name it says nothing more, so it is hidden from readers. */
export function Avatar({ name, email, size = 28, className }: { name: string; email: string; size?: number; className?: string }) {
  const initials = initialsOf(name, email);
  const small = size < TWO_LETTERS_PX;
  return (
    <span
      aria-hidden
      data-avatar=""
      className={clsx("inline-flex shrink-0 items-center justify-center rounded-full font-medium text-[oklch(1_0_0)]", className)}
      style={{ width: size, height: size, background: colorOf(email || name), fontSize: Math.round(size * (small ? 0.6 : 0.39)) }}
    >
      {small ? [...initials][0] : initials}
    </span>
  );
}
