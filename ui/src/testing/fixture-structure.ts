// The made-up bases' views, groups, summaries and statistics; and a table that fits every kind of view.
import type { StatisticLabel, BaseId, Column, FilterNode, RecordGroup, RecordId, Sort, RecordSummary, Table, View, ViewKind } from "../engine";
import { doorError, type Handlers } from "./transport";

export interface Shelf {
  table: Table;
  value: (id: RecordId, column: Column) => unknown;
  /** Ids of a list in its order. */
  ids: (filter: FilterNode | null, search: string | null, sorts: readonly Sort[]) => RecordId[];
}

export interface House {
  shelf: (base: BaseId, table: number) => Shelf;
  put: (base: BaseId, table: Table) => void;
  /** Records that refuse edits, as base/table/record. */
  locked: Set<string>;
  nextId: () => number;
  did: (base: BaseId, back: () => void, again: () => void) => void;
}

/** Whose private views are in sight. */
const me = "0".repeat(32);

/** What the engine makes of a view that is written: private, it is the writer's. */
export function owned(view: View): View {
  const { owner: _, ...settings } = view.settings;
  return { ...view, settings: settings["private"] === true ? { ...settings, owner: me } : settings };
}

export const viewOf = (id: number, name = "Raster", kind: ViewKind = "table", more: Partial<View> = {}): View => ({ id, name, kind, filter: null, sorts: [], groups: [], hidden: [], order: [], frozen: 1, row_height: 1, locked: false, settings: {}, ...more });

const states = [["Offen", "#9bd6f7"], ["In Arbeit", "#ffd58a"], ["Prüfung", "#c9b8f5"], ["Fertig", "#a6e3c4"], ["Abgesagt", "#f3a6a6"]] as const;
const places = [["Wien", "#d7c49e"], ["Lwiw", "#a9c1f5"], ["Kraków", "#f8b4c4"], ["Berlin", "#8fd8d2"]] as const;
const works = ["Fundament gießen", "Стяжка підлоги", "Montaż instalacji", "Fenster einsetzen", "Покраска фасада", "Dach decken", "Elektrik prüfen", "Zamówić kruszywo", "Кошторис узгодити", "Abnahme mit Bauherrn", "Gerüst abbauen", "Heizung anschließen und über drei Wochen beobachten, ob der Druck hält"];

/** Columns of the table of tasks, from an id on. */
export function taskColumns(first: number): Column[] {
  const kinds: [string, Column["type"], number, Record<string, unknown>?][] = [
    ["Aufgabe", "text", 240],
    ["Stand", "single_select", 130, { options: states.map(([name, color], at) => ({ id: at + 1, name, color })) }],
    ["Ort", "single_select", 120, { options: places.map(([name, color], at) => ({ id: at + 1, name, color })) }],
    ["Beginn", "date", 120, { format: "DD.MM.YYYY" }],
    ["Ende", "date", 120, { format: "DD.MM.YYYY" }],
    ["Kosten", "number", 130, { format: "euro", currency_symbol_position: "after", decimal: "comma", thousands: "dot", precision: 2, enable_precision: true }],
    ["Stunden", "number", 100, { format: "number", precision: 1, enable_precision: true, decimal: "comma" }],
    ["Erledigt", "checkbox", 80],
    ["Bild", "image", 140],
    ["Verantwortlich", "email", 220],
    ["Teil von", "link", 180, { table: 4, multiple: false, two_way: true, back: first + 11 }],
    ["Teile", "link", 180, { table: 4, multiple: true, two_way: true, back: first + 10 }],
    ["Dringlichkeit", "rating", 120, { rate_max_number: 5 }],
    ["Wer", "collaborator", 180],
  ];
  return kinds.map(([name, type, width, settings], at): Column => ({ id: first + at, name, type, settings: settings ?? {}, description: "", width }));
}

