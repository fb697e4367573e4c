// Records with what they link to below them: by links down, one a level, or by a link to the record above.
import { clsx } from "clsx";
import { ChevronRight, ListTree } from "lucide-react";
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { EmptyState, useRowWindow } from "../../../design";
import { call, onChanges, toEngineError, type ColumnId, type FilterNode, type RecordId, type Table, type TableId } from "../../../engine";
import { useFormats, useT } from "../../../i18n";
import { ErrorPane, rowHeights, tellError, useSettings } from "../../../shell";
import { showCell } from "../../cell/show";
import { OneRecord } from "../../record/one-record";
import { useRecordSource } from "../../record/use-source";
import type { ViewScreenProps } from "../screen";
import { treeOf } from "../settings";
import { linkedOf, treeLines, type Branch, type LinkedRecord, type OpenRoot } from "./nodes";

/** Levels below the roots where a link to the record above gives them. */
const DEEPEST = 12;

/** The column that leads down from records of a level, and the table it leads to. `up`: it is the link of the
 *  records below that names the one above. */
type Down = (level: number) => { table: Table; column: ColumnId; to: TableId; up: boolean } | null;
/** Records below one of them shown at most. */
const MOST_BELOW = 1000;

export function TreeView(props: ViewScreenProps) {
  const { table, tables, view } = props;
  const t = useT();
  const { parent, levels } = treeOf(view, table);
  const levelKey = levels.join();
  const down = useMemo<Down>(() => {
    const link = (of: Table, id: ColumnId) => {
      const column = of.columns.find((one) => one.id === id && one.type === "link");
      const to = column?.settings["table"];
      return column && typeof to === "number" ? { table: of, column: id, to, up: false } : null;
    };
    if (parent !== null) {
      const back = table.columns.find((one) => one.id === parent)?.settings["back"];
      // A link that is not shown the other way is asked for from its own side.
      const own = link(table, parent);
      return (level) => (level >= DEEPEST ? null : typeof back === "number" ? link(table, back) : own && { ...own, up: true });
    }
    const steps: (ReturnType<typeof link>)[] = [];
    let at: Table | undefined = table;
    for (const id of levelKey.split(",").map(Number)) {
      const step: ReturnType<typeof link> = at ? link(at, id) : null;
      if (!step) break;
      steps.push(step);
      at = tables.find((one) => one.id === step.to);
    }
    return (level) => steps[level] ?? null;
  }, [table, tables, parent, levelKey]);
  if (!down(0)) return <EmptyState icon={ListTree} title={t("view:tree.no_link")}>{t("view:tree.no_link_hint")}</EmptyState>;
  return <Tree {...props} down={down} parent={parent} />;
}

