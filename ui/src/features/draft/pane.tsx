// Where the composer stands: below the conversation it answers, or alone. It is loaded when first needed.
import { clsx } from "clsx";
import { PenLine, X } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, type ReactNode } from "react";
import { Splitter } from "../../design";
import { useRead, type Account, type ThreadId } from "../../engine";
import { useT } from "../../i18n";
import { ErrorPane, patchSettings, useLayoutSize, useSettings } from "../../shell";
import { closeDraft, composers, openDraft } from "./store";
import { useDraftOnce } from "./use-draft";

const Composer = lazy(() => import("./composer"));

export interface ComposerPaneProps {
  /** The conversation that is open; a letter that answers it stands below. */
  reader: ReactNode;
  thread: ThreadId | null;
  accounts: readonly Account[];
  /** One column: there is no list beside it. */
  alone?: boolean;
}

export function ComposerPane({ reader, thread, accounts, alone = false }: ComposerPaneProps) {
  const id = composers((state) => state.open);
  return id === null ? null : <OpenDraft key={id} id={id} reader={reader} thread={thread} accounts={accounts} alone={alone} />;
}

function OpenDraft({ id, reader, thread, accounts, alone }: ComposerPaneProps & { id: number; alone: boolean }) {
  const t = useT();
  const { draft, error } = useDraftOnce(id);
  const original = useRead("message.get", draft?.original == null ? null : { id: draft.original }).data;
  const full = composers((state) => state.full);
  const [height, setHeight, keepHeight] = useLayoutSize("draft.height", 420);
  useEffect(() => {
    // Sent or discarded elsewhere.
    if (error?.code === "not_found") closeDraft(id);
  }, [error, id]);
  if (error) return error.code === "not_found" ? null : <ErrorPane error={error} />;
  if (!draft) return <div className="flex-1 bg-surface" />;
  const split = reader !== null && draft.original !== null && original?.thread_id === thread;
  // One place in the tree, split or not: the editor keeps its cursor and its history.
  return (
    <>
      {split && reader}
      {split && (
        <Splitter label={t("common:resize", { name: t("draft:label") })} orientation="horizontal" after value={height} min={260} max={900} initial={420} onChange={setHeight} onSettled={keepHeight} />
      )}
      <div className={clsx("flex min-h-0", split ? "shrink-0" : "flex-1")} style={split ? { height: `min(${height}px, 72%)` } : undefined}>
        <Suspense fallback={<div className="flex-1 bg-surface" />}>
          <Composer draft={draft} accounts={accounts} full={full} alone={alone} />
        </Suspense>
      </div>
    </>
  );
}

/** Drafts that were put away, at the lower edge. */
export function ComposerDock() {
  const t = useT();
  const waiting = composers((state) => state.waiting);
  const open = composers((state) => state.open);
  const { data } = useRead("draft.list", {});
  const settings = useSettings();
  const remembered = settings.layout["draft.open"] ?? 0;

  // What was being written when the window closed or stopped comes back, put away.
  const restored = useRef(false);
  useEffect(() => {
    if (restored.current || !data || settings.layout["draft.open"] === undefined) return;
    restored.current = true;
    const { open: now, waiting: away } = composers.getState();
    if (remembered !== 0 && now !== remembered && !away.includes(remembered) && data.some((one) => one.id === remembered)) {
      composers.setState({ waiting: [...away, remembered] });
    }
  }, [data, remembered, settings.layout]);
  const latest = open ?? waiting.at(-1) ?? 0;
  useEffect(() => {
    if (latest !== 0 && latest !== remembered) void patchSettings((now) => ({ layout: { ...now.layout, "draft.open": latest } }));
  }, [latest, remembered]);

  if (waiting.length === 0) return null;
  return (
    <div className="flex h-9 shrink-0 items-center gap-1.5 overflow-x-auto border-t border-line bg-sunken px-3" role="region" aria-label={t("draft:dock")}>
      {waiting.map((id) => {
        const draft = data?.find((one) => one.id === id);
        const subject = draft?.subject || t("draft:no_subject");
        return (
          <span key={id} className="inline-flex h-7 max-w-64 min-w-32 items-center rounded-md border border-line bg-surface">
            <button type="button" onClick={() => openDraft(id)} className="flex h-full min-w-0 flex-1 items-center gap-1.5 rounded-md pl-2 text-left text-xs hover:bg-hover">
              <PenLine size={13} aria-hidden className="shrink-0 text-muted" />
              <bdi className="truncate">{subject}</bdi>
            </button>
            <button type="button" aria-label={t("draft:dock_close", { subject })} onClick={() => closeDraft(id)} className="inline-flex size-7 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text">
              <X size={13} aria-hidden />
            </button>
          </span>
        );
      })}
    </div>
  );
}
