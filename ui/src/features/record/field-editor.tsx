// One field of a record as a form shows it. Written when it is left.
import { Link2, Lock, Mail } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, Checkbox, IconButton, Popover, TextField } from "../../design";
import type { Column, RecordId } from "../../engine";
import { useT } from "../../i18n";
import { OptionChip, PersonChip, Stars } from "../cell/view";
import { MonthPicker } from "../cell/date-picker";
import { buttonAddress, buttonName } from "../cell/button";
import { canWrite, holdsFiles, isLocked, isTimed, kindIcons, ratingMax } from "../cell/kinds";
import { useLinkEnds } from "../cell/base-context";
import { FilesPanel } from "../cell/files-panel";
import { SignaturePanel } from "../cell/signature-panel";
import { LinkPicker } from "../cell/link-picker";
import { linkedOf } from "../cell/linked";
import { OptionPicker } from "../cell/option-picker";
import { PersonPicker } from "../cell/person-picker";
import { chosenOptions, personsOf, sameCell, showCell, typedCell } from "../cell/show";

export interface FieldEditorProps {
  column: Column;
  value: unknown;
  /** Its record; null or left out while that is not made yet. */
  record?: RecordId | null;
  /** The engine wrote the cell itself. */
  onAdded?: () => void;
  onChange: (value: unknown) => void;
  onWrite: (address: string) => void;
}

export function FieldEditor(props: FieldEditorProps) {
  const { column } = props;
  const t = useT();
  const Icon = kindIcons[column.type];
  return (
    <div className="flex flex-col gap-1">
      <span className="flex items-center gap-1.5 text-xs font-medium text-muted">
        <Icon size={13} aria-label={t(`column:kind.${column.type}`)} className="shrink-0" />
        <span className="truncate">{column.name}</span>
        {isLocked(column) && <Lock size={12} aria-label={t("column:locked_state")} className="shrink-0" />}
      </span>
      <FieldControl {...props} />
    </div>
  );
}

/** The control of a field without its name above, which it says itself to readers. */
export function FieldControl({ column, value, record = null, onAdded, onChange, onWrite }: FieldEditorProps) {
  const t = useT();
  const { i18n } = useTranslation();
  const looked = column.type === "link_formula" || column.type === "formula" ? column.result?.type : column.type;
  if (column.type === "signature") return <SignaturePanel column={column} value={value} record={record} onChange={onChange} onAdded={onAdded} />;
  if (looked !== undefined && (holdsFiles(looked) || looked === "signature")) return <FilesPanel column={column} value={value} record={record} onChange={onChange} onAdded={onAdded} />;
  if (column.type === "button") {
    return (
      <p className="flex flex-col items-start gap-1 text-xs text-muted">
        <span className="inline-flex h-6 items-center rounded-md border border-dashed border-line px-2">{buttonName(column)}</span>
        {t(buttonAddress(column) === null ? "record:button_shown" : "record:button_in_grid")}
      </p>
    );
  }
  if (!canWrite(column)) return <p className="selectable min-h-6 text-sm break-words">{showCell(column, value, i18n.language) || <span className="text-faint">—</span>}</p>;
  switch (column.type) {
    case "checkbox":
      return <Checkbox aria-label={column.name} isSelected={value === true} onChange={(on) => onChange(on)}>{value === true ? t("common:yes") : t("common:no")}</Checkbox>;
    case "rating":
      return (
        <div className="flex items-center gap-2">
          <span role="radiogroup" aria-label={column.name} className="inline-flex">
            {Array.from({ length: ratingMax(column) }, (_, at) => (
              <button key={at} type="button" role="radio" aria-checked={Number(value) === at + 1} aria-label={t("column:stars", { count: at + 1 })} onClick={() => onChange(Number(value) === at + 1 ? null : at + 1)} className="inline-flex size-7 items-center justify-center rounded-md hover:bg-hover">
                <Stars value={at < (Number(value) || 0) ? 1 : 0} max={1} size={17} />
              </button>
            ))}
          </span>
        </div>
      );
    case "single_select": case "multiple_select": case "collaborator":
      return <ChoiceControl column={column} value={value} onChange={onChange} onWrite={onWrite} />;
    case "link":
      return <LinkControl column={column} value={value} onChange={onChange} onWrite={onWrite} />;
    default:
      return <TextControl column={column} value={value} onChange={onChange} onWrite={onWrite} />;
  }
}

