// Changes of the engine: batched once a frame, handed to whoever keeps a cache.
//
// The query cache is fed by query.ts. Row caches of lists and grids listen here themselves.
import { useEffect, useRef } from "react";
import type { Change } from "./bindings";
import { transport } from "./transport";

type Listener = (changes: readonly Change[]) => void;

const listeners = new Set<Listener>();
let waiting: Change[] = [];
let scheduled = false;

function flush(): void {
  scheduled = false;
  const batch = waiting;
  waiting = [];
  for (const listener of listeners) listener(batch);
}

function receive(changes: Change[]): void {
  if (changes.length === 0) return;
  waiting.push(...changes);
  if (scheduled) return;
  scheduled = true;
  // A hidden window paints no frames but must still keep its caches true.
  if (document.visibilityState === "visible") requestAnimationFrame(flush);
  else setTimeout(flush, 50);
}

/** Begins to listen to the engine; returns the end of it. */
export function startChanges(): () => void {
  return transport().watch(receive);
}

export function onChanges(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Calls `listener` with each batch while the component is mounted. */
export function useChanges(listener: Listener): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => onChanges((changes) => latest.current(changes)), []);
}
