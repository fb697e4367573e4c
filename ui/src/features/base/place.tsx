// The place of bases: their list, the tables of the open one as tabs, and the grid. A file dropped anywhere
// on the window while this place is shown is imported.
import { Archive, Camera, Database, FileInput, FileOutput, History, Mail, Mails, Trash2, TriangleAlert } from "lucide-react";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { Button, EmptyState, ErrorState, Skeleton, Splitter, toast } from "../../design";
import { useRead, type Base } from "../../engine";
import { onFilesDropped, pickFiles, type PickedFile } from "../../engine/desktop";
import { useT } from "../../i18n";
import { basePath, ErrorPane, go, parseBasePath, troubleOf, useActions, useLayoutSize, usePath, useScope } from "../../shell";
import { RunsPage } from "../bulk";
import { ComposerDock, ComposerPane, composers, minimise } from "../draft";
import { TablePage } from "../table/page";
import { TableTabs } from "../table/tabs";
import { BaseList, CreateBaseButton } from "./base-list";
import { fileExtensions, isBase, isImportable } from "./file-import";
import { ImportDialog } from "./import-dialog";
import { asShown, openBase, ReadOnlyBanner } from "./open-base";
import { ToolDialog, type BaseTool, type OpenTool } from "./tools";

function useMedia(query: string): boolean {
  const media = useMemo(() => globalThis.matchMedia(query), [query]);
  return useSyncExternalStore(
    (listener) => {
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => media.matches,
  );
}

export default function BasePlace() {
  const t = useT();
  const path = usePath();
  const bases = useRead("base.list", {});
  const accounts = useRead("account.list", {}).data ?? [];
  const where = parseBasePath(path);
  const letters = path === lettersPath;
  const found = letters ? null : (bases.data?.find((one) => one.id === where.base) ?? null);
  const base = useMemo(() => found && asShown(found), [found]);
  const table = base?.tables.find((one) => one.id === where.table) ?? base?.tables[0] ?? null;
  const [importing, setImporting] = useState<PickedFile | null>(null);
  const [tool, setTool] = useState<OpenTool | null>(null);
  const [over, setOver] = useState(false);
  const [width, setWidth, keepWidth] = useLayoutSize("base.list", 224);
  const narrow = useMedia("(max-width: 1000px)");
  const tiny = useMedia("(max-width: 700px)");
  const composing = composers((state) => state.open);
  useScope("base");
  // A letter from elsewhere would cover most of the table: it waits at the lower edge.
  const cramped = useRef(narrow);
  useEffect(() => {
    if (cramped.current) minimise();
  }, []);

  // A bare address goes on to the base that was open last, else to the first.
  useEffect(() => {
    if (!bases.data || letters || base) return;
    const next = bases.data.find((one) => one.id === remembered()) ?? bases.data.find((one) => one.error === null) ?? bases.data[0];
    if (next) go(basePath(next.id), { replace: true });
  }, [bases.data, base, letters]);
  useEffect(() => {
    if (base) remember(base.id);
  }, [base]);

  const take = (files: readonly PickedFile[]) => {
    const file = files.find((one) => isImportable(one) || isBase(one));
    if (file && isBase(file)) void openBase(file, t);
    else if (file) setImporting(file);
    else if (files.length > 0) toast(t("base:import.not_a_table"), { tone: "warning", hint: t("base:import.kinds") });
  };
  // Listened to once: between two listeners a drop would be lost.
  const onDrop = useRef<Parameters<typeof onFilesDropped>[0]>(() => {});
  useEffect(() => {
    onDrop.current = (files, at) => {
      setOver(false);
      // A cell and a letter take their files themselves.
      if (document.elementFromPoint(at.x, at.y)?.closest("[data-takes-files]")) return;
      if (document.querySelector("[data-modal]") === null) take(files);
    };
  });
  useEffect(() => onFilesDropped((files, at) => onDrop.current(files, at)), []);
  const pick = () => void pickFiles({ title: t("base:import.file"), filters: [{ name: t("base:import.filter"), extensions: fileExtensions }] }).then(take);
  useActions([
    { id: "base.import", title: "base:import.file", icon: FileInput, scope: "base", perform: pick },
    ...(base && !base.error ? ([["export", "exchange:export.action", FileOutput], ["accounts", "exchange:account.action", Mail], ["history", "history:action", History], ["trash", "history:trash.action", Trash2], ["snapshots", "history:snapshot.action", Camera]] as const).map(([name, title, icon]) => ({ id: `base.${name}`, title, icon, scope: "base" as const, perform: () => setTool({ tool: name satisfies BaseTool, base }) })) : []),
    { id: "base.removed", title: "history:bases.title", icon: Archive, scope: "base", perform: () => setTool({ tool: "bases" }) },
    { id: "base.letters", title: "bulk:runs", icon: Mails, scope: "base", perform: () => go(lettersPath) },
  ]);

  const main = () => {
    if (bases.error && !bases.data) return <ErrorPane error={bases.error} onRetry={() => void bases.refetch()} />;
    if (!bases.data) return <div className="flex flex-1 flex-col gap-3 p-6"><Skeleton width={220} height={18} /><Skeleton height={14} /><Skeleton height={14} /></div>;
    if (letters) return <RunsPage bases={bases.data} />;
    if (bases.data.length === 0) {
      return (
        <EmptyState
          icon={Database}
          title={t("base:empty.title")}
          actions={
            <>
              <Button kind="primary" icon={FileInput} onPress={pick}>{t("base:import.file")}</Button>
              <CreateBaseButton />
            </>
          }
        >
          {t("base:empty.hint")}
        </EmptyState>
      );
    }
    if (!base) return null;
    if (base.error) return <Unreadable base={base} onRetry={() => void bases.refetch()} />;
    return (
      <>
        <TableTabs base={base} open={table} />
        <ReadOnlyBanner base={base} />
        {table ? <TablePage key={`${base.id}/${table.id}`} base={base} table={table} viewId={where.view} narrow={narrow} /> : <EmptyState icon={Database} title={t("table:none")} />}
      </>
    );
  };

  return (
    <div
      className={over ? "file-over relative flex min-h-0 min-w-0 flex-1 flex-col" : "relative flex min-h-0 min-w-0 flex-1 flex-col"}
      onDragEnter={(event) => event.dataTransfer.types.includes("Files") && setOver(true)}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setOver(false)}
    >
      <div className="flex min-h-0 flex-1">
        {!tiny && (bases.data?.length ?? 0) > 0 && (
          <>
            <div className="flex min-h-0 shrink-0 flex-col border-r border-line" style={{ width: narrow ? 204 : width }}>
              <BaseList bases={bases.data ?? []} open={base} onImport={pick} onTool={setTool} />
              <div className="shrink-0 border-t border-line bg-sunken p-2">
                <Button kind="quiet" icon={Mails} className={letters ? "w-full !justify-start !bg-selected" : "w-full !justify-start"} onPress={() => go(lettersPath)}><span className="truncate">{t("bulk:runs")}</span></Button>
                <Button kind="quiet" icon={Archive} className="w-full !justify-start" onPress={() => setTool({ tool: "bases" })}><span className="truncate">{t("history:bases.title")}</span></Button>
              </div>
            </div>
            {!narrow && <Splitter label={t("common:resize", { name: t("base:list") })} value={width} min={160} max={400} initial={224} onChange={setWidth} onSettled={keepWidth} />}
          </>
        )}
        <div className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface">{main()}</div>
        {composing !== null && (
          <div className="absolute inset-y-0 right-0 z-30 flex w-[min(640px,100%)] border-l border-line bg-surface shadow-raised">
            <ComposerPane reader={null} thread={null} accounts={accounts} />
          </div>
        )}
      </div>
      <ComposerDock />
      {over && <p role="status" className="pointer-events-none absolute inset-x-0 bottom-12 z-40 mx-auto w-fit rounded-lg bg-accent px-4 py-2 text-sm text-on-accent shadow-raised">{t("base:import.drop")}</p>}
      {importing && <ImportDialog file={importing} base={base?.error ? null : base} table={table} onClose={() => setImporting(null)} />}
      {tool && <ToolDialog open={tool} table={tool.tool !== "bases" && tool.base.id === base?.id ? (table?.id ?? null) : null} view={tool.tool !== "bases" && tool.base.id === base?.id ? where.view : null} onClose={() => setTool(null)} />}
    </div>
  );
}

/** Where the runs of letters and the templates are. */
export const lettersPath = "/bases/~letters";

const KEY = "tabella.base";
const remembered = () => globalThis.sessionStorage?.getItem(KEY) ?? null;
const remember = (id: string) => globalThis.sessionStorage?.setItem(KEY, id);

function Unreadable({ base, onRetry }: { base: Base; onRetry: () => void }) {
  const t = useT();
  if (!base.error) return null;
  const trouble = troubleOf(base.error, t);
  return (
    <ErrorState
      trouble={{ ...trouble, title: t("base:unreadable_title", { name: base.name }), message: [trouble.title, trouble.message].filter(Boolean).join(" "), detail: [base.path, trouble.detail].filter(Boolean).join("\n") }}
      detailLabel={t("common:show_detail")}
      actions={<Button icon={TriangleAlert} onPress={onRetry}>{t("common:retry")}</Button>}
    />
  );
}
