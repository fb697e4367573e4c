// The door, typed.
import { readNouns, type Commands } from "./bindings";
import { toEngineError } from "./error";
import { transport } from "./transport";

export type CommandName = keyof Commands;
/** Arguments as they may be written: what may be null may be left out, which for the engine is the same
    (only `account.update` tells them apart: there `since_at: null` is everything, left out is unchanged). */
type Loose<T> = { [K in keyof T as null extends T[K] ? never : K]: T[K] } & { [K in keyof T as null extends T[K] ? K : never]?: T[K] };
export type ArgsOf<N extends CommandName> = Loose<Commands[N]["args"]>;
export type ResultOf<N extends CommandName> = Commands[N]["result"];

/** Writes to a base that the engine has not answered yet. */
const underWay = new Map<string, Set<Promise<unknown>>>();

function noted(name: CommandName, args: unknown, answer: Promise<unknown>): void {
  if (name in readNouns || typeof args !== "object" || args === null || !("base" in args) || typeof args.base !== "string") return;
  const all = underWay.get(args.base) ?? new Set();
  underWay.set(args.base, all);
  all.add(answer);
  const end = () => all.delete(answer);
  answer.then(end, end);
}

/** Waits for the writes to a base that are under way, whatever becomes of them: undo means the newest of them. */
export async function writesOf(base: string): Promise<void> {
  await Promise.allSettled([...(underWay.get(base) ?? [])]);
}

/** Runs one command. Rejects with an {@link EngineError}. */
export async function call<N extends CommandName>(name: N, args: ArgsOf<N>): Promise<ResultOf<N>> {
  try {
    const answer = transport().call(name, args);
    noted(name, args, answer);
    return (await answer) as ResultOf<N>;
  } catch (thrown) {
    throw toEngineError(thrown);
  }
}
