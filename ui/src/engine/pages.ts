// Long lists by the page: only the pages in sight are asked for, each is a read like any other and so is
// kept true by changes. Rows that are still under way are undefined.
import { useQueries, type UseQueryResult } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { call, type ArgsOf, type ResultOf } from "./call";
import type { EngineError } from "./error";
import type { ReadName } from "./query";

type Paged = Extract<ReadName, "thread.list" | "message.list" | "submission.list" | "record.list">;
export type RowOf<N extends Paged> = ResultOf<N>["rows"][number];

export interface Pages<N extends Paged> {
  /** Rows of the whole list; -1 while that is not known. */
  total: number;
  row(index: number): RowOf<N> | undefined;
  /** For VirtualList's `onRange`. */
  onRange(first: number, end: number): void;
  error: EngineError | null;
  refetch(): void;
  /** A loaded page, for what stands beside its rows. */
  any: ResultOf<N> | undefined;
}

const PAGE = 100;

/** `args` without offset and limit; memoise them or write them literally, they are compared by value. */
export function usePages<N extends Paged>(name: N, args: Omit<ArgsOf<N>, "offset" | "limit"> | null, page = PAGE): Pages<N> {
  const key = JSON.stringify(args);
  const [range, setRange] = useState<{ key: string; first: number; last: number }>({ key, first: 0, last: 0 });
  const shown = range.key === key ? range : { key, first: 0, last: 0 };
  const offsets: number[] = [];
  for (let at = shown.first; at <= shown.last; at += 1) offsets.push(at * page);
  const results = useQueries({
    queries: offsets.map((offset) => {
      const whole = { ...(JSON.parse(key) as object), offset, limit: page } as unknown as ArgsOf<N>;
      return { queryKey: [name, whole], queryFn: () => call(name, whole), enabled: args !== null };
    }),
  }) as UseQueryResult<ResultOf<N>, EngineError>[];

  // The newest total that was seen holds while other pages load.
  const seen = useRef<{ key: string; total: number }>({ key, total: -1 });
  if (seen.current.key !== key) seen.current = { key, total: -1 };
  const newest = results.filter((one) => one.data).toSorted((a, b) => b.dataUpdatedAt - a.dataUpdatedAt)[0]?.data;
  if (newest) seen.current.total = newest.total;
  const total = seen.current.total;

  const byOffset = new Map(offsets.map((offset, at) => [offset, results[at]?.data]));
  const row = (index: number) => byOffset.get(Math.floor(index / page) * page)?.rows[index % page] as RowOf<N> | undefined;
  const onRange = useCallback(
    (first: number, end: number) => {
      const next = { key, first: Math.floor(first / page), last: Math.floor(Math.max(first, end - 1) / page) };
      setRange((old) => (old.key === next.key && old.first === next.first && old.last === next.last ? old : next));
    },
    [key, page],
  );
  return {
    total,
    row,
    onRange,
    error: results.find((one) => one.error)?.error ?? null,
    refetch: () => {
      for (const one of results) void one.refetch();
    },
    any: newest,
  };
}
