// The place of mail.
import { Inbox } from "lucide-react";
import { EmptyState } from "../../design";
import { useT } from "../../i18n";

export function MailPlace() {
  const t = useT();
  return <EmptyState icon={Inbox} title={t("thread:empty.title")} />;
}
