// Choosing the persons of a cell: whoever looks first, then those who stand in the column, and by typing anybody.
import type { Column } from "../../engine";
import { useT } from "../../i18n";
import { useSettings, wordsOf } from "../../shell";
import { ChoicePicker, type CellPickerProps, type Named } from "./choice-picker";
import { useNames } from "./names";
import { fold, personsOf } from "./show";
import { PersonChip } from "./view";

/** Spellings that differ in case or diacritics are one person, as for the engine. */
const named = (name: string): Named => ({ key: fold(name), name, chip: <PersonChip name={name} /> });

/** The value is a list of names; null empties. */
export function PersonPicker({ column, value, onChange, ...rest }: CellPickerProps<string[] | null> & { column: Column }) {
  const t = useT();
  const own = useSettings().own_name.trim();
  const { names, waits, error } = useNames(column);
  const isMe = (name: string) => own !== "" && fold(name) === fold(own);
  const me: Named[] = own === "" ? [] : [{ ...named(names.find(isMe) ?? own), note: t("column:person.me") }];
  return (
    <ChoicePicker
      {...rest}
      label={column.name}
      placeholder={t("column:person.find")}
      many
      all={[...me, ...names.filter((name) => !isMe(name)).map(named)]}
      chosen={personsOf(value).map(named)}
      known={!waits}
      made={named}
      makeWords={(name) => t("column:person.make", { name })}
      empty={error ? wordsOf(error) : t(waits ? "common:loading" : "column:person.none")}
      onChange={(chosen) => onChange(chosen.length === 0 ? null : chosen.map((one) => one.name))}
    />
  );
}
