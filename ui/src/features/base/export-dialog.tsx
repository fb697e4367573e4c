// A base, a table or a view as a file of another program.
import { CircleCheck, FileOutput, FolderOpen } from "lucide-react";
import { useState } from "react";
import { Banner, Button, Dialog, Select, Switch } from "../../design";
import { call, toEngineError, type Base, type EngineError, type Exported, type ExportFormat, type TableId, type ViewId } from "../../engine";
import { canReveal, pickSavePath, revealPath } from "../../engine/desktop";
import { useFormats, useT, sayPhrase } from "../../i18n";
import { ErrorBox } from "../../shell";
import { ExchangeProgress, newTicket } from "./exchange-progress";

/** Formats the engine writes. */
const formats = ["xlsx", "csv", "base", "dtable", "json", "sqlite"] as const satisfies ExportFormat[];
type Format = (typeof formats)[number];

export interface ExportDialogProps {
  base: Base;
  /** What is open: offered first. */
  table: TableId | null;
  view: ViewId | null;
  onClose: () => void;
}

export function ExportDialog({ base, table, view, onClose }: ExportDialogProps) {
  const t = useT();
  const numbers = useFormats();
  const open = base.tables.find((one) => one.id === table);
  const openView = open?.views.find((one) => one.id === view) ?? open?.views[0];
  const [what, setWhat] = useState<string>(openView && view !== null ? `v${openView.id}` : open ? `t${open.id}` : "all");
  const [format, setFormat] = useState<Format>("xlsx");
  const [pictures, setPictures] = useState(true);
  const [bom, setBom] = useState(true);
  const [readOnly, setReadOnly] = useState(false);
  const [ticket, setTicket] = useState<string | null>(null);
  const [error, setError] = useState<EngineError | null>(null);
  const [done, setDone] = useState<Exported | null>(null);
  const targets = [
    { value: "all", label: t("exchange:export.whole", { name: base.name }), table: null, view: null, name: base.name },
    ...base.tables.flatMap((one) => [
      { value: `t${one.id}`, label: t("exchange:export.table", { name: one.name }), table: one.id, view: null, name: one.name },
      ...(one === open ? one.views.map((each) => ({ value: `v${each.id}`, label: t("exchange:export.view", { name: each.name, table: one.name }), hint: t("exchange:export.view_hint"), table: one.id, view: each.id, name: `${one.name} – ${each.name}` })) : []),
    ]),
  ];
  const target = targets.find((one) => one.value === what) ?? targets[0]!;
  const withFiles = format === "xlsx" || format === "dtable";
  const whole = format === "dtable" || format === "base";
  const unfit = format === "csv" ? target.table === null && base.tables.length !== 1 : whole && target.table !== null;
  const run = async () => {
    const safe = target.name.replaceAll(/[\\/:*?"<>|]/g, "_");
    const path = await pickSavePath(`${safe}.${format}`, t("exchange:export.save_as"));
    if (path === null) return;
    const mine = newTicket();
    setTicket(mine);
    setError(null);
    try {
      setDone(await call("base.export", { base: base.id, table: target.table ?? (format === "csv" ? (base.tables[0]?.id ?? null) : null), view: target.view, format, path, files: withFiles && pictures, read_only: format === "base" && readOnly, bom: format === "csv" ? bom : null, delimiter: null, ticket: mine }));
    } catch (thrown) {
      const failed = toEngineError(thrown);
      if (failed.code !== "cancelled") setError(failed);
    }
    setTicket(null);
  };
  if (done) {
    return (
      <Dialog
        open
        onClose={onClose}
        title={t("exchange:export.done_title")}
        footer={
          <>
            {canReveal && <Button icon={FolderOpen} onPress={() => void revealPath(done.path)}>{t("exchange:export.show")}</Button>}
            {/* A button of its own: in the place of Cancel it would be that button painted over, and not take the focus. */}
            <Button key="close" kind="primary" autoFocus onPress={onClose}>{t("common:close")}</Button>
          </>
        }
      >
        <div className="flex flex-col gap-3 text-sm">
          <p className="flex items-center gap-2"><CircleCheck size={17} aria-hidden className="shrink-0 text-success-text" />{t("exchange:export.done", { count: done.records, size: numbers.bytes(done.bytes) })}</p>
          <p className="selectable font-mono text-xs break-all text-muted">{done.path}</p>
          {done.notes.length > 0 && (
            <Banner tone="warning" className="rounded-lg">
              {t("exchange:export.notes")}
              <ul className="mt-1 list-disc pl-4">{done.notes.slice(0, 20).map((note) => <li key={note.text}>{sayPhrase(note)}</li>)}</ul>
            </Banner>
          )}
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      dismissable={ticket === null}
      title={t("exchange:export.title")}
      footer={
        <>
          {ticket !== null && <ExchangeProgress ticket={ticket} />}
          <Button onPress={onClose} isDisabled={ticket !== null}>{t("common:cancel")}</Button>
          <Button kind="primary" icon={FileOutput} busy={ticket !== null} isDisabled={unfit} onPress={() => void run()}>{t("exchange:export.run")}</Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Select label={t("exchange:export.what")} value={target.value} options={targets.map(({ value, label, ...more }) => ({ value, label, ...("hint" in more ? { hint: more.hint } : {}) }))} onChange={setWhat} />
        <Select label={t("exchange:export.format")} value={format} hint={t(`exchange:export.hint.${format}`)} options={formats.map((one) => ({ value: one, label: t(`exchange:export.${one}`), hint: t(`exchange:export.hint.${one}`) }))} onChange={setFormat} />
        {unfit && <Banner tone="warning" className="rounded-lg">{t(format === "csv" ? "exchange:export.csv_single" : format === "base" ? "exchange:export.base_whole" : "exchange:export.dtable_whole")}</Banner>}
        {withFiles && <Switch isSelected={pictures} onChange={setPictures}>{t(format === "xlsx" ? "exchange:export.pictures" : "exchange:export.files")}</Switch>}
        {format === "base" && <Switch isSelected={readOnly} onChange={setReadOnly}>{t("exchange:export.read_only")}</Switch>}
        {format === "csv" && <Switch isSelected={bom} onChange={setBom}>{t("exchange:export.bom")}</Switch>}
        {error && <ErrorBox error={error} />}
        <p className="text-xs text-muted">{t("exchange:export.no_account")}</p>
      </div>
    </Dialog>
  );
}
