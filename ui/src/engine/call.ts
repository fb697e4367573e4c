// The door, typed.
import type { Commands } from "./bindings";
import { toEngineError } from "./error";
import { transport } from "./transport";

export type CommandName = keyof Commands;
export type ArgsOf<N extends CommandName> = Commands[N]["args"];
export type ResultOf<N extends CommandName> = Commands[N]["result"];

/** Runs one command. Rejects with an {@link EngineError}. */
export async function call<N extends CommandName>(name: N, args: ArgsOf<N>): Promise<ResultOf<N>> {
  try {
    return (await transport().call(name, args)) as ResultOf<N>;
  } catch (thrown) {
    throw toEngineError(thrown);
  }
}
