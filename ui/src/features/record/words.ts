// Words that the grid's rows need, made once for all of them.
import { useMemo } from "react";
import { useT } from "../../i18n";
import type { FigureName } from "./figures";

const figures: readonly FigureName[] = ["count", "filled", "empty", "unique", "sum", "average", "median", "min", "max"];

/** Words of a grid over the records of a base. */
export function useGridWords(base: string) {
  const t = useT();
  return useMemo(
    () => ({
      base,
      yes: t("common:yes"),
      no: t("common:no"),
      write: t("record:write_to"),
      open: t("record:open_link"),
      button: t("record:button_shown"),
      tick: t("record:tick_row"),
      expand: t("record:expand_row"),
      locked: t("record:locked"),
      awaited: t("common:loading"),
      fill: t("record:fill"),
      group: {
        empty: t("view:group.empty"),
        add: t("view:group.add_record"),
        figure: Object.fromEntries(figures.map((name) => [name, t(`record:figure.${name}`)])) as Record<FigureName, string>,
      },
    }),
    [t, base],
  );
}
