// Which groups of a view are shut: a matter of this window's user, kept on this machine and not in the base.
import { useCallback, useState } from "react";
import type { BaseId, ViewId } from "../../engine";

const nameOf = (base: BaseId, view: ViewId) => `tabella.shut.${base}.${view}`;
/** Keys kept at most: a view that is grouped by something unique would keep one a record. */
const MOST = 5000;

function read(name: string): ReadonlySet<string> {
  try {
    const found: unknown = JSON.parse(globalThis.localStorage?.getItem(name) ?? "[]");
    return new Set(Array.isArray(found) ? found.filter((one): one is string => typeof one === "string") : []);
  } catch {
    return new Set();
  }
}

/** The shut groups of a view, and their setter. */
export function useShutGroups(base: BaseId, view: ViewId): [ReadonlySet<string>, (next: ReadonlySet<string>) => void] {
  const name = nameOf(base, view);
  const [kept, setKept] = useState(() => ({ name, keys: read(name) }));
  const put = useCallback(
    (keys: ReadonlySet<string>) => {
      setKept({ name, keys });
      try {
        if (keys.size === 0) globalThis.localStorage?.removeItem(name);
        else globalThis.localStorage?.setItem(name, JSON.stringify([...keys].slice(-MOST)));
      } catch {
        // A full or forbidden storage only means that groups are open again next time.
      }
    },
    [name],
  );
  return [kept.name === name ? kept.keys : read(name), put];
}
