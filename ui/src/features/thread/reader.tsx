// A conversation: its letters from the oldest to the newest, read ones folded.
//
// Owns: which letters are open, which one the keys mean, and marking as read once a letter was really
// shown. Refuses: lists and drafts; whoever shows it passes what an act does.
import { AlarmClock, Archive, ArrowLeft, ChevronsDownUp, ChevronsUpDown, FolderInput, Forward, Mail, MailOpen, Reply, ReplyAll, Star, Trash2 } from "lucide-react";
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { Badge, Button, IconButton, Skeleton } from "../../design";
import { useRead, type Mailbox, type Message, type MessageId, type ThreadId } from "../../engine";
import { useT } from "../../i18n";
import { ErrorPane, keysOf, performAction, useActions, useScope } from "../../shell";
import { Letter, SourceDialog, type LetterAct, type LetterLink } from "../message";
import { mailboxName } from "./acts";

/** A letter counts as read once it was on screen this long, ms. */
const READ_AFTER_MS = 700;

export interface ReaderProps {
  thread: ThreadId;
  /** Only this message of it, where conversations are off. */
  only: MessageId | null;
  own: ReadonlySet<string>;
  mailboxes: readonly Mailbox[];
  /** Set where the reader covers the list. */
  onBack: (() => void) | null;
  /** What is shown can be put off. */
  snoozable: boolean;
  onAct: (act: Exclude<LetterAct, "source">, message: Message) => void;
  onMail: (link: LetterLink & { kind: "mail" }) => void;
  onRead: (message: Message) => void;
  /** A draft of the conversation is opened for writing. */
  onDraft: (message: Message) => void;
  /** The conversation is gone. */
  onGone: () => void;
  /** Opens at once what the cursor has moved on to; null where that is shown already. */
  onFollow: () => ThreadId | null;
  /** A draft that stands below the letters. */
  below?: ReactNode;
}

/** An act asked for before its conversation was there. */
interface Wish {
  act: LetterAct;
  thread: ThreadId;
}

export function Reader({ thread, only, own, mailboxes, onBack, snoozable, onAct, onMail, onRead, onDraft, onGone, onFollow, below }: ReaderProps) {
  const t = useT();
  const { data, error, refetch } = useRead("thread.get", { id: thread });
  useScope("reader");
  const wish = useRef<Wish | null>(null);
  const wishFor = (act: LetterAct) => () => {
    wish.current = { act, thread: onFollow() ?? thread };
  };
  // Who answers faster than the conversation comes is answered by it.
  useActions(
    data
      ? []
      : [
          { id: "message.reply", title: "message:reply", icon: Reply, keys: ["r"], scope: "reader", perform: wishFor("reply") },
          { id: "message.reply_all", title: "message:reply_all", icon: ReplyAll, keys: ["a"], scope: "reader", perform: wishFor("reply_all") },
          { id: "message.forward", title: "message:forward", icon: Forward, keys: ["f"], scope: "reader", perform: wishFor("forward") },
        ],
  );
  const gone = error?.code === "not_found" || data?.messages.length === 0;
  useEffect(() => {
    if (gone) onGone();
  }, [gone, onGone]);
  if (gone) return null;
  if (error) return <ErrorPane error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const messages = only === null ? data.messages : data.messages.filter((one) => one.id === only);
  return (
    <Conversation
      key={`${thread}/${only}`}
      subject={data.subject}
      messages={messages.length > 0 ? messages : data.messages}
      own={own}
      mailboxes={mailboxes}
      onBack={onBack}
      snoozable={snoozable}
      onAct={onAct}
      onMail={onMail}
      onRead={onRead}
      onDraft={onDraft}
      onWish={(act) => {
        const next = onFollow();
        if (next !== null) wish.current = { act, thread: next };
        return next !== null;
      }}
      takeWish={() => {
        const wished = wish.current?.thread === thread ? wish.current.act : null;
        wish.current = null;
        return wished;
      }}
      below={below}
      t={t}
    />
  );
}

type ConversationProps = Omit<ReaderProps, "thread" | "only" | "onGone" | "onFollow"> & {
  subject: string;
  messages: Message[];
  /** True where the act is meant for the conversation that comes next. */
  onWish: (act: LetterAct) => boolean;
  /** What was asked for while this one was on its way, once. */
  takeWish: () => LetterAct | null;
  t: ReturnType<typeof useT>;
};

/** Letters that stand open at first: unread ones, and the newest. */
export function openAtFirst(messages: readonly Message[]): Set<MessageId> {
  const open = new Set(messages.filter((one) => !one.flags.seen && !one.flags.draft).map((one) => one.id));
  const newest = messages.findLast((one) => !one.flags.draft) ?? messages.at(-1);
  if (newest) open.add(newest.id);
  return open;
}

