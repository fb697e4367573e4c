// What a pane shows while its read is under way or has failed.
import type { ReactNode } from "react";
import { Button, ErrorState, TroubleBox } from "../design";
import type { EngineError, Error as DoorError } from "../engine";
import { useT, type T } from "../i18n";
import { troubleOf } from "./trouble";
import { askPassphrase } from "./unlocking";

interface Props {
  error: EngineError | DoorError;
  onRetry?: () => void;
}

/** What can be done about an error, where something can. */
function actionsFor({ error, onRetry }: Props, t: T, small: boolean): ReactNode {
  if (error.code === "locked") return <Button small={small} kind="primary" onPress={askPassphrase}>{t("account:unlock.do")}</Button>;
  return onRetry && <Button small={small} onPress={onRetry}>{t("common:retry")}</Button>;
}

/** An error that fills a pane. */
export function ErrorPane(props: Props) {
  const t = useT();
  return <ErrorState trouble={troubleOf(props.error, t)} detailLabel={t("common:show_detail")} actions={actionsFor(props, t, false)} />;
}

/** An error inside of a form or card. */
export function ErrorBox(props: Props) {
  const t = useT();
  return <TroubleBox trouble={troubleOf(props.error, t)} detailLabel={t("common:show_detail")} actions={actionsFor(props, t, true)} />;
}
