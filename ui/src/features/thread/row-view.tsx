// How a row looks. In a narrow list it has two lines (one where it is compact), in a wide one columns.
import { clsx } from "clsx";
import { AlarmClock, Archive, Check, CornerUpLeft, CornerUpRight, Mail, MailOpen, Paperclip, Star, Trash2, type LucideIcon } from "lucide-react";
import { memo, type ReactNode } from "react";
import { Badge, Dot, Skeleton } from "../../design";
import { useFormats, useT } from "../../i18n";
import { nameOf } from "../message";
import { cutAtWords } from "./query";
import type { ListRow } from "./row";

export type RowAct = "archive" | "snooze" | "delete" | "star" | "read";

export interface RowLook {
  /** `two` lines, `one` line, or `wide` with columns. */
  lines: "two" | "one" | "wide";
  columns: readonly string[];
  /** Something is ticked: all rows show their boxes. */
  ticking: boolean;
  /** Colour and name of each account, where the list shows several. */
  accounts: ReadonlyMap<number, { name: string; color: string }> | null;
  own: ReadonlySet<string>;
  /** Words of the search, lit where they stand. */
  words: readonly string[];
  /** Rows here can be put off. */
  snoozable: boolean;
}

export interface RowViewProps extends RowLook {
  row: ListRow | undefined;
  active: boolean;
  ticked: boolean;
  onTick: (row: ListRow) => void;
  onAct: (act: RowAct, row: ListRow) => void;
}

export const RowView = memo(function RowView(props: RowViewProps) {
  const { row, lines } = props;
  if (!row) return <Waiting lines={lines} />;
  return <FullRow {...props} row={row} />;
});

function Waiting({ lines }: { lines: RowLook["lines"] }) {
  return (
    <div className={clsx("flex h-full flex-col justify-center gap-2 border-b border-line pr-3 pl-8", lines !== "two" && "opacity-80")} aria-hidden>
      <Skeleton width="38%" height={9} />
      {lines === "two" && <Skeleton width="72%" height={9} />}
    </div>
  );
}

