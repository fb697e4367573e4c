// Made-up mail for the fixture: a hundred thousand conversations, a few of them in every state.
import type { Account, Attachment, Draft, DraftAttachment, ListScope, Mailbox, MailboxRole, Message, Selection, ThreadRow } from "../engine";
import helper from "../../../src-tauri/engine/src/part/frame-helper.js?raw";
import { changed, doorError, type Handlers, type TestTransport } from "./transport";

const MINUTE_MS = 60_000;
const INBOX = 100_000;

const people = [
  ["Ada Lovelace", "ada@analytical.example"], ["Олена Коваль", "o.koval@budivelnyk.example"], ["Łukasz Żądło", "l.zadlo@cement.example"], ["Дмитрий Щербаков", "d.shcherbakov@zavod.example"],
  ["Jürgen Groß", "j.gross@beton.example"], ["יעל כהן", "yael@studio.example"], ["Versand DHL", "noreply@dhl.example"], ["", "rechnung@telekom.example"], ["Nguyễn Thị Minh Khai", "khai@viet.example"], ["GitHub", "notifications@github.example"],
] as const;
const subjects = [
  "Angebot 2026-118: Betonfertigteile für Halle 3", "Протокол наради та домовленості щодо постачання цементу на жовтень", "Zapytanie ofertowe – prefabrykaty, termin do piątku", "Счёт № 4471 и акт сверки за третий квартал",
  "Re: Drawings for the north façade", "הצעת מחיר מעודכנת לפרויקט", "Ihre Sendung kommt heute zwischen 12:05 und 14:05", "Ihre Rechnung November", "Fwd: Delivery schedule, gantry crane and the question of who pays for the second mobilisation of the site team in week 48", "[tabella] Release 0.4.0 is out",
];
const snippets = [
  "Guten Tag Frau Koval, anbei wie besprochen das Angebot. Die Lieferzeit beträgt sechs Wochen ab Freigabe.", "Добрий день! Надсилаю протокол. Просимо підтвердити обсяги до четверга.", "Dzień dobry, prosimy o wycenę 42 płyt kanałowych z dostawą do Gdańska.", "Добрый день, во вложении счёт и акт. Подпишите, пожалуйста, до пятницы.",
  "Thanks, that works. One more question about the anchors on axis C.", "שלום, מצורפת הצעת המחיר המעודכנת. נשמח לאישור.", "Verfolgen Sie Ihr Paket live auf der Karte.", "Ihre Rechnung steht im Kundencenter bereit.", "See below. I would rather not sign this before Thursday.", "Faster search, fewer clicks. Read the changelog.",
];

const html: Record<number, string> = {
  0: `<p>Guten Tag Frau Koval,</p><p>anbei wie besprochen das Angebot für die <b>Betonfertigteile, Halle 3</b>. Die Lieferzeit beträgt sechs Wochen ab Freigabe.</p>
<table border="1" cellpadding="6" style="border-collapse:collapse"><tr><th>Teil</th><th>Menge</th><th>Preis</th></tr><tr><td>Stütze S1</td><td>24</td><td>1.180,00 €</td></tr><tr><td>Binder B2</td><td>12</td><td>4.420,00 €</td></tr></table>
<p>Die Zeichnungen liegen unter <a href="https://cloud.beton.example/s/halle3">cloud.beton.example</a>, Rückfragen gern an <a href="mailto:j.gross@beton.example?subject=Angebot%202026-118">mich</a>.</p><p>Mit freundlichen Grüßen<br>Jürgen Groß</p>
<details class="tabella-history"><summary>Show quoted text</summary><blockquote>Am 12. November schrieb Olena Koval:<br>Bitte senden Sie uns ein Angebot.</blockquote></details>`,
  7: `<div style="background:#e20074;padding:24px;color:#fff;font:22px sans-serif">Ihre Rechnung</div><div style="padding:16px;width:900px"><p>Guten Tag,</p><p>Ihre Rechnung über <b>49,95 €</b> steht bereit.</p><p><a href="https://login.evil.example/pay">www.telekom.example</a></p><p><span class="tabella-blocked">&nbsp;&nbsp;&nbsp;</span></p></div>`,
  5: `<div dir="rtl"><p>שלום,</p><p>מצורפת הצעת המחיר המעודכנת. נשמח לאישור עד יום חמישי.</p><p>בברכה,<br>יעל</p></div>`,
};

