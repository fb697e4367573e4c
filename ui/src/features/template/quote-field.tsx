// A field of plain text in which `{` offers the columns of the table.
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import type { Column } from "../../engine";
import { useT } from "../../i18n";
import { matching, openBrace, withColumn, type OpenBrace } from "./braces";
import { ColumnList } from "./column-list";

export function QuoteField({ label, value, onChange, columns, error, lines = 1, autoFocus }: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  columns: readonly Column[];
  error?: string | null;
  lines?: number;
  autoFocus?: boolean;
}) {
  const t = useT();
  const id = useId();
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const [brace, setBrace] = useState<(OpenBrace & { cursor: number }) | null>(null);
  const [at, setAt] = useState(0);
  const caret = useRef<number | null>(null);
  const found = brace ? matching(columns, brace.query) : [];
  const open = found.length > 0;
  useLayoutEffect(() => {
    if (caret.current !== null) field.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });
  const look = (text: string, cursor: number | null) => {
    const now = cursor === null ? null : openBrace(text, cursor);
    setBrace(now && cursor !== null ? { ...now, cursor } : null);
    setAt(0);
  };
  const pick = (column: Column) => {
    if (!brace) return;
    const next = withColumn(value, brace.cursor, brace, column.name);
    caret.current = next.cursor;
    setBrace(null);
    onChange(next.text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open || event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") setAt((at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
    else if (event.key === "Enter" || event.key === "Tab") {
      const column = found[at];
      if (column) pick(column);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      setBrace(null);
    } else return;
    event.preventDefault();
  };
  const shared = {
    ref: field,
    id: `${id}-field`,
    role: "combobox",
    "aria-autocomplete": "list" as const,
    "aria-expanded": open,
    "aria-controls": `${id}-list`,
    "aria-activedescendant": open ? `${id}-list-${at}` : undefined,
    "aria-invalid": Boolean(error),
    "aria-describedby": error ? `${id}-error` : undefined,
    value,
    autoFocus,
    spellCheck: true,
    onChange: (event: { target: HTMLInputElement | HTMLTextAreaElement }) => {
      onChange(event.target.value);
      look(event.target.value, event.target.selectionStart);
    },
    onKeyDown,
    onBlur: () => setBrace(null),
    className: "w-full min-w-0 resize-y bg-transparent py-1 outline-none focus-visible:outline-none",
  };
  return (
    <div className="relative">
      <label htmlFor={`${id}-field`} className="mb-1 block text-xs font-medium text-muted">{label}</label>
      <div className="field flex px-2" data-invalid={error ? "" : undefined}>{lines > 1 ? <textarea {...shared} rows={lines} /> : <input {...shared} />}</div>
      {open && <ColumnList id={`${id}-list`} label={t("template:columns")} columns={found} at={at} onPick={pick} />}
      {error && <p id={`${id}-error`} role="alert" className="mt-1 text-xs text-danger-text">{error}</p>}
    </div>
  );
}