function FullRow({ row, lines, columns, ticking, accounts, own, words, snoozable, active, ticked, onTick, onAct }: RowViewProps & { row: ListRow }) {
  const t = useT();
  const format = useFormats();
  const account = accounts?.get(row.account);
  const tick = (
    <span className="relative inline-flex size-6 shrink-0 items-center justify-center">
      {row.unread && <Dot color="var(--unread)" className={clsx("group-hover:hidden", (ticked || ticking) && "hidden")} />}
      <Spot title={t("thread:tick")} onClick={() => onTick(row)} className={clsx("absolute inset-0", ticked || ticking ? "inline-flex" : "hidden group-hover:inline-flex")}>
        <span className={clsx("inline-flex size-4 items-center justify-center rounded-sm border", ticked ? "border-accent bg-accent text-on-accent" : "border-line-strong bg-surface")}>
          {ticked && <Check size={12} strokeWidth={3} aria-hidden />}
        </span>
      </Spot>
    </span>
  );
  const people = (
    <span className={clsx("flex min-w-0 items-baseline gap-1.5", row.unread && "font-semibold")}>
      {account && <span aria-hidden data-dot="" className="h-3 w-[3px] shrink-0 self-center rounded-full" style={{ background: account.color }} />}
      <bdi className="truncate"><Lit text={peopleOf(row, own, t("message:me"), t("thread:nobody"))} words={words} /></bdi>
      {row.messages > 1 && <span className="shrink-0 text-2xs font-normal text-muted">{format.number(row.messages)}</span>}
    </span>
  );
  const marks = (
    <>
      {row.draft && <Badge tone="warning">{t("thread:draft_mark")}</Badge>}
      {row.answered && <CornerUpLeft size={14} className="shrink-0 text-muted" aria-hidden />}
      {row.forwarded && <CornerUpRight size={14} className="shrink-0 text-muted" aria-hidden />}
      {row.attachments && columns.includes("attachments") && <Paperclip size={14} className="shrink-0 text-muted" aria-hidden />}
    </>
  );
  const subject = (
    <span className="min-w-0 flex-1 truncate">
      <bdi className={clsx(row.unread ? "font-medium" : lines === "two" && "text-text")}><Lit text={row.subject || t("thread:no_subject")} words={words} /></bdi>
      {columns.includes("snippet") && row.snippet && <bdi className="text-muted">{"  "}<Lit text={row.snippet} words={words} /></bdi>}
    </span>
  );
  const time = row.snoozed !== null ? <Until at={row.snoozed} /> : <time dateTime={new Date(row.at).toISOString()} title={format.fullDateTime(row.at)} className={clsx("shrink-0 text-xs whitespace-nowrap", row.unread ? "text-accent-text" : "text-muted")}>{format.when(row.at)}</time>;
  const size = columns.includes("size") && <span className="shrink-0 text-2xs text-muted">{format.bytes(row.size)}</span>;
  const hover = (
    <span className="hidden shrink-0 gap-0.5 group-hover:flex" aria-hidden>
      <RowButton icon={Archive} title={t("thread:act.archive")} onClick={() => onAct("archive", row)} />
      {snoozable && <RowButton icon={AlarmClock} title={t("thread:act.snooze")} onClick={() => onAct("snooze", row)} />}
      <RowButton icon={Trash2} title={t("thread:act.delete")} onClick={() => onAct("delete", row)} />
      <RowButton icon={row.unread ? MailOpen : Mail} title={row.unread ? t("thread:act.read") : t("thread:act.unread")} onClick={() => onAct("read", row)} />
    </span>
  );
  const star = (
    <Spot
      title={row.flagged ? t("thread:act.unstar") : t("thread:act.star")}
      onClick={() => onAct("star", row)}
      className={clsx("-my-1 inline-flex size-6 hover:bg-hover", row.flagged ? "text-star" : "text-faint opacity-0 group-hover:opacity-100")}
    >
      <Star size={14} fill={row.flagged ? "currentColor" : "none"} aria-hidden />
    </Spot>
  );
  const accountName = account && columns.includes("account") && <span className="max-w-28 shrink-0 truncate text-2xs text-muted">{account.name}</span>;

  const look = clsx(
    "group relative flex h-full border-b border-line pr-2 pl-1",
    ticked ? "bg-selected" : active ? "bg-selected" : "hover:bg-hover",
    active && "shadow-[inset_3px_0_0_var(--accent)]",
  );
  if (lines === "two") {
    return (
      <div className={clsx(look, "items-stretch gap-0.5")}>
        <span className="flex items-center">{tick}</span>
        <div className="flex min-w-0 flex-1 flex-col justify-center">
          <div className="flex items-center gap-2">
            <span className="min-w-0 flex-1">{people}</span>
            {marks}
            {accountName}
            {size}
            {time}
          </div>
          <div className="flex items-center gap-1">
            {subject}
            {hover}
            {star}
          </div>
        </div>
      </div>
    );
  }
  return (
    <div className={clsx(look, "items-center gap-2")}>
      {tick}
      {lines === "wide" && star}
      <span className={lines === "wide" ? "w-52 shrink-0" : "w-32 shrink-0"}>{people}</span>
      {subject}
      {hover}
      {marks}
      {accountName}
      {size}
      <span className={clsx("text-right", lines === "wide" && "min-w-20 shrink-0")}>{time}</span>
    </div>
  );
}

/** When what was put off comes back. */
function Until({ at }: { at: number }) {
  const t = useT();
  const format = useFormats();
  return (
    <time dateTime={new Date(at).toISOString()} title={t("thread:snooze.until", { time: format.fullDateTime(at) })} className="inline-flex shrink-0 items-center gap-1 text-xs whitespace-nowrap text-muted">
      <AlarmClock size={12} aria-hidden />
      {format.ahead(at)}
    </time>
  );
}

function Lit({ text, words }: { text: string; words: readonly string[] }) {
  if (words.length === 0) return text;
  return cutAtWords(text, words).map((piece, at) => (at % 2 === 1 ? <mark key={at}>{piece}</mark> : piece));
}

function RowButton({ icon: Icon, title, onClick }: { icon: LucideIcon; title: string; onClick: () => void }) {
  return (
    <Spot title={title} onClick={onClick} className="-my-1 inline-flex size-6 text-muted hover:bg-press hover:text-text">
      <Icon size={15} aria-hidden />
    </Spot>
  );
}

/** A place of a row for the pointer. Keys and the menu do the same, so it is no control of its own. */
function Spot({ title, onClick, className, children }: { title: string; onClick: () => void; className: string; children: ReactNode }) {
  return (
    <span
      aria-hidden
      data-spot=""
      title={title}
      onClick={(event) => {
        event.stopPropagation();
        onClick();
      }}
      className={clsx("shrink-0 items-center justify-center rounded-sm", className)}
    >
      {children}
    </span>
  );
}

/** `Ada, me, Boris`: first names where there are several. */
export function peopleOf(row: ListRow, own: ReadonlySet<string>, me: string, nobody: string): string {
  const called = row.people.map((one) => (own.has(one.email.toLowerCase()) ? me : nameOf(one)));
  const [first] = called;
  if (first === undefined) return nobody;
  if (called.length === 1) return first;
  return called.map((name) => (name.includes("@") ? name.split("@")[0] : name.split(" ")[0])).join(", ");
}
