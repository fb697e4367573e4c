// Choosing by name, one or several: typed to search, ticked, and made on the way where there is none of that
// name. What is chosen goes out with every step; whether and when it is written says who uses it.
import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Picker, useTaking, type Done } from "./picker";
import { fold } from "./show";

/** Something to choose that has a name. */
export interface Named {
  key: string | number;
  name: string;
  chip: ReactNode;
  /** What else is said of it in the list. */
  note?: string | undefined;
}

/** What every picker of a cell is given. */
export interface CellPickerProps<V = unknown> {
  value: unknown;
  /** Text typed already. */
  initial?: string | undefined;
  onChange: (value: V) => void;
  /** The choice is finished. */
  onDone: (how: Done) => void;
  onCancel: () => void;
}

export interface ChoicePickerProps extends Omit<CellPickerProps, "value" | "onChange"> {
  label: string;
  placeholder: string;
  many: boolean;
  /** All there is to choose; what is chosen beyond that is listed behind them. */
  all: readonly Named[];
  chosen: readonly Named[];
  /** False while `all` is still on its way: Enter waits for it. */
  known?: boolean;
  /** What a name that nobody has becomes, and how that is offered. */
  made: (name: string) => Named;
  makeWords: (name: string) => string;
  /** Said where there is nothing to choose. */
  empty: string;
  onChange: (chosen: Named[]) => void;
}

export function ChoicePicker({ label, placeholder, many, all, chosen, known = true, made, makeWords, empty, initial, onChange, onDone, onCancel }: ChoicePickerProps) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(initial ?? "");
  const typed = text.trim();
  const listed = [...all, ...chosen.filter((one) => !all.some((other) => other.key === one.key))];
  const found = listed.filter((one) => fold(one.name).includes(fold(typed)));
  const isNew = known && typed !== "" && !listed.some((one) => fold(one.name) === fold(typed));
  const isChosen = (wanted: Named) => chosen.some((one) => one.key === wanted.key);

  const take = (place: number) => {
    const one = found[place] ?? (isNew ? made(typed) : undefined);
    if (!one) return;
    if (!many) {
      onChange([one]);
      onDone("pick");
      return;
    }
    onChange(isChosen(one) ? chosen.filter((other) => other.key !== one.key) : [...chosen, one]);
    setText("");
  };
  const taking = useTaking(known, take);
  // Who leaves by a key means what was typed, too.
  const leave = (how: Done, place: number) => {
    const one = typed === "" ? undefined : (found[place] ?? made(typed));
    if (one && !isChosen(one)) onChange(many ? [...chosen, one] : [one]);
    onDone(how);
  };

  const onKey = (event: KeyboardEvent, place: number) => {
    if (event.key === "Enter") {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) leave("fill", place);
      else if (many && typed === "" && place < 0) onDone("enter");
      else taking.take(place);
    } else if (event.key === "Tab") {
      event.preventDefault();
      leave(event.shiftKey ? "back_tab" : "tab", place);
    } else if (event.key === "Escape") {
      event.preventDefault();
      onCancel();
    } else if (event.key === "Backspace" && text === "" && chosen.length > 0) {
      event.preventDefault();
      onChange(chosen.slice(0, -1));
    }
  };

  return (
    <Picker
      className="min-w-56"
      label={label}
      placeholder={placeholder}
      many={many}
      text={text}
      onText={(typing) => {
        setText(typing);
        taking.forget();
      }}
      choices={found.map((one) => ({
        key: one.key,
        chosen: isChosen(one),
        content: (
          <>
            <span className="flex min-w-0 flex-1">{one.chip}</span>
            {one.note !== undefined && <span className="shrink-0 text-xs text-muted">{one.note}</span>}
          </>
        ),
      }))}
      make={isNew ? makeWords(typed) : null}
      empty={empty}
      // The cursor begins where the choice stands; among several at none, so that Enter ends what was ticked.
      start={many ? -1 : Math.max(0, all.findIndex((one) => isChosen(one)))}
      onTake={taking.take}
      onKey={onKey}
      field={field}
      above={
        chosen.length > 0 && (
          // Of many the last stay in sight: they came last, and Backspace takes them.
          <div className="flex max-h-28 flex-col-reverse overflow-y-auto px-2 pt-2">
            <div className="flex flex-wrap gap-1">{chosen.map((one) => <span key={one.key} className="flex max-w-full min-w-0">{one.chip}</span>)}</div>
          </div>
        )
      }
    />
  );
}
