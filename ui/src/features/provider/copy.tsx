// A value to take elsewhere, such as a redirect address: shown whole, copied with one press.
import { Copy } from "lucide-react";
import { Button, toast } from "../../design";
import { useT } from "../../i18n";

export function CopyButton({ value, label, quiet, children }: { value: string; /** What is copied, for readers. */ label: string; quiet?: boolean; children?: string }) {
  const t = useT();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      toast(t("provider:copied", { what: label }), { tone: "success" });
    } catch {
      toast(t("provider:copy_failed"), { tone: "danger", hint: t("provider:copy_failed_hint") });
    }
  };
  return (
    <Button small kind={quiet ? "quiet" : "plain"} icon={Copy} aria-label={children ? undefined : t("provider:copy_named", { what: label })} onPress={() => void copy()}>
      {children ?? t("common:copy")}
    </Button>
  );
}

export function CopyField({ label, value, hint }: { label: string; value: string; hint?: string }) {
  const many = value.includes("\n");
  return (
    <div className="min-w-0">
      <div className="mb-1 text-xs font-medium text-muted">{label}</div>
      <div className={many ? "rounded-md border border-line bg-sunken p-1.5" : "flex items-center gap-2 rounded-md border border-line bg-sunken py-px pr-px pl-2"}>
        <code className={many ? "selectable block px-1 pb-1 font-mono text-xs break-all whitespace-pre-wrap" : "selectable min-w-0 flex-1 font-mono text-xs break-all"}>{value}</code>
        <CopyButton value={value} label={label} />
      </div>
      {hint && <p className="mt-1 text-xs text-muted">{hint}</p>}
    </div>
  );
}
