// The left pane: all inboxes, each account with its mailboxes, saved searches.
import { clsx } from "clsx";
import { ChevronRight, Folder, Inbox, PenLine, Search, Star, X, type LucideIcon } from "lucide-react";
import { memo, useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import { Link } from "react-aria-components";
import { Button, Dot, IconButton } from "../../design";
import { write, type Account, type Mailbox } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { mailPath, patchSettings, performAction, settingsPath, useSettings, type MailScope, wordsOf } from "../../shell";
import { dragging, mailboxName, roleIcons } from "../thread";
import { nest, unreadOf, type Node } from "./nest";
import { syncWords } from "./sync-words";

export interface TreeProps {
  accounts: readonly Account[];
  mailboxes: readonly Mailbox[];
  scope: MailScope;
  drafts: number;
  /** The menu of a mailbox is asked for. */
  onMenu: (mailbox: number, at: { x: number; y: number }) => void;
}

/** Drawn again only when what it shows changes: it stands beside a list that changes with every key. */
export const MailboxTree = memo(function MailboxTree({ accounts, mailboxes, scope, drafts, onMenu }: TreeProps) {
  const t = useT();
  const { saved_filters } = useSettings();
  const several = accounts.length > 1;
  const isRole = (role: string) => "role" in scope && scope.role === role;
  const isQuery = (query: string) => "query" in scope && scope.query === query;
  // With one account its own inbox is the unified one.
  const single = several ? null : (accounts[0]?.id ?? null);

  return (
    <nav aria-label={t("mailbox:tree")} className="flex min-h-0 min-w-0 flex-1 flex-col bg-sunken">
      <div className="shrink-0 p-2">
        <Button kind="primary" icon={PenLine} className="w-full" onPress={() => performAction("draft.new")}>{t("mailbox:compose")}</Button>
      </div>
      <div
        className="min-h-0 flex-1 overflow-y-auto px-2 pb-3"
        onKeyDown={moveFocus}
        onContextMenu={(event) => {
          const box = (event.target as Element).closest<HTMLElement>("[data-mailbox]");
          if (!box) return;
          event.preventDefault();
          const { left, bottom } = box.getBoundingClientRect();
          // The menu key tells no place.
          const at = event.clientX === 0 && event.clientY === 0 ? { x: left + 24, y: bottom } : { x: event.clientX, y: event.clientY };
          onMenu(Number(box.dataset["mailbox"]), at);
        }}
      >
        {several && (
          <Group>
            <TreeLink icon={Inbox} name={t("mailbox:all_inboxes")} path={mailPath({ role: "inbox" })} current={isRole("inbox")} count={unreadOf(mailboxes, "inbox")} strong />
            {mailboxes.filter((one) => one.role === "snoozed" && one.messages > 0).length > 1 && (
              <TreeLink icon={roleIcons.snoozed} name={t("mailbox:all_snoozed")} path={mailPath({ role: "snoozed" })} current={isRole("snoozed")} />
            )}
            <TreeLink icon={roleIcons.drafts} name={t("mailbox:all_drafts")} path={mailPath({ role: "drafts" })} current={isRole("drafts")} count={drafts} counts={t("mailbox:drafts_word")} quiet />
            <TreeLink icon={roleIcons.sent} name={t("mailbox:all_sent")} path={mailPath({ role: "sent" })} current={isRole("sent")} />
          </Group>
        )}
        <Group>
          <TreeLink icon={Star} name={t("mailbox:starred")} path={mailPath({ query: "is:starred" })} current={isQuery("is:starred")} />
        </Group>
        {accounts.map((account) => (
          <AccountTree
            key={account.id}
            account={account}
            mailboxes={mailboxes.filter((one) => one.account_id === account.id)}
            isCurrent={(box) => ("mailbox" in scope ? scope.mailbox === box.id : single === box.account_id && box.role !== null && isRole(box.role))}
          />
        ))}
        {saved_filters.length > 0 && (
          <Group title={t("mailbox:saved")}>
            {saved_filters.map((filter) => (
              <TreeLink
                key={filter.name}
                icon={Search}
                name={filter.name}
                path={mailPath({ query: filter.query })}
                current={isQuery(filter.query)}
                after={
                  <IconButton
                    icon={X}
                    size={13}
                    className="size-6 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
                    label={t("common:remove_named", { name: filter.name })}
                    onPress={() => void patchSettings((now) => ({ saved_filters: now.saved_filters.filter((one) => one.name !== filter.name) }))}
                  />
                }
              />
            ))}
          </Group>
        )}
      </div>
    </nav>
  );
});

/** Arrow keys go from link to link; left and right fold. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const here = (event.target as Element).closest<HTMLElement>("[data-node]");
  if (!here) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-node]")];
  const at = all.indexOf(here);
  const fold = here.parentElement?.querySelector<HTMLElement>("[data-fold]");
  if (event.key === "ArrowDown") all[at + 1]?.focus();
  else if (event.key === "ArrowUp") all[at - 1]?.focus();
  else if (event.key === "Home") all[0]?.focus();
  else if (event.key === "End") all.at(-1)?.focus();
  else if (event.key === "ArrowRight" && fold?.ariaExpanded === "false") fold.click();
  else if (event.key === "ArrowLeft" && fold?.ariaExpanded === "true") fold.click();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function Group({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <div className="mb-2">
      {title && <h2 className="px-2 pt-2 pb-1 text-2xs font-medium text-muted">{title}</h2>}
      {children}
    </div>
  );
}

function AccountTree({ account, mailboxes, isCurrent }: { account: Account; mailboxes: readonly Mailbox[]; isCurrent: (box: Mailbox) => boolean }) {
  const t = useT();
  const format = useFormats();
  const { layout } = useSettings();
  const fold = `tree.account.${account.id}`;
  const open = layout[fold] !== 0;
  const { roles, tree } = useMemo(() => nest(mailboxes, format.compare), [mailboxes, format]);
  const state = syncWords(account.sync, t, format);
  return (
    <div className="mb-2">
      <div className="group flex items-center">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => void patchSettings((now) => ({ layout: { ...now.layout, [fold]: open ? 0 : 1 } }))}
          className="flex min-w-0 flex-1 items-center gap-1.5 rounded-md px-1.5 pt-1 pb-0.5 text-left hover:bg-hover"
        >
          <ChevronRight size={13} aria-hidden className={clsx("shrink-0 text-muted transition-transform duration-75", open && "rotate-90")} />
          <Dot color={account.color} />
          <bdi className="min-w-0 truncate text-xs font-semibold">{account.name}</bdi>
          {!open && <Count value={unreadOf(mailboxes, "inbox")} strong />}
        </button>
      </div>
      <div className="flex items-center gap-1 pr-1 pl-[26px]">
        <span role="status" className={clsx("min-w-0 flex-1 truncate text-2xs", state.bad ? "text-danger-text" : "text-muted")} title={account.sync.error ? wordsOf(account.sync.error) : state.text}>
          {state.text}
        </span>
        {state.bad && (
          <Link href={`#${settingsPath("accounts", account.id)}`} className="shrink-0 rounded-sm text-2xs font-medium text-accent-text data-hovered:underline">
            {account.sync.phase === "sign_in" ? t("mailbox:sync.sign_in_now") : t("mailbox:sync.show")}
          </Link>
        )}
        {account.sync.phase === "offline" && (
          <button type="button" className="shrink-0 rounded-sm text-2xs font-medium text-accent-text hover:underline" onClick={() => void write("account.sync", { id: account.id })}>
            {t("common:retry")}
          </button>
        )}
      </div>
      {open && (
        <div className="mt-0.5">
          {roles.map((box) => (
            <MailboxLink key={box.id} mailbox={box} name={mailboxName(box)} icon={roleIcons[box.role!]} depth={0} current={isCurrent(box)} />
          ))}
          <Branch nodes={tree} depth={0} account={account.id} isCurrent={isCurrent} />
        </div>
      )}
    </div>
  );
}

function Branch({ nodes, depth, account, isCurrent }: { nodes: readonly Node[]; depth: number; account: number; isCurrent: (box: Mailbox) => boolean }) {
  return nodes.map((node) => <BranchNode key={node.path} node={node} depth={depth} account={account} isCurrent={isCurrent} />);
}

function BranchNode({ node, depth, account, isCurrent }: { node: Node; depth: number; account: number; isCurrent: (box: Mailbox) => boolean }) {
  const { layout } = useSettings();
  const [touched, setTouched] = useState<boolean | null>(null);
  const fold = `tree.box.${account}.${node.path}`;
  const open = touched ?? layout[fold] !== 0;
  const toggle = () => {
    setTouched(!open);
    void patchSettings((now) => ({ layout: { ...now.layout, [fold]: open ? 0 : 1 } }));
  };
  const box = node.mailbox;
  return (
    <>
      {box?.selectable ? (
        <MailboxLink mailbox={box} name={node.name} icon={Folder} depth={depth} current={isCurrent(box)} fold={node.children.length > 0 ? { open, toggle } : null} />
      ) : (
        <div className="flex items-center" style={{ paddingLeft: depth * 14 }}>
          <button
            type="button"
            data-node=""
            data-fold=""
            aria-expanded={open}
            onClick={toggle}
            className="flex h-7 min-w-0 flex-1 items-center gap-1 rounded-md pr-2 pl-1 text-left text-muted hover:bg-hover"
          >
            <ChevronRight size={13} aria-hidden className={clsx("shrink-0 transition-transform duration-75", open && "rotate-90")} />
            <bdi className="truncate">{node.name}</bdi>
          </button>
        </div>
      )}
      {open && <Branch nodes={node.children} depth={depth + 1} account={account} isCurrent={isCurrent} />}
    </>
  );
}

interface MailboxLinkProps {
  mailbox: Mailbox;
  name: string;
  icon: LucideIcon;
  depth: number;
  current: boolean;
  fold?: { open: boolean; toggle: () => void } | null;
}

function MailboxLink({ mailbox, name, icon, depth, current, fold }: MailboxLinkProps) {
  const over = dragging((state) => state.drag?.over === mailbox.id);
  const unread = mailbox.role === "drafts" || mailbox.role === "sent" || mailbox.role === "trash" ? 0 : mailbox.unread;
  const coming = mailbox.on_server !== null && mailbox.on_server > mailbox.messages;
  return (
    <div data-mailbox={mailbox.id} data-account={mailbox.account_id}>
      <TreeLink
        icon={icon}
        name={name}
        path={mailPath({ mailbox: mailbox.id })}
        current={current}
        count={unread}
        strong={mailbox.role === "inbox"}
        quiet={mailbox.role === "junk"}
        depth={depth}
        over={over}
        fold={fold ?? null}
        coming={coming}
      />
    </div>
  );
}

interface TreeLinkProps {
  icon: LucideIcon;
  name: string;
  path: string;
  current: boolean;
  count?: number;
  /** What the count counts, where it is not unread messages. */
  counts?: string;
  strong?: boolean;
  quiet?: boolean;
  depth?: number;
  /** Rows are dragged over it. */
  over?: boolean;
  fold?: { open: boolean; toggle: () => void } | null;
  /** More of it is still on the server. */
  coming?: boolean;
  after?: ReactNode;
}

