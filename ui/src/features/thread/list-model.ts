// The list that is shown: its rows, the row under the cursor, and what is ticked.
//
// Owns: cursor and selection by key, so that they survive rows coming and going. Refuses: acts on mail
// (acts.ts) and the address bar (the place).
import { call, onChanges, touches, type ListScope, type ListSort, type MailboxRole } from "../../engine";
import { rowOfMessage, rowOfThread, type ListMode, type ListRow } from "./row";
import { RowSource, type FetchPage } from "./row-source";

/** Readings of the list follow each other at this distance at least, ms: a sync tells of many changes. */
const REFRESH_MS = 200;
const GATHER_ROWS = 500;

export interface ListKind {
  scope: ListScope;
  sort: ListSort;
  mode: ListMode;
  /** Role of the mailbox that is shown, where it has one. */
  role: MailboxRole | null;
}

/** Reads one page of a list through the door. */
export function pageReader({ scope, sort, mode, role }: ListKind): FetchPage {
  return async (offset, limit) => {
    if (mode === "threads") {
      const page = await call("thread.list", { scope, sort, offset, limit });
      return { total: page.total, rows: page.rows.map(rowOfThread) };
    }
    const page = await call("message.list", { scope, sort, offset, limit });
    return { total: page.total, rows: page.rows.map((row) => rowOfMessage(row, role)) };
  };
}

export class ListModel {
  readonly source: RowSource;
  private readonly read: FetchPage;
  private readonly listeners = new Set<() => void>();
  private stops: (() => void)[] = [];
  private cursorKey: string | null = null;
  private cursorIndex = -1;
  private anchorIndex = -1;
  private refreshed = 0;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private ticked = new Map<string, ListRow>();
  /** Everything in the list is ticked, loaded or not. */
  all = false;
  version = 0;

  constructor(
    readonly kind: ListKind,
    read: FetchPage = pageReader(kind),
  ) {
    this.read = read;
    this.source = new RowSource(read);
  }

  /** Begins to read and to follow the engine; {@link end} stops it, and it may begin again. */
  start(): void {
    const name = this.kind.mode === "threads" ? "thread.list" : "message.list";
    this.source.begin();
    this.stops = [
      this.source.subscribe(() => this.follow()),
      onChanges((changes) => {
        if (changes.some((change) => touches(change, name, {}))) this.refreshSoon();
      }),
    ];
    this.source.ensure(0, 1);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  end(): void {
    clearTimeout(this.waiting);
    this.waiting = undefined;
    for (const stop of this.stops) stop();
    this.source.end();
  }

  /** Place of the cursor; -1 where there is none. */
  get cursor(): number {
    return this.cursorIndex;
  }

  get cursorRow(): ListRow | undefined {
    return this.cursorIndex < 0 ? undefined : this.source.row(this.cursorIndex);
  }

  get count(): number {
    return this.source.count ?? 0;
  }

  /** What is loaded of the first `most` rows. */
  loaded(most: number): ListRow[] {
    const rows: ListRow[] = [];
    for (let index = 0; index < Math.min(most, this.count); index += 1) {
      const row = this.source.row(index);
      if (row) rows.push(row);
    }
    return rows;
  }

  moveTo(index: number, extend = false): void {
    if (this.count === 0) return;
    const to = Math.min(this.count - 1, Math.max(0, index));
    if (extend) {
      if (this.anchorIndex < 0) this.anchorIndex = Math.max(0, this.cursorIndex);
      this.tickRange(this.anchorIndex, to);
    } else this.anchorIndex = to;
    this.cursorIndex = to;
    this.cursorKey = this.source.row(to)?.key ?? null;
    this.tell();
  }

  /** Puts the cursor on a conversation, where it is loaded. */
  moveToKey(key: string): void {
    const index = this.source.indexOf(key);
    if (index >= 0 && index !== this.cursorIndex) this.moveTo(index);
  }

  /** Index of the first loaded row of a conversation; -1 where it is not loaded. */
  indexOfThread(thread: number): number {
    const direct = this.source.indexOf(`t${thread}`);
    if (direct >= 0 || this.kind.mode === "threads") return direct;
    for (let index = 0; index < this.count; index += 1) {
      const row = this.source.row(index);
      if (row?.thread === thread) return index;
      if (!row && index > 1000) break;
    }
    return -1;
  }

  isTicked(index: number): boolean {
    if (this.all) return true;
    const row = this.source.row(index);
    return row !== undefined && this.ticked.has(row.key);
  }

  get tickedCount(): number {
    return this.all ? this.count : this.ticked.size;
  }

  toggle(index: number): void {
    const row = this.source.row(index);
    if (!row) return;
    if (this.all) {
      // From "all" one step back: what is loaded stays ticked, without this row.
      this.all = false;
      this.tickRange(0, this.count - 1);
    }
    if (!this.ticked.delete(row.key)) this.ticked.set(row.key, row);
    this.anchorIndex = index;
    this.tell();
  }

  /** Ticks what is loaded of a range. */
  tickRange(from: number, to: number): void {
    for (let index = Math.min(from, to); index <= Math.max(from, to); index += 1) {
      const row = this.source.row(index);
      if (row) this.ticked.set(row.key, row);
    }
    this.tell();
  }

  tickAll(): void {
    this.all = true;
    this.tell();
  }

  untick(): void {
    this.all = false;
    this.ticked.clear();
    this.tell();
  }

  /** What an act means: the ticked rows, else the row under the cursor. */
  targets(): ListRow[] {
    if (this.ticked.size > 0) return [...this.ticked.values()];
    const row = this.cursorRow;
    return row ? [row] : [];
  }

  /** Like {@link targets}, with every row of the list where all are ticked; none where `goOn` said no. */
  async gather(goOn: (done: number, total: number) => boolean = () => true): Promise<ListRow[]> {
    if (!this.all) return this.targets();
    const rows: ListRow[] = [];
    for (;;) {
      const page = await this.read(rows.length, GATHER_ROWS);
      rows.push(...page.rows);
      if (page.rows.length === 0 || rows.length >= page.total) return rows;
      if (!goOn(rows.length, page.total)) return [];
    }
  }

  private refreshSoon(): void {
    if (this.waiting !== undefined) return;
    const since = performance.now() - this.refreshed;
    const run = () => {
      this.waiting = undefined;
      this.refreshed = performance.now();
      this.source.refresh();
    };
    // A list that is slow to read must not take the engine from the sync that changes it.
    const apart = Math.max(REFRESH_MS, this.source.took_ms * 5);
    if (since >= apart && !this.source.busy) run();
    else this.waiting = setTimeout(run, Math.max(REFRESH_MS / 2, apart - since));
  }

  /** The rows changed: the cursor stays with its row, or takes the one that moved into its place. */
  private follow(): void {
    const { count } = this.source;
    if (count === null || count === 0) {
      if (count === 0) {
        this.cursorIndex = -1;
        this.cursorKey = null;
      }
      return this.tell();
    }
    if (this.cursorIndex >= 0) {
      const index = this.cursorKey === null ? -1 : this.source.indexOf(this.cursorKey);
      if (index >= 0) this.cursorIndex = index;
      else {
        this.cursorIndex = Math.min(count - 1, this.cursorIndex);
        const row = this.source.row(this.cursorIndex);
        if (row) this.cursorKey = row.key;
      }
    }
    this.tell();
  }

  private tell(): void {
    this.version += 1;
    for (const listener of this.listeners) listener();
  }
}
