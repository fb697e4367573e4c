// A file becomes a base or a table: first looked at, then taken in.
import { CircleCheck, FileSpreadsheet } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Banner, Button, Dialog, Segmented, Select, Skeleton, Switch, TextField } from "../../design";
import { call, toEngineError, type Base, type ColumnType, type EngineError, type FilePreview, type Imported, type Table } from "../../engine";
import type { PickedFile } from "../../engine/desktop";
import { useFormats, useT } from "../../i18n";
import { basePath, ErrorBox, go } from "../../shell";
import { kindIcons, writableKinds } from "../cell/kinds";
import { offerBaseUndo } from "../table/undo";
import { ExchangeProgress, newTicket } from "./exchange-progress";
import { asGuessed, delimiters, encodings, fillableOf, importArgs, isComplete, keptChoices, mergeChoice, nameOfFile, previewArgs, remapped, typesOf, type MergeChoice, type Reading } from "./file-import";
import { ImportInto, MergeReport } from "./import-into";
import { ImportSheets } from "./import-sheets";

export interface ImportDialogProps {
  file: PickedFile;
  /** The open base and table: it can go into them. */
  base: Base | null;
  table: Table | null;
  onClose: () => void;
}

export function ImportDialog({ file, base, table: open, onClose }: ImportDialogProps) {
  const t = useT();
  const format = useFormats();
  const [reading, setReading] = useState<Reading>(asGuessed);
  const [preview, setPreview] = useState<FilePreview | null>(null);
  const [looking, setLooking] = useState(true);
  const [chosen, setChosen] = useState<ReadonlyMap<number, ColumnType>>(new Map());
  const [name, setName] = useState<string | null>(null);
  const [into, setInto] = useState<"new" | "here" | "table">("new");
  const [target, setTarget] = useState<Table | null>(open);
  const [merge, setMerge] = useState<MergeChoice | null>(null);
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set());
  const [ticket, setTicket] = useState<string | null>(null);
  const busy = ticket !== null;
  const [error, setError] = useState<EngineError | null>(null);
  const [done, setDone] = useState<Imported | null>(null);
  const turn = useRef(0);

  useEffect(() => {
    const mine = ++turn.current;
    setLooking(true);
    call("base.preview_file", previewArgs(file, reading)).then(
      (found) => {
        if (mine !== turn.current) return;
        setPreview((before) => {
          if (before) setChosen((now) => keptChoices(now, before, found));
          if (before && before.columns.map((one) => one.name).join("\n") !== found.columns.map((one) => one.name).join("\n")) setMerge(null);
          return found;
        });
        setError(null);
        setLooking(false);
      },
      (thrown: unknown) => {
        if (mine !== turn.current) return;
        setError(toEngineError(thrown));
        setLooking(false);
      },
    );
  }, [file, reading]);

  const merging = into === "table" && base && target && preview ? (merge?.table === target.id && merge.mapping.length === preview.columns.length ? merge : mergeChoice(target, preview)) : null;
  const taken = new Set((preview?.tables ?? []).map((_, at) => at).filter((at) => !left.has(at)));
  const argsOf = (which: FilePreview) =>
    importArgs(file, reading, which, left.has(0) ? new Map() : chosen, { base: into !== "new" && base ? base.id : null, name: name ?? which.name, merge: merging, ...(left.size > 0 ? { tables: [...taken] } : {}) });
  const several = (preview?.tables.length ?? 0) > 1;
  const records = preview === null ? 0 : several && !merging ? preview.tables.reduce((sum, one, at) => sum + (taken.has(at) ? one.total : 0), 0) : preview.total;
  const run = async () => {
    if (!preview || busy) return;
    const mine = newTicket();
    setTicket(mine);
    setError(null);
    try {
      const made = await call("base.import_file", { ...argsOf(preview), ticket: mine });
      if (into !== "new") offerBaseUndo(made.base, t("base:import.done", { count: made.records }));
      setDone(made);
    } catch (thrown) {
      const failed = toEngineError(thrown);
      if (failed.code !== "cancelled") setError(failed);
    }
    setTicket(null);
  };
  const openDone = () => {
    if (done) go(basePath(done.base, done.tables[0] ?? (into === "table" ? target?.id : undefined)));
    onClose();
  };

  if (done) {
    return (
      <Dialog open onClose={openDone} title={t("base:import.done_title")} size={done.merged ? "medium" : "small"} footer={<Button kind="primary" autoFocus onPress={openDone}>{t("base:import.open")}</Button>}>
        <div className="flex flex-col gap-3">
          <p className="flex items-center gap-2 text-sm"><CircleCheck size={17} aria-hidden className="shrink-0 text-success-text" />{t("base:import.done", { count: done.records })}</p>
          {done.merged && <MergeReport merged={done.merged} table={target ?? undefined} />}
          {done.misfits.length > 0 && (
            <Banner tone="warning" className="rounded-lg">
              {t("base:import.misfits")}
              <ul className="mt-1 list-disc pl-4">{done.misfits.slice(0, 20).map((misfit) => <li key={misfit}>{misfit}</li>)}</ul>
            </Banner>
          )}
        </div>
      </Dialog>
    );
  }
  const types = preview ? typesOf(preview, chosen) : [];
  const text = preview !== null && preview.delimiter !== "";
  return (
    <Dialog
      open
      onClose={onClose}
      dismissable={!busy}
      title={t("base:import.title", { name: nameOfFile(file).split(/[\\/]/).at(-1) })}
      size="large"
      footer={
        <>
          {ticket !== null && <ExchangeProgress ticket={ticket} />}
          <Button onPress={onClose} isDisabled={busy}>{t("common:cancel")}</Button>
          <Button kind="primary" icon={FileSpreadsheet} busy={busy} isDisabled={preview === null || looking || error !== null || (merging ? !isComplete(merging) : several && taken.size === 0)} onPress={() => void run()}>
            {preview ? t("base:import.run", { count: records }) : t("base:import.file")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {error && <ErrorBox error={error} onRetry={() => setReading({ ...reading })} />}
        <div className="flex flex-wrap items-end gap-3">
          {base && (
            <Segmented aria={t("base:import.into")} value={into} options={[{ value: "new", label: t("base:import.new_base") }, { value: "here", label: t("base:import.new_table", { name: base.name }) }, ...(base.tables.length > 0 ? [{ value: "table" as const, label: t("exchange:into.existing") }] : [])]} onChange={setInto} />
          )}
          {into !== "table" && <TextField label={t("common:name")} className="min-w-48 flex-1" value={name ?? preview?.name ?? ""} onChange={setName} />}
        </div>
        {several && preview && <ImportSheets tables={preview.tables} shown={reading.table ?? 0} {...(merging ? {} : { taken, onTake: (next: ReadonlySet<number>) => setLeft(new Set(preview.tables.map((_, at) => at).filter((at) => !next.has(at)))) })} onShow={(table) => setReading({ ...reading, table })} />}
        {preview && merging && base && target && <ImportInto base={base} table={target} choice={merging} onTable={setTarget} onChange={setMerge} args={argsOf(preview)} records={preview.total} />}
        {text && (
          <div className="flex flex-wrap items-end gap-3">
            <Select label={t("base:import.delimiter")} className="w-40" value={preview.delimiter} options={[...new Set([...delimiters, preview.delimiter])].map((one) => ({ value: one, label: one === "\t" ? t("base:import.tab") : one }))} onChange={(delimiter) => setReading({ ...reading, delimiter })} />
            <Select label={t("base:import.encoding")} className="w-44" value={preview.encoding} options={[...new Set([...encodings, preview.encoding])].map((one) => ({ value: one, label: one }))} onChange={(encoding) => setReading({ ...reading, encoding })} />
            <Switch isSelected={preview.header} onChange={(header) => setReading({ ...reading, header })}>{t("base:import.header")}</Switch>
          </div>
        )}
        {!preview && !error && <div className="flex flex-col gap-2">{Array.from({ length: 6 }, (_, at) => <Skeleton key={at} height={18} />)}</div>}
        {preview && (
          <>
            <div className={looking ? "max-h-80 overflow-auto rounded-lg border border-line opacity-50" : "max-h-80 overflow-auto rounded-lg border border-line"}>
              <table className="border-collapse text-xs">
                <thead className="sticky top-0 z-10 bg-sunken">
                  <tr>
                    {preview.columns.map((column, at) => (
                      <th key={at} className="max-w-60 min-w-36 border-r border-b border-line p-1.5 text-left align-top font-medium">
                        <span className="mb-1 block truncate">{column.name}</span>
                        {merging && target ? (
                          <Select
                            aria={t("exchange:into.goes_to", { name: column.name })}
                            value={merging.mapping[at] ?? 0}
                            options={[{ value: 0, label: t("exchange:into.left_out") }, ...fillableOf(target).map((one) => ({ value: one.id, label: one.name }))]}
                            onChange={(to) => setMerge(remapped(merging, at, to === 0 ? null : to))}
                          />
                        ) : (reading.table ?? 0) > 0 ? (
                          <span className="font-normal text-muted">{t(`column:kind.${column.type}`)}</span>
                        ) : (
                          <Select
                            aria={t("base:import.type_of", { name: column.name })}
                            value={types[at] ?? column.type}
                            options={[...new Set<ColumnType>([...writableKinds, types[at] ?? column.type])].map((kind) => {
                              const Icon = kindIcons[kind];
                              return { value: kind, label: t(`column:kind.${kind}`), before: <Icon size={13} aria-hidden className="shrink-0 text-muted" /> };
                            })}
                            onChange={(kind) => setChosen(new Map(chosen).set(at, kind))}
                          />
                        )}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody className="selectable">
                  {preview.rows.map((row, line) => (
                    <tr key={line}>
                      {preview.columns.map((_, at) => (
                        <td key={at} className="max-w-60 truncate border-r border-b border-line px-2 py-1" title={row[at]}>{row[at]}</td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            <p className="text-xs text-muted">{t("base:import.total", { count: preview.total, shown: format.number(preview.rows.length) })}</p>
          </>
        )}
      </div>
    </Dialog>
  );
}
