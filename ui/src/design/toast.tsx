// Short news at the lower edge: what was done, and how to take it back. Read aloud once.
import { clsx } from "clsx";
import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { create } from "zustand";
import { Button } from "./button";
import type { Tone } from "./feedback";

export interface Toast {
  id: number;
  text: string;
  /** A second line: the reason or what to do. */
  hint?: string | undefined;
  tone: Tone;
  /** One thing to do about it. */
  action?: { label: string; keys?: string; perform: () => void } | undefined;
  /** Stays this long after the pointer left it; 0 stays until closed. */
  duration_ms: number;
}

interface Toasts {
  toasts: Toast[];
}

const MOST = 4;
const store = create<Toasts>(() => ({ toasts: [] }));
let next = 1;

/** Shows a toast; returns its id. */
export function toast(text: string, options: Partial<Omit<Toast, "id" | "text">> = {}): number {
  const id = next++;
  const tone = options.tone ?? "plain";
  const made: Toast = {
    id,
    text,
    hint: options.hint,
    tone,
    action: options.action,
    duration_ms: options.duration_ms ?? (tone === "danger" ? 12_000 : options.action ? 8_000 : 4_000),
  };
  store.setState(({ toasts }) => ({ toasts: [...toasts, made].slice(-MOST) }));
  return id;
}

export function dismissToast(id: number): void {
  store.setState(({ toasts }) => ({ toasts: toasts.filter((shown) => shown.id !== id) }));
}

/** Text of a toast that counts, such as the seconds left to take a letter back. */
export function updateToast(id: number, change: Partial<Omit<Toast, "id">>): void {
  store.setState(({ toasts }) => ({ toasts: toasts.map((shown) => (shown.id === id ? { ...shown, ...change } : shown)) }));
}

export function useToasts(): Toast[] {
  return store((state) => state.toasts);
}

export function ToastRegion({ label, closeLabel }: { label: string; closeLabel: string }) {
  const toasts = useToasts();
  return (
    <section aria-label={label} className="pointer-events-none fixed bottom-0 left-0 z-50 flex max-w-full flex-col items-start gap-2 p-4 pl-16">
      {toasts.map((shown) => (
        <ToastRow key={shown.id} toast={shown} closeLabel={closeLabel} />
      ))}
    </section>
  );
}

function ToastRow({ toast: shown, closeLabel }: { toast: Toast; closeLabel: string }) {
  const [held, setHeld] = useState(false);
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (held || shown.duration_ms === 0) return;
    const timer = setTimeout(() => dismissToast(shown.id), shown.duration_ms);
    return () => clearTimeout(timer);
  }, [held, shown.id, shown.duration_ms]);
  const Icon = shown.tone === "danger" ? CircleAlert : shown.tone === "success" ? CircleCheck : null;
  return (
    <div
      ref={row}
      role={shown.tone === "danger" ? "alert" : "status"}
      aria-atomic
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={(event) => setHeld(row.current?.contains(event.relatedTarget) ?? false)}
      className="appear pointer-events-auto flex max-w-[520px] min-w-64 items-center gap-3 rounded-lg border border-line bg-raised py-2 pr-2 pl-3 text-sm shadow-raised"
    >
      {Icon && <Icon size={16} aria-hidden className={clsx("shrink-0", shown.tone === "danger" ? "text-danger-text" : "text-success-text")} />}
      <div className="selectable min-w-0 flex-1">
        <p className="break-words">{shown.text}</p>
        {shown.hint && <p className="text-xs break-words text-muted">{shown.hint}</p>}
      </div>
      {shown.action && (
        <Button
          small
          onPress={() => {
            dismissToast(shown.id);
            shown.action?.perform();
          }}
        >
          {shown.action.label}
        </Button>
      )}
      <button
        type="button"
        aria-label={closeLabel}
        onClick={() => dismissToast(shown.id)}
        className="inline-flex size-7 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
      >
        <X size={14} aria-hidden />
      </button>
    </div>
  );
}
