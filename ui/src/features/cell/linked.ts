// The value of a link cell as it crosses the door: records with their text.
import type { RecordId } from "../../engine";

export interface Linked {
  id: RecordId;
  text: string;
}

const none: Linked[] = [];

/** The records of a link cell; what is not one is left out. */
export function linkedOf(value: unknown): Linked[] {
  if (!Array.isArray(value)) return none;
  return (value as unknown[]).flatMap((one): Linked[] => {
    if (typeof one === "number") return [{ id: one, text: "" }];
    if (typeof one !== "object" || one === null) return [];
    const { id, text, display_value: shown } = one as Record<string, unknown>;
    if (typeof id !== "number") return [];
    return [{ id, text: typeof text === "string" ? text : typeof shown === "string" ? shown : "" }];
  });
}
