// Links of letters: which may be opened at all, where they lead, and whether their text pretends.

export type LetterLink =
  | { kind: "web"; url: string; host: string; deceptive: boolean; text: string }
  | { kind: "mail"; to: string[]; cc: string[]; subject: string; body: string }
  | { kind: "phone"; url: string };

/** What a link of a letter means; null for schemes that are never opened. */
export function readLink(href: string, text: string): LetterLink | null {
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return null;
  }
  if (url.protocol === "http:" || url.protocol === "https:") {
    return { kind: "web", url: url.href, host: url.hostname, deceptive: pretends(text, url) || url.username !== "", text };
  }
  if (url.protocol === "mailto:") return readMailto(url);
  if (url.protocol === "tel:") return { kind: "phone", url: url.href };
  return null;
}

/** RFC 6068; `attach` and other headers are not taken from a letter. */
export function readMailto(url: URL): LetterLink {
  const split = (list: string) =>
    list
      .split(",")
      .map((one) => decode(one).trim())
      .filter(Boolean);
  const field = (name: string) => {
    for (const pair of url.search.slice(1).split("&")) {
      const at = pair.indexOf("=");
      if (at > 0 && pair.slice(0, at).toLowerCase() === name) return pair.slice(at + 1);
    }
    return "";
  };
  return {
    kind: "mail",
    to: [...split(url.pathname), ...split(field("to"))],
    cc: split(field("cc")),
    // A header value holds no line break.
    subject: decode(field("subject")).replaceAll(/[\r\n]+/g, " "),
    body: decode(field("body")).replaceAll("\r\n", "\n"),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether the shown text names another host than the link's target. */
function pretends(text: string, url: URL): boolean {
  const shown = /^(?:https?:\/\/)?((?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,})(?:[/:?#]|$)/iu.exec(text.trim());
  if (!shown?.[1]) return false;
  let host: string;
  try {
    host = new URL(`http://${shown[1]}`).hostname;
  } catch {
    return true;
  }
  const bare = (name: string) => name.replace(/^www\./, "");
  const target = bare(url.hostname);
  const named = bare(host);
  return target !== named && !target.endsWith(`.${named}`);
}
