// All accounts: how each is doing and what can be done with it.
import { ArrowDown, ArrowUp, CircleStop, Ellipsis, GripVertical, ListRestart, Mail, MailPlus, Pause, Pencil, Play, RefreshCw, ScrollText, Trash2 } from "lucide-react";
import { useState } from "react";
import { Badge, Button, ConfirmDialog, EmptyState, IconButton, Menu, Progress, Skeleton, type MenuGroup } from "../../design";
import { call, useRead, write, type Account, type AccountId } from "../../engine";
import { useT } from "../../i18n";
import { ErrorPane, go, settingsPath } from "../../shell";
import { Reauthorize } from "./reauthorize";
import { RemoveAccount } from "./remove-account";
import { AccountState } from "./state";
import { SyncLog } from "./sync-log";
import { TestMail } from "./test-mail";

export type AccountDialog = "test" | "reauthorize" | "remove" | "resync" | "log";

/** Letters of each account that still wait, counted over the open ledger. */
function useWaiting(id: AccountId): number {
  return useRead("submission.list", { account_id: id, open: true, offset: 0, limit: 1 }).data?.total ?? 0;
}

/** Puts the accounts into this order. */
async function reorder(accounts: readonly Account[], from: number, to: number): Promise<void> {
  const order = [...accounts];
  const [moved] = order.splice(from, 1);
  if (!moved || to < 0 || to > order.length) return;
  order.splice(to, 0, moved);
  for (const [position, account] of order.entries()) {
    if (account.position !== position) await write("account.update", { id: account.id, position });
  }
}

export function AccountList() {
  const t = useT();
  const { data: accounts, error, refetch } = useRead("account.list", {});
  const [dialog, setDialog] = useState<{ kind: AccountDialog; id: AccountId } | null>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  if (error) return <ErrorPane error={error} onRetry={() => void refetch()} />;
  if (!accounts) return <div className="space-y-2"><Skeleton height={58} /><Skeleton height={58} /></div>;
  if (accounts.length === 0) {
    return (
      <EmptyState
        icon={Mail}
        title={t("account:empty.title")}
        actions={<Button kind="primary" icon={MailPlus} onPress={() => go(settingsPath("accounts", "new"))}>{t("account:add")}</Button>}
      >
        {t("account:empty.body")}
      </EmptyState>
    );
  }
  const rowAt = (x: number, y: number) => {
    const row = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-account-at]");
    return row ? Number(row.dataset["accountAt"]) : null;
  };
  return (
    <>
      <ul className="divide-y divide-line rounded-lg border border-line">
        {accounts.map((account, at) => (
          <li key={account.id} data-account-at={at} className={over === at && dragged !== null && dragged !== at ? "bg-selected" : ""}>
            <AccountRow
              account={account}
              at={at}
              last={at === accounts.length - 1}
              onMove={(to) => void reorder(accounts, at, to)}
              drag={{
                begin: () => setDragged(at),
                move: (x, y) => setOver(rowAt(x, y)),
                end: () => {
                  if (dragged !== null && over !== null && over !== dragged) void reorder(accounts, dragged, over);
                  setDragged(null);
                  setOver(null);
                },
              }}
              onDialog={(kind) => setDialog({ kind, id: account.id })}
            />
          </li>
        ))}
      </ul>
      {dialog && <AccountDialogs kind={dialog.kind} account={accounts.find((one) => one.id === dialog.id)} onClose={() => setDialog(null)} />}
    </>
  );
}

