// Made-up bases for the fixture: a table of a million records, a small one of every type, a damaged base.
import type { Base, BaseId, BulkArgs, Column, ColumnType, FilterNode, RecordId, RecordRow, Run, SubmissionState, Table, Template, View } from "../engine";
import { exchangeHandlers } from "./fixture-exchange";
import { gridHandlers } from "./fixture-grid";
import { linkHandlers } from "./fixture-link";
import { owned, structureHandlers, type House, taskCell, taskColumns, taskViews, viewOf } from "./fixture-structure";
import { changed, doorError, type Handlers, type TestTransport } from "./transport";

const names = ["Ada Lovelace", "Олена Коваль", "Łukasz Żądło", "Дмитрий Щербаков", "Jürgen Groß", "יעל כהן", "Nguyễn Thị Minh Khai", "Grace Hopper", "Zoë Ängström", "Єва Ґалаґан"];
const companies = ["Budivelnyk GmbH", "Cement Polska sp. z o.o.", "Завод ЖБК-4", "Analytical Engines Ltd", "Beton & Söhne", ""];
const options = [["Lead", "#9bd6f7"], ["Kunde", "#a6e3c4"], ["Verloren", "#f3a6a6"], ["Пауза", "#ffd58a"]] as const;
const tags = [["VIP", "#c9b8f5"], ["Rechnung offen", "#f7c7a3"], ["Messe 2026", "#b8e986"], ["нагадати", "#8fd8d2"]] as const;

const kinds: [string, ColumnType, number, Record<string, unknown>?][] = [
  ["Name", "text", 200],
  ["E-Mail", "email", 220],
  ["Firma", "text", 190],
  ["Status", "single_select", 120, { options: options.map(([name, color], at) => ({ id: at + 1, name, color })) }],
  ["Merkmale", "multiple_select", 200, { options: tags.map(([name, color], at) => ({ id: at + 1, name, color })) }],
  ["Umsatz", "number", 130, { format: "euro", currency_symbol_position: "after", decimal: "comma", thousands: "dot", precision: 2, enable_precision: true }],
  ["Seit", "date", 120, { format: "DD.MM.YYYY" }],
  ["Aktiv", "checkbox", 80],
  ["Note", "rating", 130, { rate_max_number: 5 }],
  ["Telefon", "phone", 150],
  ["Webseite", "url", 180],
  ["Anteil", "number", 100, { format: "percent" }],
  ["Zeit", "duration", 90],
  ["Notiz", "long_text", 260],
  ["Angelegt", "created_time", 150],
];

function columnsOf(first: number, more: number): Column[] {
  const made = kinds.map(([name, type, width, settings], at): Column => ({ id: first + at, name, type, settings: settings ?? {}, description: "", width }));
  for (let at = 0; at < more; at += 1) made.push({ id: first + kinds.length + at, name: `Feld ${at + 1}`, type: at % 3 === 0 ? "number" : "text", settings: {}, description: "", width: 120 });
  return made;
}

function cellOf(column: Column, at: number, id: number): unknown {
  const name = names[id % names.length]!;
  switch (column.name) {
    case "Name": return id % 17 === 16 ? null : `${name} ${id > 10 ? id : ""}`.trim();
    case "E-Mail": return id % 11 === 10 ? null : id % 23 === 22 ? "kaputt@" : `person${id}@example.org`;
    case "Firma": return companies[id % companies.length] || null;
    case "Status": return (id % 5) + 1 > 4 ? null : (id % 5) + 1;
    case "Merkmale": return id % 3 === 0 ? [1, 3] : id % 4 === 0 ? [2] : null;
    case "Umsatz": return ((id * 7919) % 1_000_000) / 100;
    case "Seit": return `20${String(10 + (id % 16)).padStart(2, "0")}-${String((id % 12) + 1).padStart(2, "0")}-${String((id % 28) + 1).padStart(2, "0")}`;
    case "Aktiv": return id % 2 === 0;
    case "Note": return id % 6 === 0 ? null : id % 6;
    case "Telefon": return `+49 30 ${String((id * 7) % 10_000_000).padStart(7, "0")}`;
    case "Webseite": return `https://example.org/${id}`;
    case "Anteil": return (id % 101) / 100;
    case "Zeit": return (id % 600) * 60;
    case "Notiz": return id % 4 === 0 ? "Erste Zeile einer längeren Notiz, die nicht in eine Zelle passt.\nUnd noch eine Zeile." : null;
    case "Angelegt": return "2026-11-02 09:41";
    default: return column.type === "number" ? (id * at) % 997 : id % 2 ? `Wert ${id}/${at}` : null;
  }
}