/** What is chosen on a button, and the picker behind it: written once when that is shut, and not at all by Escape. */
function ChoiceControl({ column, value, onChange }: FieldEditorProps) {
  const t = useT();
  const [chosen, setChosen] = useState(value);
  const latest = useRef(value);
  const choose = (next: unknown) => {
    latest.current = next;
    setChosen(next);
  };
  const persons = column.type === "collaborator";
  const chips = persons ? personsOf(value).map((name) => ({ name, chip: <PersonChip key={name} name={name} /> })) : chosenOptions(column, value).map((option) => ({ name: option.name, chip: <OptionChip key={option.name} option={option} /> }));
  const ChosenPicker = persons ? PersonPicker : OptionPicker;
  return (
    <Popover
      label={column.name}
      className="!p-0"
      trigger={
        <Button aria-label={`${column.name}: ${chips.map((one) => one.name).join(", ") || t("column:option.none_chosen")}`} className="!h-auto min-h-8 w-full flex-wrap !justify-start !border-line-strong py-1">
          {chips.length === 0 ? <span className="text-faint">{t("view:filter.choose")}</span> : chips.map((one) => one.chip)}
        </Button>
      }
      onOpen={() => choose(value)}
      onClose={() => {
        if (!sameCell(latest.current, value)) onChange(latest.current ?? null);
      }}
    >
      {(close) => (
        <div className="w-72 max-w-[calc(100vw-2rem)]">
          <ChosenPicker
            column={column}
            value={chosen}
            onChange={choose}
            onDone={close}
            onCancel={() => {
              latest.current = value;
              close();
            }}
          />
        </div>
      )}
    </Popover>
  );
}

/** Linked records as buttons that open them, and one that chooses. */
function LinkControl({ column, value, onChange }: FieldEditorProps) {
  const t = useT();
  const ends = useLinkEnds(column);
  const linked = linkedOf(value);
  return (
    <div className="flex flex-wrap items-center gap-1">
      {linked.map((one) => (
        <Button key={one.id} small isDisabled={!ends?.far} aria-label={t("link:open", { name: one.text || t("link:untitled", { id: one.id }) })} className="max-w-full" onPress={() => ends?.far && ends.around.openRecord(ends.far, one.id)}>
          <bdi className="truncate">{one.text || t("link:untitled", { id: one.id })}</bdi>
        </Button>
      ))}
      {ends && (
        <Popover label={column.name} className="!p-0" trigger={linked.length > 0 ? <IconButton icon={Link2} label={`${column.name}: ${t("link:choose")}`} /> : <Button small icon={Link2} aria-label={`${column.name}: ${t("link:choose")}`}>{t("link:choose")}</Button>}>
          {(close) => <LinkPicker column={column} value={linked} onChange={onChange} onDone={close} />}
        </Popover>
      )}
    </div>
  );
}

function TextControl({ column, value, onChange, onWrite }: FieldEditorProps) {
  const t = useT();
  const kept = typedCell(column, value);
  const [text, setText] = useState(kept);
  useEffect(() => setText(kept), [kept]);
  const commit = () => {
    if (text !== kept) onChange(text.trim() === "" ? null : text);
  };
  const long = column.type === "long_text";
  return (
    <div className="flex items-start gap-1">
      <TextField
        aria-label={column.name}
        className="min-w-0 flex-1"
        {...(long ? { rows: 5 } : {})}
        value={text}
        onChange={setText}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !long) commit();
          if (event.key === "Escape" && text !== kept) {
            event.stopPropagation();
            setText(kept);
          }
        }}
      />
      {column.type === "email" && kept !== "" && <IconButton icon={Mail} label={t("record:write_to")} onPress={() => onWrite(kept)} />}
      {column.type === "date" && (
        <Popover label={t("column:pick_day")} placement="bottom end" trigger={<IconButton icon={kindIcons.date} label={t("column:pick_day")} />}>
          {(close) => (
            <MonthPicker
              value={value}
              onPick={(day) => {
                const time = /\d{1,2}:\d\d/.exec(text)?.[0];
                onChange(isTimed(column) && time ? `${day} ${time}` : day);
                close();
              }}
            />
          )}
        </Popover>
      )}
    </div>
  );
}
