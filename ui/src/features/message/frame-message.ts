// What the frame of a letter may tell its parent. The frame shows hostile content, so every message is
// checked for its sender, its origin and its whole shape; what does not fit is dropped without a word.

/** Tallest frame, px; a longer letter scrolls inside of it. */
export const FRAME_TALLEST_PX = 60_000;
const LINK_LONGEST = 8192;

export type FrameMessage =
  | { kind: "height"; height: number }
  | { kind: "shown" }
  | { kind: "focus" }
  | { kind: "selection"; active: boolean }
  | { kind: "hover"; href: string }
  | { kind: "link"; href: string; text: string }
  | { kind: "key"; key: string; code: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; shiftKey: boolean };

interface Posted {
  origin: string;
  source: unknown;
  data: unknown;
}

const text = (value: unknown, longest: number): value is string => typeof value === "string" && value.length <= longest;
const flag = (value: unknown): value is boolean => typeof value === "boolean";

/** The message in an event, or null where it is not one of ours from this frame. */
export function readFrameMessage(event: Posted, frame: unknown): FrameMessage | null {
  // A sandboxed frame without allow-same-origin has the opaque origin, written "null".
  if (event.origin !== "null" || frame === null || frame === undefined || event.source !== frame) return null;
  if (typeof event.data !== "object" || event.data === null) return null;
  const data = event.data as Record<string, unknown>;
  if (data["tabella"] !== 1) return null;
  switch (data["kind"]) {
    case "height": {
      const height = data["height"];
      if (typeof height !== "number" || !Number.isFinite(height) || height < 0) return null;
      return { kind: "height", height: Math.min(FRAME_TALLEST_PX, Math.ceil(height)) };
    }
    case "shown":
    case "focus":
      return { kind: data["kind"] };
    case "selection":
      return flag(data["active"]) ? { kind: "selection", active: data["active"] } : null;
    case "hover":
      return text(data["href"], LINK_LONGEST) ? { kind: "hover", href: data["href"] } : null;
    case "link":
      return text(data["href"], LINK_LONGEST) && text(data["text"], 500) ? { kind: "link", href: data["href"], text: data["text"] } : null;
    case "key": {
      const { key, code, ctrlKey, metaKey, altKey, shiftKey } = data;
      if (!text(key, 20) || !text(code, 20) || !flag(ctrlKey) || !flag(metaKey) || !flag(altKey) || !flag(shiftKey)) return null;
      return { kind: "key", key, code, ctrlKey, metaKey, altKey, shiftKey };
    }
    default:
      return null;
  }
}
