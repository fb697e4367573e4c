// The palette: one field for going, finding and doing. It reads the action registry and whatever sources
// the features add; it shows the shortcut beside each command, so that it teaches them.
import { clsx } from "clsx";
import { Search, type LucideIcon } from "lucide-react";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { Dialog as AriaDialog, Modal, ModalOverlay } from "react-aria-components";
import { create } from "zustand";
import { Kbd } from "../design";
import { useT, type MessageKey, type T } from "../i18n";
import { listedActions, registry, type Action } from "./actions";
import { score } from "./match";

export interface PaletteItem {
  id: string;
  title: string;
  hint?: string | undefined;
  icon?: LucideIcon;
  keys?: string | undefined;
  perform: () => void;
}

export interface PaletteSource {
  id: string;
  title: MessageKey;
  /** What it has for a query; may be empty. Asked anew at each keystroke; late answers are dropped. */
  find: (query: string, t: T) => PaletteItem[] | Promise<PaletteItem[]>;
  /** True where it already matched the query (a search of the engine). */
  matched?: boolean;
}

const sources: PaletteSource[] = [];

/** Adds a source of the palette; returns its removal. */
export function registerPaletteSource(source: PaletteSource): () => void {
  sources.push(source);
  return () => {
    const at = sources.indexOf(source);
    if (at >= 0) sources.splice(at, 1);
  };
}

const state = create<{ open: boolean; start: string }>(() => ({ open: false, start: "" }));

export function openPalette(start = ""): void {
  state.setState({ open: true, start });
}

interface Section {
  id: string;
  title: string;
  items: PaletteItem[];
}

const MOST = 8;
const recent: string[] = [];

function commandItems(query: string, t: T, actions: readonly Action[]): PaletteItem[] {
  const seen = new Set<string>();
  const items = actions
    .filter((action) => !action.quiet && (action.when?.() ?? true))
    .filter((action) => !seen.has(action.id) && seen.add(action.id))
    .map((action) => ({ action, title: t(action.title) }))
    .map(({ action, title }) => ({ action, title, value: score(query, title) + (recent.includes(action.id) ? 0.2 : 0) }))
    .filter(({ value }) => query === "" || value >= 1);
  const order = query === "" ? items : items.toSorted((a, b) => b.value - a.value);
  return order.map(({ action, title }) => ({
    id: `action/${action.id}`,
    title,
    ...(action.icon ? { icon: action.icon } : {}),
    keys: action.keys?.[0],
    perform: () => {
      recent.unshift(action.id);
      recent.length = Math.min(recent.length, 12);
      action.perform();
    },
  }));
}

function ranked(items: PaletteItem[], query: string): PaletteItem[] {
  return items
    .map((item) => ({ item, value: Math.max(score(query, item.title), score(query, item.hint ?? "") * 0.6) }))
    .filter(({ value }) => query === "" || value >= 0.6)
    .toSorted((a, b) => b.value - a.value)
    .map(({ item }) => item);
}

function useSections(query: string, open: boolean): { sections: Section[]; settled: boolean } {
  const t = useT();
  const present = registry();
  const [found, setFound] = useState<{ query: string; sections: Section[] }>({ query: "", sections: [] });
  const commands = useMemo(() => (open ? commandItems(query, t, listedActions(present)) : []), [open, query, t, present]);
  useEffect(() => {
    if (!open) return;
    let live = true;
    const all = sources.map(async (source) => {
      const items = await Promise.resolve(source.find(query, t)).catch(() => []);
      return { id: source.id, title: t(source.title), items: (source.matched ? items : ranked(items, query)).slice(0, MOST) };
    });
    void Promise.all(all).then((sections) => {
      if (live) setFound({ query, sections });
    });
    return () => {
      live = false;
    };
  }, [open, query, t]);
  const sections = [
    { id: "commands", title: t("shell:palette.commands"), items: commands.slice(0, query === "" ? 40 : MOST) },
    ...found.sections,
  ].filter((section) => section.items.length > 0);
  return { sections, settled: found.query === query };
}

