// A new column, or what a column is called and holds.
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Banner, Button, Dialog, IconButton, Menu, Segmented, Select, Switch, TextField } from "../../design";
import { call, toEngineError, type BaseId, type Column, type ColumnType, type EngineError, type Table } from "../../engine";
import { useT } from "../../i18n";
import { ErrorBox, useSettings } from "../../shell";
import { isWritable, kindIcons, kindsFrom, offeredKinds } from "../cell/kinds";
import { FormulaEditor } from "./formula-editor";
import { LinkFormulaSettings, LinkSettings } from "./link-settings";
import { PresetField } from "./preset-field";
import { dateFormats, draftOf, mistakeOf, numberFormats, optionColors, settingsOf, type ColumnDraft, type EditedOption } from "./settings";

export interface ColumnDialogProps {
  base: BaseId;
  table: Table;
  /** The column to change; null makes a new one. */
  column: Column | null;
  /** Place of a new column; the end if left out. */
  position?: number | undefined;
  onClose: () => void;
  onDone: (converted: boolean) => void;
}

export function ColumnDialog({ base, table, column, position, onClose, onDone }: ColumnDialogProps) {
  const t = useT();
  const { i18n } = useTranslation();
  const [draft, setDraft] = useState(() => draftOf(column, i18n.language));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);
  const [tried, setTried] = useState(false);
  const others = table.columns.filter((one) => one.id !== column?.id).map((one) => one.name);
  const mistake = mistakeOf(draft, others);
  const patch = (change: Partial<ColumnDraft>) => setDraft((now) => ({ ...now, ...change }));
  const converts = column !== null && draft.type !== column.type;
  const lockHint = useId();
  const fixed = column !== null && (!isWritable(column.type) || column.type === "link");
  const settled = fixed && column.type !== "formula" && column.type !== "link" && column.type !== "link_formula";
  const isFormula = draft.type === "formula";

  const save = async () => {
    setTried(true);
    if (mistake || busy) return;
    setBusy(true);
    setError(null);
    try {
      const before = column !== null && !converts ? column.settings : {};
      const settings = settingsOf(draft, before, i18n.language);
      if (column === null) {
        const made = await call("column.add", { base, table: table.id, name: draft.name.trim(), type: draft.type, settings });
        if (position !== undefined || draft.description.trim() !== "") await call("column.update", { base, table: table.id, column: made.id, position: position ?? null, description: draft.description.trim() || null });
      } else {
        await call("column.update", {
          base,
          table: table.id,
          column: column.id,
          name: draft.name.trim() === column.name ? null : draft.name.trim(),
          type: converts ? draft.type : null,
          description: draft.description.trim() === column.description ? null : draft.description.trim(),
          settings: settled || JSON.stringify(settings) === JSON.stringify(column.settings) ? null : settings,
        });
      }
      onDone(converts);
    } catch (thrown) {
      setError(toEngineError(thrown));
      setBusy(false);
    }
  };

  const offered: readonly ColumnType[] = column === null ? [...offeredKinds, "link", "link_formula", "formula"] : kindsFrom(column.type);
  const kinds = column !== null && !offered.includes(column.type) ? [column.type, ...offered] : offered;
  return (
    <Dialog
      open
      onClose={onClose}
      title={column === null ? t("column:add") : t("column:edit")}
      size={isFormula ? "medium" : "small"}
      dismissable={!isFormula}
      footer={
        <>
          <Button onPress={onClose}>{t("common:cancel")}</Button>
          <Button kind="primary" busy={busy} onPress={() => void save()}>{column === null ? t("common:add") : t("common:save")}</Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextField label={t("common:name")} value={draft.name} onChange={(name) => patch({ name })} autoFocus error={tried && mistake?.startsWith("name") ? t(`column:mistake.${mistake as "name"}`) : null} />
        <Select
          label={t("column:type")}
          disabled={fixed}
          value={draft.type}
          options={kinds.map((kind) => {
            const Icon = kindIcons[kind];
            return { value: kind, label: t(`column:kind.${kind}`), before: <Icon size={14} aria-hidden className="shrink-0 text-muted" /> };
          })}
          onChange={(type) => patch({ type, preset: column !== null && type === column.type && typeof column.settings["default"] !== "object" ? ((column.settings["default"] as string | number | undefined) ?? "") : "" })}
        />
        {converts && <Banner tone="warning" className="rounded-lg">{t("column:convert_hint")}</Banner>}
        {isFormula && <FormulaEditor base={base} table={table} own={column?.id ?? null} value={draft.formula} onChange={(formula) => patch({ formula })} />}
        {draft.type === "link" && <LinkSettings base={base} table={table} column={column} value={draft.link} onChange={(link) => patch({ link })} />}
        {draft.type === "link_formula" && <LinkFormulaSettings base={base} table={table} column={column} value={draft.linkFormula} onChange={(linkFormula) => patch({ linkFormula })} />}
        {tried && (mistake === "formula" || mistake === "link_table" || mistake === "link_formula") && <p role="alert" className="text-xs text-danger-text">{t(`column:mistake.${mistake}`)}</p>}
        <TypeSettings draft={draft} patch={patch} twice={tried && mistake === "option_twice"} />
        {!fixed && <PresetField draft={draft} onChange={(preset) => patch({ preset })} />}
        <TextField label={t("column:description")} hint={t("column:description_hint")} value={draft.description} onChange={(description) => patch({ description })} />
        {isWritable(draft.type) && (
          <div>
            <Switch isSelected={draft.locked} onChange={(locked) => patch({ locked })} aria-describedby={lockHint}>{t("column:locked")}</Switch>
            <p id={lockHint} className="text-xs text-muted">{t("column:locked_hint")}</p>
          </div>
        )}
        {error && <ErrorBox error={error} />}
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Dialog>
  );
}