interface Store {
  table: Table;
  count: number;
  added: RecordId[];
  removed: Set<RecordId>;
  edits: Map<RecordId, Map<number, unknown>>;
  next: number;
}

/** What typed text becomes, roughly as in the engine. */
function read(column: Column, value: unknown): unknown {
  if (value === null || value === "") return column.type === "checkbox" ? false : null;
  if (typeof value !== "string") return value;
  switch (column.type) {
    case "number": {
      const n = Number(value.replaceAll(/[^\d,.-]/g, "").replace(",", "."));
      if (Number.isNaN(n) || !/\d/.test(value)) throw doorError("invalid", `“${value}” is not a number.`, { remedy: `Type a number into “${column.name}”.` });
      return column.settings["format"] === "percent" ? n / 100 : n;
    }
    case "rating": return Math.min(5, Number(value) || 0) || null;
    case "checkbox": return ["true", "yes", "1", "x", "ja"].includes(value.toLowerCase());
    case "date": {
      const found = /^(\d{1,2})\.(\d{1,2})\.(\d{4})/.exec(value);
      return found ? `${found[3]}-${found[2]!.padStart(2, "0")}-${found[1]!.padStart(2, "0")}` : value;
    }
    case "duration": {
      const [h = "0", m = "0"] = value.split(":");
      return Number(h) * 3600 + Number(m) * 60;
    }
    case "single_select": return optionOf(column, value);
    case "multiple_select": return value.split(",").map((one) => optionOf(column, one.trim()));
    default: return value;
  }
}

function optionOf(column: Column, name: string): number {
  const list = (column.settings["options"] ?? []) as { id: number; name: string; color: string }[];
  const found = list.find((one) => one.name === name);
  if (found) return found.id;
  const id = Math.max(0, ...list.map((one) => one.id)) + 1;
  column.settings = { ...column.settings, options: [...list, { id, name, color: "#e3b1e8" }] };
  return id;
}

function matches(node: FilterNode, value: (column: number) => unknown): boolean {
  if (node.kind === "group") return node.items.length === 0 || (node.all ? node.items.every((one) => matches(one, value)) : node.items.some((one) => matches(one, value)));
  const cell = value(node.column);
  const empty = cell === null || cell === undefined || cell === "" || (Array.isArray(cell) && cell.length === 0);
  const text = String(cell ?? "").toLowerCase();
  const wanted = String(node.value ?? "").toLowerCase();
  switch (node.predicate) {
    case "is_empty": return empty;
    case "is_not_empty": return !empty;
    case "contains": return text.includes(wanted);
    case "is": case "equal": return node.value === null || (typeof cell === "boolean" ? cell === node.value : text === wanted);
    case "greater": return !empty && Number(cell) > Number(node.value);
    case "less": return !empty && Number(cell) < Number(node.value);
    case "is_on_or_after": return !empty && text >= wanted;
    case "is_on_or_before": return !empty && text.slice(0, 10) <= wanted;
    case "is_any_of": return Array.isArray(node.value) && (node.value as unknown[]).includes(cell);
    case "has_any_of": return Array.isArray(node.value) && Array.isArray(cell) && (node.value as unknown[]).some((one) => (cell as unknown[]).includes(one));
    default: return true;
  }
}

