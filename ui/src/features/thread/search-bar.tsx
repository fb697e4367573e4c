// Searching: results while typing, operators as chips, a search kept under a name.
import { clsx } from "clsx";
import { BookmarkPlus, X } from "lucide-react";
import { useEffect, useRef, useState, type RefObject } from "react";
import { Button, Dialog, IconButton, SearchField, TextField } from "../../design";
import { useT, type MessageKey } from "../../i18n";
import { patchSettings, useSettings } from "../../shell";
import { operators, queryParts, readyParts, withoutPart } from "./query";

/** The list follows typing after this pause, ms. */
const PAUSE_MS = 160;

export interface SearchBarProps {
  /** The search of the address; empty where a mailbox is shown. */
  query: string;
  /** Searches; an empty text goes back to the mailbox. */
  onSearch: (query: string) => void;
  /** Arrow down and Enter leave the field for the list. */
  onLeave: () => void;
  inputRef: RefObject<HTMLInputElement | null>;
}

export function SearchBar({ query, onSearch, onLeave, inputRef }: SearchBarProps) {
  const t = useT();
  const settings = useSettings();
  const [text, setText] = useState(query);
  const [offering, setOffering] = useState(false);
  const [saving, setSaving] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sent = useRef(query);
  useEffect(() => {
    // The address changed from elsewhere; what is being typed is ahead of it and stays.
    if (query === sent.current) return;
    sent.current = query;
    setText(query);
  }, [query]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const send = (next: string) => {
    clearTimeout(timer.current);
    const trimmed = next.trim();
    if (trimmed === sent.current) return;
    sent.current = trimmed;
    onSearch(trimmed);
  };
  const type = (next: string) => {
    setText(next);
    clearTimeout(timer.current);
    if (next.trim() === "") send("");
    else timer.current = setTimeout(() => send(next), PAUSE_MS);
  };
  const offer = (part: string) => {
    const next = `${text.trim()} ${part}`.trim();
    setText(next);
    if (!part.endsWith(":")) send(next);
    inputRef.current?.focus();
  };
  const parts = queryParts(text);
  const chips = parts.map((part, index) => ({ ...part, index })).filter((part) => part.operator !== null && part.value !== "");
  const saved = settings.saved_filters.some((one) => one.query === text.trim());

  return (
    <div
      onFocus={() => setOffering(true)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOffering(false);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape" && event.target === inputRef.current) {
          event.stopPropagation();
          event.preventDefault();
          if (text === "") onLeave();
          else type("");
        } else if ((event.key === "ArrowDown" || event.key === "Enter") && event.target === inputRef.current && !event.nativeEvent.isComposing) {
          event.preventDefault();
          send(text);
          onLeave();
        }
      }}
    >
      <div className="flex items-center gap-1">
        <SearchField label={t("thread:search.label")} placeholder={t("thread:search.placeholder")} value={text} onChange={type} clearLabel={t("common:clear")} inputRef={inputRef} className="min-w-0 flex-1" />
        {text.trim() !== "" && !saved && <IconButton icon={BookmarkPlus} label={t("thread:search.save")} onPress={() => setSaving(true)} />}
      </div>
      {(chips.length > 0 || offering) && (
        <div className="flex flex-wrap items-center gap-1 pt-1.5">
          {chips.map((part) => (
            <span key={part.index} className={clsx("inline-flex h-6 max-w-full items-center gap-1 rounded-md pl-2 text-xs", part.not ? "bg-warning-soft text-warning-text" : "bg-accent-soft text-accent-text")}>
              <span className="truncate">
                {part.not && `${t("thread:search.not")} `}
                {t(`thread:operator.${part.operator}` as MessageKey)} <bdi className="font-medium">{part.value}</bdi>
              </span>
              <button
                type="button"
                aria-label={t("common:remove_named", { name: part.text })}
                onClick={() => type(withoutPart(text, part.index))}
                className="inline-flex size-6 items-center justify-center rounded-md hover:bg-press"
              >
                <X size={12} aria-hidden />
              </button>
            </span>
          ))}
          {offering &&
            [...readyParts, ...operators.filter((one) => one !== "is" && one !== "has").map((one) => `${one}:`)]
              .filter((part) => !parts.some((one) => one.text.startsWith(part)))
              .map((part) => (
                <button
                  key={part}
                  type="button"
                  onClick={() => offer(part)}
                  className="inline-flex h-6 items-center rounded-md border border-line px-1.5 font-mono text-2xs text-muted hover:border-line-strong hover:text-text"
                >
                  {part}
                </button>
              ))}
        </div>
      )}
      <SaveSearch open={saving} query={text.trim()} onClose={() => setSaving(false)} />
    </div>
  );
}

function SaveSearch({ open, query, onClose }: { open: boolean; query: string; onClose: () => void }) {
  const t = useT();
  const { saved_filters } = useSettings();
  const [name, setName] = useState("");
  const taken = saved_filters.some((one) => one.name === name.trim());
  const save = () => {
    if (name.trim() === "" || taken) return;
    void patchSettings((now) => ({ saved_filters: [...now.saved_filters, { name: name.trim(), query }] }));
    setName("");
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t("thread:search.save")}
      size="small"
      footer={
        <>
          <Button onPress={onClose}>{t("common:cancel")}</Button>
          <Button kind="primary" isDisabled={name.trim() === "" || taken} onPress={save}>{t("common:save")}</Button>
        </>
      }
    >
      <p className="mb-3 rounded-md bg-sunken px-2 py-1 font-mono text-xs break-words">{query}</p>
      <TextField
        label={t("common:name")}
        value={name}
        onChange={setName}
        autoFocus
        error={taken ? t("thread:search.name_taken") : null}
        onKeyDown={(event) => {
          if (event.key === "Enter") save();
        }}
      />
    </Dialog>
  );
}
