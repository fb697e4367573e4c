// Pictures of a cell that the window can show by itself; those of other hosts are never fetched.

/** Address and name of one picture or file of a cell. */
export interface CellFile {
  name: string;
  url: string;
}

export function filesOf(value: unknown): CellFile[] {
  const list: unknown[] = Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];
  return list.flatMap((one): CellFile[] => {
    const map = typeof one === "object" && one !== null ? (one as Record<string, unknown>) : { url: one };
    const url = typeof map["url"] === "string" ? map["url"] : "";
    if (url === "") return [];
    const name = typeof map["name"] === "string" ? map["name"] : url.startsWith("data:") ? "" : decodeURIComponentSafe(url.split(/[\\/]/).at(-1) ?? "");
    return [{ name, url }];
  });
}

function decodeURIComponentSafe(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The first picture that may be shown; null where there is none. */
export function pictureOf(value: unknown): CellFile | null {
  return filesOf(value).find((one) => /^(data:image\/|blob:)/.test(one.url)) ?? null;
}
