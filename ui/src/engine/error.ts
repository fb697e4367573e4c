// The error of the door, as an exception.
import type { Error as DoorError, ErrorCode, Parts } from "./bindings";

/** What a command answered instead of a result. Switch on `code` only; the words are for people. */
export class EngineError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly message_parts: Parts | undefined;
  readonly remedy_parts: Parts | undefined;
  readonly detail: string | null;

  constructor(error: DoorError) {
    super(error.message);
    this.name = "EngineError";
    this.code = error.code;
    this.remedy = error.remedy ?? "";
    this.message_parts = error.message_parts;
    this.remedy_parts = error.remedy_parts;
    this.detail = error.detail ?? null;
  }
}

function isDoorError(value: unknown): value is DoorError {
  return typeof value === "object" && value !== null && "code" in value && "message" in value;
}

/** Whatever was thrown, as an EngineError. */
export function toEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  if (isDoorError(thrown)) return new EngineError(thrown);
  return new EngineError({
    code: "internal",
    message: "",
    remedy: "",
    detail: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown),
  });
}
