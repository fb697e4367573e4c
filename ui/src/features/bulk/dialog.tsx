// Letters to many: what to whom, then the dry run, then the sending.
import { Mails, Pencil, Plus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Banner, Button, Checkbox, Dialog, IconButton, Select, Skeleton } from "../../design";
import { call, toEngineError, useRead, type Base, type BulkArgs, type BulkPlan, type EngineError, type RecordId, type RecordPage, type RunId, type Table, type Template, type ViewId } from "../../engine";
import { useT } from "../../i18n";
import { ErrorBox } from "../../shell";
import { kindIcons } from "../cell/kinds";
import { LetterPreview, quotesIn, RecordStep, TemplateDialog, usePreview } from "../template";
import { recipientColumns } from "./recipients";
import { PlanView } from "./plan-view";
import { RunView } from "./run-view";

export interface BulkTarget {
  /** Ids of the records where they must be named; null is the whole view. */
  ids: (() => Promise<RecordId[]>) | null;
  view: ViewId;
  count: number;
  ticked: boolean;
  /** A cell of a record that is loaded; undefined where it is not. */
  value: (record: RecordId, column: number) => unknown;
}

const paces = [0, 1, 2, 5, 10, 30, 60] as const;

/** The address in a record's cell, from the grid or from the page that was read for the preview. */
function recipient(known: unknown, page: RecordPage | undefined, record: RecordId, column: number): string | undefined {
  const read = page?.rows.find((row) => row.id === record)?.cells[page.columns.indexOf(column)];
  const value = known ?? read;
  return typeof value === "string" ? value : undefined;
}

/** The template to begin with: the first whose columns this table has, else the first. */
function fitting(templates: readonly Template[], table: Table): Template | undefined {
  const names = new Set(table.columns.map((column) => column.name));
  return templates.find((one) => quotesIn(`${one.subject}\n${one.text}`).every((quote) => names.has(quote.name))) ?? templates[0];
}

