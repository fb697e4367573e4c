// A cell as it is shown. Plain elements without state: thousands of them are on the screen. A row that scrolls into
// sight takes over the elements of one that left, so the cells of a column are built alike whatever they hold.
import { clsx } from "clsx";
import { Check, ExternalLink, Mail, Star } from "lucide-react";
import type { ReactNode } from "react";
import { Avatar } from "../../design";
import type { Column } from "../../engine";
import { iconOf } from "../message/file-kind";
import { buttonAddress, buttonName } from "./button";
import { filesOf } from "./files";
import { holdsFiles, isNumberLike, ratingMax, type SelectOption } from "./kinds";
import { linkedOf } from "./linked";
import { chosenOptions, personsOf, resultColumn, showCell } from "./show";
import { Thumbnail } from "./thumbnail";

// Signs that never change are made once.
const checkSign = <Check size={12} strokeWidth={3} aria-hidden />;
const linkSign = <ExternalLink size={12} aria-hidden className="shrink-0" />;
const openSign = <ExternalLink size={14} aria-hidden />;
const mailSign = <Mail size={14} aria-hidden />;

/** The name of an option on its colour; the text is dark in both themes because the colours are light. */
export function OptionChip({ option }: { option: SelectOption }) {
  return (
    <span data-chip="" className="inline-block h-5 max-w-full shrink-0 truncate rounded-full px-2 text-xs leading-5 text-on-option" style={{ background: option.color || "var(--option)" }}>
      {option.name}
    </span>
  );
}

/** The name of a linked record. */
export function LinkChip({ text }: { text: string }) {
  return <bdi data-chip="" className="inline-block h-5 max-w-full shrink-0 truncate rounded-md border border-line bg-sunken px-1.5 text-xs leading-[18px]">{text}</bdi>;
}

/** A person by name or address. */
export function PersonChip({ name }: { name: string }) {
  const isAddress = name.includes("@");
  return (
    <span data-chip="" className="inline-flex h-5 max-w-full shrink-0 items-center gap-1 rounded-full border border-line bg-sunken pr-2 pl-px text-xs">
      <Avatar name={isAddress ? "" : name} email={isAddress ? name : ""} size={16} />
      <bdi className="truncate">{name}</bdi>
    </span>
  );
}

export function Stars({ value, max, size = 14 }: { value: number; max: number; size?: number }) {
  return (
    <span className="inline-flex items-center gap-px text-star">
      {Array.from({ length: max }, (_, at) => (
        <Star key={at} size={size} aria-hidden data-star={at + 1} fill={at < value ? "currentColor" : "none"} className={at < value ? "" : "text-line-strong opacity-50"} />
      ))}
    </span>
  );
}

/** Words a reader of the screen needs where a cell shows a sign. */
export interface CellWords {
  yes: string;
  no: string;
  write: string;
  open: string;
  /** Said of a button whose actions are not done here. */
  button?: string;
  /** The base of the cell, where its files are shown. */
  base?: string;
}

/** The inside of a cell. `lines` is how many lines of text a row shows. */
export function cellView(column: Column, value: unknown, language: string, lines: number, words: CellWords): ReactNode {
  switch (column.type) {
    case "single_select": case "multiple_select":
      return chipRow(chosenOptions(column, value).map((option, at) => <OptionChip key={at} option={option} />), lines);
    case "collaborator":
      return chipRow(personsOf(value).map((name, at) => <PersonChip key={at} name={name} />), lines);
    case "creator": case "last_modifier":
      return typeof value === "string" && value !== "" ? chipRow([<PersonChip key={0} name={value} />], lines) : null;
    case "image": case "file": case "signature":
      return fileList(column, value, lines, words.base);
    case "button": {
      const opens = buttonAddress(column) !== null;
      const look = "inline-flex h-6 max-w-full items-center gap-1 rounded-md border border-line px-2 text-xs";
      return opens ? (
        <button type="button" tabIndex={-1} data-act="button" title={words.open} className={clsx(look, "bg-surface hover:bg-hover")}>
          {linkSign}
          <span className="truncate">{buttonName(column)}</span>
        </button>
      ) : (
        <span title={words.button} className={clsx(look, "border-dashed text-muted")}>
          <span className="truncate">{buttonName(column)}</span>
        </span>
      );
    }
    case "link":
      return chipList(linkedOf(value).map((one) => one.text || "—"), lines);
    case "formula": case "link_formula": {
      const inner = resultColumn(column);
      if (!inner || (typeof value === "object" && value !== null && "error" in value)) return plainText(column, value, language, lines, words);
      if (!column.result?.list) return cellView(inner, value, language, lines, words);
      if (!Array.isArray(value)) return null;
      if (holdsFiles(inner.type)) return fileList(inner, value, lines, words.base);
      if (inner.type === "single_select" || inner.type === "multiple_select") return cellView({ ...inner, type: "multiple_select" }, value.flat(), language, lines, words);
      if (inner.type === "collaborator") return cellView(inner, value.flat(), language, lines, words);
      if (isNumberLike(inner)) return plainText(column, value, language, lines, words);
      return chipList(value.map((one) => linkedOf([one])[0]?.text ?? showCell(inner, one, language)), lines);
    }
    case "checkbox": {
      const on = value === true || value === "true";
      return (
        <span data-box="" role="img" aria-label={on ? words.yes : words.no} className={clsx("inline-flex size-4 items-center justify-center rounded-sm border", on ? "border-accent bg-accent text-on-accent" : "border-line-strong bg-surface *:invisible")}>
          {checkSign}
        </span>
      );
    }
    case "rating": {
      const number = Number(value) || 0;
      return (
        <span role="img" aria-label={`${number} / ${ratingMax(column)}`} className="inline-flex">
          <Stars value={number} max={ratingMax(column)} />
        </span>
      );
    }
    default:
      return plainText(column, value, language, lines, words);
  }
}

