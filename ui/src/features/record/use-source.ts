// A source of records for a component: follows its aim, ends with it.
import { useEffect, useState, useSyncExternalStore } from "react";
import { RecordSource, type ListAim } from "./source";

/** The source; the component is drawn anew whenever something of it changes. */
export function useRecordSource(aim: ListAim): RecordSource {
  const [source] = useState(() => new RecordSource(aim));
  // An equal aim is the same aim to it.
  useEffect(() => source.retarget(aim));
  useEffect(() => {
    source.start();
    return () => source.end();
  }, [source]);
  useSyncExternalStore(source.subscribe, source.snapshot);
  return source;
}
