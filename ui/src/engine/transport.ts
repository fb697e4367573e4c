// The one seam between the window and the engine: who carries a command there and its changes back.
import type { Change } from "./bindings";
import { httpTransport } from "./http";
import { tauriTransport } from "./tauri";

export interface Transport {
  /** Carries one command; rejects with the door's error as it came. */
  call(name: string, args: unknown): Promise<unknown>;
  /** Tells of every committed change until the returned function is called. */
  watch(onChanges: (changes: Change[]) => void): () => void;
  /** Address of a body, part or source below `mail://localhost/`; `path` has no leading slash. */
  part(path: string): string;
}

export const inTauri = "__TAURI_INTERNALS__" in globalThis;

let current: Transport = inTauri ? tauriTransport : httpTransport;

export function transport(): Transport {
  return current;
}

/** Puts another transport in place: tests and screens without an engine. */
export function setTransport(next: Transport): void {
  current = next;
}
