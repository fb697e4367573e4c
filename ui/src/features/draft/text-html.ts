// Plain text as rich text, without the editor.

/** Plain text as paragraphs; a single line break stays one. */
export function textToHtml(text: string): string {
  const escape = (line: string) => line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return text
    .replaceAll("\r\n", "\n")
    .split(/\n{2,}/)
    .map((block) => `<p>${escape(block).replaceAll("\n", "<br>")}</p>`)
    .join("");
}
