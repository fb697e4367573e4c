// A form of a table: filled in here, one record a time; arranged by whoever may change the view.
import { CircleCheck, PenLine, TextCursorInput } from "lucide-react";
import { useState } from "react";
import { Button, EmptyState, Segmented } from "../../../design";
import { call, toEngineError, type Column, type EngineError } from "../../../engine";
import { useT } from "../../../i18n";
import { ErrorBox } from "../../../shell";
import { canWrite } from "../../cell/kinds";
import { isEmpty } from "../../cell/show";
import { FieldControl } from "../../record/field-editor";
import type { ViewScreenProps } from "../screen";
import { formOf, type FormField, type FormSettings } from "../settings";
import { FormEditor } from "./editor";

export function FormView(props: ViewScreenProps) {
  const { table, view } = props;
  const t = useT();
  const settings = formOf(view, table, (column) => canWrite(column));
  const [mode, setMode] = useState<"fill" | "edit">(() => (settings.title !== "" || settings.description !== "" || settings.thanks !== "" ? "fill" : "edit"));
  const shown = view.locked ? "fill" : mode;
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto bg-sunken">
      {!view.locked && (
        <div className="flex justify-center pt-3">
          <Segmented aria={t("view:form.mode")} value={shown} options={[{ value: "fill", label: t("view:form.fill"), icon: TextCursorInput }, { value: "edit", label: t("view:form.edit"), icon: PenLine }]} onChange={setMode} />
        </div>
      )}
      {shown === "edit" ? <FormEditor {...props} settings={settings} /> : <FilledForm {...props} settings={settings} />}
    </div>
  );
}

interface Filled {
  field: FormField;
  column: Column;
}

function FilledForm({ base, table, view, settings, onWrite, onEdited }: ViewScreenProps & { settings: FormSettings }) {
  const t = useT();
  const [values, setValues] = useState<Record<number, unknown>>({});
  const [round, setRound] = useState(0);
  const [state, setState] = useState<"open" | "busy" | "done">("open");
  const [missing, setMissing] = useState<ReadonlySet<number>>(new Set());
  const [error, setError] = useState<EngineError | null>(null);
  const fields = settings.fields.flatMap((field): Filled[] => {
    const column = table.columns.find((one) => one.id === field.column);
    return column ? [{ field, column }] : [];
  });
  const submit = async () => {
    if (state === "busy") return;
    const lacking = fields.filter(({ field, column }) => field.required && isEmpty(values[column.id])).map(({ column }) => column.id);
    setMissing(new Set(lacking));
    setError(null);
    if (lacking[0] !== undefined) {
      document.querySelector<HTMLElement>(`[data-field="${lacking[0]}"] :is(input, textarea, button)`)?.focus();
      return;
    }
    setState("busy");
    try {
      await call("record.add", { base, table: table.id, records: [Object.fromEntries(Object.entries(values).filter(([, value]) => !isEmpty(value)))] });
      onEdited();
      setState("done");
    } catch (thrown) {
      setError(toEngineError(thrown));
      setState("open");
    }
  };
  if (state === "done") {
    return (
      <EmptyState
        icon={CircleCheck}
        title={settings.thanks || t("view:form.thanks_default")}
        className="min-h-80"
        actions={
          <Button
            kind="primary"
            autoFocus
            onPress={() => {
              setValues({});
              setRound(round + 1);
              setState("open");
            }}
          >
            {t("view:form.again")}
          </Button>
        }
      >
        {t("view:form.stored", { name: table.name })}
      </EmptyState>
    );
  }
  if (fields.length === 0) return <EmptyState icon={TextCursorInput} title={t("view:form.no_fields")}>{t("view:form.no_fields_hint")}</EmptyState>;
  return (
    <form
      key={round}
      aria-label={settings.title || view.name}
      noValidate
      className="mx-auto my-4 flex w-[min(640px,calc(100%-24px))] flex-col gap-5 rounded-xl border border-line bg-surface p-6"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <header>
        <h2 className="text-xl font-semibold">{settings.title || view.name}</h2>
        {settings.description && <p className="mt-1 text-sm whitespace-pre-line text-muted">{settings.description}</p>}
      </header>
      {fields.map(({ field, column }) => (
        <div key={column.id} data-field={column.id} role="group" aria-label={column.name} className="flex flex-col gap-1.5">
          <span className="text-sm font-medium">
            {column.name}
            {field.required && <span className="ml-1 text-xs font-normal text-muted">({t("view:form.required")})</span>}
          </span>
          {field.help && <span className="text-xs text-muted">{field.help}</span>}
          <FieldControl column={column} value={values[column.id] ?? null} onChange={(value) => setValues((now) => ({ ...now, [column.id]: value }))} onWrite={onWrite} />
          {missing.has(column.id) && isEmpty(values[column.id]) && <span role="alert" className="text-xs text-danger-text">{t("view:form.missing", { name: column.name })}</span>}
        </div>
      ))}
      {error && <ErrorBox error={error} />}
      <div><Button kind="primary" type="submit" busy={state === "busy"}>{t("view:form.submit")}</Button></div>
    </form>
  );
}
