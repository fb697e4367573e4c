// The door, typed.
import type { Commands } from "./bindings";
import { toEngineError } from "./error";
import { transport } from "./transport";

export type CommandName = keyof Commands;
/** Arguments as they may be written: what may be null may be left out, which for the engine is the same
    (only `account.update` tells them apart: there `since_at: null` is everything, left out is unchanged). */
type Loose<T> = { [K in keyof T as null extends T[K] ? never : K]: T[K] } & { [K in keyof T as null extends T[K] ? K : never]?: T[K] };
export type ArgsOf<N extends CommandName> = Loose<Commands[N]["args"]>;
export type ResultOf<N extends CommandName> = Commands[N]["result"];

/** Runs one command. Rejects with an {@link EngineError}. */
export async function call<N extends CommandName>(name: N, args: ArgsOf<N>): Promise<ResultOf<N>> {
  try {
    return (await transport().call(name, args)) as ResultOf<N>;
  } catch (thrown) {
    throw toEngineError(thrown);
  }
}
