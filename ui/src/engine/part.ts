// Addresses of what never crosses as JSON: bodies, images, attachments, sources.
import { transport } from "./transport";

/** A message's sanitised body as a page of its own. */
export function bodyUrl(messageId: number, look: { dark?: boolean; remote?: boolean } = {}): string {
  return transport().part(`body/${messageId}?dark=${look.dark ? 1 : 0}&remote=${look.remote ? 1 : 0}`);
}

/** One part of a message, decoded. */
export function partUrl(messageId: number, part: number): string {
  return transport().part(`part/${messageId}/${part}`);
}

/** A message's source, byte for byte. */
export function sourceUrl(messageId: number): string {
  return transport().part(`source/${messageId}`);
}

/** A file of a draft. */
export function draftPartUrl(draftId: number, attachmentId: number): string {
  return transport().part(`draft-part/${draftId}/${attachmentId}`);
}

/** A small picture of a file of a cell: at most 256 px for a cell of a grid, 512 px for a card. */
export function baseThumbnailUrl(base: string, hash: string, size: "cell" | "card"): string {
  return transport().part(`base-thumbnail/${encodeURIComponent(base)}/${encodeURIComponent(hash)}?for=${size}`);
}

/** A file of a cell. */
export function baseFileUrl(base: string, hash: string, name: string): string {
  return transport().part(`base-file/${encodeURIComponent(base)}/${encodeURIComponent(hash)}?n=${encodeURIComponent(name)}`);
}
