// The place of mail: mailboxes, list and reader side by side, one above the other, or one after the other.
import { Inbox, MailPlus, Menu as MenuIcon, MousePointerClick } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from "react";
import { Button, ContextMenu, EmptyState, IconButton, Splitter, type VirtualListHandle } from "../../design";
import { useRead, useReadAhead, type Account, type Draft, type ListSort, type Mailbox } from "../../engine";
import { useT } from "../../i18n";
import { go, mailPath, parseMailPath, patchSettings, setUndoScope, settingsPath, useActions, useLayoutSize, useMenuEntries, usePath, useScope, useSettings } from "../../shell";
import { isPrinting } from "../message";
import { ComposerDock, ComposerPane, composers, isCopyOf, LocalDrafts, openDraft } from "../draft";
import { dragging, EmptyList, ListBar, ListModel, MoveDialog, noFilters, Reader, SearchBar, sorts, ThreadList, useListModel, type Filters, type ListRow } from "../thread";
import "./place.css";
import { RefusedBanner } from "./refused";
import { listScope, scopeTitle, seenIn } from "./scope";
import { SnoozeDialog } from "./snooze-dialog";
import { MailboxTree } from "./tree";
import { useMailFiles, type MailFiles } from "./use-files";
import { accountsOf, canSnooze, useMail } from "./use-mail";

/** The reader follows the cursor after this pause, so that a held key does not open every row, ms. */
const FOLLOW_MS = 110;

