// A certificate authority of one's own, as PEM.
import { useState } from "react";
import { Button, TextField } from "../../design";
import { useT } from "../../i18n";

/** Text of a chosen file: certificates are public, so the window may read them itself. */
function readText(): Promise<string | null> {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = ".pem,.crt,.cer,.ca-bundle";
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      if (file) void file.text().then(resolve);
      else resolve(null);
    });
    input.addEventListener("cancel", () => resolve(null));
    input.click();
  });
}

export function CaField({ value, onChange, present, onForget }: { value: string; onChange: (pem: string) => void; present?: boolean; onForget?: () => void }) {
  const t = useT();
  const [open, setOpen] = useState(value !== "");
  return (
    <div>
      <div className="flex items-center gap-2">
        <span className="flex-1 text-xs font-medium text-muted">{t("account:ca.label")}</span>
        <Button
          small
          onPress={() =>
            void readText().then((text) => {
              if (text === null) return;
              setOpen(true);
              onChange(text);
            })
          }
        >
          {t("account:ca.choose")}
        </Button>
        {present && onForget && <Button small kind="quiet" onPress={onForget}>{t("common:remove")}</Button>}
        {!open && <Button small kind="quiet" onPress={() => setOpen(true)}>{t("account:ca.paste")}</Button>}
      </div>
      {open && (
        <TextField
          aria-label={t("account:ca.label")}
          className="mt-1"
          rows={4}
          mono
          value={value}
          onChange={onChange}
          placeholder="-----BEGIN CERTIFICATE-----"
        />
      )}
      <p className="mt-1 text-xs text-muted">
        {present && value === "" ? `${t("account:ca.present")}. ` : ""}
        {t("account:ca.hint")}
      </p>
    </div>
  );
}