export function BulkDialog({ base, table, target, onClose }: { base: Base; table: Table; target: BulkTarget; onClose: () => void }) {
  const t = useT();
  const templates = useRead("template.list", {});
  const accounts = useRead("account.list", {}).data;
  const columns = recipientColumns(table.columns);
  const [chosen, setChosen] = useState<number | null>(null);
  const [to, setTo] = useState<number | null>(columns[0]?.id ?? null);
  const [from, setFrom] = useState<number | null>(null);
  // A base that can only be read keeps nothing of it; the run does.
  const [writeBack, setWriteBack] = useState(!base.read_only);
  const [pace, setPace] = useState<number>(1);
  const [editing, setEditing] = useState<Template | "new" | null>(null);
  const [ids, setIds] = useState<RecordId[] | null>(null);
  const [idsReady, setIdsReady] = useState(target.ids === null);
  const [index, setIndex] = useState(0);
  const [plan, setPlan] = useState<BulkPlan | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);
  const [run, setRun] = useState<RunId | null>(null);
  // Set before the engine is asked, so that a second press can't send again.
  const sent = useRef(false);

  const [named] = useState(() => target.ids);
  useEffect(() => {
    if (!named) return;
    named().then(
      (found) => {
        setIds(found);
        setIdsReady(true);
      },
      (thrown: unknown) => setError(toEngineError(thrown)),
    );
  }, [named]);

  const template = templates.data?.find((one) => one.id === chosen) ?? (chosen === null ? fitting(templates.data ?? [], table) : undefined) ?? null;
  const usable = (accounts ?? []);
  const account = usable.find((one) => one.id === from) ?? usable[0] ?? null;
  const page = useRead("record.list", ids === null && idsReady ? { base: base.id, table: table.id, view: target.view, offset: index, limit: 1 } : null, { keep: true }).data;
  const record = ids === null ? page?.rows[0]?.id : ids[index];
  const count = ids?.length ?? page?.total ?? target.count;
  const { preview, subjectError, bodyError } = usePreview(template ?? { subject: "", html: null, text: "" }, template && record !== undefined ? { base: base.id, table: table.id, record } : null);

  const args = (): BulkArgs | null =>
    template && to !== null && account && idsReady
      ? { base: base.id, table: table.id, template: template.id, to, account: account.id, records: ids, view: target.view, filter: null, sorts: [], write_back: writeBack, pace_seconds: pace }
      : null;
  const check = async () => {
    const what = args();
    if (!what || busy) return;
    setBusy(true);
    setError(null);
    try {
      setPlan(await call("bulk.plan", what));
    } catch (thrown) {
      setError(toEngineError(thrown));
    }
    setBusy(false);
  };
  const send = async () => {
    const what = args();
    if (!what || sent.current) return;
    sent.current = true;
    setBusy(true);
    setError(null);
    try {
      setRun((await call("bulk.send", what)).id);
    } catch (thrown) {
      // Refused: nothing was queued, so another try is safe.
      sent.current = false;
      setError(toEngineError(thrown));
    }
    setBusy(false);
  };

  if (editing) {
    return (
      <TemplateDialog
        template={editing === "new" ? null : editing}
        bases={[base]}
        at={{ base: base.id, table: table.id }}
        onClose={() => setEditing(null)}
        onSaved={(saved) => {
          setChosen(saved.id);
          setEditing(null);
        }}
      />
    );
  }
  if (run !== null) {
    return (
      <Dialog open onClose={onClose} size="large" title={t("bulk:run_title")} closeLabel={t("common:close")} footer={<><p className="mr-auto text-xs text-muted">{t("bulk:goes_on")}</p><Button kind="primary" autoFocus onPress={onClose}>{t("common:close")}</Button></>}>
        <RunView id={run} bases={[base]} />
      </Dialog>
    );
  }
  const title = target.ticked ? t("bulk:title_ticked", { count }) : t("bulk:title_all", { count });
  if (plan) {
    return (
      <Dialog
        open
        onClose={onClose}
        dismissable={!busy}
        size="large"
        title={t("bulk:check_title")}
        footer={
          <>
            <Button className="mr-auto" isDisabled={busy} onPress={() => setPlan(null)}>{t("common:back")}</Button>
            <Button isDisabled={busy} onPress={onClose}>{t("common:cancel")}</Button>
            <Button kind="primary" icon={Mails} busy={busy} isDisabled={plan.letters === 0 || plan.template_error !== null} onPress={() => void send()}>{t("bulk:send", { count: plan.letters })}</Button>
          </>
        }
      >
        <div className="flex flex-col gap-3">
          {error && <ErrorBox error={error} />}
          <PlanView plan={plan} base={base} table={table} account={account} />
        </div>
      </Dialog>
    );
  }
  const nothing = columns.length === 0 ? t("bulk:no_column") : usable.length === 0 && accounts ? t("bulk:no_account") : null;
  return (
    <Dialog
      open
      onClose={onClose}
      size="large"
      title={title}
      footer={
        <>
          <Button onPress={onClose}>{t("common:cancel")}</Button>
          <Button kind="primary" busy={busy} isDisabled={args() === null || subjectError !== null || bodyError !== null} onPress={() => void check()}>{t("bulk:check")}</Button>
        </>
      }
    >
      <div className="grid grid-cols-[280px_minmax(0,1fr)] gap-5 max-[760px]:grid-cols-1">
        <div className="flex flex-col gap-3">
          {nothing && <Banner tone="warning" className="rounded-lg">{nothing}</Banner>}
          <div className="flex items-end gap-1">
            <Select label={t("bulk:template")} className="min-w-0 flex-1" placeholder={t("template:none")} value={template?.id ?? null} options={(templates.data ?? []).map((one) => ({ value: one.id, label: one.name }))} onChange={setChosen} />
            <IconButton icon={Pencil} label={t("template:edit")} isDisabled={!template} onPress={() => template && setEditing(template)} />
            <IconButton icon={Plus} label={t("template:create")} onPress={() => setEditing("new")} />
          </div>
          <Select
            label={t("bulk:to")}
            value={to}
            options={columns.map((column) => {
              const Icon = kindIcons[column.type];
              return { value: column.id, label: column.name, before: <Icon size={14} aria-hidden className="shrink-0 text-muted" /> };
            })}
            onChange={setTo}
          />
          <Select label={t("bulk:from")} value={account?.id ?? null} options={usable.map((one) => ({ value: one.id, label: one.name === one.email ? one.email : `${one.name} · ${one.email}` }))} onChange={setFrom} />
          <Select label={t("bulk:pace")} value={pace} options={paces.map((seconds) => ({ value: seconds as number, label: seconds === 0 ? t("bulk:pace_none") : t("bulk:pace_seconds", { count: seconds }) }))} onChange={setPace} />
          {!base.read_only && (
            <>
              <Checkbox isSelected={writeBack} onChange={setWriteBack}>{t("bulk:write_back")}</Checkbox>
              <p className="text-xs text-muted">{t("bulk:write_back_hint")}</p>
            </>
          )}
          {error && <ErrorBox error={error} />}
        </div>
        <div className="flex min-h-96 min-w-0 flex-col gap-2">
          <RecordStep index={index} total={count} onStep={setIndex} />
          {templates.data?.length === 0 ? (
            <div className="flex flex-1 flex-col items-center justify-center gap-3 rounded-lg border border-line p-6 text-center">
              <p className="text-sm text-muted">{t("template:none_hint")}</p>
              <Button kind="primary" icon={Plus} onPress={() => setEditing("new")}>{t("template:create")}</Button>
            </div>
          ) : subjectError || bodyError ? (
            <ErrorBox error={(subjectError ?? bodyError)!} />
          ) : preview ? (
            <LetterPreview preview={preview} to={to === null || record === undefined ? undefined : recipient(target.value(record, to), page, record, to)} />
          ) : (
            <div className="flex flex-col gap-2 rounded-lg border border-line p-4"><Skeleton width="60%" height={16} /><Skeleton /><Skeleton width="80%" /></div>
          )}
        </div>
      </div>
    </Dialog>
  );
}
