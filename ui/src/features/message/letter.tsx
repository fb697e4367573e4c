// One letter of a conversation: a line while it is folded; header, body and files while it is open.
import { clsx } from "clsx";
import { ChevronDown, ChevronUp, CodeXml, Forward, ImageOff, Mail, MailMinus, Moon, MoreHorizontal, Paperclip, Printer, Reply, ReplyAll, ShieldAlert, Star, Sun, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { Avatar, Badge, Banner, Button, ConfirmDialog, IconButton, Menu, type MenuGroup } from "../../design";
import { write, type Message } from "../../engine";
import { openLink } from "../../engine/desktop";
import { useT } from "../../i18n";
import { keysOf } from "../../shell";
import { Attachments, filesOf } from "./attachments";
import { LetterBody } from "./body";
import { useDark } from "./dark";
import { readLink, type LetterLink } from "./link";
import { useFollowLink } from "./link-dialog";
import { Author, Details, nameOf, Recipients, When } from "./people";
import { printLetter } from "./print";

export type LetterAct = "reply" | "reply_all" | "forward" | "unread" | "star" | "delete" | "junk" | "source";

export interface LetterProps {
  message: Message;
  open: boolean;
  onToggle: () => void;
  /** Alone in its conversation: it does not fold. */
  single: boolean;
  /** The one that the keys mean. */
  current: boolean;
  /** Own addresses, in lower case. */
  own: ReadonlySet<string>;
  onAct: (act: LetterAct, message: Message) => void;
  onMail: (link: LetterLink & { kind: "mail" }) => void;
  onShown: (message: Message) => void;
  onHover: (href: string) => void;
  onFocus: () => void;
}

export function Letter(props: LetterProps) {
  return props.open ? <OpenLetter {...props} /> : <FoldedLetter {...props} />;
}

function FoldedLetter({ message, onToggle, current }: LetterProps) {
  const t = useT();
  const unread = !message.flags.seen;
  return (
    <button
      type="button"
      aria-expanded={false}
      onClick={onToggle}
      data-letter={message.id}
      className={clsx(
        "flex h-11 w-full items-center gap-3 rounded-lg border bg-surface px-3 text-left hover:border-line-strong",
        current ? "border-line-strong" : "border-line",
      )}
    >
      <Avatar name={message.from.name} email={message.from.email} size={24} />
      {message.flags.draft && <Badge tone="warning">{t("message:draft")}</Badge>}
      <bdi className={clsx("max-w-48 shrink-0 truncate", unread && "font-semibold")}>{nameOf(message.from)}</bdi>
      <bdi className="min-w-0 flex-1 truncate text-xs text-muted">{message.snippet}</bdi>
      {message.flags.flagged && <Star size={14} fill="currentColor" className="shrink-0 text-star" aria-label={t("message:starred")} />}
      {filesOf(message).length > 0 && <Paperclip size={14} className="shrink-0 text-muted" aria-label={t("message:attachment.title")} />}
      <When at={message.date_at} />
    </button>
  );
}

function OpenLetter({ message, onToggle, single, current, own, onAct, onMail, onShown, onHover, onFocus }: LetterProps) {
  const t = useT();
  const darkWindow = useDark();
  const [turned, setTurned] = useState(false);
  const [details, setDetails] = useState(false);
  const [unsubscribing, setUnsubscribing] = useState(false);
  const selecting = useRef(false);
  const card = useRef<HTMLElement>(null);
  const { follow, dialog } = useFollowLink(onMail);
  // A sender's own colours stay on a light card unless asked otherwise; plain text follows the window.
  const dark = darkWindow && message.has_html === turned;

  const allow = (sender: boolean) => void write("message.allow_remote", { id: message.id, sender });
  const groups: MenuGroup[] = [
    {
      items: [
        { id: "reply", label: t("message:reply"), icon: Reply, keys: keysOf("message.reply"), perform: () => onAct("reply", message) },
        { id: "reply_all", label: t("message:reply_all"), icon: ReplyAll, keys: keysOf("message.reply_all"), perform: () => onAct("reply_all", message) },
        { id: "forward", label: t("message:forward"), icon: Forward, keys: keysOf("message.forward"), perform: () => onAct("forward", message) },
      ],
    },
    {
      items: [
        { id: "unread", label: t("message:mark_unread"), icon: Mail, perform: () => onAct("unread", message) },
        { id: "delete", label: t("message:delete_letter"), icon: Trash2, perform: () => onAct("delete", message) },
        { id: "junk", label: t("message:junk_letter"), icon: ShieldAlert, perform: () => onAct("junk", message) },
      ],
    },
    {
      items: [
        { id: "print", label: t("message:print"), icon: Printer, perform: () => card.current && printLetter(card.current) },
        { id: "source", label: t("message:source.show"), icon: CodeXml, perform: () => onAct("source", message) },
        ...(message.unsubscribe ? [{ id: "unsubscribe", label: t("message:unsubscribe.do"), icon: MailMinus, perform: () => setUnsubscribing(true) }] : []),
      ],
    },
  ];

  return (
    <article
      ref={card}
      aria-label={t("message:letter_of", { name: nameOf(message.from) })}
      data-letter={message.id}
      className={clsx("overflow-hidden rounded-lg border bg-surface", current && !single ? "border-line-strong" : "border-line")}
    >
      <div className="hidden px-4 print:block">
        <h1 className="pb-2 text-lg font-semibold"><bdi>{message.subject}</bdi></h1>
        <Details message={message} />
      </div>
      <header
        className="flex items-start gap-3 px-4 pt-3 pb-2 print:hidden"
        onClick={(event) => {
          if (single || selecting.current || (event.target as Element).closest("button,a,dl,.selectable")) return;
          if (globalThis.getSelection()?.isCollapsed === false) return;
          onToggle();
        }}
      >
        <Avatar name={message.from.name} email={message.from.email} size={36} className="mt-0.5" />
        <div className="min-w-0 flex-1">
          <div className="flex items-baseline gap-3">
            <Author message={message} />
            <span className="flex-1" />
            <When at={message.date_at} full />
          </div>
          <div className="flex items-center gap-1">
            <button
              type="button"
              aria-expanded={details}
              onClick={() => setDetails(!details)}
              className="flex min-h-6 min-w-0 items-center gap-0.5 rounded-sm text-left hover:text-text"
            >
              <Recipients message={message} own={own} />
              {details ? <ChevronUp size={13} className="shrink-0 text-muted" aria-hidden /> : <ChevronDown size={13} className="shrink-0 text-muted" aria-hidden />}
              <span className="sr-only">{t("message:details")}</span>
            </button>
            <span className="flex-1" />
            <span className="-my-1 flex print:hidden">
              {darkWindow && message.has_html && (
                <IconButton icon={dark ? Sun : Moon} label={dark ? t("message:light_card") : t("message:dark_card")} onPress={() => setTurned(!turned)} />
              )}
              <IconButton
                icon={Star}
                filled={message.flags.flagged}
                tone={message.flags.flagged ? "star" : "plain"}
                label={message.flags.flagged ? t("message:unstar") : t("message:star")}
                onPress={() => onAct("star", message)}
              />
              <IconButton icon={Reply} label={t("message:reply")} keys={keysOf("message.reply")} onPress={() => onAct("reply", message)} />
              <Menu trigger={<IconButton icon={MoreHorizontal} label={t("common:more")} />} label={t("common:more")} groups={groups} placement="bottom end" />
            </span>
          </div>
        </div>
      </header>
      {details && <div className="px-4 pb-3 print:hidden"><Details message={message} /></div>}

      {message.unreadable && <Banner tone="warning" live={false}>{t("message:unreadable")}</Banner>}
      {!message.complete && <Banner live={false}>{t("message:incomplete")}</Banner>}
      {message.deceptive_links > 0 && <Banner tone="warning" icon={ShieldAlert} live={false}>{t("message:deceptive", { count: message.deceptive_links })}</Banner>}
      {message.remote_images > 0 && !message.remote_allowed && (
        <Banner
          icon={ImageOff}
          live={false}
          className="print:hidden"
          actions={
            <>
              <Button small onPress={() => allow(false)}>{t("message:remote.once")}</Button>
              <Button small kind="quiet" onPress={() => allow(true)}>{t("message:remote.always")}</Button>
            </>
          }
        >
          {t("message:remote.blocked", { count: message.remote_images })}
        </Banner>
      )}

      <LetterBody
        message={message}
        dark={dark}
        onLink={follow}
        onShown={() => onShown(message)}
        onHover={onHover}
        onFocus={onFocus}
        onSelecting={(active) => {
          selecting.current = active;
        }}
      />
      <Attachments message={message} />
      {message.unsubscribe && (
        <div className="border-t border-line px-4 py-1.5 print:hidden">
          <button type="button" onClick={() => setUnsubscribing(true)} className="min-h-6 text-xs text-muted underline-offset-2 hover:text-text hover:underline">
            {t("message:unsubscribe.offer")}
          </button>
        </div>
      )}
      {dialog}
      <Unsubscribe message={message} open={unsubscribing} onClose={() => setUnsubscribing(false)} onMail={onMail} />
    </article>
  );
}

function Unsubscribe({ message, open, onClose, onMail }: { message: Message; open: boolean; onClose: () => void; onMail: LetterProps["onMail"] }) {
  const t = useT();
  const link = message.unsubscribe ? readLink(message.unsubscribe, "") : null;
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={t("message:unsubscribe.title")}
      confirm={link?.kind === "mail" ? t("message:unsubscribe.write") : t("message:unsubscribe.open")}
      cancel={t("common:cancel")}
      onConfirm={() => {
        if (link?.kind === "mail") onMail(link);
        else if (link) void openLink(link.url);
      }}
    >
      <p>{t(link?.kind === "mail" ? "message:unsubscribe.by_letter" : "message:unsubscribe.by_page", { name: message.from.name || message.from.email })}</p>
      <p className="selectable mt-2 max-h-24 overflow-auto rounded-md bg-sunken p-2 font-mono text-xs break-all">{message.unsubscribe}</p>
    </ConfirmDialog>
  );
}
