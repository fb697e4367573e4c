// Who wrote, and to whom. The real address is always in sight.
import type { Address, Message } from "../../engine";
import { useFormats, useT, type MessageKey } from "../../i18n";

export const nameOf = ({ name, email }: Address): string => name || email;

/** `Ada Lovelace  ada@example.org` */
export function Author({ message }: { message: Message }) {
  const { from } = message;
  return (
    <span className="selectable flex min-w-0 flex-wrap items-baseline gap-x-2">
      <bdi className="min-w-0 font-semibold break-words">{nameOf(from)}</bdi>
      {from.name && from.name !== from.email && <bdi className="min-w-0 text-xs break-all text-muted">{from.email}</bdi>}
    </span>
  );
}

/** `To me, Boris and 3 more`, by names. */
export function Recipients({ message, own }: { message: Message; own: ReadonlySet<string> }) {
  const t = useT();
  const format = useFormats();
  const all = [...message.to, ...message.cc, ...message.bcc];
  if (all.length === 0) return <span className="text-xs text-muted">{t("message:to_nobody")}</span>;
  const names = all.slice(0, 3).map((one) => (own.has(one.email.toLowerCase()) ? t("message:to_me") : nameOf(one)));
  const more = all.length - names.length;
  if (more > 0) names.push(t("message:more_people", { count: more }));
  return (
    <span className="truncate text-xs text-muted">
      {t("message:to_line", { people: format.list(names) })}
    </span>
  );
}

/** All headers that people ask for, in full. */
export function Details({ message }: { message: Message }) {
  const t = useT();
  const format = useFormats();
  const lines: [MessageKey, Address[]][] = [
    ["message:header.from", [message.from]],
    ["message:header.sender", message.sender ? [message.sender] : []],
    ["message:header.reply_to", message.reply_to],
    ["message:header.to", message.to],
    ["message:header.cc", message.cc],
    ["message:header.bcc", message.bcc],
  ];
  return (
    <dl className="selectable grid max-w-full grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 rounded-lg bg-sunken px-3 py-2 text-xs">
      {lines
        .filter(([, people]) => people.length > 0)
        .map(([key, people]) => (
          <div key={key} className="contents">
            <dt className="text-muted">{t(key)}</dt>
            <dd className="max-h-32 min-w-0 overflow-auto">
              {people.map((one) => (
                <span key={one.email} className="block break-words">
                  {one.name ? <><bdi>{one.name}</bdi> <bdi className="text-muted">&lt;{one.email}&gt;</bdi></> : <bdi>{one.email}</bdi>}
                </span>
              ))}
            </dd>
          </div>
        ))}
      <dt className="text-muted">{t("message:header.date")}</dt>
      <dd>{format.fullDateTime(message.date_at)}</dd>
      {message.keywords.length > 0 && (
        <>
          <dt className="text-muted">{t("message:header.keywords")}</dt>
          <dd className="flex flex-wrap gap-1">
            {message.keywords.map((name) => (
              <bdi key={name} className="max-w-full truncate rounded border border-line px-1.5">{name}</bdi>
            ))}
          </dd>
        </>
      )}
      <dt className="text-muted">{t("message:header.size")}</dt>
      <dd>{format.bytes(message.size)}</dd>
      {message.message_id && (
        <>
          <dt className="text-muted">Message-ID</dt>
          <dd className="font-mono break-all text-muted">{message.message_id}</dd>
        </>
      )}
    </dl>
  );
}

/** The time of a letter: short, in full on hover. */
export function When({ at, full }: { at: number; full?: boolean }) {
  const format = useFormats();
  return (
    <time dateTime={new Date(at).toISOString()} title={format.fullDateTime(at)} className="text-xs whitespace-nowrap text-muted">
      {full ? format.dateTime(at) : format.when(at)}
    </time>
  );
}
