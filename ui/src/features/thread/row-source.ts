// The rows of one list, fetched by pages as they come into sight.
//
// Owns: the pages, the total, and what an act has already taken away or altered before the engine's
// answer is on screen (the overlay). Refuses: to hold every row; pages out of sight are let go. The
// engine stays the only truth: an overlay lives until rows that were read after the act have arrived.
import { toEngineError, type EngineError } from "../../engine";
import type { ListRow } from "./row";

export const PAGE_ROWS = 100;
/** Pages kept at most, so that scrolling through a large mailbox does not fill the memory. */
const PAGES_KEPT = 30;
/** Requests under way at a time. */
const AT_ONCE = 2;

export interface Page {
  total: number;
  rows: ListRow[];
}

export type FetchPage = (offset: number, limit: number) => Promise<Page>;

interface Loaded {
  rows: ListRow[];
  /** The reading that it belongs to; older than the present one is stale. */
  epoch: number;
}

interface Overlay {
  hide: boolean;
  change: Partial<ListRow>;
  /** Rows read in this epoch or later hold the truth; null while the act is under way. */
  until: number | null;
  made?: { from: ListRow; row: ListRow };
}

export class RowSource {
  private readonly pages = new Map<number, Loaded>();
  private readonly loading = new Map<number, number>();
  private readonly overlays = new Map<string, Overlay>();
  private readonly listeners = new Set<() => void>();
  private epoch = 1;
  private wanted = { first: 0, end: 1 };
  private sourceTotal: number | null = null;
  private hiddenAt: number[] = [];
  private ended = false;
  /** Grows with everything that alters what is seen. */
  version = 0;
  error: EngineError | null = null;
  /** How long the last page took, ms. */
  took_ms = 0;

  constructor(private readonly fetchPage: FetchPage) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Rows to show; null before the first answer. */
  get count(): number | null {
    return this.sourceTotal === null ? null : Math.max(0, this.sourceTotal - this.hiddenAt.length);
  }

  /** Rows of the list as the engine counts them. */
  get total(): number {
    return this.sourceTotal ?? 0;
  }

  get busy(): boolean {
    return this.loading.size > 0;
  }

  /** The row at a place; undefined while it is under way. */
  row(index: number): ListRow | undefined {
    const at = this.sourceIndex(index);
    const row = this.pages.get(Math.floor(at / PAGE_ROWS))?.rows[at % PAGE_ROWS];
    if (!row) return undefined;
    const overlay = this.overlays.get(row.key);
    if (!overlay) return row;
    // The same altered row for the same row, so that it is drawn once.
    if (overlay.made?.from !== row) overlay.made = { from: row, row: { ...row, ...overlay.change } };
    return overlay.made.row;
  }

  /** Place of a loaded row; -1 where it is not loaded or hidden. */
  indexOf(key: string): number {
    if (this.overlays.get(key)?.hide) return -1;
    const at = this.findSource(key);
    if (at < 0) return -1;
    return at - this.hiddenAt.filter((hidden) => hidden < at).length;
  }

  /** Tells which rows are in sight; what is missing of them is fetched. */
  ensure(first: number, end: number): void {
    this.wanted = { first: this.sourceIndex(first), end: this.sourceIndex(Math.max(first, end - 1)) + 1 };
    this.pump();
  }

  /** Reads again what is in sight; the rest when it comes into sight. Rows stay until then. */
  refresh(): void {
    this.epoch += 1;
    this.error = null;
    this.pump();
  }

  /** Takes rows away, or alters them, before the engine has answered. */
  overlay(keys: readonly string[], change: "hide" | Partial<ListRow>): void {
    for (const key of keys) {
      const old = this.overlays.get(key);
      this.overlays.set(key, {
        hide: change === "hide" || (old?.hide ?? false),
        change: { ...old?.change, ...(change === "hide" ? {} : change) },
        until: null,
      });
    }
    this.tell();
  }

