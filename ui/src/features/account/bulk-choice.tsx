// By which way the letters of a Gmail account's first sync come.
import { Segmented } from "../../design";
import { useT } from "../../i18n";

export function BulkChoice({ value, onChange }: { value: boolean; onChange: (imap: boolean) => void }) {
  const t = useT();
  return (
    <div>
      <span aria-hidden className="mb-1 block text-xs font-medium text-muted">{t("account:transport.bulk.label")}</span>
      <Segmented
        aria={t("account:transport.bulk.label")}
        value={value ? "imap" : "api"}
        options={[
          { value: "api", label: t("account:transport.bulk.api") },
          { value: "imap", label: t("account:transport.bulk.imap") },
        ]}
        onChange={(way) => onChange(way === "imap")}
      />
      <p className="mt-1 text-xs text-pretty text-muted">{t("account:transport.bulk.hint")}</p>
    </div>
  );
}