function Conversation({ subject, messages, own, mailboxes, onBack, snoozable, onAct, onMail, onRead, onDraft, onWish, takeWish, below, t }: ConversationProps) {
  const [open, setOpen] = useState(() => openAtFirst(messages));
  const [current, setCurrent] = useState<MessageId | null>(() => messages.find((one) => open.has(one.id))?.id ?? null);
  const [source, setSource] = useState<MessageId | null>(null);
  const [hovered, setHovered] = useState("");
  const scroller = useRef<HTMLDivElement>(null);
  const timers = useRef(new Map<MessageId, ReturnType<typeof setTimeout>>());
  const marked = useRef(new Set<MessageId>());
  const known = useRef(new Set(messages.map((one) => one.id)));

  // A letter that arrives while the conversation is open opens by itself, and nothing else moves.
  useEffect(() => {
    const fresh = messages.filter((one) => !known.current.has(one.id));
    if (fresh.length === 0) return;
    for (const one of fresh) known.current.add(one.id);
    setOpen((now) => new Set([...now, ...fresh.map((one) => one.id)]));
  }, [messages]);
  useEffect(() => {
    const all = timers.current;
    return () => {
      for (const timer of all.values()) clearTimeout(timer);
      all.clear();
    };
  }, []);

  const elementOf = (id: MessageId) => scroller.current?.querySelector<HTMLElement>(`[data-letter="${id}"]`);
  // The first unread letter begins in sight.
  useLayoutEffect(() => {
    if (current !== null && messages[0]?.id !== current) elementOf(current)?.scrollIntoView({ block: "start" });
    // Only when the conversation is opened.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  const latest = useRef({ messages, onRead });
  useEffect(() => {
    latest.current = { messages, onRead };
  });
  const shown = useCallback((message: Message) => {
    if (marked.current.has(message.id) || timers.current.has(message.id)) return;
    const read = () => {
      timers.current.delete(message.id);
      const now = latest.current.messages.find((one) => one.id === message.id);
      if (!now) return;
      if (document.visibilityState !== "visible") {
        timers.current.set(message.id, setTimeout(read, READ_AFTER_MS));
        return;
      }
      marked.current.add(message.id);
      if (!now.flags.seen) latest.current.onRead(now);
    };
    timers.current.set(message.id, setTimeout(read, READ_AFTER_MS));
  }, []);

  const toggle = (id: MessageId) => {
    setOpen((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      return next;
    });
    setCurrent(id);
  };
  const act = (kind: LetterAct, message: Message) => {
    if (kind === "source") setSource(message.id);
    else {
      // What was marked unread by hand stays so while it is open.
      if (kind === "unread") marked.current.add(message.id);
      onAct(kind, message);
    }
  };
  const chosen = messages.find((one) => one.id === current) ?? messages.at(-1);
  const withChosen = (kind: LetterAct) => () => {
    if (chosen) act(kind, chosen);
  };
  const byKey = (kind: LetterAct) => () => {
    if (!onWish(kind)) withChosen(kind)();
  };
  const wished = useRef({ takeWish, withChosen });
  useEffect(() => {
    const kind = wished.current.takeWish();
    if (kind) wished.current.withChosen(kind)();
  }, []);
  const step = (by: number) => {
    const at = messages.findIndex((one) => one.id === chosen?.id);
    const next = messages[Math.min(messages.length - 1, Math.max(0, at + by))];
    if (!next) return;
    setCurrent(next.id);
    elementOf(next.id)?.scrollIntoView({ block: "nearest" });
  };
  const scroll = (part: number) => scroller.current?.scrollBy({ top: scroller.current.clientHeight * part });
  // With the focus in it, the arrow keys scroll it; elsewhere they move in the list.
  const focused = () => scroller.current?.contains(document.activeElement) ?? false;
  const allOpen = messages.every((one) => open.has(one.id));

  useActions([
    { id: "message.reply", title: "message:reply", icon: Reply, keys: ["r"], scope: "reader", perform: byKey("reply") },
    { id: "message.reply_all", title: "message:reply_all", icon: ReplyAll, keys: ["a"], scope: "reader", perform: byKey("reply_all") },
    { id: "message.forward", title: "message:forward", icon: Forward, keys: ["f"], scope: "reader", perform: byKey("forward") },
    { id: "message.next", title: "message:next", keys: ["n"], scope: "reader", quiet: true, perform: () => step(1) },
    { id: "message.previous", title: "message:previous", keys: ["p"], scope: "reader", quiet: true, perform: () => step(-1) },
    { id: "message.fold", title: "message:fold", keys: ["shift+o"], scope: "reader", quiet: true, when: () => messages.length > 1, perform: () => chosen && toggle(chosen.id) },
    { id: "message.source", title: "message:source.show", scope: "reader", perform: withChosen("source") },
    { id: "reader.down", title: "message:page_down", keys: ["space"], scope: "reader", quiet: true, perform: () => scroll(0.85) },
    { id: "reader.line_down", title: "message:page_down", keys: ["arrowdown"], scope: "reader", quiet: true, when: focused, perform: () => scroller.current?.scrollBy({ top: 48 }) },
    { id: "reader.line_up", title: "message:page_up", keys: ["arrowup"], scope: "reader", quiet: true, when: focused, perform: () => scroller.current?.scrollBy({ top: -48 }) },
    { id: "reader.page_down", title: "message:page_down", keys: ["pagedown"], scope: "reader", quiet: true, when: focused, perform: () => scroll(0.85) },
    { id: "reader.page_up", title: "message:page_up", keys: ["pageup"], scope: "reader", quiet: true, when: focused, perform: () => scroll(-0.85) },
    { id: "reader.up", title: "message:page_up", keys: ["shift+space"], scope: "reader", quiet: true, perform: () => scroll(-0.85) },
  ]);

  const places = [...new Set(messages.flatMap((one) => one.mailbox_ids))]
    .flatMap((id) => mailboxes.filter((one) => one.id === id))
    .filter((one) => one.role !== "all");
  const starred = messages.some((one) => one.flags.flagged);
  const unread = messages.some((one) => !one.flags.seen);

  return (
    <section aria-label={t("thread:reader.label")} className="relative flex min-h-0 flex-1 flex-col bg-sunken">
      <div role="toolbar" aria-label={t("thread:reader.tools")} className="flex h-11 shrink-0 items-center gap-0.5 border-b border-line bg-surface px-2 print:hidden">
        {onBack && <IconButton icon={ArrowLeft} label={t("common:back")} keys="u" onPress={onBack} />}
        <IconButton icon={Archive} label={t("thread:act.archive")} keys={keysOf("message.archive")} onPress={() => performAction("message.archive")} />
        {snoozable && <IconButton icon={AlarmClock} label={t("thread:act.snooze")} keys={keysOf("thread.snooze")} onPress={() => performAction("thread.snooze")} />}
        <IconButton icon={Trash2} label={t("thread:act.delete")} keys={keysOf("message.delete")} onPress={() => performAction("message.delete")} />
        <IconButton icon={FolderInput} label={t("thread:act.move")} keys={keysOf("message.move")} onPress={() => performAction("message.move")} />
        <span aria-hidden className="mx-1 h-4 w-px bg-line" />
        <IconButton
          icon={unread ? MailOpen : Mail}
          label={unread ? t("thread:act.read") : t("thread:act.unread")}
          keys={keysOf(unread ? "message.read" : "message.unread")}
          onPress={() => performAction(unread ? "message.read" : "message.unread")}
        />
        <IconButton
          icon={Star}
          filled={starred}
          tone={starred ? "star" : "plain"}
          label={starred ? t("thread:act.unstar") : t("thread:act.star")}
          keys={keysOf("message.star")}
          onPress={() => performAction("message.star")}
        />
        <span className="flex-1" />
        {messages.length > 2 && (
          <IconButton
            icon={allOpen ? ChevronsDownUp : ChevronsUpDown}
            label={allOpen ? t("thread:reader.fold_all") : t("thread:reader.open_all")}
            onPress={() => setOpen(allOpen ? openAtFirst(messages.map((one) => ({ ...one, flags: { ...one.flags, seen: true } }))) : new Set(messages.map((one) => one.id)))}
          />
        )}
      </div>
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-[920px] flex-col gap-2 px-4 pt-3 pb-6">
          <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1 px-1 pb-1">
            <h2 className="selectable min-w-0 text-lg font-semibold break-words"><bdi>{subject || t("thread:no_subject")}</bdi></h2>
            {places.map((one) => <Badge key={one.id}>{mailboxName(one)}</Badge>)}
          </div>
          {messages.map((message) => (
            <Letter
              key={message.id}
              message={message}
              open={open.has(message.id) && !message.flags.draft}
              onToggle={() => (message.flags.draft ? onDraft(message) : toggle(message.id))}
              single={messages.length === 1}
              current={message.id === chosen?.id}
              own={own}
              onAct={act}
              onMail={onMail}
              onShown={shown}
              onHover={setHovered}
              onFocus={() => setCurrent(message.id)}
            />
          ))}
          {!below && chosen && (
            <div className="flex flex-wrap gap-2 pt-1 print:hidden">
              <Button icon={Reply} onPress={withChosen("reply")}>{t("message:reply")}</Button>
              {chosen.to.length + chosen.cc.length > 1 && <Button icon={ReplyAll} onPress={withChosen("reply_all")}>{t("message:reply_all")}</Button>}
              <Button icon={Forward} onPress={withChosen("forward")}>{t("message:forward")}</Button>
            </div>
          )}
        </div>
      </div>
      {hovered && (
        <div aria-hidden className="pointer-events-none absolute bottom-0 left-0 max-w-[80%] truncate rounded-tr-md border-t border-r border-line bg-raised px-2 py-0.5 text-2xs text-muted">
          {hovered}
        </div>
      )}
      {below}
      <SourceDialog message={source} onClose={() => setSource(null)} />
    </section>
  );
}

function Loading() {
  return (
    <div aria-hidden className="late flex flex-1 flex-col gap-3 bg-sunken p-6">
      <Skeleton width="55%" height={18} />
      <Skeleton height={160} />
    </div>
  );
}
