// The place of bases.
import { Database } from "lucide-react";
import { EmptyState } from "../../design";
import { useT } from "../../i18n";

export function BasePlace() {
  const t = useT();
  return <EmptyState icon={Database} title={t("base:empty.title")} />;
}