/** Keeps its answer while a letter is printed: paper has another width, and the panes must not turn about. */
function useMedia(query: string): boolean {
  const media = useMemo(() => globalThis.matchMedia(query), [query]);
  const last = useRef(media.matches);
  return useSyncExternalStore(
    (listener) => {
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => {
      if (!isPrinting()) last.current = media.matches;
      return last.current;
    },
  );
}

export function MailPlace() {
  const t = useT();
  const accounts = useRead("account.list", {});
  if (accounts.data?.length === 0) {
    return (
      <EmptyState icon={MailPlus} title={t("mailbox:no_account.title")} actions={<Button kind="primary" onPress={() => go(settingsPath("accounts", "new"))}>{t("shell:action.add_account")}</Button>}>
        {t("mailbox:no_account.hint")}
      </EmptyState>
    );
  }
  return <MailPanes />;
}

function MailPanes() {
  const t = useT();
  const path = usePath();
  const settings = useSettings();
  const accounts = useRead("account.list", {}).data ?? noAccounts;
  const mailboxes = useRead("mailbox.list", { account_id: null }).data ?? noBoxes;
  const drafts = useRead("draft.list", {}).data;
  const narrow = useMedia("(max-width: 900px)");
  const tiny = useMedia("(max-width: 640px)");
  const [treeShown, setTreeShown] = useState(false);
  const onDraftPath = /^\/draft\/(\d+)/.exec(path)?.[1];
  const last = useRef(mailPath());
  if (!onDraftPath && path.startsWith("/mail")) last.current = path;
  const mailPlace = onDraftPath ? last.current : path;
  const { scope, thread } = useMemo(() => parseMailPath(mailPlace), [mailPlace]);

  useEffect(() => setUndoScope("mail"), []);
  // The address of a draft opens its composer and leaves the list where it was.
  useEffect(() => {
    if (onDraftPath) {
      openDraft(Number(onDraftPath));
      go(last.current, { replace: true });
    }
  }, [onDraftPath]);

  const scopeKey = JSON.stringify(scope);
  const [filtersOf, setFiltersOf] = useState<{ key: string; filters: Filters }>({ key: scopeKey, filters: noFilters });
  const filters = filtersOf.key === scopeKey ? filtersOf.filters : noFilters;
  const sort: ListSort = sorts[settings.layout["mail.sort"] ?? 0] ?? "newest";
  const seen = seenIn(scope, mailboxes);
  const kindKey = JSON.stringify([scope, filters, sort, settings.conversations, seen.role]);
  const model = useMemo(
    () => new ListModel({ scope: listScope(scope, filters), sort, mode: settings.conversations ? "threads" : "messages", role: seen.role }),
    // The key holds all of it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [kindKey],
  );
  useEffect(() => {
    model.start();
    return () => model.end();
  }, [model]);
  useListModel(model);
  const following = useRef<{ timer: ReturnType<typeof setTimeout>; row: ListRow } | null>(null);
  const ahead = () => following.current?.row ?? null;
  const takeAhead = (): ListRow | null => {
    const row = ahead();
    clearTimeout(following.current?.timer);
    following.current = null;
    return row;
  };
  const mail = useMail({ model, scope, seen, thread, mailboxes, afterAct: settings.after_act, ahead, takeAhead });

  const list = useRef<VirtualListHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const covers = narrow || settings.reader === "off";
  const composing = composers((state) => state.open);
  const full = composers((state) => state.full);
  // Behind a composer that covers it, the list hears no keys.
  useScope("mail", composing === null || !(full || covers));

  // The cursor stands on what is open; without a cursor the first row has it.
  const { count } = model.source;
  useEffect(() => {
    if (count === null || count === 0) return;
    if (thread !== null) {
      const index = model.indexOfThread(thread);
      if (index >= 0 && model.cursorRow?.thread !== thread) model.moveTo(index);
    }
    if (model.cursor < 0) model.moveTo(0);
  }, [model, count, thread]);

  const readAhead = useReadAhead();
  const onMove = (index: number, pointer: boolean) => {
    takeAhead();
    const row = model.source.row(index);
    if (!row) return;
    if (pointer) mail.open(row, { explicit: true });
    else if (!covers) {
      const timer = setTimeout(() => {
        following.current = null;
        mail.open(row);
      }, FOLLOW_MS);
      following.current = { timer, row };
    }
  };
  useEffect(() => () => clearTimeout(following.current?.timer), []);
  /** Acts on the reader are meant for what the cursor stands on, shown or not. */
  const follow = () => {
    const row = takeAhead();
    if (!row || seen.role === "drafts") return null;
    mail.open(row);
    return row.thread === thread ? null : row.thread;
  };
  const step = (by: number, extend = false) => {
    if (model.count === 0) return;
    const index = model.cursor < 0 ? 0 : Math.min(model.count - 1, Math.max(0, model.cursor + by));
    model.moveTo(index, extend);
    list.current?.scrollTo(index);
    if (extend) return;
    const row = model.source.row(index);
    if (covers && thread !== null) {
      if (row) mail.open(row, { replace: true });
    } else onMove(index, false);
  };
  const openCursor = () => {
    const row = model.cursorRow;
    if (row) mail.open(row, { explicit: true });
  };
  const back = () => {
    mail.close();
    setTimeout(() => list.current?.focus());
  };
  const leave = () => {
    if (model.tickedCount > 0) model.untick();
    else if (thread !== null && covers) back();
    else if ("query" in scope) go(before.current);
    else if (thread !== null) back();
  };
  const before = useRef(mailPath());
  if (!("query" in scope) && path.startsWith("/mail")) before.current = path;

  useActions([
    { id: "list.next", title: "thread:key.next", keys: ["j", "arrowdown"], scope: "mail", quiet: true, perform: () => step(1) },
    { id: "list.previous", title: "thread:key.previous", keys: ["k", "arrowup"], scope: "mail", quiet: true, perform: () => step(-1) },
    { id: "list.extend_next", title: "thread:key.extend_next", keys: ["shift+j"], scope: "mail", quiet: true, perform: () => step(1, true) },
    { id: "list.extend_previous", title: "thread:key.extend_previous", keys: ["shift+k"], scope: "mail", quiet: true, perform: () => step(-1, true) },
    { id: "list.open", title: "thread:key.open", keys: ["o", "enter"], scope: "mail", quiet: true, perform: openCursor },
    { id: "list.back", title: "thread:key.back", keys: ["u"], scope: "mail", quiet: true, when: () => thread !== null || "query" in scope, perform: leave },
    { id: "list.leave", title: "thread:key.leave", keys: ["escape"], scope: "mail", quiet: true, when: () => model.tickedCount > 0 || thread !== null || "query" in scope, perform: leave },
    { id: "list.tick", title: "thread:key.tick", keys: ["x"], scope: "mail", quiet: true, when: () => model.cursor >= 0, perform: () => model.toggle(model.cursor) },
    {
      id: "list.tick_all",
      title: "thread:key.tick_all",
      keys: ["mod+a"],
      scope: "mail",
      quiet: true,
      when: () => model.count > 0,
      perform: () => (model.tickedCount > 0 ? model.tickAll() : model.tickRange(0, Math.min(model.count, 5000) - 1)),
    },
    { id: "list.search", title: "thread:search.label", keys: ["/"], scope: "mail", perform: () => search.current?.focus() },
  ]);

  const own = useMemo(() => new Set(accounts.flatMap((one) => [one.email, ...one.identities.map((identity) => identity.email)]).map((email) => email.toLowerCase())), [accounts]);
  const several = accounts.length > 1;
  const marks = useMemo(
    () => (several && !("mailbox" in scope) ? new Map(accounts.map((one) => [one.id, { name: one.name, color: one.color }])) : null),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [several, accounts, scopeKey],
  );
  const [menuAt, setMenuAt] = useState<{ x: number; y: number } | null>(null);
  const entries = useMenuEntries(["message.archive", "thread.snooze", ...(seen.role === "snoozed" ? ["thread.unsnooze"] : []), "message.delete", "message.move", "message.inbox", "message.junk", "message.read", "message.unread", "message.star", "message.export", "message.compare"], t);

  const shownAccount = "mailbox" in scope ? mailboxes.find((one) => one.id === scope.mailbox)?.account_id : undefined;
  const menuOf = useRef<MailFiles["openMenu"]>(() => {});
  const openMenu = useCallback<MailFiles["openMenu"]>((mailbox, at) => menuOf.current(mailbox, at), []);
  const localDrafts =
    seen.role === "drafts"
      ? (drafts ?? noDrafts).filter((draft) => (shownAccount === undefined || draft.account_id === shownAccount) && !model.loaded(200).some((row) => isCopyOf(draft, row)))
      : noDrafts;
  const title = scopeTitle(scope, mailboxes, several, t);
  const filtered = filters.unread || filters.flagged || filters.attachments;
  const files = useMailFiles({ model, scope: listScope(scope, filters), title, seen, mailboxes, accounts, meant: mail.meant });
  useEffect(() => {
    menuOf.current = files.openMenu;
  });
  const moveTo = (to: Mailbox, rows: Parameters<typeof mail.act>[1]) => void mail.act({ kind: "move", to }, rows).then(() => model.untick());

  const listPane = (
    <section aria-label={title} data-takes-mail="" className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface">
      <div className="shrink-0 border-b border-line px-3 pt-2 pb-2">
        <div className="flex items-start gap-1">
          {tiny && <IconButton icon={MenuIcon} label={t("mailbox:tree")} onPress={() => setTreeShown(true)} />}
          <div className="min-w-0 flex-1">
            <SearchBar
              query={"query" in scope ? scope.query : ""}
              onSearch={(query) => go(query === "" ? before.current : mailPath({ query }), { replace: "query" in scope })}
              onLeave={() => list.current?.focus()}
              inputRef={search}
            />
          </div>
        </div>
        <div className="pt-1">
          <ListBar
            title={title}
            model={model}
            filters={filters}
            onFilters={(next) => setFiltersOf({ key: scopeKey, filters: next })}
            sort={sort}
            onSort={(next) => void patchSettings((now) => ({ layout: { ...now.layout, "mail.sort": sorts.indexOf(next) } }))}
            narrow={narrow}
          />
        </div>
      </div>
      {seen.role === "drafts" && <LocalDrafts drafts={localDrafts} />}
      <ThreadList
        ref={list}
        model={model}
        label={title}
        accounts={marks}
        own={own}
        onMove={onMove}
        onOpen={openCursor}
        onPress={(row) => seen.role !== "drafts" && readAhead("thread.get", { id: row.thread })}
        onAct={mail.rowAct}
        snoozable={canSnooze(seen)}
        onMenu={(_, at) => setMenuAt(at)}
        onDrop={(id, rows) => {
          const to = mailboxes.find((one) => one.id === id);
          if (to?.role === "snoozed") mail.setSnoozing(rows);
          else if (to) moveTo(to, rows);
        }}
        empty={
          seen.role === "drafts" && localDrafts.length > 0 ? null : <EmptyList
            searching={"query" in scope}
            filtered={filtered}
            inbox={seen.role === "inbox"}
            onClear={filtered && <Button onPress={() => setFiltersOf({ key: scopeKey, filters: noFilters })}>{t("thread:filter.clear")}</Button>}
          />
        }
      />
    </section>
  );

  const onGone = useCallback(() => go(mailPath(JSON.parse(scopeKey)), { replace: true }), [scopeKey]);
  const reader = thread !== null && (
    <Reader
      thread={thread}
      only={mail.only}
      own={own}
      mailboxes={mailboxes}
      onBack={covers ? back : null}
      snoozable={canSnooze(seen)}
      onAct={mail.letterAct}
      onMail={mail.writeTo}
      onRead={mail.markRead}
      onDraft={mail.openDraftOf}
      onGone={onGone}
      onFollow={follow}
    />
  );
  const readerPane = (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      {composing !== null ? (
        <ComposerPane reader={full || covers ? null : reader || null} thread={thread} accounts={accounts} alone={covers} />
      ) : (
        reader || (
          <EmptyState icon={model.tickedCount > 0 ? MousePointerClick : Inbox} title={model.tickedCount > 0 ? t("thread:bulk.count", { count: model.tickedCount }) : t("mailbox:nothing_open")} className="bg-sunken">
            {t("mailbox:nothing_open_hint")}
          </EmptyState>
        )
      )}
    </div>
  );

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <RefusedBanner />
      <div className="flex min-h-0 flex-1">
        {!tiny && <TreePane accounts={accounts} mailboxes={mailboxes} scope={scope} drafts={drafts?.length ?? 0} onMenu={openMenu} narrow={narrow} />}
        {tiny && treeShown && (
          <>
            <div aria-hidden className="absolute inset-0 z-20 bg-scrim" onClick={() => setTreeShown(false)} />
            <div className="absolute inset-y-0 left-0 z-30 flex w-64 shadow-raised" onClick={(event) => (event.target as Element).closest("a") && setTreeShown(false)}>
              <MailboxTree accounts={accounts} mailboxes={mailboxes} scope={scope} drafts={drafts?.length ?? 0} onMenu={openMenu} />
            </div>
          </>
        )}
        {covers ? (
          thread !== null || composing !== null ? readerPane : listPane
        ) : (
          <TwoPanes where={settings.reader === "bottom" ? "bottom" : "right"} alone={composing !== null && full} list={listPane} reader={readerPane} />
        )}
      </div>
      <ComposerDock />
      <ContextMenu at={menuAt} onClose={() => setMenuAt(null)} label={t("common:more")} groups={[{ items: entries }]} />
      <MoveDialog
        accounts={accountsOf(mail.moving)}
        mailboxes={mailboxes}
        except={seen.mailbox}
        onClose={() => mail.setMoving(null)}
        onMove={(to) => moveTo(to, mail.moving ?? undefined)}
      />
      <SnoozeDialog
        open={mail.snoozing !== null}
        onClose={() => mail.setSnoozing(null)}
        onChoose={(until) => void mail.act({ kind: "snooze", until }, mail.snoozing ?? undefined).then(() => model.untick())}
      />
      {files.dialogs}
      <DragGhost />
    </div>
  );
}