function Tree({ base, table, tables, view, search, language, down, parent, onOpen }: ViewScreenProps & { down: Down; parent: ColumnId | null }) {
  const t = useT();
  const format = useFormats();
  const id = useId();
  const rowPx = rowHeights(useSettings().density).line;
  const filter = useMemo<FilterNode | null>(() => (parent === null || search !== "" ? null : { kind: "rule", column: parent, predicate: "is_empty", value: null, modifier: null }), [parent, search]);
  const source = useRecordSource({ base, table: table.id, view: view.id, filter, search: search || null, sorts: null });
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  /** Children of records that were asked for, by table and id. */
  const [known, setKnown] = useState<ReadonlyMap<string, LinkedRecord[]>>(new Map());
  const [active, setActive] = useState(0);
  const viewport = useRef<HTMLDivElement>(null);
  const first = table.columns[0];
  const total = Math.max(0, source.total);
  useEffect(() => onChanges((changes) => changes.some((change) => change.noun === "record" && (change.base === null || change.base === base)) && setKnown(new Map())), [base]);

  const below = (root: RecordId, list: readonly LinkedRecord[], level: number, above: string): Branch[] => {
    const step = down(level - 1);
    if (!step) return [];
    return list.flatMap((record) => {
      const path = `${above}/${record.id}`;
      // A record that is its own ancestor would never end.
      const cyclic = above.split("/").includes(String(record.id)) && parent !== null;
      const children = down(level) && !cyclic ? (known.get(`${step.to}:${record.id}`) ?? null) : [];
      const open = opened.has(path) && !cyclic;
      return [{ record, table: step.to, level, path, children, open }, ...(open && children ? below(root, children, level + 1, path) : [])];
    });
  };
  const childrenOf = (index: number): LinkedRecord[] => {
    const row = source.row(index);
    const step = down(0);
    if (!row || !step) return [];
    return step.up ? (known.get(`${table.id}:${row.id}`) ?? []) : linkedOf(source.value(row, step.column));
  };
  const roots: OpenRoot[] = [...opened].flatMap((path): OpenRoot[] => {
    if (path.includes("/")) return [];
    const index = source.indexOf(Number(path));
    return index < 0 ? [] : [{ index, branches: below(Number(path), childrenOf(index), 1, path) }];
  });
  const lines = treeLines(total, roots);
  const rows = useRowWindow(viewport, { count: lines.count, rowHeight: rowPx });
  const { first: from, end, scrollTo } = rows;
  useEffect(() => {
    const places = Array.from({ length: Math.max(0, Math.min(end, lines.count) - from) }, (_, at) => lines.at(from + at)).flatMap((line) => (line && "root" in line ? [line.root] : []));
    source.onRange(places[0] ?? 0, Math.max(1, (places.at(-1) ?? 0) + 1));
  });

  // What records link to is asked for as they come into sight.
  const asked = useRef(new Set<string>());
  const wanted = Array.from({ length: Math.max(0, Math.min(end, lines.count) - from) }, (_, at) => lines.at(from + at)).flatMap((line) => (line && "branch" in line && line.branch.children === null ? [line.branch] : []));
  const upward = down(0)?.up === true;
  const roofs = upward ? Array.from({ length: Math.max(0, Math.min(end, lines.count) - from) }, (_, at) => lines.at(from + at)).flatMap((line) => (line && "root" in line ? (source.row(line.root)?.id ?? []) : [])).filter((one) => !known.has(`${table.id}:${one}`)) : [];
  const wantedKey = [...wanted.map((one) => `${one.table}:${one.record.id}`), ...roofs].join();
  const ask = useRef(() => {});
  useEffect(() => {
    const find = async (of: TableId, record: RecordId, level: number): Promise<void> => {
      const key = `${of}:${record}`;
      const step = down(level);
      if (!step || asked.current.has(key)) return;
      asked.current.add(key);
      try {
        let below: LinkedRecord[];
        if (step.up) below = (await call("record.linking", { base, table: step.table.id, column: step.column, record, offset: 0, limit: MOST_BELOW })).rows;
        else {
          const found = await call("record.get", { base, table: of, record });
          below = linkedOf(found.cells[found.columns.indexOf(step.column)]);
        }
        setKnown((old) => new Map(old).set(key, below));
      } catch (thrown) {
        tellError(toEngineError(thrown));
      } finally {
        asked.current.delete(key);
      }
    };
    ask.current = () => {
      for (const branch of wanted) void find(branch.table, branch.record.id, branch.level);
      for (const root of roofs) void find(table.id, root, 0);
    };
  });
  const isFresh = known.size === 0;
  useEffect(() => ask.current(), [wantedKey, isFresh]);

  const at = Math.max(0, Math.min(active, lines.count - 1));
  const keyOf = (line: ReturnType<typeof lines.at>) => (line === null ? "" : "root" in line ? String(source.row(line.root)?.id ?? "") : line.branch.path);
  const canOpen = (line: ReturnType<typeof lines.at>) => (line === null ? false : "root" in line ? childrenOf(line.root).length > 0 : (line.branch.children?.length ?? 0) > 0);
  const toggle = (line: ReturnType<typeof lines.at>, open: boolean) => {
    const key = keyOf(line);
    if (key === "" || (open && !canOpen(line))) return;
    const next = new Set(opened);
    if (open) next.add(key);
    else next.delete(key);
    setOpened(next);
  };
  const show = (line: ReturnType<typeof lines.at>) => {
    if (!line) return;
    const focus = () => viewport.current?.focus();
    if ("root" in line) onOpen({ source, index: line.root, focus, moved: (next) => { setActive(lines.of(next)); scrollTo(lines.of(next)); } });
    else {
      const other = tables.find((one) => one.id === line.branch.table);
      onOpen({ source: new OneRecord(base, line.branch.table, line.branch.record.id), index: 0, focus, ...(other ? { table: other } : {}) });
    }
  };
  const activate = (next: number) => {
    const bounded = Math.max(0, Math.min(lines.count - 1, next));
    setActive(bounded);
    scrollTo(bounded);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || lines.count === 0) return;
    const line = lines.at(at);
    const isOpen = opened.has(keyOf(line));
    if (event.key === "ArrowDown") activate(at + 1);
    else if (event.key === "ArrowUp") activate(at - 1);
    else if (event.key === "PageDown") activate(at + rows.page);
    else if (event.key === "PageUp") activate(at - rows.page);
    else if (event.key === "Home") activate(0);
    else if (event.key === "End") activate(lines.count - 1);
    else if (event.key === "ArrowRight") {
      if (isOpen) activate(at + 1);
      else toggle(line, true);
    } else if (event.key === "ArrowLeft") {
      if (isOpen) toggle(line, false);
      else if (line && "branch" in line) {
        let up = at - 1;
        for (; up > 0; up -= 1) {
          const above = lines.at(up);
          if (above && ("root" in above || above.branch.level < line.branch.level)) break;
        }
        activate(up);
      }
    } else if (event.key === "Enter" || event.key === " ") show(line);
    else return;
    event.preventDefault();
  };

  if (source.error && source.total < 0) return <ErrorPane error={source.error} onRetry={() => void source.refresh()} />;
  if (source.total === 0) return <EmptyState icon={ListTree} title={t("view:no_records")}>{search !== "" || view.filter ? t("view:no_records_filtered") : t("view:tree.empty_hint")}</EmptyState>;
  const shown = [];
  for (let index = from; index < Math.min(end, lines.count); index += 1) {
    const line = lines.at(index);
    if (!line) continue;
    const isRoot = "root" in line;
    const row = isRoot ? source.row(line.root) : undefined;
    const text = isRoot ? (row && first ? showCell(first, source.value(row, first.id), language) : "") : line.branch.record.text;
    const level = isRoot ? 0 : line.branch.level;
    const many = isRoot ? childrenOf(line.root).length : (line.branch.children?.length ?? 0);
    const open = opened.has(keyOf(line)) && many > 0;
    const other = !isRoot && line.branch.table !== table.id ? tables.find((one) => one.id === line.branch.table) : undefined;
    shown.push(
      <div
        key={isRoot ? (row?.id ?? `at-${line.root}`) : line.branch.path}
        id={`${id}-${index}`}
        role="treeitem"
        aria-level={level + 1}
        aria-expanded={many > 0 ? open : undefined}
        aria-selected={index === at}
        data-active={index === at ? "" : undefined}
        className="tree-line absolute inset-x-0 top-0 flex items-center gap-1.5 border-b border-line pr-4"
        style={{ height: rowPx, paddingLeft: 10 + level * 22, transform: `translateY(${rows.top(index)}px)` }}
        onClick={() => setActive(index)}
        onDoubleClick={() => show(line)}
      >
        <button type="button" tabIndex={-1} aria-hidden={many === 0} aria-label={t(open ? "view:tree.shut" : "view:tree.open")} onClick={() => toggle(line, !open)} className={clsx("inline-flex size-6 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover", many === 0 && "invisible")}>
          <ChevronRight size={15} aria-hidden className={clsx("transition-transform duration-75", open && "rotate-90")} />
        </button>
        {isRoot && !row ? <span aria-hidden className="skeleton h-2.5 w-40" /> : <bdi className={clsx("min-w-0 truncate text-sm", level === 0 && "font-medium")}>{text || t("record:untitled")}</bdi>}
        {many > 0 && <span className="shrink-0 rounded-full bg-press px-1.5 text-2xs text-muted">{format.number(many)}</span>}
        <span className="flex-1" />
        {other && <span className="shrink-0 truncate text-xs text-muted">{other.name}</span>}
      </div>,
    );
  }
  return (
    <div
      ref={viewport}
      role="tree"
      aria-label={view.name}
      aria-busy={source.total < 0}
      aria-activedescendant={at >= from && at < end && lines.count > 0 ? `${id}-${at}` : undefined}
      tabIndex={0}
      data-quiet-focus=""
      onKeyDown={onKeyDown}
      className="tree relative min-h-0 flex-1 overflow-x-hidden overflow-y-auto bg-surface outline-none [contain:strict]"
    >
      <div role="presentation" className="relative" style={{ height: rows.height }}>{shown}</div>
    </div>
  );
}