function chipList(texts: readonly string[], lines: number): ReactNode {
  return texts.length === 0 ? null : chipRow(texts.map((text, at) => <LinkChip key={at} text={text} />), lines);
}

/** Chips beside each other, cut where the cell ends. */
function chipRow(chips: readonly ReactNode[], lines: number): ReactNode {
  return <span className={clsx("flex min-w-0 gap-1 overflow-hidden", lines > 1 ? "flex-wrap content-start" : "items-center")} style={lines > 1 ? { maxHeight: lines * 22 } : undefined}>{chips}</span>;
}

/** Files shown at most in a cell of the grid. */
const MOST_FILES = 12;

function fileList(column: Column, value: unknown, lines: number, base: string | undefined): ReactNode {
  const files = filesOf(value, base);
  if (files.length === 0) return null;
  const rest = files.length - MOST_FILES;
  return (
    <span className={clsx("flex min-w-0 gap-1 overflow-hidden", lines > 1 && column.type === "file" ? "flex-wrap content-start" : "items-center")} style={lines > 1 ? { maxHeight: lines * 22 } : undefined}>
      {files.slice(0, MOST_FILES).map((file, at) => {
        const Icon = iconOf(file.name, "");
        if (column.type !== "file" && file.picture) return <Thumbnail key={at} file={file} size="cell" alt={file.name} sign={14} className="w-auto max-w-24 min-w-6 shrink-0 rounded-sm border border-line" style={{ height: lines > 1 ? lines * 20 : 24 }} />;
        return (
          <span key={at} data-chip="" title={file.name} className="inline-flex h-5 max-w-full shrink-0 items-center gap-1 rounded-md border border-line bg-sunken px-1.5 text-xs leading-[18px]">
            {file.picture ? <Thumbnail file={file} size="cell" alt="" sign={12} className="size-3.5 shrink-0 rounded-xs" /> : <Icon size={12} aria-hidden className="shrink-0 text-muted" />}
            <bdi className="truncate">{file.name || "—"}</bdi>
          </span>
        );
      })}
      {rest > 0 && <span className="shrink-0 text-xs text-muted">+{rest}</span>}
    </span>
  );
}

function plainText(column: Column, value: unknown, language: string, lines: number, words: CellWords): ReactNode {
  const text = showCell(column, value, language);
  const body = (
    <span className={lines > 1 ? "line-clamp-(--lines) break-words whitespace-pre-line" : "block truncate whitespace-pre"} style={lines > 1 ? ({ "--lines": lines } as React.CSSProperties) : undefined}>
      {lines > 1 ? text : text.replaceAll(/\s*\n\s*/g, " ")}
    </span>
  );
  if (column.type === "email" || column.type === "url") {
    return (
      <span className="flex min-w-0 flex-1 items-center gap-1">
        <span className="min-w-0 flex-1">{body}</span>
        {text !== "" && (
          <button type="button" tabIndex={-1} data-act={column.type} title={column.type === "email" ? words.write : words.open} aria-label={`${column.type === "email" ? words.write : words.open}: ${text}`} className="cell-act size-6 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-accent-text">
            {column.type === "email" ? mailSign : openSign}
          </button>
        )}
      </span>
    );
  }
  return body;
}
