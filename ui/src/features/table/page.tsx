// One table: its views, the toolbar of the open one, its screen, and the record that is open beside it.
import { ChartColumn, Plus, Redo2, Search, Undo2 } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Splitter } from "../../design";
import type { Base, Table, View, ViewId } from "../../engine";
import { useT } from "../../i18n";
import { setUndoScope, useActions, type Action, useLayoutSize, useScope } from "../../shell";
import { BaseContext } from "../cell/base-context";
import { OneRecord } from "../record/one-record";
import { OpenRecord, type OpenPlace } from "../record/open";
import { CalendarView } from "../view/calendar/calendar";
import { ColorDialog } from "../view/color-dialog";
import { FormView } from "../view/form/form";
import { GalleryView } from "../view/gallery/gallery";
import { KanbanView } from "../view/kanban/board";
import { viewSettingsOf } from "../view/kind-settings";
import { StatisticPage } from "../view/statistic/page";
import { ViewTabs } from "../view/tabs";
import { TimelineView } from "../view/timeline/timeline";
import { ToolButton, ViewToolbar } from "../view/toolbar";
import { TreeView } from "../view/tree/tree";
import type { ViewScreenProps } from "../view/screen";
import { addRecord, duplicateRecords, removeRecords, writeTo } from "./acts";
import { GridScreen, type GridTools } from "./grid-screen";
import { PrintButton } from "./print-button";
import { offerBaseUndo, redoBase, undoBase, withdrawOffer } from "./undo";
import { useView } from "./use-view";

/** A search is asked once typing rests, ms. */
const REST_MS = 180;

export interface TablePageProps {
  base: Base;
  table: Table;
  viewId: ViewId | null;
  /** The window is too narrow for a panel beside the grid. */
  narrow: boolean;
}

const screens: Record<Exclude<View["kind"], "table">, (props: ViewScreenProps) => React.ReactNode> = {
  kanban: (props) => <KanbanView {...props} />,
  calendar: (props) => <CalendarView {...props} />,
  gallery: (props) => <GalleryView {...props} />,
  timeline: (props) => <TimelineView {...props} />,
  tree: (props) => <TreeView {...props} />,
  form: (props) => <FormView {...props} />,
};

export function TablePage({ base, table, viewId, narrow }: TablePageProps) {
  const t = useT();
  const { i18n } = useTranslation();
  const { view, change } = useView(base.id, table, viewId);
  const [typed, setTyped] = useState("");
  const [search, setSearch] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), typed === "" ? 0 : REST_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const [opened, setOpened] = useState<OpenPlace | null>(null);
  const [coloring, setColoring] = useState(false);
  const [counting, setCounting] = useState(false);
  const [panel, setPanel, keepPanel] = useLayoutSize("base.panel", 420);
  const searchField = useRef<HTMLInputElement>(null);
  const body = useRef<HTMLDivElement>(null);

  useEffect(() => setUndoScope(`base:${base.id}`), [base.id]);
  useScope("base");
  useEffect(() => {
    setOpened(null);
    setCounting(false);
  }, [view.id]);

  useActions([
    { id: "base.undo", title: "base:undo", icon: Undo2, keys: ["mod+z"], scope: "base", perform: () => void undoBase(base.id) },
    { id: "base.redo", title: "base:redo", icon: Redo2, keys: ["mod+shift+z", "mod+y"], scope: "base", perform: () => void redoBase(base.id) },
    { id: "record.search", title: "record:search", icon: Search, keys: ["/", "mod+f"], scope: "base", perform: () => searchField.current?.focus() },
    { id: "record.statistics", title: "view:statistic.title", icon: ChartColumn, scope: "base", perform: () => setCounting(!counting) },
  ]);

  const addAction: Action = { id: "record.add", title: "record:add", icon: Plus, keys: ["mod+enter"], scope: "base", perform: () => void addRecord(base.id, table, {}) };
  useActions(view.kind === "table" || view.kind === "form" || base.read_only ? [] : [addAction]);

  const closePanel = () => {
    const focus = opened?.focus;
    setOpened(null);
    setTimeout(() => (focus ? focus() : body.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()));
  };
  const around = useMemo(() => ({ base, openRecord: (of: Table, record: number) => setOpened((now) => ({ source: new OneRecord(base.id, of.id, record), index: 0, table: of, ...(now?.focus ? { focus: now.focus } : {}) })) }), [base]);
  const panelShown = opened && (
    <OpenRecord
      base={base.id}
      table={table}
      place={opened}
      onPlace={setOpened}
      onClose={closePanel}
      onWrite={writeTo}
      onDuplicate={(_, row, of) => void duplicateRecords(base.id, of, [row.id])}
      onRemove={(row, of) => void removeRecords(base.id, of, [row.id])}
      onEdited={withdrawOffer}
    />
  );
  const screen: ViewScreenProps = { base: base.id, table, tables: base.tables, view, search, language: i18n.language, onView: change, onOpen: setOpened, onWrite: writeTo, onEdited: withdrawOffer, onDone: (label) => offerBaseUndo(base.id, label), onAdd: (cells) => addRecord(base.id, table, cells), onRemove: (ids) => removeRecords(base.id, table, ids) };
  const KindSettings = view.kind === "table" ? null : viewSettingsOf(view.kind);
  const toolbar = (tools: GridTools) => (
    <ViewToolbar
      table={table}
      view={view}
      onView={change}
      search={typed}
      onSearch={setTyped}
      searchRef={searchField}
      aside={counting}
      onColors={() => setColoring(true)}
      onOpenAll={tools.openAll}
      onShutAll={tools.shutAll}
      settings={KindSettings && <KindSettings table={table} tables={base.tables} view={view} onView={change} />}
    >
      {view.kind !== "form" && <ToolButton minor icon={ChartColumn} lit={counting} label={t("view:statistic.title")} onPress={() => setCounting(!counting)} />}
      {view.kind !== "form" && <PrintButton base={base.id} table={table} view={view} search={search} />}
      {tools.buttons}
    </ViewToolbar>
  );

  return (
    <BaseContext value={around}>
    <div className="flex min-h-0 min-w-0 flex-1">
      <div ref={body} className={narrow && panelShown ? "hidden" : "flex min-h-0 min-w-0 flex-1 flex-col"}>
        <ViewTabs base={base.id} fixed={base.read_only !== undefined} table={table} view={view} onView={change} onDone={(label) => offerBaseUndo(base.id, label)} />
        {counting ? (
          <>
            {toolbar({})}
            <StatisticPage key={view.id} base={base.id} table={table} view={view} onClose={() => setCounting(false)} />
          </>
        ) : view.kind === "table" ? (
          <GridScreen key={view.id} {...screen} onView={change} whole={base} toolbar={toolbar} />
        ) : (
          <>
            {toolbar({})}
            <div key={view.id} className="flex min-h-0 min-w-0 flex-1 flex-col">{screens[view.kind](screen)}</div>
          </>
        )}
      </div>
      {panelShown && !narrow && (
        <>
          <Splitter label={t("common:resize", { name: t("record:panel") })} after value={panel} min={320} max={760} initial={420} onChange={setPanel} onSettled={keepPanel} />
          <div className="flex min-h-0 shrink-0" style={{ width: `min(${panel}px, 60%)` }}>{panelShown}</div>
        </>
      )}
      {panelShown && narrow && panelShown}
      {coloring && <ColorDialog columns={table.columns} view={view} onView={change} onClose={() => setColoring(false)} />}
    </div>
    </BaseContext>
  );
}
