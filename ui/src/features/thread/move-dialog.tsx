// "Move to …": the mailboxes of an account, found by typing.
import { clsx } from "clsx";
import { Folder } from "lucide-react";
import { useId, useMemo, useState } from "react";
import { Dialog, SearchField } from "../../design";
import type { AccountId, Mailbox } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { mailboxName } from "./acts";
import { roleIcons, roleOrder } from "./roles";

export interface MoveDialogProps {
  /** Accounts of the rows to move; closed where it is null. */
  accounts: readonly AccountId[] | null;
  mailboxes: readonly Mailbox[];
  /** Not offered: the mailbox that is shown. */
  except: number | null;
  onMove: (to: Mailbox) => void;
  onClose: () => void;
}

export function MoveDialog({ accounts, mailboxes, except, onMove, onClose }: MoveDialogProps) {
  const t = useT();
  return (
    <Dialog open={accounts !== null} onClose={onClose} title={t("thread:move.title")} size="small" closeLabel={t("common:close")}>
      {accounts !== null &&
        (new Set(accounts).size > 1 ? (
          <p className="py-2 text-sm text-muted">{t("thread:move.one_account")}</p>
        ) : (
          <Choice
            mailboxes={mailboxes.filter((one) => one.account_id === accounts[0] && one.selectable && one.id !== except && one.role !== "drafts" && one.role !== "snoozed")}
            onMove={(to) => {
              onClose();
              onMove(to);
            }}
          />
        ))}
    </Dialog>
  );
}

/** Mailboxes with a role first, in their usual order. */
const rank = ({ role }: Mailbox) => (role === null ? roleOrder.length : roleOrder.indexOf(role));

function Choice({ mailboxes, onMove }: { mailboxes: readonly Mailbox[]; onMove: (to: Mailbox) => void }) {
  const t = useT();
  const format = useFormats();
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const found = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return mailboxes
      .filter((one) => wanted === "" || one.path.toLowerCase().includes(wanted) || mailboxName(one).toLowerCase().includes(wanted))
      .toSorted((a, b) => rank(a) - rank(b) || format.compare(a.path, b.path));
  }, [mailboxes, text, format]);
  const chosen = Math.min(at, found.length - 1);
  return (
    <div
      onKeyDown={(event) => {
        if (event.key === "ArrowDown") setAt(Math.min(found.length - 1, chosen + 1));
        else if (event.key === "ArrowUp") setAt(Math.max(0, chosen - 1));
        else if (event.key === "Enter") {
          const box = found[chosen];
          if (box) onMove(box);
        } else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <SearchField
        label={t("thread:move.find")}
        value={text}
        onChange={(next) => {
          setText(next);
          setAt(0);
        }}
        clearLabel={t("common:clear")}
        autoFocus
      />
      <div role="listbox" aria-label={t("thread:move.title")} tabIndex={-1} className="mt-2 h-72 overflow-auto outline-none">
        {found.map((box, index) => {
          const Icon = box.role ? roleIcons[box.role] : Folder;
          const parents = box.path.split("/").slice(0, -1).join(" / ");
          return (
            <div
              key={box.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === chosen}
              tabIndex={-1}
              ref={(element) => {
                if (index === chosen) element?.scrollIntoView({ block: "nearest" });
              }}
              onPointerMove={() => setAt(index)}
              onClick={() => onMove(box)}
              onKeyDown={() => {}}
              className={clsx("flex h-8 items-center gap-2 rounded-md px-2", index === chosen && "bg-hover")}
            >
              <Icon size={15} className="shrink-0 text-muted" aria-hidden />
              <bdi className="truncate">{mailboxName(box)}</bdi>
              {!box.role && parents && <bdi className="min-w-0 truncate text-xs text-muted">{parents}</bdi>}
            </div>
          );
        })}
        {found.length === 0 && <p className="p-3 text-sm text-muted">{t("thread:move.none")}</p>}
      </div>
    </div>
  );
}
