// Whether the window is dark now.
import { useSyncExternalStore } from "react";
import { useSettings } from "../../shell";

const query = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
const subscribe = (listener: () => void) => {
  query?.addEventListener("change", listener);
  return () => query?.removeEventListener("change", listener);
};

export function useDark(): boolean {
  const { theme } = useSettings();
  const system = useSyncExternalStore(subscribe, () => query?.matches ?? false);
  return theme === "dark" || (theme !== "light" && system);
}