function TypeSettings({ draft, patch, twice }: { draft: ColumnDraft; patch: (change: Partial<ColumnDraft>) => void; twice: boolean }) {
  const t = useT();
  switch (draft.type) {
    case "number":
      return (
        <>
          <Select label={t("column:format")} value={draft.numberFormat} options={numberFormats.map((one) => ({ value: one, label: t(`column:number.${one}`) }))} onChange={(numberFormat) => patch({ numberFormat })} />
          {draft.numberFormat === "custom_currency" && <TextField label={t("column:symbol")} value={draft.symbol} onChange={(symbol) => patch({ symbol })} />}
          <Select label={t("column:decimals")} value={draft.precision} options={[{ value: -1, label: t("column:as_typed") }, ...[0, 1, 2, 3, 4].map((n) => ({ value: n, label: String(n) }))]} onChange={(precision) => patch({ precision })} />
          <Switch isSelected={draft.grouped} onChange={(grouped) => patch({ grouped })}>{t("column:grouped")}</Switch>
        </>
      );
    case "date":
      return (
        <>
          <Select label={t("column:format")} value={draft.dateFormat} options={[...new Set([...dateFormats, draft.dateFormat])].map((one) => ({ value: one, label: one }))} onChange={(dateFormat) => patch({ dateFormat })} />
          <Switch isSelected={draft.timed} onChange={(timed) => patch({ timed })}>{t("column:with_time")}</Switch>
        </>
      );
    case "duration":
      return <Switch isSelected={draft.seconds} onChange={(seconds) => patch({ seconds })}>{t("column:with_seconds")}</Switch>;
    case "rating":
      return <Segmented aria={t("column:max")} value={String(draft.max)} options={["3", "5", "7", "10"].map((value) => ({ value, label: value }))} onChange={(value) => patch({ max: Number(value) })} />;
    case "creator": case "last_modifier":
      return <OwnNameHint />;
    case "single_select": case "multiple_select":
      return <OptionsEditor options={draft.options} onChange={(options) => patch({ options })} twice={twice} />;
    default:
      return null;
  }
}

/** What will stand in a column of who made or changed a record. */
function OwnNameHint() {
  const t = useT();
  const { own_name: name } = useSettings();
  return <p className="text-xs text-pretty text-muted">{name === "" ? t("column:own_name_missing") : t("column:own_name_hint", { name })}</p>;
}

function OptionsEditor({ options, onChange, twice }: { options: EditedOption[]; onChange: (options: EditedOption[]) => void; twice: boolean }) {
  const t = useT();
  const put = (at: number, change: Partial<EditedOption>) => onChange(options.map((one, index) => (index === at ? { ...one, ...change } : one)));
  const swap = (at: number, by: number) => {
    const next = [...options];
    const [a, b] = [next[at], next[at + by]];
    if (!a || !b) return;
    next[at] = b;
    next[at + by] = a;
    onChange(next);
  };
  return (
    <div>
      <p className="mb-1 text-xs font-medium text-muted">{t("column:option.title")}</p>
      <div className="flex max-h-64 flex-col gap-1 overflow-auto p-px">
        {options.map((option, at) => (
          <div key={option.id ?? `new-${at}`} className="flex items-center gap-1">
            <Menu
              label={t("common:color")}
              trigger={
                <Button kind="quiet" small aria-label={t("common:color")} className="!w-7 !px-0">
                  <span aria-hidden className="size-4 rounded-full border border-line" style={{ background: option.color || "var(--option)" }} />
                </Button>
              }
              groups={[{ items: optionColors.map((color, index) => ({ id: color, label: t("column:option.color", { n: index + 1 }), before: <span aria-hidden className="size-4 rounded-full" style={{ background: color }} />, perform: () => put(at, { color }) })) }]}
            />
            <TextField aria-label={t("common:name")} className="min-w-0 flex-1" value={option.name} autoFocus={option.id === null && option.name === ""} onChange={(name) => put(at, { name })} />
            <IconButton icon={ArrowUp} label={t("column:option.up")} isDisabled={at === 0} onPress={() => swap(at, -1)} />
            <IconButton icon={ArrowDown} label={t("column:option.down")} isDisabled={at === options.length - 1} onPress={() => swap(at, 1)} />
            <IconButton icon={X} label={t("common:remove_named", { name: option.name })} onPress={() => onChange(options.filter((_, index) => index !== at))} />
          </div>
        ))}
      </div>
      {twice && <p role="alert" className="mt-1 text-xs text-danger-text">{t("column:mistake.option_twice")}</p>}
      <Button small kind="quiet" icon={Plus} className="mt-1" onPress={() => onChange([...options, { id: null, name: "", color: optionColors[options.length % optionColors.length] ?? optionColors[0] }])}>{t("column:option.add")}</Button>
    </div>
  );
}
