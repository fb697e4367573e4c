// A function that stays the same one and does what the last drawing said.
import { useCallback, useLayoutEffect, useRef } from "react";

/** For event handlers of components that are drawn only when their properties change; not to be called while drawing. */
export function useSteady<A extends unknown[], R>(act: (...args: A) => R): (...args: A) => R {
  const latest = useRef(act);
  useLayoutEffect(() => {
    latest.current = act;
  });
  return useCallback((...args: A) => latest.current(...args), []);
}
