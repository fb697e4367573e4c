// The view of a table as it is edited: shown at once, stored behind, taken back where the engine refuses.
import { useEffect, useRef, useState } from "react";
import { call, toEngineError, type BaseId, type Table, type View, type ViewId } from "../../engine";
import { tellError } from "../../shell";

export function useView(base: BaseId, table: Table, wanted: ViewId | null): { view: View; change: (view: View) => void } {
  const stored = table.views.find((one) => one.id === wanted) ?? table.views[0]!;
  const [local, setLocal] = useState<View | null>(null);
  const under = useRef(0);
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  // Somebody else's change is shown as soon as none of ours is under way.
  const storedKey = JSON.stringify(stored);
  useEffect(() => {
    if (under.current === 0) setLocal(null);
  }, [storedKey]);
  const change = (view: View) => {
    setLocal(view);
    under.current += 1;
    queue.current = queue.current
      .then(() => call("view.update", { base, table: table.id, view }))
      .catch((thrown: unknown) => {
        setLocal(null);
        tellError(toEngineError(thrown));
      })
      .finally(() => {
        under.current -= 1;
      });
  };
  return { view: local?.id === stored.id ? local : stored, change };
}
