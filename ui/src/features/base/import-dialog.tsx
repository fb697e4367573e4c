// A file becomes a base or a table: first looked at, then taken in.
import { CircleCheck, FileSpreadsheet } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Banner, Button, Dialog, Progress, Segmented, Select, Skeleton, Switch, TextField } from "../../design";
import { call, toEngineError, type Base, type ColumnType, type EngineError, type FilePreview, type Imported } from "../../engine";
import type { PickedFile } from "../../engine/desktop";
import { useFormats, useT } from "../../i18n";
import { basePath, ErrorBox, go } from "../../shell";
import { kindIcons, writableKinds } from "../cell/kinds";
import { asGuessed, delimiters, encodings, importArgs, keptChoices, nameOfFile, previewArgs, typesOf, type Reading } from "./file-import";

export function ImportDialog({ file, base, onClose }: { file: PickedFile; base: Base | null; onClose: () => void }) {
  const t = useT();
  const format = useFormats();
  const [reading, setReading] = useState<Reading>(asGuessed);
  const [preview, setPreview] = useState<FilePreview | null>(null);
  const [looking, setLooking] = useState(true);
  const [chosen, setChosen] = useState<ReadonlyMap<number, ColumnType>>(new Map());
  const [name, setName] = useState<string | null>(null);
  const [into, setInto] = useState<"new" | "here">("new");
  const [busy, setBusy] = useState(false);
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

  const run = async () => {
    if (!preview || busy) return;
    setBusy(true);
    setError(null);
    try {
      setDone(await call("base.import_file", importArgs(file, reading, preview, chosen, { base: into === "here" && base ? base.id : null, name: name ?? preview.name })));
    } catch (thrown) {
      setError(toEngineError(thrown));
    }
    setBusy(false);
  };
  const open = () => {
    if (done) go(basePath(done.base, done.tables[0]));
    onClose();
  };

  if (done) {
    return (
      <Dialog open onClose={open} title={t("base:import.done_title")} size="small" footer={<Button kind="primary" autoFocus onPress={open}>{t("base:import.open")}</Button>}>
        <div className="flex flex-col gap-3">
          <p className="flex items-center gap-2 text-sm"><CircleCheck size={17} aria-hidden className="shrink-0 text-success-text" />{t("base:import.done", { count: done.records })}</p>
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
          {busy && <Progress label={t("base:import.running")} className="mr-auto w-40" />}
          <Button onPress={onClose} isDisabled={busy}>{t("common:cancel")}</Button>
          <Button kind="primary" icon={FileSpreadsheet} busy={busy} isDisabled={preview === null || looking || error !== null} onPress={() => void run()}>
            {preview ? t("base:import.run", { count: preview.total }) : t("base:import.file")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {error && <ErrorBox error={error} onRetry={() => setReading({ ...reading })} />}
        <div className="flex flex-wrap items-end gap-3">
          {base && (
            <Segmented aria={t("base:import.into")} value={into} options={[{ value: "new", label: t("base:import.new_base") }, { value: "here", label: t("base:import.new_table", { name: base.name }) }]} onChange={setInto} />
          )}
          <TextField label={t("common:name")} className="min-w-48 flex-1" value={name ?? preview?.name ?? ""} onChange={setName} />
        </div>
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
                        <Select
                          aria={t("base:import.type_of", { name: column.name })}
                          value={types[at] ?? column.type}
                          options={[...new Set<ColumnType>([...writableKinds, types[at] ?? column.type])].map((kind) => {
                            const Icon = kindIcons[kind];
                            return { value: kind, label: t(`column:kind.${kind}`), before: <Icon size={13} aria-hidden className="shrink-0 text-muted" /> };
                          })}
                          onChange={(kind) => setChosen(new Map(chosen).set(at, kind))}
                        />
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
