// The records of one list as a grid needs them: pages by offset, kept while newer ones load, with what was
// just typed laid over until the engine has it. Far pages are forgotten.
import { call, onChanges, toEngineError, type Change, type ColumnId, type EngineError, type RecordId, type RecordListArgs, type RecordPage, type RecordRow, type RecordValues } from "../../engine";
import { tellError } from "../../shell";

export const PAGE = 50;
/** Pages kept: 2,000 records. */
const KEPT = 40;
/** Records read ahead on either side of those in sight. */
const AHEAD = 100;
/** Requests at once. The next one is always for what is in sight by then: what a quick scroll left behind is not asked for. */
const AT_ONCE = 2;
/** A bar that is dragged is read where it stands so often, ms: more would be drawn than can be looked at. */
const PACE_MS = 30;
/** Nothing is read ahead until a jump is followed by no other for so long, ms. */
const REST_MS = 120;
/** Records asked for at once where many are needed, the engine's most. */
const MANY = 1000;

export type ListAim = Omit<RecordListArgs, "offset" | "limit">;

interface Page {
  rows: RecordRow[];
  /** The state of the list it was read from. */
  stamp: number;
  loading: boolean;
  /** The last reading went wrong: it is tried again with the next scroll. */
  failed: boolean;
}

export class RecordSource {
  aim: ListAim;
  /** Records of the list; -1 while unknown. */
  total = -1;
  error: EngineError | null = null;
  /** Grows with every change that a screen must show. */
  version = 0;
  /** Grows with what is typed here, before the engine has it and when it does. */
  typed = 0;
  /** Grows when records known before may be others now, not when more of them are read. */
  edition = 0;
  private pages = new Map<number, Page>();
  /** Where each row's cells stand; pages may be older than a column. */
  private places = new WeakMap<RecordRow, Map<ColumnId, number>>();
  private columns: readonly ColumnId[] = [];
  private columnPlaces = new Map<ColumnId, number>();
  /** Pages in sight. */
  private range: [number, number] = [0, 0];
  /** Those in sight and those read ahead. */
  private near: [number, number] = [0, 0];
  /** Pages of records that are open. */
  private held: number[] = [];
  private readers = new Set<Promise<void>>();
  private ended = false;
  /** Set for a while after a jump: until what is in sight is read again, and until more is read ahead. */
  private pace: ReturnType<typeof setTimeout> | null = null;
  private rest: ReturnType<typeof setTimeout> | null = null;
  /** There was a jump since. */
  private owed = false;
  private stamp = 1;
  /** The state of the list that `edition` counts last. */
  private counted = 0;
  /** Pages older than this belong to another list. */
  private floor = 0;
  private over = new Map<RecordId, Map<ColumnId, { value: unknown; turn: number }>>();
  private turn = 0;
  private listeners = new Set<() => void>();
  private stop: (() => void) | null = null;

