// What a pane shows while its read is under way or has failed.
import { Button, ErrorState, TroubleBox } from "../design";
import type { EngineError, Error as DoorError } from "../engine";
import { useT } from "../i18n";
import { troubleOf } from "./trouble";

/** An error that fills a pane. */
export function ErrorPane({ error, onRetry }: { error: EngineError | DoorError; onRetry?: () => void }) {
  const t = useT();
  return (
    <ErrorState
      trouble={troubleOf(error, t)}
      detailLabel={t("common:show_detail")}
      actions={onRetry && <Button onPress={onRetry}>{t("common:retry")}</Button>}
    />
  );
}

/** An error inside of a form or card. */
export function ErrorBox({ error, onRetry }: { error: EngineError | DoorError; onRetry?: () => void }) {
  const t = useT();
  return (
    <TroubleBox
      trouble={troubleOf(error, t)}
      detailLabel={t("common:show_detail")}
      actions={onRetry && <Button small onPress={onRetry}>{t("common:retry")}</Button>}
    />
  );
}
