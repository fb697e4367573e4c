// The persons of a rule, chosen from those in its column.
import { useState } from "react";
import { Button, Popover, TextField } from "../../design";
import type { Column } from "../../engine";
import { useT } from "../../i18n";
import { useNames } from "../cell/names";
import { fold } from "../cell/show";
import { PersonChip } from "../cell/view";

/** From so many on a field to search in stands above them. */
const SEARCHED = 8;

export interface PersonsProps {
  column: Column;
  chosen: readonly string[];
  /** One person at most. */
  single: boolean;
  label: string;
  onChange: (chosen: string[]) => void;
}

export function PersonsButton(props: PersonsProps) {
  const t = useT();
  const { chosen, label } = props;
  return (
    <Popover
      label={label}
      trigger={
        <Button className="max-w-52 min-w-40 !justify-start overflow-hidden">
          {chosen.length === 0 ? <span className="text-faint">{t("view:filter.choose")}</span> : chosen.map((name) => <PersonChip key={name} name={name} />)}
        </Button>
      }
    >
      {(close) => <PersonList {...props} onDone={close} />}
    </Popover>
  );
}

function PersonList({ column, chosen, single, label, onChange, onDone }: PersonsProps & { onDone: () => void }) {
  const t = useT();
  const { names, known } = useNames(column);
  const [text, setText] = useState("");
  // Who is in the rule can be taken out, even if nobody of that name is left in the column.
  const gone = chosen.filter((name) => !names.some((other) => fold(other) === fold(name)));
  const all = known ? [...gone, ...names] : chosen;
  const found = all.filter((name) => fold(name).includes(fold(text.trim())));
  const isChosen = (name: string) => chosen.some((one) => fold(one) === fold(name));
  const toggle = (name: string) => {
    if (single) {
      onChange([name]);
      onDone();
    } else onChange(isChosen(name) ? chosen.filter((one) => fold(one) !== fold(name)) : [...chosen, name]);
  };
  return (
    <div className="flex w-56 flex-col gap-1">
      {all.length >= SEARCHED && <TextField aria-label={t("view:filter.find_person")} placeholder={t("view:filter.find_person")} value={text} onChange={setText} autoFocus />}
      <div className="flex max-h-64 flex-col gap-0.5 overflow-auto" role={single ? "radiogroup" : "group"} aria-label={label}>
        {found.map((name) => (
          <label key={name} className="flex min-h-7 items-center gap-2 rounded-md px-1 hover:bg-hover">
            <input type={single ? "radio" : "checkbox"} name={`persons-${column.id}`} checked={isChosen(name)} onChange={() => toggle(name)} />
            <bdi className="truncate">{name}</bdi>
          </label>
        ))}
      </div>
      {known && all.length === 0 && <p className="px-1 text-sm text-muted">{t("view:filter.no_persons")}</p>}
    </div>
  );
}
