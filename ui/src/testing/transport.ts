// A transport for unit tests: typed handlers a command, and changes sent by hand.
import type { Change, CommandName, Commands, Error as DoorError, Noun, ResultOf, Transport } from "../engine";

export type Handlers = { [N in CommandName]?: (args: Commands[N]["args"]) => ResultOf<N> | Promise<ResultOf<N>> };

export interface TestTransport extends Transport {
  /** Commands that were called, in order. */
  calls: { name: CommandName; args: unknown }[];
  handlers: Handlers;
  /** Tells of changes as the engine would. */
  change(...changes: Change[]): void;
}

let seq = 0;

/** A change as the engine tells it. */
export function changed(noun: Noun, id: string | number | null = null, more: Partial<Change> = {}): Change {
  seq += 1;
  return { seq, noun, id: id === null ? null : String(id), base: null, arrived: false, ...more };
}

export function doorError(code: DoorError["code"], message = "", more: Partial<DoorError> = {}): DoorError {
  return { code, message, remedy: "", detail: null, ...more };
}

export function testTransport(handlers: Handlers): TestTransport {
  const watchers = new Set<(changes: Change[]) => void>();
  const calls: TestTransport["calls"] = [];
  const made: TestTransport = {
    calls,
    handlers,
    async call(name, args) {
      calls.push({ name: name as CommandName, args });
      const handler = made.handlers[name as CommandName] as ((args: unknown) => unknown) | undefined;
      if (!handler) throw doorError("not_found", `no handler for ${name}`);
      return await handler(structuredClone(args));
    },
    watch(onChanges) {
      watchers.add(onChanges);
      return () => watchers.delete(onChanges);
    },
    part: (path) => `about:blank#${path}`,
    change(...changes) {
      for (const watcher of watchers) watcher(changes);
    },
  };
  return made;
}
