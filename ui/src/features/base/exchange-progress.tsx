// An import or export under way: how far it is, and a button that ends it.
import { CircleStop } from "lucide-react";
import { Button, Progress } from "../../design";
import { useRead, write } from "../../engine";
import { useT } from "../../i18n";

let made = 0;

/** A name by which the progress of one import or export is asked for. */
export const newTicket = (): string => {
  made += 1;
  return `window-${Date.now().toString(36)}-${made}`;
};

export function ExchangeProgress({ ticket }: { ticket: string }) {
  const t = useT();
  const records = useRead("base.progress", { ticket }).data?.records ?? 0;
  return (
    <div role="status" className="mr-auto flex min-w-0 items-center gap-2">
      <Progress label={t("exchange:running")} className="w-32" />
      <span className="text-xs whitespace-nowrap text-muted tabular-nums">{t("exchange:progress", { count: records })}</span>
      <Button small icon={CircleStop} onPress={() => void write("base.import_cancel", { ticket })}>{t("exchange:stop")}</Button>
    </div>
  );
}
