// Writing a formula: columns and functions are completed, what it yields is shown while it is typed, and a
// mistake is shown at its place.
import { clsx } from "clsx";
import { FunctionSquare } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { Button, Popover, SearchField } from "../../design";
import { useRead, type BaseId, type FormulaFunction, type Table } from "../../engine";
import { useT, type MessageKey, say } from "../../i18n";
import { kindIcons } from "../cell/kinds";
import { aroundMistake, completionsAt, type Completing, type Completion } from "./completion";

/** A preview is asked for once typing rests, ms. */
const REST_MS = 220;
const categories = ["logic", "number", "text", "date", "list"];

export function FormulaEditor({ base, table, own, value, onChange }: { base: BaseId; table: Table; /** The column that is edited: a formula can't be of itself. */ own: number | null; value: string; onChange: (formula: string) => void }) {
  const t = useT();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const functions = useRead("column.functions", {}).data ?? [];
  const columns = table.columns.filter((column) => column.id !== own && column.type !== "button");
  const [completing, setCompleting] = useState<Completing | null>(null);
  const [at, setAt] = useState(0);
  const [asked, setAsked] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(value), REST_MS);
    return () => clearTimeout(timer);
  }, [value]);
  const preview = useRead("column.preview_formula", asked.trim() === "" ? null : { base, table: table.id, formula: asked }, { keep: true });
  const found = asked.trim() === "" ? undefined : preview.data;
  const choices = completing?.choices ?? [];
  const place = Math.min(at, Math.max(0, choices.length - 1));
  useEffect(() => {
    document.querySelector(`[id="${id}-${place}"]`)?.scrollIntoView({ block: "nearest" });
  }, [id, place]);

  const look = () => {
    const element = field.current;
    if (!element || element.selectionStart !== element.selectionEnd) return setCompleting(null);
    setCompleting(completionsAt(element.value, element.selectionStart, columns, functions));
    setAt(0);
  };
  const put = (text: string, from: number, to: number, cursor: number) => {
    const next = value.slice(0, from) + text + value.slice(to);
    onChange(next);
    setCompleting(null);
    // The cursor goes where the new text wants it once it is there.
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(from + cursor, from + cursor);
    });
  };
  const take = (choice: Completion) => completing && put(choice.text, completing.from, field.current?.selectionStart ?? value.length, choice.cursor);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (!completing) {
      if (event.key === " " && event.ctrlKey) {
        event.preventDefault();
        look();
      }
      return;
    }
    const choice = choices[place];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") setAt((place + (event.key === "ArrowDown" ? 1 : choices.length - 1)) % choices.length);
    else if ((event.key === "Enter" || event.key === "Tab") && choice) take(choice);
    else if (event.key === "Escape") setCompleting(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="flex flex-col gap-2">
      <div className="relative">
        <label htmlFor={`${id}-field`} className="mb-1 block text-xs font-medium text-muted">{t("column:formula.title")}</label>
        <div className="field px-2">
          <textarea
            ref={field}
            id={`${id}-field`}
            rows={3}
            spellCheck={false}
            value={value}
            placeholder={t("column:formula.placeholder")}
            aria-autocomplete="list"
            aria-controls={completing ? `${id}-list` : undefined}
            aria-activedescendant={completing ? `${id}-${place}` : undefined}
            aria-describedby={`${id}-result`}
            aria-invalid={found?.error && !completing ? true : undefined}
            onChange={(event) => {
              onChange(event.target.value);
              queueMicrotask(look);
            }}
            onClick={look}
            onBlur={() => setCompleting(null)}
            onKeyDown={onKeyDown}
            className="block w-full resize-y bg-transparent py-1.5 font-mono text-xs outline-none focus-visible:outline-none"
          />
        </div>
        {completing && (
          <ul id={`${id}-list`} role="listbox" aria-label={t("column:formula.choices")} className="absolute inset-x-0 top-full z-10 mt-1 max-h-52 overflow-auto rounded-lg border border-line bg-raised p-1 shadow-raised">
            {choices.map((choice, index) => {
              const Icon = choice.kind === "function" ? FunctionSquare : (kindIcons[choice.hint as keyof typeof kindIcons] ?? FunctionSquare);
              return (
                <li
                  key={choice.label}
                  id={`${id}-${index}`}
                  role="option"
                  aria-selected={index === place}
                  onPointerDown={(event) => {
                    event.preventDefault();
                    take(choice);
                  }}
                  onPointerMove={() => setAt(index)}
                  className={clsx("flex min-h-7 items-center gap-2 rounded-md px-2 text-sm", index === place && "bg-hover")}
                >
                  <Icon size={14} aria-hidden className="shrink-0 text-muted" />
                  <span className="shrink-0 font-medium">{choice.label}</span>
                  <span className="min-w-0 flex-1 truncate text-right font-mono text-2xs text-muted">{choice.kind === "function" ? choice.hint : ""}</span>
                </li>
              );
            })}
          </ul>
        )}
      </div>
      <div className="flex items-center gap-1">
        <Popover label={t("column:formula.functions")} trigger={<Button small kind="quiet" icon={FunctionSquare}>{t("column:formula.functions")}</Button>}>
          {(close) => (
            <FunctionList
              functions={functions}
              onTake={(one) => {
                close();
                const cursor = field.current?.selectionStart ?? value.length;
                const text = `${one.name}(${one.signature.endsWith("()") ? ")" : ""}`;
                put(text, cursor, cursor, text.length);
              }}
            />
          )}
        </Popover>
        <span className="min-w-0 flex-1 truncate text-right text-2xs text-muted">{t("column:formula.hint")}</span>
      </div>
      <div id={`${id}-result`} role="status" className={clsx("min-h-16 rounded-lg p-2.5 text-sm", found?.error ? "bg-danger-soft" : "bg-sunken")}>
        {!found && <p className="text-xs text-muted">{t("column:formula.empty")}</p>}
        {found?.error && (
          <>
            <p className="font-medium">{say(found.error.message, found.error.message_parts)}</p>
            {found.error.remedy && <p className="text-xs">{say(found.error.remedy, found.error.remedy_parts)}</p>}
            {found.at !== null && <Mistake formula={asked} at={found.at} label={t("column:formula.mistake_at", { n: found.at + 1 })} />}
          </>
        )}
        {found && !found.error && (
          <>
            <p className="flex items-center gap-1.5 pb-1 text-xs text-muted">
              {t("column:formula.yields", { kind: t(`column:kind.${found.result?.type ?? "text"}`) })}
            </p>
            {found.samples.length === 0 && <p className="text-xs text-muted">{t("column:formula.no_records")}</p>}
            <ul className="flex flex-col gap-0.5">
              {found.samples.slice(0, 5).map((sample, index) => (
                <li key={sample.record} className="flex gap-2">
                  <span className="w-6 shrink-0 text-right text-2xs leading-5 text-muted">{index + 1}</span>
                  <span className={clsx("selectable min-w-0 truncate", sample.text.startsWith("#ERROR") && "text-danger-text")}>{sample.text || <span className="text-faint">{t("view:group.empty")}</span>}</span>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}

function Mistake({ formula, at, label }: { formula: string; at: number; label: string }) {
  const [before, sign, after] = aroundMistake(formula, at);
  return (
    <p className="mt-1.5 overflow-x-auto font-mono text-xs whitespace-pre" aria-label={label}>
      <span>{before}</span>
      <span className="rounded-xs bg-danger px-0.5 font-semibold text-on-danger">{sign === "" || sign === "\n" ? "\u00a0" : sign}</span>
      <span className="text-muted">{after}</span>
    </p>
  );
}

/** All functions, to read about and to take. */
function FunctionList({ functions, onTake }: { functions: readonly FormulaFunction[]; onTake: (one: FormulaFunction) => void }) {
  const t = useT();
  const [text, setText] = useState("");
  const shown = functions.filter((one) => `${one.name} ${one.signature}`.toLowerCase().includes(text.trim().toLowerCase()));
  const known = [...categories.filter((one) => shown.some((each) => each.category === one)), ...new Set(shown.map((one) => one.category).filter((one) => !categories.includes(one)))];
  return (
    <div className="flex max-h-80 w-96 flex-col gap-2">
      <SearchField label={t("common:search")} clearLabel={t("common:clear")} value={text} onChange={setText} autoFocus />
      <div className="min-h-0 overflow-auto">
        {known.map((category) => (
          <section key={category} aria-label={categories.includes(category) ? t(`column:formula.category.${category}` as MessageKey) : category}>
            <h4 className="px-2 pt-2 pb-0.5 text-2xs font-medium text-muted">{categories.includes(category) ? t(`column:formula.category.${category}` as MessageKey) : category}</h4>
            {shown.filter((one) => one.category === category).map((one) => (
              <Button key={one.name} kind="quiet" className="!h-auto w-full !justify-start !px-2 py-1 text-left" onPress={() => onTake(one)}>
                <span className="min-w-0">
                  <span className="block truncate font-mono text-xs">{one.signature}</span>
                  <span className="block truncate font-mono text-2xs text-muted">{one.example}</span>
                </span>
              </Button>
            ))}
          </section>
        ))}
      </div>
    </div>
  );
}