export function Palette() {
  const { open, start } = state();
  const close = () => state.setState({ open: false });
  return (
    <ModalOverlay
      isOpen={open}
      onOpenChange={(next) => !next && close()}
      isDismissable
      data-modal=""
      className="fixed inset-0 z-40 flex items-start justify-center bg-scrim px-4 pt-[12vh]"
    >
      <Modal className="appear w-full max-w-[620px] overflow-hidden rounded-xl border border-line bg-raised shadow-raised">
        <PaletteBody start={start} onClose={close} />
      </Modal>
    </ModalOverlay>
  );
}

function PaletteBody({ start, onClose }: { start: string; onClose: () => void }) {
  const t = useT();
  const [query, setQuery] = useState(start);
  const [at, setAt] = useState(0);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const { sections, settled } = useSections(query.trim(), true);
  const flat = sections.flatMap((section) => section.items);
  const active = Math.min(at, Math.max(0, flat.length - 1));

  useEffect(() => {
    list.current?.querySelector(`[data-at="${active}"]`)?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const eager = useRef(false);
  const run = (item: PaletteItem | undefined) => {
    eager.current = false;
    if (!item) return;
    onClose();
    // After the dialog gave focus back, so that the action may move it.
    setTimeout(item.perform, 0);
  };
  // What is listed below the commands may still be of an older query: Enter waits for its own.
  const isCurrent = settled || active < (sections.find((section) => section.id === "commands")?.items.length ?? 0);
  useEffect(() => {
    if (eager.current && settled) run(flat[active]);
  });
  let index = -1;
  return (
    <AriaDialog aria-label={t("shell:palette.label")} className="flex max-h-[64vh] flex-col outline-none">
      <div className="flex items-center gap-2 border-b border-line px-4">
        <Search size={17} aria-hidden className="shrink-0 text-muted" />
        <input
          autoFocus
          role="combobox"
          aria-label={t("shell:palette.label")}
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={flat.length > 0 ? `${id}-${active}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder={t("shell:palette.placeholder")}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
            eager.current = false;
          }}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return;
            const page = flat.length;
            if (event.key === "ArrowDown") setAt((active + 1) % Math.max(1, page));
            else if (event.key === "ArrowUp") setAt((active + page - 1) % Math.max(1, page));
            else if (event.key === "Enter") {
              if (isCurrent && flat.length > 0) run(flat[active]);
              else eager.current = true;
            }
            else return;
            event.preventDefault();
          }}
          className="h-12 w-full min-w-0 bg-transparent text-base outline-none focus-visible:outline-none"
        />
      </div>
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={t("shell:palette.label")} className="min-h-0 flex-1 overflow-y-auto p-1.5">
        {sections.map((section) => (
          <div key={section.id} role="group" aria-labelledby={`${id}-${section.id}`}>
            <div id={`${id}-${section.id}`} className="px-2.5 pt-2 pb-1 text-2xs font-medium text-muted">{section.title}</div>
            {section.items.map((item) => {
              index += 1;
              const mine = index;
              const Icon = item.icon;
              return (
                <div
                  key={`${section.id}/${item.id}`}
                  id={`${id}-${mine}`}
                  role="option"
                  aria-selected={mine === active}
                  data-at={mine}
                  onPointerMove={() => setAt(mine)}
                  onClick={() => run(item)}
                  className={clsx("flex min-h-[34px] items-center gap-2.5 rounded-md px-2.5 py-1 text-sm", mine === active && "bg-selected")}
                >
                  {Icon ? <Icon size={15} aria-hidden className="shrink-0 text-muted" /> : <span className="w-[15px]" />}
                  <span className="min-w-0 flex-1 truncate">
                    {item.title}
                    {item.hint && <span className="ml-2 text-xs text-muted">{item.hint}</span>}
                  </span>
                  {item.keys && <Kbd keys={item.keys} />}
                </div>
              );
            })}
          </div>
        ))}
        {flat.length === 0 && settled && (
          <p role="status" className="p-8 text-center text-muted">{t("shell:palette.empty", { query })}</p>
        )}
      </div>
      <p className="border-t border-line px-4 py-1.5 text-2xs text-muted">{t("shell:palette.hint")}</p>
    </AriaDialog>
  );
}