function AccountRow({ account, at, last, onMove, drag, onDialog }: {
  account: Account;
  at: number;
  last: boolean;
  onMove: (to: number) => void;
  /** By pointer events: the window keeps the system's own drags for files. */
  drag: { begin: () => void; move: (x: number, y: number) => void; end: () => void };
  onDialog: (kind: AccountDialog) => void;
}) {
  const t = useT();
  const waiting = useWaiting(account.id);
  const running = account.sync.phase === "fetching" || account.sync.phase === "connecting";
  const groups: MenuGroup[] = [
    {
      items: [
        running
          ? { id: "stop", label: t("account:stop"), icon: CircleStop, perform: () => void write("account.stop_sync", { id: account.id }) }
          : { id: "sync", label: t("account:sync_now"), icon: RefreshCw, disabled: account.paused, perform: () => void write("account.sync", { id: account.id }) },
        account.paused
          ? { id: "resume", label: t("account:resume"), icon: Play, perform: () => void write("account.update", { id: account.id, paused: false }) }
          : { id: "pause", label: t("account:pause"), icon: Pause, perform: () => void write("account.update", { id: account.id, paused: true }) },
        { id: "edit", label: t("account:edit"), icon: Pencil, perform: () => go(settingsPath("accounts", account.id)) },
        { id: "log", label: t("account:log"), icon: ScrollText, perform: () => onDialog("log") },
        { id: "resync", label: t("account:resync"), icon: ListRestart, disabled: account.kind === "sandbox", perform: () => onDialog("resync") },
      ],
    },
    {
      items: [
        { id: "up", label: t("account:move_up"), icon: ArrowUp, disabled: at === 0, perform: () => onMove(at - 1) },
        { id: "down", label: t("account:move_down"), icon: ArrowDown, disabled: last, perform: () => onMove(at + 1) },
      ],
    },
    { items: [{ id: "remove", label: t("account:remove"), icon: Trash2, danger: true, perform: () => onDialog("remove") }] },
  ];
  return (
    <div className="group flex min-h-[58px] items-center gap-2 py-1.5 pr-2 pl-1">
      <span
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.begin();
        }}
        onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && drag.move(event.clientX, event.clientY)}
        onLostPointerCapture={drag.end}
        title={t("account:reorder", { name: account.name })}
        className="inline-flex h-8 w-5 shrink-0 cursor-grab touch-none items-center justify-center text-faint"
      >
        <GripVertical size={14} aria-hidden />
      </span>
      <span aria-hidden data-dot="" className="h-8 w-1 shrink-0 rounded-full" style={{ background: account.color }} />
      <div className="min-w-0 flex-1">
        <div className="flex min-w-0 items-center gap-2">
          <a href={`#${settingsPath("accounts", account.id)}`} className="truncate font-medium text-text no-underline hover:underline">{account.name}</a>
          {account.name !== account.email && <span className="min-w-0 shrink-[99] truncate text-xs text-muted">{account.email}</span>}
          {account.kind === "sandbox" && <Badge>{t("account:sandbox_badge")}</Badge>}
        </div>
        <AccountState account={account} waiting={waiting} />
        {running && account.sync.total > 0 && <Progress className="mt-1 max-w-80" label={t("account:fetching.title")} done={account.sync.done} total={account.sync.total} />}
      </div>
      {account.sync.phase === "sign_in" && <Button small kind="primary" onPress={() => onDialog("reauthorize")}>{t("account:sign_in_again")}</Button>}
      <IconButton icon={Mail} label={t("account:test_mail")} onPress={() => onDialog("test")} />
      <Menu trigger={<IconButton icon={Ellipsis} label={t("account:menu", { name: account.name })} />} label={account.name} groups={groups} placement="bottom end" />
    </div>
  );
}

/** The dialogs of one account, wherever they are asked for. */
export function AccountDialogs({ kind, account, onClose, onRemoved }: {
  kind: AccountDialog;
  account: Account | undefined;
  onClose: () => void;
  onRemoved?: () => void;
}) {
  const t = useT();
  if (!account) return null;
  if (kind === "test") return <TestMail account={account} onClose={onClose} />;
  if (kind === "reauthorize") return <Reauthorize account={account} onClose={onClose} />;
  if (kind === "log") return <SyncLog account={account} onClose={onClose} />;
  if (kind === "remove") return <RemoveAccount account={account} onClose={onClose} onRemoved={onRemoved ?? (() => {})} />;
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t("account:resync_title", { name: account.name })}
      confirm={t("account:resync")}
      cancel={t("common:cancel")}
      onConfirm={() => call("account.resync", { id: account.id })}
    >
      {t("account:resync_body")}
    </ConfirmDialog>
  );
}