export function baseHandlers(tell: () => TestTransport, kind: string | null): Handlers {
  const stores = new Map<string, Store>();
  let bases: Base[] = [];
  let nextId = 1000;
  const undo = new Map<BaseId, (() => void)[]>();
  const redo = new Map<BaseId, (() => void)[]>();
  const key = (base: BaseId, table: number) => `${base}/${table}`;
  const store = (base: BaseId, table: number): Store => {
    const found = stores.get(key(base, table));
    if (!found) throw doorError("not_found", "There is no such table.");
    return found;
  };
  const addTable = (base: BaseId, id: number, name: string, columns: Column[], count: number, views = [viewOf(id * 10)]): Table => {
    const table: Table = { id, name, description: "", columns, views };
    stores.set(key(base, id), { table, count, added: [], removed: new Set(), edits: new Map(), next: count + 1 });
    return table;
  };
  const putBase = (base: Base) => {
    bases = [...bases.filter((one) => one.id !== base.id), base].toSorted((a, b) => a.name.localeCompare(b.name));
  };
  if (kind !== "empty" && kind !== "first") {
    putBase({ id: "kunden", name: "Kunden & Лиды", color: "#3b6fb6", path: "/home/olena/.local/share/tabella/profile/bases/kunden.base", elsewhere: false, updated_at: Date.now(), error: null, tables: [addTable("kunden", 1, "Kontakte", columnsOf(1, 0), 1_000_000), addTable("kunden", 2, "Veranstaltungen", columnsOf(101, 45), 12)] });
    putBase({ id: "bau", name: "Bauprojekte", color: "#2f8f83", path: "/bases/bau.base", elsewhere: false, updated_at: Date.now(), error: null, tables: [{ ...addTable("bau", 3, "Projekte", columnsOf(201, 0).slice(0, 6), 40), others_views: 2 }, addTable("bau", 4, "Aufgaben", taskColumns(301), 400, taskViews(301))] });
    putBase({ id: "archiv", name: "Archiv 2024", color: "#a8457f", path: "/media/usb/archiv.base", elsewhere: true, read_only: "shared", updated_at: 0, error: null, tables: [addTable("archiv", 5, "Besucher", columnsOf(401, 0).slice(0, 5), 40)] });
    putBase({ id: "alt", name: "Altbestand 2019", color: "#c05746", path: "/media/usb/alt.base", elsewhere: true, updated_at: 0, tables: [], error: doorError("damaged", "The base’s file is damaged.", { remedy: "Nothing was written to it; restore a copy from a backup.", detail: "database disk image is malformed" }) });
  }
  const told = (noun: "record" | "table" | "base", base: BaseId) => tell().change(changed(noun, null, { base }));
  const refresh = (base: BaseId) => {
    bases = bases.map((one) => (one.id === base ? { ...one, tables: one.tables.map((table) => ({ ...store(base, table.id).table })) } : one));
    told("table", base);
  };
  const did = (base: BaseId, back: () => void, again: () => void) => {
    undo.set(base, [...(undo.get(base) ?? []), () => { back(); redo.set(base, [...(redo.get(base) ?? []), again]); }]);
    redo.set(base, []);
  };
  const value = (one: Store, id: RecordId, column: Column): unknown => {
    const edited = one.edits.get(id);
    if (edited?.has(column.id)) return edited.get(column.id);
    return id <= one.count ? (one.table.id === 4 ? taskCell(column, id) : cellOf(column, one.table.columns.indexOf(column), id)) : column.type === "checkbox" ? false : null;
  };
  const list = (one: Store, filter: FilterNode | null, search: string | null, sorts: View["sorts"]): { total: number; id: (at: number) => RecordId } => {
    if (!filter && !search && sorts.length === 0) {
      const gone = [...one.removed].toSorted((a, b) => a - b);
      return {
        total: one.count + one.added.length - gone.length,
        id: (at) => {
          let id = at + 1;
          for (const taken of gone) if (taken <= id) id += 1;
          return id <= one.count ? id : (one.added.filter((each) => !one.removed.has(each))[id - one.count - 1] ?? 0);
        },
      };
    }
    let ids = [...Array.from({ length: Math.min(one.count, 3000) }, (_, at) => at + 1), ...one.added].filter((id) => !one.removed.has(id));
    const column = (id: number) => one.table.columns.find((each) => each.id === id);
    if (filter) ids = ids.filter((id) => matches(filter, (which) => { const found = column(which); return found ? value(one, id, found) : null; }));
    if (search) ids = ids.filter((id) => one.table.columns.some((each) => String(value(one, id, each) ?? "").toLowerCase().includes(search.toLowerCase())));
    for (const sort of sorts.toReversed()) {
      const by = column(sort.column);
      const missing = (id: RecordId) => (by && (value(one, id, by) ?? null) === null ? 1 : 0);
      if (by) ids = ids.toSorted((a, b) => missing(a) - missing(b) || String(value(one, a, by) ?? "").localeCompare(String(value(one, b, by) ?? ""), "de", { numeric: true }) * (sort.descending ? -1 : 1));
    }
    return { total: ids.length, id: (at) => ids[at] ?? 0 };
  };

  let templates: Template[] = kind === "empty" ? [] : [
    { id: 1, name: "Einladung zur Messe", subject: "Einladung für {Name}", html: "<p>Guten Tag {Name},</p><p>wir laden <b>{Firma}</b> herzlich zu unserem Stand ein.</p><p>Mit freundlichen Grüßen<br>Olena Koval</p>", text: "Guten Tag {Name},\n\nwir laden {Firma} herzlich zu unserem Stand ein.", updated_at: Date.now() - 86_400_000 },
    { id: 2, name: "Zahlungserinnerung", subject: "Offener Betrag {Umsatz}", html: null, text: "Guten Tag {Name},\n\nder Betrag von {Umsatz} ist noch offen.", updated_at: Date.now() - 900_000_000 },
  ];
  const runs: Run[] = [];
  const cellsOf = (args: { base: BaseId; table: number }, record: RecordId) => {
    const one = store(args.base, args.table);
    return new Map(one.table.columns.map((column) => [column.name, value(one, record, column)]));
  };
  const render = (text: string, cells: Map<string, unknown>, empty: Set<string>) =>
    text.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => {
      if (!cells.has(name.trim())) throw doorError("invalid", `There is no column “${name}”.`, { remedy: `Did you mean “${[...cells.keys()].find((one) => one.toLowerCase().startsWith(name.trim().slice(0, 2).toLowerCase())) ?? [...cells.keys()][0]}”?` });
      const found = cells.get(name.trim());
      if (found === null || found === undefined || found === "") empty.add(name.trim());
      return String(found ?? "");
    });
  const recordsOf = (args: BulkArgs): RecordId[] => {
    if (args.records) return args.records;
    const one = store(args.base, args.table);
    const view = one.table.views[0]!;
    const found = list(one, view.filter, null, view.sorts);
    return Array.from({ length: Math.min(found.total, 2000) }, (_, at) => found.id(at));
  };
  const plan = (args: BulkArgs) => {
    const one = store(args.base, args.table);
    const template = templates.find((each) => each.id === args.template)!;
    const to = one.table.columns.find((column) => column.id === args.to)!;
    const problems: import("../engine").BulkProblem[] = [];
    const letters: { record: RecordId; to: string; subject: string; text: string }[] = [];
    const seen = new Set<string>();
    for (const record of recordsOf(args)) {
      const address = String(value(one, record, to) ?? "");
      if (address === "") problems.push({ record, kind: "no_address", what: to.name });
      else if (!/^\S+@\S+\.\S+$/.test(address)) problems.push({ record, kind: "bad_address", what: address });
      else if (seen.has(address)) problems.push({ record, kind: "duplicate", what: address });
      else {
        seen.add(address);
        const empty = new Set<string>();
        const cells = cellsOf(args, record);
        letters.push({ record, to: address, subject: render(template.subject, cells, empty), text: render(template.text, cells, empty) });
        for (const name of empty) problems.push({ record, kind: "empty_value", what: name });
      }
    }
    return { records: recordsOf(args).length, letters, problems };
  };
  const count = (run: Run): Run => {
    const of = (...states: SubmissionState[]) => run.recipients.filter((one) => states.includes(one.state)).length;
    Object.assign(run, { accepted: of("accepted"), failed: of("refused", "bounced", "unsent"), uncertain: of("uncertain"), waiting: of("queued", "claimed", "handing_over", "frozen"), cancelled: of("cancelled") });
    return run;
  };
  const findRun = (id: number) => {
    const run = runs.find((one) => one.id === id);
    if (!run) throw doorError("not_found", "There is no such run.");
    return run;
  };
  const step = (run: Run) => {
    if (run.state !== "running") return;
    const next = run.recipients.find((one) => one.state === "queued");
    if (!next) run.state = "done";
    else {
      next.state = next.submission % 19 === 18 ? "refused" : "accepted";
      next.answer = next.state === "refused" ? "550 5.1.1 User unknown" : "250 2.0.0 Ok: queued";
    }
    count(run);
    tell().change(changed("run", run.id));
    if (run.state === "running") setTimeout(() => step(run), 120);
  };

  const house: House = {
    shelf: (base, table) => {
      const one = store(base, table);
      return {
        table: one.table,
        value: (id, column) => value(one, id, column),
        ids: (filter, search, sorts) => {
          const found = list(one, filter, search, [...sorts]);
          return Array.from({ length: Math.min(found.total, 3000) }, (_, at) => found.id(at));
        },
      };
    },
    put: (base, table) => {
      store(base, table.id).table = table;
      refresh(base);
    },
    locked: new Set(),
    nextId: () => nextId++,
    did,
  };

  return {
    ...structureHandlers(house),
    ...linkHandlers(house),
    ...exchangeHandlers(house, tell),
    ...gridHandlers(house, tell),
    "base.list": () => bases,
    "base.get": ({ id }) => bases.find((one) => one.id === id)!,
    "base.create": ({ name }) => {
      if (bases.some((one) => one.name === name)) throw doorError("conflict", `There is already a base “${name}”.`, { remedy: "Choose another name." });
      const id = `b${nextId++}`;
      const table = addTable(id, nextId++, "Table 1", [{ id: nextId++, name: "Name", type: "text", settings: {}, description: "", width: 200 }], 0);
      putBase({ id, name, color: "#7457b8", path: `/bases/${id}.base`, elsewhere: false, updated_at: Date.now(), tables: [table], error: null });
      told("base", id);
      return bases.find((one) => one.id === id)!;
    },
    "base.update": ({ id, name, color }) => {
      const found = bases.find((one) => one.id === id)!;
      putBase({ ...found, name: name ?? found.name, color: color ?? found.color });
      told("base", id);
      return bases.find((one) => one.id === id)!;
    },
    "base.copy": ({ id, name }) => {
      const copy = { ...bases.find((one) => one.id === id)!, id: `b${nextId++}`, name };
      for (const table of copy.tables) stores.set(key(copy.id, table.id), structuredClone(store(id, table.id)));
      putBase(copy);
      told("base", copy.id);
      return copy;
    },
    "base.remove": ({ id }) => {
      bases = bases.filter((one) => one.id !== id);
      told("base", id);
      return {};
    },
    "base.preview_file": async ({ path, bytes, delimiter, encoding, header }) => {
      await new Promise((done) => setTimeout(done, 150));
      const text = bytes ? new TextDecoder().decode(Uint8Array.from(atob(bytes.base64), (char) => char.codePointAt(0)!)) : "Name;E-Mail;Seit\nAda;ada@example.org;2026-01-02";
      const mark = delimiter ?? (text.includes("\t") ? "\t" : text.split("\n")[0]!.includes(";") ? ";" : ",");
      const lines = text.split(/\r?\n/).filter(Boolean).map((line) => line.split(mark));
      const named = header ?? true;
      const rows = named ? lines.slice(1) : lines;
      const guess = (at: number): ColumnType => {
        const cells = rows.map((row) => row[at] ?? "").filter(Boolean);
        if (cells.every((cell) => cell.includes("@"))) return "email";
        if (cells.every((cell) => /^\d{4}-\d\d-\d\d$/.test(cell))) return "date";
        if (cells.every((cell) => /^-?[\d.,]+$/.test(cell))) return "number";
        return "text";
      };
      return { name: (bytes?.filename ?? path).replace(/.*[\\/]/, "").replace(/\.\w+$/, ""), delimiter: mark, encoding: encoding ?? "UTF-8", header: named, columns: (lines[0] ?? []).map((name, at) => ({ name: named ? name : `Column ${at + 1}`, type: guess(at) })), rows: rows.slice(0, 20), total: rows.length, tables: [] };
    },
    "base.import_file": async (args) => {
      await new Promise((done) => setTimeout(done, 400));
      const preview = await tell().handlers["base.preview_file"]!(args);
      const columns = preview.columns.map(({ name, type }, at): Column => ({ id: nextId++, name, type: args.types?.[at] ?? type, settings: {}, description: "", width: 160 }));
      const id = args.base ?? `b${nextId++}`;
      const table = addTable(id, nextId++, args.name ?? preview.name, columns, 0);
      const one = store(id, table.id);
      for (const row of preview.rows) {
        const record = one.next++;
        one.added.push(record);
        one.edits.set(record, new Map(columns.map((column, at) => [column.id, read(column, row[at] ?? null)])));
      }
      if (args.base) {
        bases = bases.map((each) => (each.id === id ? { ...each, tables: [...each.tables, table] } : each));
        told("table", id);
      } else putBase({ id, name: args.name ?? preview.name, color: "#5b8c3a", path: `/bases/${id}.base`, elsewhere: false, updated_at: Date.now(), tables: [table], error: null });
      told("base", id);
      return { base: id, tables: [table.id], records: preview.total, misfits: [], merged: null };
    },
    "base.undo": ({ base }) => {
      const back = undo.get(base)?.pop();
      back?.();
      return { what: back ? "record.update" : null, conflicts: 0 };
    },
    "base.redo": ({ base }) => {
      const again = redo.get(base)?.pop();
      again?.();
      return { what: again ? "record.update" : null, conflicts: 0 };
    },
    "table.create": ({ base, name }) => {
      const table = addTable(base, nextId++, name, [{ id: nextId++, name: "Name", type: "text", settings: {}, description: "", width: 200 }], 0);
      bases = bases.map((one) => (one.id === base ? { ...one, tables: [...one.tables, table] } : one));
      told("table", base);
      return table;
    },
    "table.update": ({ base, table, name, hidden }) => {
      const one = store(base, table);
      one.table = { ...one.table, name: name ?? one.table.name, ...(hidden === null || hidden === undefined ? {} : { hidden }) };
      refresh(base);
      return one.table;
    },
    "table.remove": ({ base, table }) => {
      bases = bases.map((one) => (one.id === base ? { ...one, tables: one.tables.filter((each) => each.id !== table) } : one));
      told("table", base);
      return {};
    },
    "column.add": ({ base, table, name, type, settings }) => {
      const one = store(base, table);
      const column: Column = { id: nextId++, name, type, settings: settings ?? {}, description: "", width: 160 };
      one.table = { ...one.table, columns: [...one.table.columns, column] };
      refresh(base);
      return column;
    },
    "column.update": ({ base, table, column, name, type, settings, description, width, position }) => {
      const one = store(base, table);
      let columns = one.table.columns.map((each) => (each.id === column ? { ...each, name: name ?? each.name, description: description ?? each.description, type: type ?? each.type, settings: settings ?? each.settings, width: width ?? each.width } : each));
      const moved = columns.find((each) => each.id === column)!;
      if (position !== null && position !== undefined) columns = columns.filter((each) => each.id !== column).toSpliced(position, 0, moved);
      one.table = { ...one.table, columns };
      refresh(base);
      return moved;
    },
    "column.remove": ({ base, table, column }) => {
      const one = store(base, table);
      one.table = { ...one.table, columns: one.table.columns.filter((each) => each.id !== column) };
      refresh(base);
      return {};
    },
    "view.update": ({ base, table, view }) => {
      const one = store(base, table);
      const stored = owned(view);
      one.table = { ...one.table, views: one.table.views.map((each) => (each.id === view.id ? stored : each)) };
      refresh(base);
      return stored;
    },
    "record.list": async ({ base, table, view, filter, search, sorts, offset, limit }) => {
      await new Promise((done) => setTimeout(done, 8));
      const one = store(base, table);
      const shown = one.table.views.find((each) => each.id === view);
      const items = [shown?.filter, filter].flatMap((each) => (each ? [each] : []));
      const found = list(one, items.length === 0 ? null : { kind: "group", all: true, items }, search, [...(shown?.groups ?? []), ...(sorts ?? shown?.sorts ?? [])]);
      const rows: RecordRow[] = [];
      for (let at = offset; at < Math.min(found.total, offset + limit); at += 1) {
        const id = found.id(at);
        rows.push({ id, cells: one.table.columns.map((column) => value(one, id, column)), ...(house.locked.has(`${base}/${table}/${id}`) ? { locked: true } : {}) });
      }
      return { total: found.total, columns: one.table.columns.map((column) => column.id), rows };
    },
    "record.add": ({ base, table, records }) => {
      const one = store(base, table);
      const ids = records.map((cells) => {
        const id = one.next++;
        one.added.push(id);
        one.edits.set(id, new Map(Object.entries(cells).map(([column, each]) => [Number(column), read(one.table.columns.find((c) => c.id === Number(column))!, each)])));
        return id;
      });
      did(base, () => { for (const id of ids) one.removed.add(id); told("record", base); }, () => { for (const id of ids) one.removed.delete(id); told("record", base); });
      told("record", base);
      return { act: nextId++, records: ids };
    },
    "record.update": ({ base, table, records }) => {
      const one = store(base, table);
      const before = records.map(({ id }) => [id, new Map(one.edits.get(id) ?? [])] as const);
      for (const { id, cells } of records) {
        const edited = new Map(one.edits.get(id) ?? []);
        for (const [column, each] of Object.entries(cells)) edited.set(Number(column), read(one.table.columns.find((c) => c.id === Number(column))!, each));
        one.edits.set(id, edited);
      }
      const after = records.map(({ id }) => [id, new Map(one.edits.get(id) ?? [])] as const);
      const set = (state: typeof before) => () => { for (const [id, edited] of state) one.edits.set(id, new Map(edited)); told("record", base); };
      did(base, set(before), set(after));
      refresh(base);
      told("record", base);
      return { act: nextId++, records: records.map((each) => each.id) };
    },
    "record.remove": ({ base, table, records }) => {
      const one = store(base, table);
      for (const id of records) one.removed.add(id);
      did(base, () => { for (const id of records) one.removed.delete(id); told("record", base); }, () => { for (const id of records) one.removed.add(id); told("record", base); });
      told("record", base);
      return { act: nextId++, records };
    },
    "record.mail": async ({ record }) => {
      if (record % 11 === 10) return { total: 0, rows: [] };
      const page = await tell().handlers["message.list"]!({ scope: { account_id: null, mailbox_id: null, role: null, query: "person", unread: false, flagged: false, has_attachments: false }, sort: "newest", offset: record % 20, limit: 6 });
      return { total: 6, rows: page.rows.map((row, at) => (at % 3 === 1 ? { ...row, from: { name: "Olena Koval", email: "olena.koval@example.org" } } : row)) };
    },
    "template.list": () => templates,
    "template.get": ({ id }) => templates.find((one) => one.id === id)!,
    "template.put": ({ id, name, subject, html, text }) => {
      if (templates.some((one) => one.name === name && one.id !== id)) throw doorError("conflict", `There is already a template “${name}”.`, { remedy: "Choose another name." });
      const made: Template = { id: id ?? nextId++, name, subject, html, text, updated_at: Date.now() };
      templates = [...templates.filter((one) => one.id !== made.id), made];
      tell().change(changed("template", made.id));
      return made;
    },
    "template.remove": ({ id }) => {
      templates = templates.filter((one) => one.id !== id);
      tell().change(changed("template", id));
      return {};
    },
    "template.preview": (args) => {
      const cells = cellsOf(args, args.record);
      const empty = new Set<string>();
      return { subject: render(args.subject, cells, empty), html: args.html === null ? null : render(args.html, cells, empty), text: render(args.text, cells, empty), empty: [...empty] };
    },
    "bulk.plan": (args) => {
      const { records, letters, problems } = plan(args);
      return { records, letters: letters.length, problems, samples: letters.slice(0, 5), template_error: null };
    },
    "bulk.send": (args) => {
      const { letters } = plan(args);
      const run: Run = { id: nextId++, state: "running", base: args.base, table: args.table, template: templates.find((one) => one.id === args.template)!.name, account: args.account, created_at: Date.now(), total: letters.length, accepted: 0, failed: 0, uncertain: 0, waiting: letters.length, cancelled: 0, recipients: letters.map((letter, at) => ({ record: letter.record, to: letter.to, submission: at + 1, state: "queued", answer: null })) };
      runs.unshift(run);
      setTimeout(() => step(run), 200);
      return run;
    },
    "bulk.list": () => runs.map((run) => ({ ...run, recipients: [] })),
    "bulk.status": ({ id }) => structuredClone(findRun(id)),
    "bulk.pause": ({ id }) => {
      const run = findRun(id);
      run.state = "paused";
      tell().change(changed("run", id));
      return run;
    },
    "bulk.resume": ({ id }) => {
      const run = findRun(id);
      run.state = "running";
      tell().change(changed("run", id));
      step(run);
      return run;
    },
    "bulk.stop": ({ id }) => {
      const run = findRun(id);
      run.state = "stopped";
      for (const one of run.recipients) if (one.state === "queued") one.state = "cancelled";
      count(run);
      tell().change(changed("run", id));
      return run;
    },
  };
}