function TreeLink({ icon: Icon, name, path, current, count = 0, counts, strong, quiet, depth = 0, over, fold, coming, after }: TreeLinkProps) {
  const t = useT();
  return (
    <div className="group relative flex items-center" style={{ paddingLeft: depth * 14 }}>
      <Link
        href={`#${path}`}
        data-node=""
        aria-current={current ? "page" : undefined}
        className={clsx(
          "flex h-7 min-w-0 flex-1 items-center gap-2 rounded-md pr-2 pl-[22px] text-text",
          over ? "!bg-accent !text-on-accent" : current ? "bg-selected font-medium" : "data-hovered:bg-hover",
        )}
      >
        <Icon size={15} aria-hidden className={clsx("shrink-0", over ? "" : current ? "text-accent-text" : "text-muted")} />
        <bdi className={clsx("min-w-0 flex-1 truncate", strong && count > 0 && "font-semibold")}>{name}</bdi>
        {coming && <span className="size-1.5 shrink-0 animate-pulse rounded-full bg-line-strong" title={t("mailbox:coming")} aria-hidden />}
        <Count value={count} strong={!quiet} spoken={counts ?? t("mailbox:unread_word")} />
      </Link>
      {fold && (
        <button
          type="button"
          tabIndex={-1}
          data-fold=""
          aria-expanded={fold.open}
          aria-label={t(fold.open ? "mailbox:fold" : "mailbox:unfold", { name })}
          onClick={fold.toggle}
          style={{ left: depth * 14 }}
          className="absolute inline-flex size-6 items-center justify-center rounded-sm text-muted hover:text-text"
        >
          <ChevronRight size={13} aria-hidden className={clsx("transition-transform duration-75", fold.open && "rotate-90")} />
        </button>
      )}
      {after}
    </div>
  );
}

function Count({ value, strong, spoken }: { value: number; strong?: boolean; spoken?: string }) {
  const format = useFormats();
  if (value === 0) return null;
  return (
    <span className={clsx("shrink-0 text-2xs", strong ? "font-semibold text-accent-text" : "text-muted")}>
      {format.number(value)}
      {spoken && <span className="sr-only"> {spoken}</span>}
    </span>
  );
}

