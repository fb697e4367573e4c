// What a column of new records begins with.
import { Select, Switch, TextField } from "../../design";
import { useT } from "../../i18n";
import { takesPreset, type ColumnDraft } from "./settings";

export function PresetField({ draft, onChange }: { draft: ColumnDraft; onChange: (preset: string | number) => void }) {
  const t = useT();
  if (!takesPreset(draft.type)) return null;
  if (draft.type === "date") {
    const word = draft.timed ? "now" : "today";
    return <Switch isSelected={draft.preset === "today" || draft.preset === "now"} onChange={(on) => onChange(on ? word : "")}>{t(draft.timed ? "column:default_now" : "column:default_day")}</Switch>;
  }
  if (draft.type === "single_select") {
    const options = draft.options.filter((one) => one.name.trim() !== "");
    if (options.length === 0) return null;
    return <Select label={t("column:default")} value={draft.preset} options={[{ value: "" as string | number, label: t("common:none") }, ...options.map((one) => ({ value: (one.id ?? one.name.trim()) as string | number, label: one.name }))]} onChange={onChange} />;
  }
  return <TextField label={t("column:default")} {...(draft.type === "long_text" ? { rows: 3 } : {})} value={String(draft.preset)} onChange={onChange} />;
}
