// Saving while writing: two seconds after the last change, and at once when the composer closes. One
// save at a time; what is typed meanwhile is saved after it.
import { toEngineError, type DraftSaveArgs, type EngineError } from "../../engine";

export const SAVE_AFTER_MS = 2000;
/** Somebody who types without a pause is saved this often, ms. */
const SAVE_AT_LEAST_MS = 10_000;

export type SaveState = { kind: "saved"; at: number | null } | { kind: "changed" } | { kind: "saving" } | { kind: "failed"; error: EngineError };

export class Saver {
  state: SaveState = { kind: "saved", at: null };
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<boolean> | null = null;
  private dirtySince: number | null = null;
  private stopped = false;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly read: () => DraftSaveArgs,
    private readonly save: (args: DraftSaveArgs) => Promise<unknown>,
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Something was typed. */
  touch(): void {
    if (this.stopped) return;
    const now = Date.now();
    this.dirtySince ??= now;
    if (this.state.kind !== "changed" && this.running === null) this.tell({ kind: "changed" });
    clearTimeout(this.timer);
    const wait = Math.min(SAVE_AFTER_MS, Math.max(0, this.dirtySince + SAVE_AT_LEAST_MS - now));
    this.timer = setTimeout(() => void this.flush(), wait);
  }

  get dirty(): boolean {
    return this.dirtySince !== null;
  }

  /** Saves now what is not saved yet. False where that failed. */
  async flush(): Promise<boolean> {
    clearTimeout(this.timer);
    if (this.running) await this.running;
    if (this.dirtySince === null || this.stopped) return this.state.kind !== "failed";
    this.running = this.run();
    const done = await this.running;
    return done;
  }

  /** The draft is sent or discarded: nothing is saved any more. */
  stop(): void {
    this.stopped = true;
    this.dirtySince = null;
    clearTimeout(this.timer);
  }

  /** Saving goes on after a {@link stop}: sending failed. */
  resume(): void {
    this.stopped = false;
  }

  private async run(): Promise<boolean> {
    const since = this.dirtySince;
    this.dirtySince = null;
    this.tell({ kind: "saving" });
    try {
      await this.save(this.read());
      this.running = null;
      this.tell(this.dirtySince === null ? { kind: "saved", at: Date.now() } : { kind: "changed" });
      return true;
    } catch (thrown) {
      this.running = null;
      this.dirtySince = since;
      this.tell({ kind: "failed", error: toEngineError(thrown) });
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.flush(), SAVE_AT_LEAST_MS);
      return false;
    }
  }

  private tell(state: SaveState): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
