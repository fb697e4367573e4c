// Files and pictures of a cell. Those in the base are served by the engine; those of other hosts are named
// but never fetched.
import { baseFileUrl, baseThumbnailUrl, type BaseId } from "../../engine";
import { extensionOf } from "../message/file-kind";

export interface CellFile {
  name: string;
  /** Where the window gets it; empty where it can't. */
  url: string;
  /** Names its content in the base; null where it stands elsewhere. */
  hash: string | null;
  /** Bytes, where known. */
  size: number | null;
  /** The window can show it. */
  picture: boolean;
  /** Where the window gets it small; the file itself where nobody makes it smaller. */
  small: (size: "cell" | "card") => string;
  /** As it stands in the cell. */
  kept: unknown;
}

const rasters = new Set(["png", "jpg", "jpeg", "gif", "webp", "avif", "bmp"]);

/** What the engine makes small pictures of. */
const shrunk = new Set(["png", "jpg", "jpeg", "gif", "webp"]);

const word = (of: Record<string, unknown>, key: string) => (typeof of[key] === "string" ? of[key] : "");

/** The files of a cell; lists of lists, as looked-up ones are, are one list. */
export function filesOf(value: unknown, base?: BaseId): CellFile[] {
  const list: unknown[] = Array.isArray(value) ? value.flat() : value === null || value === undefined ? [] : [value];
  return list.flatMap((one): CellFile[] => {
    const map = typeof one === "object" && one !== null ? (one as Record<string, unknown>) : { url: one };
    const address = word(map, "url") || word(map, "sign_image_url");
    const hash = word(map, "hash") || null;
    const name = word(map, "name") || (address.startsWith("data:") ? "" : decoded(address.split(/[\\/]/).at(-1) ?? ""));
    const inline = /^(data:image\/|blob:)/.test(address);
    if (hash === null && address === "" && name === "") return [];
    const url = hash !== null && base !== undefined ? baseFileUrl(base, hash, name) : inline ? address : "";
    const small = (size: "cell" | "card") => (hash !== null && base !== undefined && shrunk.has(extensionOf(name)) ? baseThumbnailUrl(base, hash, size) : url);
    return [{ name, url, hash, size: typeof map["size"] === "number" ? map["size"] : null, picture: url !== "" && (inline || rasters.has(extensionOf(name))), small, kept: one }];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The first picture that may be shown; null where there is none. */
export const pictureOf = (value: unknown, base?: BaseId): CellFile | null => filesOf(value, base).find((one) => one.picture) ?? null;

/** What a cell becomes with these files; null empties it. */
export const cellOf = (files: readonly CellFile[]): unknown => (files.length === 0 ? null : files.map((one) => one.kept));

/** The same file under another name. */
export function renamed(file: CellFile, name: string, base?: BaseId): CellFile {
  const kept = typeof file.kept === "object" && file.kept !== null ? { ...file.kept, name } : { name, url: file.kept };
  return filesOf([kept], base)[0] ?? file;
}

/** The files with one of them moved by one place. */
export function moved<T>(files: readonly T[], at: number, by: 1 | -1): T[] {
  const one = files[at];
  return one === undefined || at + by < 0 || at + by >= files.length ? [...files] : files.toSpliced(at, 1).toSpliced(at + by, 0, one);
}
