// Commands of the door that stand in the contract and are not generated yet: none at present.
import type { Noun } from "./bindings";

/** What reads that are not generated yet are made of. */
export const moreNouns = {} as const satisfies Record<string, readonly Noun[]>;

/** Whether the engine answers a command of the contract yet; what needs one that it does not is not shown. */
export const isAnswered = (name: string): boolean => !(name in moreNouns);