  constructor(aim: ListAim) {
    this.aim = aim;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  snapshot = (): number => this.version;
  editions = (): number => this.edition;

  start(): void {
    this.ended = false;
    this.stop ??= onChanges((changes) => {
      if (changes.some((change) => this.touches(change))) void this.refresh();
    });
    void this.load();
  }

  end(): void {
    this.ended = true;
    for (const timer of [this.pace, this.rest]) if (timer !== null) clearTimeout(timer);
    this.pace = null;
    this.rest = null;
    this.stop?.();
    this.stop = null;
  }

  /** Another search, filter or order of the same table; what is shown stays until the new list is there. */
  retarget(aim: ListAim): void {
    if (JSON.stringify(aim) === JSON.stringify(this.aim)) return;
    this.aim = aim;
    this.stamp += 1;
    this.floor = this.stamp;
    void this.load();
  }

  /** Rows in sight. */
  onRange = (first: number, end: number): void => {
    const last = Math.max(first, end - 1);
    const range: [number, number] = [Math.floor(first / PAGE), Math.floor(last / PAGE)];
    const until = this.total < 0 ? last : Math.max(last, Math.min(this.total - 1, last + AHEAD));
    const near: [number, number] = [Math.floor(Math.max(0, first - AHEAD) / PAGE), Math.floor(until / PAGE)];
    if (near[0] === this.near[0] && near[1] === this.near[1] && range[0] === this.range[0] && range[1] === this.range[1]) return;
    const jumped = range[0] > this.range[1] + 1 || range[1] < this.range[0] - 1;
    this.range = range;
    this.near = near;
    for (let at = near[0]; at <= near[1]; at += 1) {
      const page = this.pages.get(at);
      if (page?.failed) page.stamp = 0;
    }
    if (jumped) {
      if (this.rest !== null) clearTimeout(this.rest);
      this.rest = setTimeout(() => {
        this.rest = null;
        void this.load();
      }, REST_MS);
    }
    if (jumped) this.readPaced();
    else void this.load();
  };

  /** Reads what is in sight, or does so when the last reading of a jump is long enough ago. */
  private readPaced(): void {
    this.owed = this.pace !== null;
    // Where all requests are under way, the next to end goes on with what is in sight then.
    if (this.owed || this.readers.size >= AT_ONCE) return;
    void this.load();
    this.pace = setTimeout(() => {
      this.pace = null;
      if (this.owed) this.readPaced();
      else void this.load();
    }, PACE_MS);
  }

  /** Keeps the record at a place, and keeps it fresh, wherever the list is scrolled to, until what it returns is called. */
  hold(index: number): () => void {
    const page = Math.floor(index / PAGE);
    this.held.push(page);
    void this.load();
    return () => {
      this.held = this.held.toSpliced(this.held.indexOf(page), 1);
    };
  }

  row(index: number): RecordRow | undefined {
    return this.pages.get(Math.floor(index / PAGE))?.rows[index % PAGE];
  }

  /** Place of a record among the loaded ones; -1 where it is not. */
  indexOf(id: RecordId): number {
    for (const [page, { rows }] of this.pages) {
      const at = rows.findIndex((row) => row.id === id);
      if (at >= 0) return page * PAGE + at;
    }
    return -1;
  }

  value(row: RecordRow, column: ColumnId): unknown {
    const over = this.over.get(row.id)?.get(column);
    if (over) return over.value;
    const at = this.places.get(row)?.get(column);
    return at === undefined ? null : row.cells[at];
  }

  /** Asks again for what is in sight; the old stays until the new is there. */
  async refresh(): Promise<void> {
    if (this.pace !== null) clearTimeout(this.pace);
    this.pace = null;
    this.stamp += 1;
    await this.load();
  }

  /** Rows from `first` up to, not including, `end`, loaded where they are not. */
  async rows(first: number, end: number): Promise<RecordRow[]> {
    const found: RecordRow[] = [];
    for (let at = first; at < end; ) {
      const known = this.row(at);
      if (known) {
        found.push(known);
        at += 1;
        continue;
      }
      const page = await this.ask(this.aim, at, Math.min(MANY, end - at));
      if (page.rows.length === 0) break;
      this.place(page);
      found.push(...page.rows);
      at += page.rows.length;
    }
    return found;
  }

  /** Ids of the whole list. */
  async ids(): Promise<RecordId[]> {
    const found: RecordId[] = [];
    for (;;) {
      const page = await this.ask(this.aim, found.length, MANY);
      found.push(...page.rows.map((row) => row.id));
      if (page.rows.length === 0 || found.length >= page.total) return found;
    }
  }

  /** Writes cells: shown at once, taken back with the reason where the engine refuses. Records to add belong to the same act. */
  async write(records: RecordValues[], add: Record<ColumnId, unknown>[] = []): Promise<boolean> {
    if (records.length + add.length === 0) return true;
    const turn = ++this.turn;
    for (const { id, cells } of records) {
      const over = this.over.get(id) ?? new Map<ColumnId, { value: unknown; turn: number }>();
      for (const [column, value] of Object.entries(cells)) over.set(Number(column), { value, turn });
      this.over.set(id, over);
    }
    this.tellTyped();
    try {
      const { base, table } = this.aim;
      if (add.length > 0) await call("record.put", { base, table, update: records, add });
      else await call("record.update", { base, table, records });
      await this.refresh();
      return true;
    } catch (thrown) {
      tellError(toEngineError(thrown));
      return false;
    } finally {
      for (const { id, cells } of records) {
        const over = this.over.get(id);
        for (const column of Object.keys(cells)) if (over?.get(Number(column))?.turn === turn) over.delete(Number(column));
        if (over?.size === 0) this.over.delete(id);
      }
      this.tellTyped();
    }
  }

  /** One page from the engine. */
  protected ask(aim: ListAim, offset: number, limit: number): Promise<RecordPage> {
    return call("record.list", { ...aim, offset, limit });
  }

  private place({ columns, rows }: RecordPage): void {
    // Pages mostly have the same columns, which then share what tells their places.
    if (columns.length !== this.columns.length || columns.some((column, index) => column !== this.columns[index])) {
      this.columns = columns;
      this.columnPlaces = new Map(columns.map((column, index) => [column, index]));
    }
    for (const row of rows) this.places.set(row, this.columnPlaces);
  }

  private touches({ noun, base }: Change): boolean {
    return (noun === "record" || noun === "table") && (base === null || base === this.aim.base);
  }

  /** Reads what is missing, and resolves when nothing is. */
  private async load(): Promise<void> {
    while (this.readers.size < AT_ONCE && this.missing() !== null) {
      const reader = this.readMissing().finally(() => this.readers.delete(reader));
      this.readers.add(reader);
    }
    await Promise.all(this.readers);
  }

  private async readMissing(): Promise<void> {
    for (let run = this.missing(); run !== null; run = this.ended ? null : this.missing()) await this.loadPages(...run);
  }

  /** The next pages to be read, the first and the last: what is in sight comes first. */
  private missing(): [number, number] | null {
    if (this.pace !== null) return null;
    const open = this.held.map((page): [number, number] => [page, page]);
    for (const [first, last] of [this.range, ...(this.rest === null ? [this.near, ...open] : [])]) {
      for (let at = first; at <= last; at += 1) {
        if (!this.isMissing(at)) continue;
        let until = at;
        while (until < last && (until + 2 - at) * PAGE <= MANY && this.isMissing(until + 1)) until += 1;
        return [at, until];
      }
    }
    return null;
  }

  private isMissing(at: number): boolean {
    const page = this.pages.get(at);
    return page?.loading !== true && page?.stamp !== this.stamp;
  }

  private async loadPages(first: number, last: number): Promise<void> {
    const loaded: [number, Page][] = [];
    for (let at = first; at <= last; at += 1) {
      const page: Page = this.pages.get(at) ?? { rows: [], stamp: 0, loading: false, failed: false };
      page.loading = true;
      this.pages.set(at, page);
      loaded.push([at, page]);
    }
    const { stamp, aim } = this;
    try {
      const answer = await this.ask(aim, first * PAGE, loaded.length * PAGE);
      if (aim === this.aim) {
        for (const [other, { stamp: old, loading }] of this.pages) if (old < this.floor && !loading) this.pages.delete(other);
        if (stamp !== this.counted || answer.total !== this.total || this.error !== null || loaded.some(([, page]) => page.stamp !== 0)) this.edition += 1;
        this.counted = stamp;
        for (const [at, page] of loaded) {
          page.rows = answer.rows.slice((at - first) * PAGE, (at - first + 1) * PAGE);
          page.stamp = stamp;
          page.failed = false;
        }
        this.total = answer.total;
        this.place(answer);
        this.error = null;
      }
    } catch (thrown) {
      if (aim === this.aim) {
        this.error = toEngineError(thrown);
        this.edition += 1;
        for (const [, page] of loaded) {
          page.stamp = stamp;
          page.failed = true;
        }
      }
    }
    for (const [at, page] of loaded) {
      page.loading = false;
      // The newest stand last.
      this.pages.delete(at);
      this.pages.set(at, page);
    }
    for (const old of this.pages.keys()) {
      if (this.pages.size <= KEPT) break;
      if ((old < this.near[0] || old > this.near[1]) && !this.held.includes(old)) this.pages.delete(old);
    }
    this.tell();
  }

  private tellTyped(): void {
    this.typed += 1;
    this.edition += 1;
    this.tell();
  }

  private tell(): void {
    this.version += 1;
    for (const listener of this.listeners) listener();
  }
}