const files: Record<number, Attachment[]> = {
  0: [
    { part: 2, filename: "Angebot 2026-118.pdf", mime: "application/pdf", size: 482_113, content_id: null, inline: false },
    { part: 3, filename: "Stückliste Halle 3 – Stand November.xlsx", mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", size: 38_402, content_id: null, inline: false },
    { part: 4, filename: "Baustelle.png", mime: "image/png", size: 1_204_998, content_id: null, inline: false },
  ],
  3: [{ part: 2, filename: "Акт_сверки.pdf.exe", mime: "application/x-msdownload", size: 88_000, content_id: null, inline: false }],
};

const pixel = "data:image/svg+xml;utf8," + encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240"><rect width="320" height="240" fill="#7ea6c9"/><path d="M0 240 L120 90 L200 180 L260 120 L320 240 Z" fill="#52708a"/></svg>');

function mailboxesOf(account: Account, snoozed: number): Mailbox[] {
  const box = (at: number, path: string, role: MailboxRole | null, messages: number, unread: number, selectable = true): Mailbox => ({
    id: account.id * 100 + at, account_id: account.id, path, name: path.split("/").at(-1) ?? path, role, selectable, messages, unread, on_server: account.sync.phase === "fetching" && at === 0 ? messages + 4000 : null,
  });
  const first = account.id === 1;
  return [
    box(0, "INBOX", "inbox", first ? INBOX : 812, first ? 4 : account.id === 4 ? 0 : 12),
    ...(snoozed > 0 ? [box(6, "Snoozed", "snoozed", snoozed, 0)] : []),
    box(1, "Drafts", "drafts", 2, 0), box(2, "Sent", "sent", 902, 0), box(3, "Archive", "archive", 12_483, 0), box(4, "Junk", "junk", 18, 7), box(5, "Trash", "trash", 4, 0),
    ...(first
      ? [box(10, "Projekte", null, 0, 0, false), box(11, "Projekte/2026", null, 90, 3), box(12, "Projekte/2026/Ausschreibungen Niederösterreich", null, 14, 0), box(13, "Проєкти", null, 31, 1), box(14, "Zażalenia", null, 2, 0)]
      : []),
  ];
}

function messageOf(index: number, account: number, at: number): Message {
  const kind = index % people.length;
  const [name, email] = people[kind]!;
  return {
    id: index * 10 + 1, thread_id: index + 1, account_id: account, mailbox_ids: [account * 100], message_id: `${index}.a@mail.invalid`, subject: subjects[kind]!,
    from: { name, email }, sender: null, reply_to: [], to: [{ name: "Olena Koval", email: "olena.koval@example.org" }], cc: kind === 4 ? [{ name: "Boris", email: "boris@example.org" }, { name: "", email: "team@example.org" }] : [], bcc: [],
    date_at: at, flags: { seen: index > 5 && index !== 8, flagged: index % 13 === 2, answered: index % 9 === 4, forwarded: false, draft: false }, snippet: snippets[kind]!, size: 12_000 + ((index * 7919) % 900_000),
    attachments: files[kind] ?? [], complete: true, unreadable: false, has_html: kind in html, remote_images: kind === 7 ? 3 : 0, remote_allowed: false,
    unsubscribe: kind === 9 ? "https://github.example/unsubscribe?token=1" : kind === 6 ? "mailto:unsubscribe@dhl.example?subject=unsubscribe" : null, deceptive_links: kind === 7 ? 1 : 0, keywords: [],
  };
}

export function mailHandlers(accounts: () => readonly Account[], tell: () => TestTransport): Handlers {
  const now = Date.now();
  const changes = new Map<number, Partial<Message["flags"]>>();
  const gone = new Map<number, number>();
  const snoozed = new Map<number, number>();
  const allowed = new Set<number>();
  const groups: (() => void)[] = [];
  let drafts: Draft[] = [];
  let nextDraft = 1;
  const frozen = new Map<number, Draft>();
  const isSnoozed = (scope: ListScope) => scope.role === "snoozed" || (scope.mailbox_id !== null && scope.mailbox_id % 100 === 6);
  const total = (scope: ListScope) => {
    if (scope.role === "junk" || scope.mailbox_id === 405 || scope.mailbox_id === 400) return 0;
    if (scope.query !== null) return scope.query.length > 12 ? 0 : Math.max(3, Math.floor(4000 / scope.query.length));
    if (scope.unread) return 7;
    return scope.mailbox_id === null || scope.mailbox_id === 100 ? INBOX : 812;
  };
  const atOf = (index: number) => now - index * 7 * MINUTE_MS - (index > 20 ? index * 90 * MINUTE_MS : 0) - 3 * MINUTE_MS;
  const patched = (message: Message): Message => ({ ...message, flags: { ...message.flags, ...changes.get(message.id) }, remote_allowed: allowed.has(message.id) });
  const messagesOf = (thread: number): Message[] => {
    const index = thread - 1;
    const accountId = accounts()[index % 7 === 3 ? 1 : 0]?.id ?? 1;
    const main = messageOf(index, accountId, atOf(index));
    if (index % 5 !== 4) return [patched(main)];
    const mine: Message = {
      ...main, id: main.id + 1, from: { name: "Olena Koval", email: "olena.koval@example.org" }, to: [main.from], mailbox_ids: [accountId * 100 + 2],
      date_at: main.date_at - 90 * MINUTE_MS, flags: { ...main.flags, seen: true, flagged: false }, snippet: "Could you send the revised drawings by Friday?", has_html: false, attachments: [],
    };
    const first: Message = { ...main, id: main.id + 2, date_at: main.date_at - 26 * 60 * MINUTE_MS, flags: { ...main.flags, seen: true, flagged: false }, snippet: "Here are the drawings for the north façade, rev. B.", has_html: false };
    return [first, mine, main].map(patched);
  };
  const rowOf = (index: number): ThreadRow => {
    const messages = messagesOf(index + 1);
    const newest = messages.at(-1)!;
    return {
      id: index + 1, account_id: newest.account_id, subject: newest.subject, people: messages.length > 1 ? [newest.from, { name: "Olena Koval", email: "olena.koval@example.org" }] : [newest.from], snippet: newest.snippet,
      last_at: newest.date_at, messages: messages.length, matching: messages.length, unread: messages.filter((one) => !one.flags.seen).length, flagged: messages.some((one) => one.flags.flagged),
      answered: newest.flags.answered, has_attachments: newest.attachments.length > 0, has_draft: index === 4, size: newest.size,
    };
  };
  /** Indices of a page, past those that were moved away. */
  const indices = (scope: ListScope, offset: number, limit: number): number[] => {
    const taken = [...gone.keys()].map((thread) => thread - 1).toSorted((a, b) => a - b);
    let from = offset;
    for (const at of taken) if (at <= from) from += 1;
    const found: number[] = [];
    const end = total(scope);
    for (let index = from; found.length < limit && index < end; index += 1) if (!gone.has(index + 1)) found.push(index);
    return found;
  };
  const act = (selection: Selection, apply: (thread: number, message: number | null) => void, undo: (thread: number, message: number | null) => void) => {
    const each = (what: typeof apply) => {
      for (const thread of selection.threads) what(thread, null);
      for (const message of selection.messages) what(Math.floor((message - 1) / 10) + 1, message);
      tell().change(changed("message"), changed("mailbox"));
    };
    each(apply);
    groups.push(() => each(undo));
    return { group: groups.length, messages: selection.threads.length + selection.messages.length };
  };
  const take = (selection: Selection) => {
    if (selection.threads.includes(3)) throw doorError("refused", "The server does not let anybody move this message.", { remedy: "It is back in its place." });
    return act(selection, (thread) => gone.set(thread, 1), (thread) => gone.delete(thread));
  };
  const draftOf = (id: number): Draft => {
    const found = drafts.find((one) => one.id === id);
    if (!found) throw doorError("not_found", "There is no such draft.");
    return found;
  };
  const putDraft = (draft: Draft): Draft => {
    const next = { ...draft, updated_at: Date.now() };
    drafts = [...drafts.filter((one) => one.id !== next.id), next];
    tell().change(changed("draft", next.id));
    return next;
  };
  return {
    "mailbox.list": () => accounts().flatMap((account) => mailboxesOf(account, account.id === 1 ? snoozed.size : 0)),
    "thread.list": async ({ scope, offset, limit }) => {
      await new Promise((done) => setTimeout(done, 12));
      if (isSnoozed(scope)) return { total: snoozed.size, rows: [...snoozed].map(([thread, snoozed_until]) => ({ ...rowOf(thread - 1), snoozed_until })) };
      const found = total(scope);
      return { total: Math.max(0, found - gone.size), rows: indices(scope, offset, limit).map(rowOf) };
    },
    "message.list": ({ scope, offset, limit }) => ({ total: Math.max(0, total(scope) - gone.size), rows: indices(scope, offset, limit).map((index) => messagesOf(index + 1).at(-1)!) }),
    "thread.get": ({ id }) => {
      const messages = messagesOf(id);
      return { id, account_id: messages[0]!.account_id, subject: messages.at(-1)!.subject, messages };
    },
    "message.get": ({ id }) => messagesOf(Math.floor((id - 1) / 10) + 1).find((one) => one.id === id)!,
    "message.body": ({ id }) => ({ text: "", html: null, headers: `Return-Path: <ada@analytical.example>\nReceived: from mx.example (mx.example [192.0.2.1])\nMessage-ID: <${id}.a@mail.invalid>\nSubject: Example\n` }),
    "message.flag": ({ selection, seen, flagged }) => {
      const set = (value: Partial<Message["flags"]>) => (thread: number, message: number | null) => {
        for (const one of message === null ? messagesOf(thread).map((each) => each.id) : [message]) changes.set(one, { ...changes.get(one), ...value });
      };
      const value = { ...(seen === null ? {} : { seen }), ...(flagged === null ? {} : { flagged }) };
      const back = { ...(seen === null ? {} : { seen: !seen }), ...(flagged === null ? {} : { flagged: !flagged }) };
      return act(selection, set(value), set(back));
    },
    "thread.snooze": ({ selection, until }) =>
      act(
        selection,
        (thread) => void (gone.set(thread, 1), snoozed.set(thread, until)),
        (thread) => void (gone.delete(thread), snoozed.delete(thread)),
      ),
    "thread.unsnooze": ({ selection }) =>
      act(
        selection,
        (thread) => void (gone.delete(thread), snoozed.delete(thread)),
        (thread) => void (gone.set(thread, 1), snoozed.set(thread, Date.now() + 3_600_000)),
      ),
    "message.archive": ({ selection }) => take(selection),
    "message.resync": () => ({ messages: 28, mended: 2, gone: 1, local: 1, stopped: false }),
    "message.delete": ({ selection }) => take(selection),
    "message.junk": ({ selection }) => take(selection),
    "message.move_to": ({ selection }) => take(selection),
    "operation.undo": ({ group }) => {
      groups[group - 1]?.();
      return {};
    },
    "message.allow_remote": ({ id }) => {
      allowed.add(id);
      tell().change(changed("message", id));
      return {};
    },
    "message.save_attachment": ({ path }) => ({ paths: [path] }),
    "draft.list": () => drafts,
    "draft.get": ({ id }) => draftOf(id),
    "draft.create": ({ kind, original, to, subject, text }) => {
      const source = original === null ? null : messagesOf(Math.floor((original - 1) / 10) + 1).find((one) => one.id === original);
      const prefix = kind === "forward" ? "Fwd: " : kind === "new" ? "" : "Re: ";
      const answer = kind === "reply" || kind === "reply_all";
      return putDraft({
        id: nextDraft++, account_id: 1, identity_id: 10, kind, original, to: source && answer ? [source.from] : to, cc: source && kind === "reply_all" ? source.cc : [], bcc: [],
        subject: subject ?? (source ? prefix + source.subject.replace(/^(Re|Fwd): /, "") : ""), html: text ? `<p>${text}</p>` : "", text: text ?? "", quote: source !== null, attachments: [], updated_at: Date.now(),
      });
    },
    "draft.open": () => putDraft({ id: nextDraft++, account_id: 1, identity_id: 10, kind: "new", original: null, to: [{ name: "Ada Lovelace", email: "ada@analytical.example" }], cc: [], bcc: [], subject: "Half a letter", html: "<p>Dear Ada,</p>", text: "Dear Ada,", quote: false, attachments: [], updated_at: now }),
    "draft.save": (args) => putDraft({ ...draftOf(args.id), ...args }),
    "draft.attach": async ({ id, path, bytes, inline }) => {
      await new Promise((done) => setTimeout(done, 300));
      const draft = draftOf(id);
      const file: DraftAttachment = {
        id: draft.attachments.length + 1, filename: bytes?.filename ?? path ?? "", mime: bytes?.mime ?? "application/octet-stream", size: Math.round((bytes?.base64.length ?? 0) * 0.75), content_id: inline ? `p${draft.attachments.length + 1}@tabella` : null,
      };
      return putDraft({ ...draft, attachments: [...draft.attachments, file] });
    },
    "draft.detach": ({ id, attachment_id }) => putDraft({ ...draftOf(id), attachments: draftOf(id).attachments.filter((one) => one.id !== attachment_id) }),
    "draft.check": ({ id }) => {
      const draft = draftOf(id);
      if (draft.to.length + draft.cc.length + draft.bcc.length === 0) return [{ kind: "no_recipient" }];
      return [...(draft.subject === "" ? [{ kind: "empty_subject" as const }] : []), ...(/attach/i.test(draft.text) && draft.attachments.length === 0 ? [{ kind: "missing_attachment" as const, word: "attached" }] : [])];
    },
    "draft.discard": ({ id }) => {
      drafts = drafts.filter((one) => one.id !== id);
      tell().change(changed("draft", id));
      return {};
    },
    "submission.send": ({ draft_id, send_at }) => {
      const draft = draftOf(draft_id);
      drafts = drafts.filter((one) => one.id !== draft_id);
      const id = 90_000 + draft_id;
      frozen.set(id, draft);
      tell().change(changed("draft", draft_id));
      return {
        id, account_id: 1, state: "queued", from: { name: "Olena Koval", email: "olena.koval@example.org" }, subject: draft.subject, message_id: `${id}@mail.invalid`, sent_message_id: null, recipients: [], created_at: Date.now(),
        send_at: send_at ?? Date.now() + 10_000, state_at: Date.now(), attempts: 0, retry_at: null, answer: null, error: null, filed: false, run_id: null, size: 2000,
      };
    },
    "submission.cancel": ({ id }) => {
      const draft = frozen.get(id);
      if (!draft) return { draft_id: null };
      drafts = [...drafts, draft];
      tell().change(changed("draft", draft.id));
      return { draft_id: draft.id };
    },
    "correspondent.complete": ({ text, limit }) =>
      people.map(([name, email], index) => ({ name, email, table: index % 3 === 1 ? { base: "Clients", name: "Companies" } : null })).filter((one) => `${one.name} ${one.email}`.toLowerCase().includes(text.toLowerCase())).slice(0, limit),
  };
}

/** A body, picture or source as the engine would serve it. */
export function mailPart(path: string): string {
  const [kind, which] = path.split("?")[0]!.split("/");
  if (kind === "part" || kind === "draft-part") return pixel;
  if (kind !== "body") return `data:text/plain;charset=utf-8,${encodeURIComponent("Subject: Example\r\n\r\nText")}`;
  const index = Math.floor((Number(which) - 1) / 10) % people.length;
  const dark = path.includes("dark=1");
  const content = html[index] ?? `<div style="white-space:pre-wrap">${snippets[index]}\n\nhttps://example.org</div>`;
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-fixture'; style-src 'unsafe-inline'; img-src data:">
<style>:root{color-scheme:${dark ? "dark" : "light"}}html{background:${dark ? "#1c1c1e" : "#fff"}}body{margin:16px;color:${dark ? "#e6e6e6" : "#1c1c1e"};font:15px/1.5 system-ui,sans-serif;overflow-wrap:break-word}summary{display:inline-block;margin:8px 0;padding:0 10px;border:1px solid #c7c7cc;border-radius:10px;font-size:13px}</style></head>
<body>${content}<script nonce="fixture">${helper}</script></body></html>`;
  return `data:text/html;charset=utf-8,${encodeURIComponent(page)}`;
}
