// Buttons. A visible button works: what can't be done now is disabled or not there.
import { clsx } from "clsx";
import { LoaderCircle, type LucideIcon } from "lucide-react";
import type { ReactNode, Ref } from "react";
import {
  Button as AriaButton,
  ToggleButton as AriaToggle,
  TooltipTrigger,
  type ButtonProps as AriaButtonProps,
  type ToggleButtonProps as AriaToggleProps,
} from "react-aria-components";
import { Tip } from "./tooltip";

export type ButtonKind = "primary" | "plain" | "quiet" | "danger";

export interface ButtonProps extends Omit<AriaButtonProps, "children" | "className" | "style"> {
  kind?: ButtonKind;
  small?: boolean;
  icon?: LucideIcon;
  /** Something runs: the button shows it and can't be pressed again. */
  busy?: boolean;
  className?: string;
  children?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

const kinds: Record<ButtonKind, string> = {
  primary: "bg-accent text-on-accent border-transparent data-hovered:bg-accent-strong data-pressed:bg-accent-strong font-medium",
  plain: "bg-surface text-text border-line data-hovered:bg-hover data-hovered:border-line-strong data-pressed:bg-press",
  quiet: "bg-transparent text-text border-transparent data-hovered:bg-hover data-pressed:bg-press",
  danger: "bg-danger text-on-danger border-transparent data-hovered:brightness-95 data-pressed:brightness-90 font-medium",
};

export function Button({ kind = "plain", small, icon: Icon, busy, className, children, onPress, type, ...props }: ButtonProps) {
  // Not disabled while busy: that would take the focus away.
  return (
    <AriaButton
      {...props}
      onPress={busy ? undefined : onPress}
      type={busy ? "button" : type}
      data-busy={busy ? "" : undefined}
      className={clsx(
        "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border whitespace-nowrap select-none",
        "transition-colors duration-75 data-busy:opacity-70 data-disabled:opacity-45",
        small ? "h-7 px-2 text-xs" : "h-8 px-3 text-sm",
        kinds[kind],
        className,
      )}
    >
      {busy ? (
        <LoaderCircle size={15} className="turn" aria-hidden />
      ) : (
        Icon && <Icon size={small ? 14 : 15} aria-hidden className="shrink-0" />
      )}
      {children}
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<AriaButtonProps, "children" | "className" | "style"> {
  icon: LucideIcon;
  /** Its name: read aloud and shown as a tooltip. */
  label: string;
  /** Shortcut shown beside the name, such as `mod+k`. */
  keys?: string | undefined;
  tone?: "plain" | "danger" | "star";
  size?: number;
  className?: string;
  filled?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

const iconLook = (tone: string, className?: string) =>
  clsx(
    "inline-flex size-7 shrink-0 items-center justify-center rounded-md transition-colors duration-75",
    "data-hovered:bg-hover data-pressed:bg-press data-disabled:opacity-40 data-selected:bg-selected",
    tone === "danger" ? "text-danger-text" : tone === "star" ? "text-star" : "text-muted data-hovered:text-text data-selected:text-accent-text",
    className,
  );

/** An icon with a hit area of 28 px and a tooltip. */
export function IconButton({ icon: Icon, label, keys, tone = "plain", size = 16, className, filled, ...props }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={50}>
      <AriaButton {...props} aria-label={label} className={iconLook(tone, className)}>
        <Icon size={size} aria-hidden fill={filled ? "currentColor" : "none"} />
      </AriaButton>
      <Tip keys={keys}>{label}</Tip>
    </TooltipTrigger>
  );
}

export interface IconToggleProps extends Omit<AriaToggleProps, "children" | "className" | "style"> {
  icon: LucideIcon;
  label: string;
  keys?: string | undefined;
  size?: number;
  className?: string;
}

/** An icon that stays pressed. */
export function IconToggle({ icon: Icon, label, keys, size = 16, className, ...props }: IconToggleProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={50}>
      <AriaToggle {...props} aria-label={label} className={iconLook("plain", className)}>
        <Icon size={size} aria-hidden />
      </AriaToggle>
      <Tip keys={keys}>{label}</Tip>
    </TooltipTrigger>
  );
}
