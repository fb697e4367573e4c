// What the engine found before sending. Some of it stops the letter, the rest asks.
import { CircleAlert, TriangleAlert } from "lucide-react";
import { Button, Dialog } from "../../design";
import type { DraftWarning } from "../../engine";
import { useFormats, useT } from "../../i18n";

const blocking = new Set<DraftWarning["kind"]>(["no_recipient", "bad_address", "too_large"]);

export const blocks = (warning: DraftWarning): boolean => blocking.has(warning.kind);

export function WarningsDialog({ warnings, onClose, onSend }: { warnings: readonly DraftWarning[] | null; onClose: () => void; onSend: () => void }) {
  const t = useT();
  const format = useFormats();
  const words = (warning: DraftWarning): string => {
    switch (warning.kind) {
      case "no_recipient":
        return t("draft:warning.no_recipient");
      case "bad_address":
        return t("draft:warning.bad_address", { address: warning.address });
      case "empty_subject":
        return t("draft:warning.empty_subject");
      case "missing_attachment":
        return t("draft:warning.missing_attachment", { word: warning.word });
      case "many_visible":
        return t("draft:warning.many_visible", { count: warning.count });
      case "too_large":
        return t("draft:warning.too_large", { size: format.bytes(warning.size), limit: format.bytes(warning.limit) });
    }
  };
  const stopped = warnings?.some(blocks) ?? false;
  return (
    <Dialog
      open={warnings !== null}
      onClose={onClose}
      title={stopped ? t("draft:warning.stopped") : t("draft:warning.title")}
      size="small"
      role="alertdialog"
      footer={
        <>
          <Button onPress={onClose} autoFocus={stopped} kind={stopped ? "primary" : "plain"}>{t("draft:warning.back")}</Button>
          {!stopped && <Button kind="primary" autoFocus onPress={onSend}>{t("draft:warning.send")}</Button>}
        </>
      }
    >
      <ul className="flex flex-col gap-2">
        {warnings?.map((warning, at) => {
          const Icon = blocks(warning) ? CircleAlert : TriangleAlert;
          return (
            <li key={at} className="flex gap-2">
              <Icon size={16} aria-hidden className={blocks(warning) ? "mt-0.5 shrink-0 text-danger-text" : "mt-0.5 shrink-0 text-warning-text"} />
              <span className="min-w-0 break-words">{words(warning)}</span>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
