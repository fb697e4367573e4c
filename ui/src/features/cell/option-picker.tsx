// Choosing options of a select column; an option that is not there yet is made with the cell.
import type { Column } from "../../engine";
import { useT } from "../../i18n";
import { ChoicePicker, type CellPickerProps, type Named } from "./choice-picker";
import { optionsOf, type SelectOption } from "./kinds";
import { chosenOptions } from "./show";
import { OptionChip } from "./view";

/** An option that is still to be made is known by its name. */
const named = (option: SelectOption): Named => ({ key: option.id < 0 ? option.name : option.id, name: option.name, chip: <OptionChip option={option} /> });

/** The value is an option's id or name (null empties); of several options a list of them. */
export function OptionPicker({ column, value, onChange, ...rest }: CellPickerProps & { column: Column }) {
  const t = useT();
  const many = column.type === "multiple_select";
  return (
    <ChoicePicker
      {...rest}
      label={column.name}
      placeholder={t("column:option.find")}
      many={many}
      all={optionsOf(column).map(named)}
      chosen={chosenOptions(column, value).map(named)}
      made={(name) => named({ id: -1, name, color: "" })}
      makeWords={(name) => t("column:option.make", { name })}
      empty={t("column:option.none")}
      onChange={(chosen) => onChange(many ? chosen.map((one) => one.key) : (chosen[0]?.key ?? null))}
    />
  );
}