const two = (n: number) => String(n).padStart(2, "0");
const dayOf = (from: Date, days: number) => {
  const at = new Date(from.getFullYear(), from.getMonth(), from.getDate() + days);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
};
const picture = (id: number) => `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90"><rect width="160" height="90" fill="hsl(${(id * 47) % 360} 45% 62%)"/><path d="M0 70L45 35l30 24 28-32 57 47v16H0z" fill="hsl(${(id * 47 + 30) % 360} 40% 38%)"/></svg>`)}`;

export function taskCell(column: Column, id: number): unknown {
  const name = (part: number) => ({ id: part, text: `${works[part % works.length]} ${part}` });
  const month = new Date(new Date().getFullYear(), new Date().getMonth(), 1);
  switch (column.name) {
    case "Aufgabe": return `${works[id % works.length]} ${id}`;
    case "Stand": return id % 9 === 0 ? null : (id % 5) + 1;
    case "Ort": return id % 7 === 0 ? null : (id % 4) + 1;
    case "Beginn": return id % 8 === 0 ? null : dayOf(month, (id * 5) % 41 - 6);
    case "Ende": return id % 8 === 0 || id % 5 === 0 ? null : dayOf(month, (id * 5) % 41 - 6 + (id % 6));
    case "Kosten": return id % 11 === 0 ? null : ((id * 7919) % 900_000) / 100;
    case "Stunden": return ((id * 37) % 160) / 2;
    case "Erledigt": return id % 5 === 3;
    case "Bild": return id % 3 === 0 ? null : [{ name: `baustelle-${id}.svg`, url: picture(id) }];
    case "Verantwortlich": return ["ada@example.org", "olena.koval@example.org", "jan.zadlo@example.pl"][id % 3];
    case "Teil von": return id > 6 && id <= 40 ? [name(Math.floor(id / 6))] : null;
    case "Teile": return id >= 1 && id <= 6 ? Array.from({ length: 6 }, (_, at) => id * 6 + at).filter((one) => one > 6 && one <= 40).map(name) : null;
    case "Dringlichkeit": return id % 6 || null;
    case "Wer": return id % 4 === 0 ? null : id % 5 === 0 ? ["Ada Byron", "Jan Żądło"] : [["Ada Byron", "Olena Koval", "Jan Żądło"][id % 3]];
    default: return null;
  }
}

export function taskViews(first: number): View[] {
  return [
    viewOf(40, "Alle Aufgaben"),
    viewOf(41, "Nach Stand", "table", { groups: [{ column: first + 1, descending: false }, { column: first + 2, descending: false }], settings: { colors: { by: "select", column: first + 1 }, cell_colors: [{ column: first + 6, by: "scale", from: "#fff3c4", to: "#f3a6a6" }], summaries: { [first + 5]: "sum", [first + 6]: "average" } } }),
    viewOf(42, "Tafel", "kanban", { settings: { kanban: { column: first + 1, title: first, fields: [first + 2, first + 3, first + 5], hide_empty: false } } }),
    viewOf(43, "Kalender", "calendar", { settings: { calendar: { start: first + 3, end: first + 4, title: first, color: first + 1 } } }),
    viewOf(44, "Galerie", "gallery", { settings: { gallery: { image: first + 8, title: first, fields: [first + 1, first + 5] } } }),
    viewOf(45, "Zeitleiste", "timeline", { settings: { timeline: { start: first + 3, end: first + 4, title: first, color: first + 1 } } }),
    viewOf(46, "Baum", "tree", { settings: { tree: { parent: first + 10 } } }),
    viewOf(47, "Neue Aufgabe", "form", { settings: { form: { title: "Neue Aufgabe melden", description: "Was ist zu tun, und bis wann?", fields: [{ column: first, required: true, help: "In einem Satz" }, { column: first + 1, required: false, help: "" }, { column: first + 4, required: true, help: "" }, { column: first + 9, required: false, help: "Wer darf gefragt werden?" }], thanks: "Danke! Wir melden uns." } } }),
    viewOf(48, "Teure Posten", "table", { locked: true, settings: { folder: "Auswertung" }, filter: { kind: "rule", column: first + 5, predicate: "greater", value: 5000, modifier: null } }),
    viewOf(50, "Wer macht was", "kanban", { settings: { kanban: { column: first + 13, title: first, fields: [first + 1, first + 13], hide_empty: false } } }),
    viewOf(49, "Nur für mich", "table", { settings: { folder: "Auswertung", private: true, owner: me } }),
  ];
}

function numberOf(value: unknown): number | null {
  if (typeof value === "boolean") return null;
  return typeof value === "number" ? value : null;
}

function summaryOf(values: readonly unknown[]): RecordSummary {
  const filled = values.filter((one) => one !== null && one !== undefined && one !== "" && one !== false);
  const numbers = filled.flatMap((one) => numberOf(one) ?? []).toSorted((a, b) => a - b);
  const sum = numbers.length > 0 ? numbers.reduce((all, one) => all + one, 0) : null;
  const middle = numbers.length >> 1;
  const sorted = filled.map(String).toSorted();
  return {
    count: values.length,
    filled: filled.length,
    empty: values.length - filled.length,
    unique: new Set(filled.map((one) => JSON.stringify(one))).size,
    sum,
    average: sum === null ? null : sum / numbers.length,
    median: numbers.length === 0 ? null : numbers.length % 2 === 1 ? numbers[middle]! : (numbers[middle - 1]! + numbers[middle]!) / 2,
    min: numbers.length > 0 ? numbers[0]! : (sorted[0] ?? null),
    max: numbers.length > 0 ? numbers.at(-1)! : (sorted.at(-1) ?? null),
  };
}

function labelOf(column: Column, value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  const options = column.settings["options"] as { id: number; name: string }[] | undefined;
  if (options) return (Array.isArray(value) ? value : [value]).map((one) => options.find((each) => each.id === one)?.name ?? String(one)).join(", ");
  return String(value);
}

export function structureHandlers(house: House): Handlers {
  const find = (shelf: Shelf, view: number | null) => shelf.table.views.find((one) => one.id === view);
  const listOf = (args: { base: BaseId; table: number; view: number | null; filter: FilterNode | null; search?: string | null }) => {
    const shelf = house.shelf(args.base, args.table);
    const view = find(shelf, args.view);
    const items = [view?.filter, args.filter].flatMap((one) => (one ? [one] : []));
    const filter: FilterNode | null = items.length === 0 ? null : { kind: "group", all: true, items };
    return { shelf, view, ids: shelf.ids(filter, args.search ?? null, [...(view?.groups ?? []), ...(view?.sorts ?? [])]) };
  };
  const putViews = (base: BaseId, table: number, change: (views: View[]) => View[]) => {
    const before = house.shelf(base, table).table;
    const after = { ...before, views: change(before.views) };
    house.put(base, after);
    house.did(base, () => house.put(base, before), () => house.put(base, after));
  };
  const bucket = (column: Column, value: unknown, by: string | null | undefined): { value: unknown; label: string } => {
    const text = typeof value === "string" ? value : "";
    if (by && /^\d{4}-\d\d/.test(text)) {
      const at = by === "year" ? text.slice(0, 4) : by === "quarter" ? `${text.slice(0, 4)}-Q${Math.floor((Number(text.slice(5, 7)) - 1) / 3) + 1}` : by === "month" ? text.slice(0, 7) : text.slice(0, 10);
      return { value: at, label: at };
    }
    return { value: value ?? null, label: labelOf(column, value) };
  };
  return {
    "view.add": ({ base, table, name, kind, copy_of }) => {
      const shelf = house.shelf(base, table);
      if (shelf.table.views.some((one) => one.name === name)) throw doorError("conflict", `There is already a view “${name}”.`, { remedy: "Choose another name." });
      const from = find(shelf, copy_of ?? null);
      const made: View = { ...(from ? structuredClone(from) : viewOf(0)), id: house.nextId(), name, kind, locked: false };
      putViews(base, table, (views) => [...views, made]);
      return made;
    },
    "view.remove": ({ base, table, view }) => {
      if (house.shelf(base, table).table.views.length < 2) throw doorError("conflict", "The last view stays.", { remedy: "Make another view first." });
      const limited = (column: Column) => column.type === "link" && column.settings["view"] === view;
      const before = house.shelf(base, table).table;
      const after = { ...before, views: before.views.filter((one) => one.id !== view), columns: before.columns.map((one) => (limited(one) ? { ...one, settings: { ...one.settings, view: null } } : one)) };
      house.put(base, after);
      house.did(base, () => house.put(base, before), () => house.put(base, after));
      return { unlimited: before.columns.filter(limited).map((one) => one.name) };
    },
    "view.claim": ({ base, table }) => {
      const before = house.shelf(base, table).table;
      const taken = Array.from({ length: before.others_views ?? 0 }, (_, at): View => ({ ...viewOf(0), id: house.nextId(), name: `Privat ${at + 1}`, settings: { private: true, owner: "me" } }));
      const { others_views: _, ...rest } = before;
      house.put(base, { ...rest, views: [...before.views, ...taken] });
      return taken;
    },
    "view.move_to": ({ base, table, view, position }) => {
      putViews(base, table, (views) => {
        const moved = views.find((one) => one.id === view);
        return moved ? views.filter((one) => one !== moved).toSpliced(position, 0, moved) : views;
      });
      return {};
    },
    "record.get": ({ base, table, record }) => {
      const shelf = house.shelf(base, table);
      return { id: record, cells: shelf.table.columns.map((column) => shelf.value(record, column)), columns: shelf.table.columns.map((column) => column.id), locked: false, created_at: Date.now(), modified_at: Date.now() };
    },
    "record.groups": (args) => {
      const { shelf, view, ids } = listOf(args);
      const levels = (view?.groups ?? []).flatMap((one) => shelf.table.columns.find((column) => column.id === one.column) ?? []);
      const numeric = shelf.table.columns.filter((column) => ["number", "rating", "duration"].includes(column.type));
      const walk = (part: RecordId[], level: number, offset: number): RecordGroup[] => {
        const column = levels[level];
        if (!column) return [];
        const runs: { value: unknown; ids: RecordId[] }[] = [];
        for (const id of part) {
          const value = shelf.value(id, column) ?? null;
          const last = runs.at(-1);
          if (last && JSON.stringify(last.value) === JSON.stringify(value)) last.ids.push(id);
          else runs.push({ value, ids: [id] });
        }
        let at = offset;
        return runs.map((run) => {
          const group: RecordGroup = { value: run.value, label: labelOf(column, run.value), count: run.ids.length, offset: at, subtotals: Object.fromEntries(numeric.map((one) => [one.id, summaryOf(run.ids.map((id) => shelf.value(id, one)))])), children: walk(run.ids, level + 1, at) };
          at += run.ids.length;
          return group;
        });
      };
      return { groups: walk(ids, 0, 0), total: ids.length, truncated: false };
    },
    "record.summary": (args) => {
      const { shelf, ids } = listOf(args);
      const wanted = args.records ?? ids;
      return Object.fromEntries(shelf.table.columns.filter((column) => !args.columns || args.columns.includes(column.id)).map((column) => [column.id, summaryOf(wanted.map((id) => shelf.value(id, column)))]));
    },
    "record.statistics": (args) => {
      const { shelf, ids } = listOf(args);
      const column = (id: number) => shelf.table.columns.find((one) => one.id === id)!;
      const axis = (which: { column: number; by: string | null } | null) => {
        const found = new Map<string, StatisticLabel>();
        const keyOf = (id: RecordId) => {
          if (!which) return "";
          const at = bucket(column(which.column), shelf.value(id, column(which.column)), which.by);
          const key = JSON.stringify(at.value);
          if (!found.has(key)) found.set(key, at);
          return key;
        };
        return { found, keyOf };
      };
      const [rows, columns] = [axis(args.rows), axis(args.columns)];
      const cells = new Map<string, RecordId[]>();
      for (const id of ids) {
        const key = `${rows.keyOf(id)}\n${columns.keyOf(id)}`;
        cells.set(key, [...(cells.get(key) ?? []), id]);
      }
      const order = (found: Map<string, StatisticLabel>) => [...found].toSorted(([a], [b]) => (a === "null" ? 1 : b === "null" ? -1 : a.localeCompare(b, "de", { numeric: true })));
      const [down, across] = [order(rows.found), args.columns ? order(columns.found) : [["", { label: "", value: null }] as const]];
      const measured = args.measure.column === null ? null : column(args.measure.column);
      const values = down.map(([row]) =>
        across.map(([col]) => {
          const part = cells.get(`${row}\n${col}`);
          if (!part) return null;
          if (!measured || args.measure.summary === "count") return part.length;
          const found = summaryOf(part.map((id) => shelf.value(id, measured)))[args.measure.summary];
          return typeof found === "number" ? found : null;
        }),
      );
      return { rows: down.map(([, value]) => value), columns: across.map(([, value]) => value), values };
    },
    "column.names": ({ base, table, column }) => {
      const shelf = house.shelf(base, table);
      const asked = shelf.table.columns.find((one) => one.id === column)!;
      return [...new Set(shelf.ids(null, null, []).flatMap((id) => (shelf.value(id, asked) as string[] | null) ?? []))].toSorted((a, b) => a.localeCompare(b));
    },
    "column.functions": () => [
      { name: "sum", signature: "sum(number, number, …)", category: "number", example: "sum({Kosten}, 10)" },
      { name: "round", signature: "round(number, digits)", category: "number", example: "round({Kosten}, 1)" },
      { name: "if", signature: "if(condition, then, else)", category: "logic", example: 'if({Erledigt}, "ja", "nein")' },
      { name: "upper", signature: "upper(text)", category: "text", example: "upper({Aufgabe})" },
      { name: "today", signature: "today()", category: "date", example: "today()" },
    ],
    "column.preview_formula": ({ base, table, formula, record }) => {
      const shelf = house.shelf(base, table);
      const unknown = /\{([^{}]*)\}/g;
      for (let found = unknown.exec(formula); found; found = unknown.exec(formula)) {
        if (!shelf.table.columns.some((column) => column.name === found![1])) return { result: null, samples: [], error: doorError("invalid", `There is no column “${found[1]}”.`, { remedy: "Choose one from the list." }), at: found.index };
      }
      if (formula.split("(").length !== formula.split(")").length) return { result: null, samples: [], error: doorError("invalid", "A bracket is not closed.", { remedy: "Add “)”." }), at: formula.length };
      const ids = record ? [record] : shelf.ids(null, null, []).slice(0, 3);
      return { result: { type: "text", settings: {}, list: false, error: null }, samples: ids.map((id) => ({ record: id, text: formula.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => labelOf(shelf.table.columns.find((column) => column.name === name)!, shelf.value(id, shelf.table.columns.find((column) => column.name === name)!))) })), error: null, at: null };
    },
  };
}
