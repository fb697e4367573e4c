// Choosing options of a select column: typed to search, made on the way where there is none of that name.
import { useRef, useState, type KeyboardEvent } from "react";
import type { Column } from "../../engine";
import { useT } from "../../i18n";
import { optionsOf } from "./kinds";
import { Picker } from "./picker";
import { chosenOptions } from "./show";
import { OptionChip } from "./view";

const fold = (text: string) => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();

export interface OptionPickerProps {
  column: Column;
  value: unknown;
  /** Text typed already. */
  initial?: string | undefined;
  /** A new value: for one option its id or name (null empties), for several a list of them. */
  onChange: (value: unknown) => void;
  /** The choice is finished: Enter, or a single option was taken. */
  onDone: (how: "enter" | "tab" | "back_tab" | "pick") => void;
  onCancel: () => void;
}

export function OptionPicker({ column, value, initial, onChange, onDone, onCancel }: OptionPickerProps) {
  const t = useT();
  const field = useRef<HTMLInputElement>(null);
  const many = column.type === "multiple_select";
  const [text, setText] = useState(initial ?? "");
  const chosen = chosenOptions(column, value);
  const typed = text.trim();
  const found = optionsOf(column).filter((option) => fold(option.name).includes(fold(typed)));
  const isNew = typed !== "" && !optionsOf(column).some((option) => fold(option.name) === fold(typed));

  const take = (index: number) => {
    const option = found[index];
    const picked: number | string | null = option ? option.id : isNew ? typed : null;
    if (picked === null) return;
    if (!many) {
      onChange(picked);
      onDone("pick");
      return;
    }
    const now = chosen.map((one) => (one.id < 0 ? one.name : one.id));
    onChange(now.includes(picked) ? now.filter((one) => one !== picked) : [...now, picked]);
    setText("");
  };

  const onKey = (event: KeyboardEvent, place: number) => {
    if (event.key === "Enter") {
      event.preventDefault();
      if (event.ctrlKey || (many && typed === "" && place === 0)) onDone("enter");
      else take(place);
    } else if (event.key === "Tab") {
      event.preventDefault();
      if (typed !== "" && !many) {
        const option = found[place];
        if (option || isNew) onChange(option ? option.id : typed);
      }
      onDone(event.shiftKey ? "back_tab" : "tab");
    } else if (event.key === "Escape") {
      event.preventDefault();
      onCancel();
    } else if (event.key === "Backspace" && text === "" && chosen.length > 0) {
      event.preventDefault();
      onChange(many ? chosen.slice(0, -1).map((one) => one.id) : null);
    }
  };

  return (
    <Picker
      className="min-w-56"
      label={column.name}
      placeholder={t("column:option.find")}
      many={many}
      text={text}
      onText={setText}
      choices={found.map((option) => ({ key: option.id, chosen: chosen.some((one) => one.id === option.id), content: <span className="min-w-0 flex-1"><OptionChip option={option} /></span> }))}
      make={isNew ? t("column:option.make", { name: typed }) : null}
      empty={t("column:option.none")}
      // The cursor begins where the choice stands.
      start={many || initial ? 0 : Math.max(0, optionsOf(column).findIndex((option) => option.id === value))}
      onTake={take}
      onKey={onKey}
      field={field}
      above={chosen.length > 0 && <div className="flex flex-wrap gap-1 px-2 pt-2">{chosen.map((option) => <OptionChip key={option.name} option={option} />)}</div>}
    />
  );
}
