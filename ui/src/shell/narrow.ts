// Windows too narrow for panes side by side.
import { useSyncExternalStore } from "react";

function subscribe(changed: () => void): () => void {
  globalThis.addEventListener("resize", changed);
  return () => globalThis.removeEventListener("resize", changed);
}

/** Whether the window is narrower than `width_px`: then places show one pane at a time. */
export function useNarrow(width_px: number): boolean {
  return useSyncExternalStore(subscribe, () => globalThis.innerWidth < width_px);
}
