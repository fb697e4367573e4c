// The editor of rich text: what it may hold is what mail clients show the same everywhere.
import { Extension } from "@tiptap/core";
import { Image } from "@tiptap/extension-image";
import { TableKit } from "@tiptap/extension-table";
import { TextAlign } from "@tiptap/extension-text-align";
import { Color, TextStyle } from "@tiptap/extension-text-style";
import { Placeholder } from "@tiptap/extensions";
import { Plugin } from "@tiptap/pm/state";
import { StarterKit } from "@tiptap/starter-kit";

/** A picture that knows its Content-ID beside the address it is shown from. */
const MailImage = Image.extend({
  addAttributes() {
    return {
      ...this.parent?.(),
      cid: {
        default: null,
        parseHTML: (element) => element.getAttribute("data-cid"),
        renderHTML: ({ cid }) => (cid ? { "data-cid": cid as string } : {}),
      },
    };
  },
});

/** Colours offered for text: readable on white and on black paper. */
export const textColors = ["#c0392b", "#b9770e", "#1e8449", "#1f6fb2", "#7d3c98", "#707b7c"] as const;

export function editorExtensions(options: { placeholder: string; onFiles: (files: File[], inline: boolean) => void; onSend: () => void }) {
  return [
    StarterKit.configure({
      heading: { levels: [2, 3] },
      codeBlock: false,
      code: false,
      link: { openOnClick: false, autolink: true, defaultProtocol: "https", protocols: ["mailto", "tel"], HTMLAttributes: { target: null, rel: null } },
    }),
    TextStyle,
    Color,
    TextAlign.configure({ types: ["heading", "paragraph"] }),
    TableKit.configure({ table: { resizable: false } }),
    MailImage.configure({ inline: true, allowBase64: false, resize: { enabled: true, minWidth: 24, minHeight: 24, alwaysPreserveAspectRatio: true } }),
    Placeholder.configure({ placeholder: options.placeholder }),
    // Pasted and dropped files belong to the draft, never into its HTML.
    Extension.create({
      name: "files",
      priority: 1000,
      // The editor would break the line.
      addKeyboardShortcuts: () => ({
        "Mod-Enter": () => {
          options.onSend();
          return true;
        },
      }),
      addProseMirrorPlugins: () => [
        new Plugin({
          props: {
            handlePaste: (_view, event) => {
              const files = [...(event.clipboardData?.files ?? [])];
              // Office puts a picture beside its text; the text is meant.
              if (files.length === 0 || event.clipboardData?.getData("text/html").includes("<table")) return false;
              options.onFiles(files, true);
              return true;
            },
          },
        }),
      ],
    }),
  ];
}

/** Pasted HTML without what mail can't keep: styles of Office, pictures from elsewhere. */
export function cleanPasted(html: string): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const element of page.querySelectorAll("style,script,meta,link,title")) element.remove();
  // Pictures from elsewhere would be fetched while writing; our own are moved about with their text.
  for (const image of page.querySelectorAll("img:not([data-cid])")) image.remove();
  for (const element of page.body.querySelectorAll<HTMLElement>("[style],[class],[lang]")) {
    const { color, textAlign, fontWeight, fontStyle } = element.style;
    element.removeAttribute("style");
    element.removeAttribute("class");
    element.removeAttribute("lang");
    if (color && color !== "windowtext") element.style.color = color;
    if (textAlign) element.style.textAlign = textAlign;
    if (fontWeight) element.style.fontWeight = fontWeight;
    if (fontStyle) element.style.fontStyle = fontStyle;
  }
  return page.body.innerHTML;
}
