// Removing an account, after saying what goes with it.
import { ConfirmDialog } from "../../design";
import { call, toEngineError, useRead, type Account } from "../../engine";
import { useT } from "../../i18n";
import { tellError } from "../../shell";

export function RemoveAccount({ account, onClose, onRemoved }: { account: Account; onClose: () => void; onRemoved: () => void }) {
  const t = useT();
  const scope = { account_id: account.id, mailbox_id: null, role: null, query: null, unread: false, flagged: false, has_attachments: false };
  const messages = useRead("message.list", { scope, sort: "newest", offset: 0, limit: 0 }).data?.total;
  const waiting = useRead("submission.list", { account_id: account.id, open: true, offset: 0, limit: 1 }).data?.total ?? 0;
  return (
    <ConfirmDialog
      open
      danger
      onClose={onClose}
      title={t("account:remove_title", { name: account.name })}
      confirm={t("account:remove")}
      cancel={t("common:cancel")}
      onConfirm={async () => {
        try {
          await call("account.remove", { id: account.id });
        } catch (thrown) {
          tellError(toEngineError(thrown));
          throw thrown;
        }
        onRemoved();
      }}
    >
      <p>{t("account:remove_what")}</p>
      <ul className="my-2 list-disc space-y-1 pl-5 text-text">
        {messages !== undefined && <li>{t("account:remove_messages", { count: messages })}</li>}
        <li>{t("account:remove_drafts")}</li>
        {waiting > 0 && <li className="text-danger-text">{t("account:remove_waiting", { count: waiting })}</li>}
      </ul>
      <p>{t(account.kind === "sandbox" ? "account:remove_sandbox" : "account:remove_stays")}</p>
    </ConfirmDialog>
  );
}
