// A source of records for a component: follows its aim, ends with it.
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { RecordSource, type ListAim } from "./source";

/** The source and the version of what it holds, which grows when something is to be drawn anew. */
export function useRecordSource(aim: ListAim): RecordSource {
  const key = JSON.stringify(aim);
  // An equal aim is the same aim.
  const kept = useMemo(() => aim, [key]);
  const [source] = useState(() => new RecordSource(kept));
  useEffect(() => source.retarget(kept), [source, kept]);
  useEffect(() => {
    source.start();
    return () => source.end();
  }, [source]);
  useSyncExternalStore(source.subscribe, source.snapshot);
  return source;
}
