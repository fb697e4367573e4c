// The settings.
import { Settings } from "lucide-react";
import { EmptyState } from "../../design";
import { useT } from "../../i18n";

export default function SettingsPlace() {
  const t = useT();
  return <EmptyState icon={Settings} title={t("shell:place.settings")} />;
}
