// Cells on the clipboard: tab-separated text as every spreadsheet reads and writes it, and an HTML table
// for letters and documents.

/** Rows of cells as tab-separated text. A cell with a tab, a line break or a quote is quoted. */
export function formatTsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map((cell) => (/["\t\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join("\t")).join("\n");
}

/** The rows of tab-separated text. Quotes count only where they open a cell; the last line break ends the last row. */
export function parseTsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let at = 0;
  const endCell = () => {
    row.push(cell);
    cell = "";
  };
  const endRow = () => {
    endCell();
    rows.push(row);
    row = [];
  };
  while (at < text.length) {
    const char = text[at];
    if (char === '"' && cell === "" && closes(text, at)) {
      at += 1;
      while (at < text.length) {
        if (text[at] === '"') {
          if (text[at + 1] !== '"') break;
          at += 1;
        }
        cell += text[at];
        at += 1;
      }
    } else if (char === "\t") endCell();
    else if (char === "\n") endRow();
    else if (char === "\r") {
      if (text[at + 1] !== "\n") endRow();
    } else cell += char;
    at += 1;
  }
  if (cell !== "" || row.length > 0) endRow();
  return rows;
}

/** Whether the quote at `from` has an end that a cell can have; else it is a mark of its own, such as 5" of inches. */
function closes(text: string, from: number): boolean {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] !== '"') continue;
    if (text[at + 1] === '"') at += 1;
    else return at + 1 === text.length || text[at + 1] === "\t" || text[at + 1] === "\n" || text[at + 1] === "\r";
  }
  return false;
}

const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Rows of cells as an HTML table. */
export function formatHtml(rows: readonly (readonly string[])[]): string {
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escape(cell).replaceAll("\n", "<br>")}</td>`).join("")}</tr>`).join("");
  return `<table>${body}</table>`;
}

/** The cells of the first table of copied HTML; empty where there is none. */
export function parseHtml(html: string): string[][] {
  const page = new DOMParser().parseFromString(html, "text/html");
  const table = page.querySelector("table");
  if (!table) return [];
  for (const line of table.querySelectorAll("br")) line.replaceWith("\n");
  return [...table.querySelectorAll("tr")].map((row) => [...row.querySelectorAll("td,th")].map((cell) => (cell.textContent ?? "").trim()));
}
