// The first fetch of an account in real numbers; it closes by itself.
import { useEffect, useRef } from "react";
import { Progress } from "../../design";
import { useRead, type AccountId } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { stateWords } from "./state";

export function FirstSync({ id, onDone }: { id: AccountId; onDone: () => void }) {
  const t = useT();
  const format = useFormats();
  const account = useRead("account.get", { id }).data;
  const phase = account?.sync.phase;
  const done = useRef(onDone);
  useEffect(() => {
    done.current = onDone;
  });
  useEffect(() => {
    if (phase === "up_to_date") done.current();
  }, [phase]);
  if (!account) return null;
  const { sync } = account;
  return (
    <div className="rounded-lg border border-line p-3">
      <p className="font-medium">{t("account:fetching.title")}</p>
      <p className="mt-0.5 text-xs text-muted">{t("account:fetching.body")}</p>
      <Progress className="mt-3" label={t("account:fetching.title")} done={sync.done} total={sync.total} text={stateWords(account, t, format)} />
      <p className="mt-1.5 flex justify-between gap-3 text-xs text-muted">
        <span>{stateWords(account, t, format)}</span>
        {sync.mailbox && <span className="truncate">{sync.mailbox}</span>}
      </p>
    </div>
  );
}
