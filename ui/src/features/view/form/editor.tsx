// Arranging a form: its words, which columns it asks for, which of them must be answered.
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, IconButton, Menu, Switch, TextField } from "../../../design";
import { useT } from "../../../i18n";
import { canWrite, kindIcons } from "../../cell/kinds";
import type { ViewScreenProps } from "../screen";
import { withSetting, type FormField, type FormSettings } from "../settings";

/** A field whose text is stored when it is left. */
export function RestingField({ label, value, onChange, rows, placeholder }: { label: string; value: string; onChange: (text: string) => void; rows?: number; placeholder?: string }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const keep = () => text !== value && onChange(text);
  return <TextField label={label} value={text} onChange={setText} onBlur={keep} {...(rows ? { rows } : {})} {...(placeholder ? { placeholder } : {})} onKeyDown={(event) => event.key === "Enter" && !rows && keep()} />;
}

export function FormEditor({ table, view, settings, onView }: ViewScreenProps & { settings: FormSettings }) {
  const t = useT();
  const put = (change: Partial<FormSettings>) => onView(withSetting(view, "form", { ...settings, ...change }));
  const putField = (at: number, change: Partial<FormField>) => put({ fields: settings.fields.map((one, index) => (index === at ? { ...one, ...change } : one)) });
  const swap = (at: number, by: number) => {
    const fields = [...settings.fields];
    const [a, b] = [fields[at], fields[at + by]];
    if (!a || !b) return;
    fields[at] = b;
    fields[at + by] = a;
    put({ fields });
  };
  const free = table.columns.filter((column) => canWrite(column) && !settings.fields.some((one) => one.column === column.id));
  return (
    <div className="mx-auto my-4 flex w-[min(640px,calc(100%-24px))] flex-col gap-4 rounded-xl border border-line bg-surface p-6">
      <RestingField label={t("view:form.title")} value={settings.title} placeholder={view.name} onChange={(title) => put({ title })} />
      <RestingField label={t("view:form.description")} rows={3} value={settings.description} onChange={(description) => put({ description })} />
      <section aria-label={t("view:form.fields")} className="flex flex-col gap-2">
        <h3 className="text-xs font-medium text-muted">{t("view:form.fields")}</h3>
        {settings.fields.map((field, at) => {
          const column = table.columns.find((one) => one.id === field.column);
          if (!column) return null;
          const Icon = kindIcons[column.type];
          return (
            <div key={field.column} role="group" aria-label={column.name} className="flex flex-col gap-2 rounded-lg border border-line bg-sunken p-3">
              <div className="flex items-center gap-2">
                <Icon size={15} aria-hidden className="shrink-0 text-muted" />
                <span className="min-w-0 flex-1 truncate text-sm font-medium">{column.name}</span>
                <Switch isSelected={field.required} onChange={(required) => putField(at, { required })}><span className="inline-block text-xs first-letter:uppercase">{t("view:form.required")}</span></Switch>
                <IconButton icon={ArrowUp} label={t("column:option.up")} isDisabled={at === 0} onPress={() => swap(at, -1)} />
                <IconButton icon={ArrowDown} label={t("column:option.down")} isDisabled={at === settings.fields.length - 1} onPress={() => swap(at, 1)} />
                <IconButton icon={X} label={t("common:remove_named", { name: column.name })} onPress={() => put({ fields: settings.fields.filter((_, index) => index !== at) })} />
              </div>
              <RestingField label={t("view:form.help")} value={field.help} onChange={(help) => putField(at, { help })} />
            </div>
          );
        })}
        {free.length > 0 && (
          <div>
            <Menu
              label={t("view:form.add_field")}
              trigger={<Button small kind="quiet" icon={Plus}>{t("view:form.add_field")}</Button>}
              groups={[{ items: free.map((column) => ({ id: String(column.id), label: column.name, icon: kindIcons[column.type], perform: () => put({ fields: [...settings.fields, { column: column.id, required: false, help: "" }] }) })) }]}
            />
          </div>
        )}
      </section>
      <RestingField label={t("view:form.thanks")} rows={2} value={settings.thanks} placeholder={t("view:form.thanks_default")} onChange={(thanks) => put({ thanks })} />
    </div>
  );
}