  /** The act is done: its overlay goes once rows read after it are here. */
  settle(keys: readonly string[]): void {
    this.epoch += 1;
    for (const key of keys) {
      const overlay = this.overlays.get(key);
      if (overlay) overlay.until = this.epoch;
    }
    this.pump();
  }

  /** The act failed or was taken back: the rows are as they were. */
  release(keys: readonly string[]): void {
    for (const key of keys) this.overlays.delete(key);
    this.tell();
  }

  begin(): void {
    this.ended = false;
  }

  /** Ends it: answers that are under way are dropped. */
  end(): void {
    this.ended = true;
  }

  private sourceIndex(index: number): number {
    let at = index;
    for (const hidden of this.hiddenAt) if (hidden <= at) at += 1;
    return at;
  }

  private findSource(key: string): number {
    for (const [page, { rows }] of this.pages) {
      const at = rows.findIndex((row) => row.key === key);
      if (at >= 0) return page * PAGE_ROWS + at;
    }
    return -1;
  }

  private wantedPages(): number[] {
    const last = this.sourceTotal === null ? 0 : Math.max(0, Math.floor((this.sourceTotal - 1) / PAGE_ROWS));
    const from = Math.min(last, Math.floor(this.wanted.first / PAGE_ROWS));
    const to = Math.min(last, Math.floor(Math.max(this.wanted.first, this.wanted.end - 1) / PAGE_ROWS));
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  }

  private pump(): void {
    for (const page of this.wantedPages()) {
      if (this.loading.size >= AT_ONCE || this.ended || this.error) return;
      if (this.loading.has(page) || this.pages.get(page)?.epoch === this.epoch) continue;
      void this.load(page);
    }
  }

  private async load(page: number): Promise<void> {
    const epoch = this.epoch;
    this.loading.set(page, epoch);
    const begun = performance.now();
    try {
      const { total, rows } = await this.fetchPage(page * PAGE_ROWS, PAGE_ROWS);
      if (this.ended) return;
      this.took_ms = performance.now() - begun;
      this.pages.set(page, { rows: this.kept(page, rows), epoch });
      if (epoch === this.epoch || this.sourceTotal === null) this.sourceTotal = total;
      this.forgetDistant();
      this.dropOverlays();
    } catch (thrown) {
      if (this.ended) return;
      this.error = toEngineError(thrown);
    } finally {
      this.loading.delete(page);
    }
    this.tell();
    this.pump();
  }

  /** Rows that did not change stay the same objects, so that only the others are drawn again. */
  private kept(page: number, rows: ListRow[]): ListRow[] {
    const old = new Map((this.pages.get(page)?.rows ?? []).map((row) => [row.key, row]));
    return rows.map((row) => {
      const before = old.get(row.key);
      return before && JSON.stringify(before) === JSON.stringify(row) ? before : row;
    });
  }

  private forgetDistant(): void {
    if (this.pages.size <= PAGES_KEPT) return;
    const here = Math.floor(this.wanted.first / PAGE_ROWS);
    const distant = [...this.pages.keys()].toSorted((a, b) => Math.abs(b - here) - Math.abs(a - here));
    for (const page of distant.slice(0, this.pages.size - PAGES_KEPT)) this.pages.delete(page);
  }

  private dropOverlays(): void {
    const fresh = this.wantedPages().every((page) => this.pages.get(page)?.epoch === this.epoch);
    for (const [key, { until }] of this.overlays) {
      if (until === null || until > this.epoch) continue;
      const at = this.findSource(key);
      const read = at < 0 ? fresh : (this.pages.get(Math.floor(at / PAGE_ROWS))?.epoch ?? 0) >= until;
      if (read) this.overlays.delete(key);
    }
  }

  private tell(): void {
    this.hiddenAt = [];
    for (const [key, { hide }] of this.overlays) {
      const at = hide ? this.findSource(key) : -1;
      if (at >= 0) this.hiddenAt.push(at);
    }
    this.hiddenAt.sort((a, b) => a - b);
    this.version += 1;
    for (const listener of this.listeners) listener();
  }
}
