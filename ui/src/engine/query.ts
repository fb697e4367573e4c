// Reads and writes as hooks. A read is cached by name and arguments, never grows stale by itself, and
// is fetched again when a change names a noun it is made of. Nothing here edits cached data: whoever
// writes learns of it by the same change as everybody else.
import {
  QueryClient,
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type Query,
  type UseMutationResult,
  type UseQueryResult,
} from "@tanstack/react-query";
import { useCallback } from "react";
import { readNouns, type Change } from "./bindings";
import { call, type ArgsOf, type CommandName, type ResultOf } from "./call";
import { onChanges } from "./changes";
import { toEngineError, type EngineError } from "./error";

export type ReadName = keyof typeof readNouns;
export type WriteName = Exclude<CommandName, ReadName>;

export interface ReadOptions {
  /** Show the last result while the next arguments load. */
  keep?: boolean;
  /** False holds the read back. */
  enabled?: boolean;
}

type WriteFailed = (error: EngineError) => void;
let writeFailed: WriteFailed = () => {};

/** Who tells people that a write failed; asked for every write that does not say `quiet`. */
export function onWriteFailed(listener: WriteFailed): void {
  writeFailed = listener;
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Infinity,
        gcTime: 5 * 60_000,
        networkMode: "always",
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}

/** Whether `change` can alter what the read `name(args)` gave. */
export function touches(change: Change, name: ReadName, args: unknown): boolean {
  if (!(readNouns[name] as readonly string[]).includes(change.noun)) return false;
  if (typeof args !== "object" || args === null) return true;
  if (change.base !== null && "base" in args && args.base !== change.base) return false;
  const one = name.endsWith(".get") || name.endsWith(".body");
  if (one && change.id !== null && name.startsWith(`${change.noun}.`) && "id" in args) {
    return String(args.id) === change.id;
  }
  return true;
}

/** Keeps a client's reads true to the engine's changes; returns the end of it. */
export function followChanges(client: QueryClient): () => void {
  const cache = client.getQueryCache();
  // Reads that a change overtook while they were under way: asked again once they are back,
  // instead of cancelled, so that a stream of changes can't starve them.
  const again = new Set<string>();

  const refetch = (query: Query) =>
    client.invalidateQueries({ queryKey: query.queryKey, exact: true }, { cancelRefetch: false });

  const stopCache = cache.subscribe((event) => {
    if (event.type !== "updated") return;
    if (event.action.type !== "success" && event.action.type !== "error") return;
    if (again.delete(event.query.queryHash)) queueMicrotask(() => void refetch(event.query));
  });
  const stopChanges = onChanges((changes) => {
    for (const query of cache.getAll()) {
      const [name, args] = query.queryKey as [ReadName, unknown];
      if (!(name in readNouns) || !changes.some((change) => touches(change, name, args))) continue;
      if (query.state.fetchStatus === "fetching") again.add(query.queryHash);
      else void refetch(query);
    }
  });
  return () => {
    stopCache();
    stopChanges();
  };
}

const reading = <N extends ReadName>(name: N, args: ArgsOf<N> | null) => ({
  queryKey: [name, args],
  queryFn: () => call(name, args as ArgsOf<N>),
});

/** Begins reads that are about to be shown, before anything is drawn for them; what fails is told where it is shown. */
export function useReadAhead(): <N extends ReadName>(name: N, args: ArgsOf<N>) => void {
  const client = useQueryClient();
  return useCallback((name, args) => void client.prefetchQuery(reading(name, args)), [client]);
}

/** A read of the door. `args` null holds it back. */
export function useRead<N extends ReadName>(
  name: N,
  args: ArgsOf<N> | null,
  options: ReadOptions = {},
): UseQueryResult<ResultOf<N>, EngineError> {
  return useQuery<ResultOf<N>, EngineError>({
    ...reading(name, args),
    enabled: args !== null && options.enabled !== false,
    placeholderData: options.keep ? (keepPreviousData as never) : undefined,
  });
}

export interface WriteOptions<N extends WriteName> {
  onDone?: (result: ResultOf<N>, args: ArgsOf<N>) => void;
  onError?: (error: EngineError, args: ArgsOf<N>) => void;
  /** True where the component shows the error itself. */
  quiet?: boolean;
}

/** A write of the door: `const put = useWrite("setting.put"); put.mutate(settings)`. */
export function useWrite<N extends WriteName>(
  name: N,
  options: WriteOptions<N> = {},
): UseMutationResult<ResultOf<N>, EngineError, ArgsOf<N>> {
  return useMutation<ResultOf<N>, EngineError, ArgsOf<N>>({
    mutationFn: (args) => call(name, args),
    onSuccess: (result, args) => options.onDone?.(result, args),
    onError: (error, args) => {
      options.onError?.(error, args);
      if (!options.quiet) writeFailed(error);
    },
  });
}

/** A write outside of a component's life: failures are told like those of {@link useWrite}. */
export async function write<N extends WriteName>(name: N, args: ArgsOf<N>): Promise<ResultOf<N> | undefined> {
  try {
    return await call(name, args);
  } catch (thrown) {
    writeFailed(toEngineError(thrown));
    return undefined;
  }
}