const noBoxes: readonly Mailbox[] = [];
const noAccounts: readonly Account[] = [];
const noDrafts: readonly Draft[] = [];

function TreePane({ narrow, ...tree }: Parameters<typeof MailboxTree>[0] & { narrow: boolean }) {
  const t = useT();
  const [width, setWidth, keepWidth] = useLayoutSize("mail.tree", 224);
  return (
    <>
      <div className="flex shrink-0" style={{ width: narrow ? Math.min(width, 200) : width }}>
        <MailboxTree {...tree} />
      </div>
      <Splitter label={t("common:resize", { name: t("mailbox:tree") })} value={width} min={160} max={400} initial={224} onChange={setWidth} onSettled={keepWidth} />
    </>
  );
}

/** `alone` leaves the whole place to the reader; the list keeps its scroll behind it. */
function TwoPanes({ where, alone, list, reader }: { where: "right" | "bottom"; alone: boolean; list: ReactNode; reader: ReactNode }) {
  const t = useT();
  const right = where === "right";
  const initial = right ? 400 : 320;
  const [size, setSize, keepSize] = useLayoutSize(right ? "mail.list_width" : "mail.list_height", initial);
  return (
    <div className={right ? "flex min-h-0 min-w-0 flex-1" : "flex min-h-0 min-w-0 flex-1 flex-col"}>
      <div className={alone ? "hidden" : "flex min-h-0 min-w-0 shrink-0"} style={right ? { width: `min(${size}px, 60%)` } : { height: `min(${size}px, 65%)` }}>
        {list}
      </div>
      {!alone && (
        <Splitter
          label={t("common:resize", { name: t("thread:list") })}
          orientation={right ? "vertical" : "horizontal"}
          value={size}
          min={right ? 280 : 140}
          max={right ? 900 : 800}
          initial={initial}
          onChange={setSize}
          onSettled={keepSize}
        />
      )}
      {reader}
    </div>
  );
}

function DragGhost() {
  const t = useT();
  const drag = dragging((state) => state.drag);
  if (!drag) return null;
  return (
    <div aria-hidden className="pointer-events-none fixed z-50 rounded-md border border-line bg-raised px-2 py-1 text-xs shadow-raised" style={{ left: drag.x + 12, top: drag.y + 8 }}>
      {t("thread:dragged", { count: drag.rows.length })}
    </div>
  );
}
