// The only TypeScript that knows how the engine is reached.
export type * from "./bindings";
export { readNouns } from "./bindings";
export { call, writesOf, type ArgsOf, type CommandName, type ResultOf } from "./call";
export { EngineError, toEngineError } from "./error";
export { onChanges, startChanges, useChanges } from "./changes";
export {
  createQueryClient,
  followChanges,
  onWriteFailed,
  touches,
  useRead,
  useReadAhead,
  useWrite,
  write,
  type ReadName,
  type WriteName,
} from "./query";
export { usePages, type Pages, type RowOf } from "./pages";
export { baseFileUrl, baseThumbnailUrl, bodyUrl, draftPartUrl, partUrl, sourceUrl } from "./part";
export { inTauri, setTransport, type Transport } from "./transport";
