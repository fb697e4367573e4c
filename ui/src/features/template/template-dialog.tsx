// A template: its name, subject and text, and how it reads for a real record.
import { ChevronLeft, ChevronRight } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { Button, Dialog, IconButton, Segmented, Select, TextField } from "../../design";
import { call, toEngineError, useRead, type Base, type BaseId, type EngineError, type TableId, type Template } from "../../engine";
import { useT } from "../../i18n";
import { ErrorBox, wordsOf } from "../../shell";
import { textToHtml } from "../draft/text-html";
import { LetterPreview } from "./letter-preview";
import { QuoteField } from "./quote-field";
import { usePreview } from "./use-preview";

const RichEditor = lazy(() => import("./rich-editor"));

export interface TemplateDialogProps {
  template: Template | null;
  bases: readonly Base[];
  /** The table whose columns are quoted; else it can be chosen. */
  at: { base: BaseId; table: TableId } | null;
  onClose: () => void;
  onSaved: (template: Template) => void;
}

const words = (error: EngineError | null) => (error ? wordsOf(error) : null);

export function TemplateDialog({ template, bases, at, onClose, onSaved }: TemplateDialogProps) {
  const t = useT();
  const [name, setName] = useState(template?.name ?? "");
  const [subject, setSubject] = useState(template?.subject ?? "");
  const [html, setHtml] = useState<string | null>(template ? template.html : "");
  const [text, setText] = useState(template?.text ?? "");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);
  const [index, setIndex] = useState(0);
  const [side, setSide] = useState<"write" | "preview">("write");
  const tables = bases.flatMap((base) => base.tables.map((table) => ({ base, table, key: `${base.id}/${table.id}` })));
  const [chosen, setChosen] = useState(at ? `${at.base}/${at.table}` : (tables[0]?.key ?? ""));
  const place = tables.find((one) => one.key === chosen) ?? null;
  const columns = useMemo(() => place?.table.columns.filter((column) => column.type !== "button") ?? [], [place?.table]);
  const page = useRead("record.list", place ? { base: place.base.id, table: place.table.id, offset: index, limit: 1 } : null, { keep: true }).data;
  const record = page?.rows[0]?.id;
  const { preview, subjectError, bodyError } = usePreview({ subject, html, text }, place && record !== undefined ? { base: place.base.id, table: place.table.id, record } : null);

  const save = async () => {
    if (busy || name.trim() === "") return;
    setBusy(true);
    setError(null);
    try {
      onSaved(await call("template.put", { id: template?.id ?? null, name: name.trim(), subject, html, text }));
    } catch (thrown) {
      setError(toEngineError(thrown));
      setBusy(false);
    }
  };
  const toPlain = (plain: boolean) => {
    if (plain) setHtml(null);
    else setHtml(textToHtml(text));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      dismissable={false}
      closeLabel={t("common:close")}
      size="large"
      title={template ? t("template:edit") : t("template:create")}
      footer={
        <>
          <Button onPress={onClose}>{t("common:cancel")}</Button>
          <Button kind="primary" busy={busy} isDisabled={name.trim() === ""} onPress={() => void save()}>{t("common:save")}</Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <div className="flex flex-wrap items-end gap-3">
          <TextField label={t("common:name")} className="min-w-48 flex-1" value={name} onChange={setName} autoFocus={template === null} />
          {!at && tables.length > 0 && (
            <Select label={t("template:table")} className="w-60" value={chosen} options={tables.map((one) => ({ value: one.key, label: `${one.base.name} · ${one.table.name}` }))} onChange={(key) => { setChosen(key); setIndex(0); }} />
          )}
          <Segmented aria={t("template:side")} value={side} options={[{ value: "write", label: t("template:write") }, { value: "preview", label: t("template:preview") }]} onChange={setSide} />
        </div>
        {side === "write" ? (
          <>
            <QuoteField label={t("template:subject")} value={subject} onChange={setSubject} columns={columns} error={words(subjectError)} />
            {html === null ? (
              <QuoteField label={t("template:body")} value={text} onChange={setText} columns={columns} lines={10} error={words(bodyError)} />
            ) : (
              <Suspense fallback={<div className="min-h-64" />}>
                <RichEditor html={html} columns={columns} error={words(bodyError)} onChange={(next, plain) => { setHtml(next); setText(plain); }} />
              </Suspense>
            )}
            <div className="flex items-center gap-3">
              <Segmented aria={t("template:form")} value={html === null ? "plain" : "rich"} options={[{ value: "rich", label: t("template:rich") }, { value: "plain", label: t("template:plain") }]} onChange={(form) => toPlain(form === "plain")} />
              <p className="text-xs text-muted">{t("template:hint")}</p>
            </div>
          </>
        ) : (
          <div className="flex min-h-80 flex-col gap-2">
            <RecordStep index={index} total={page?.total ?? 0} onStep={setIndex} />
            {subjectError && <ErrorBox error={subjectError} />}
            {bodyError && <ErrorBox error={bodyError} />}
            {preview && !subjectError && !bodyError ? <LetterPreview preview={preview} /> : !subjectError && !bodyError && <p className="text-sm text-muted">{t("template:no_record")}</p>}
          </div>
        )}
        {error && <ErrorBox error={error} />}
      </div>
    </Dialog>
  );
}

/** Arrows from record to record. */
export function RecordStep({ index, total, onStep }: { index: number; total: number; onStep: (index: number) => void }) {
  const t = useT();
  return (
    <div className="flex items-center gap-1 text-sm text-muted">
      <IconButton icon={ChevronLeft} label={t("record:previous")} isDisabled={index <= 0} onPress={() => onStep(index - 1)} />
      <span role="status">{t("template:record_n", { n: total === 0 ? 0 : index + 1, total })}</span>
      <IconButton icon={ChevronRight} label={t("record:next")} isDisabled={index >= total - 1} onPress={() => onStep(index + 1)} />
    </div>
  );
}
