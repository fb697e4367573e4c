// The outbox.
import { Send } from "lucide-react";
import { EmptyState } from "../../design";
import { useT } from "../../i18n";

export default function OutboxPlace() {
  const t = useT();
  return <EmptyState icon={Send} title={t("shell:place.outbox")} />;
}
