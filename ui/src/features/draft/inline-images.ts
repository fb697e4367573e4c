// Pictures inside of the text: `cid:` in what is saved, an address of the engine while it is edited.
import { draftPartUrl, type Draft, type DraftAttachment } from "../../engine";

/** Saved HTML as the editor shows it. */
export function withUrls(html: string, draft: Draft): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const image of page.querySelectorAll("img")) {
    const cid = /^cid:(.+)$/.exec(image.getAttribute("src") ?? "")?.[1];
    if (!cid) continue;
    const file = draft.attachments.find((one) => one.content_id === cid);
    image.dataset["cid"] = cid;
    if (file) image.setAttribute("src", draftPartUrl(draft.id, file.id));
  }
  return page.body.innerHTML;
}

/** HTML of the editor as it is saved. */
export function withCids(html: string): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const image of page.querySelectorAll("img")) {
    const { cid } = image.dataset;
    if (cid) image.setAttribute("src", `cid:${cid}`);
    delete image.dataset["cid"];
    image.removeAttribute("data-cid");
  }
  return page.body.innerHTML;
}

/** Files that a person attached: all but the pictures inside of the text. */
export function filesOf(draft: Draft, html: string | null): DraftAttachment[] {
  return draft.attachments.filter((one) => one.content_id === null || html === null || !html.includes(one.content_id));
}
