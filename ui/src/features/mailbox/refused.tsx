// What a server refused after it was done here: told once with the reason, and put away by hand.
import { useState } from "react";
import { Banner, Button } from "../../design";
import { useRead } from "../../engine";
import { useT } from "../../i18n";
import { troubleOf } from "../../shell";

export function RefusedBanner() {
  const t = useT();
  const { data } = useRead("operation.pending", {});
  const [seen, setSeen] = useState<ReadonlySet<number>>(new Set());
  const refused = (data ?? []).filter((one) => one.refused !== null && !seen.has(one.id));
  const [first] = refused;
  if (!first?.refused) return null;
  const { title, message, remedy } = troubleOf(first.refused, t);
  return (
    <Banner
      tone="danger"
      className="shrink-0"
      actions={<Button small onPress={() => setSeen(new Set([...seen, ...refused.map((one) => one.id)]))}>{t("common:close")}</Button>}
    >
      <span className="font-medium">
        {refused.length > 1 ? t("mailbox:refused_several", { count: refused.length }) : t("mailbox:refused", { subject: first.subject || t("thread:no_subject") })}
      </span>{" "}
      {[message || `${title}.`, remedy].filter(Boolean).join(" ")}
    </Banner>
  );
}
