// Calendars and timelines need a column of dates; this makes one.
import { Calendar, Plus } from "lucide-react";
import { Button, EmptyState } from "../../design";
import { call, toEngineError } from "../../engine";
import { useT } from "../../i18n";
import { tellError } from "../../shell";
import { dateFormats } from "../column/settings";
import type { ViewScreenProps } from "./screen";

export function NeedsDate({ base, table, language }: ViewScreenProps) {
  const t = useT();
  const make = async () => {
    try {
      await call("column.add", { base, table: table.id, name: t("view:date.new_column"), type: "date", settings: { format: language === "en" ? dateFormats[0] : dateFormats[1] } });
    } catch (thrown) {
      tellError(toEngineError(thrown));
    }
  };
  return (
    <EmptyState icon={Calendar} title={t("view:date.no_column")} actions={<Button kind="primary" icon={Plus} onPress={() => void make()}>{t("view:date.make_column")}</Button>}>
      {t("view:date.no_column_hint")}
    </EmptyState>
  );
}
