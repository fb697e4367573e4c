// Cells on the clipboard: tab-separated text as every spreadsheet reads and writes it, and an HTML table
// for letters and documents.

import type { ColumnType } from "../../engine";

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

/** What a cell holds beyond the text it shows. */
export type Exact = { is: "number"; number: number } | { is: "date"; iso: string } | { is: "flag"; flag: boolean } | { is: "own"; kind: ColumnType; value: unknown };

/** A cell on the clipboard. */
export interface ClipCell {
  text: string;
  exact?: Exact | undefined;
}

/** Rows of cells as an HTML table, with what spreadsheets and we ourselves read exact values from. */
export function formatHtml(rows: readonly (readonly ClipCell[])[]): string {
  const cell = ({ text, exact }: ClipCell) => {
    const number = exact?.is === "number" ? exact.number : exact?.is === "own" && typeof exact.value === "number" ? exact.value : null;
    const typed = number === null ? "" : ` sdval="${number}" x:num="${number}"`;
    const own = exact?.is === "own" ? ` data-tabella-kind="${exact.kind}" data-tabella-value="${escape(JSON.stringify(exact.value ?? null))}"` : "";
    return `<td${typed}${own}>${escape(text).replaceAll("\n", "<br>")}</td>`;
  };
  return `<table xmlns:x="urn:schemas-microsoft-com:office:excel">${rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("")}</table>`;
}

/** The cells of the first table of copied HTML; empty where there is none. */
export function parseHtml(html: string): ClipCell[][] {
  const page = new DOMParser().parseFromString(html, "text/html");
  const table = page.querySelector("table");
  if (!table) return [];
  for (const line of table.querySelectorAll("br")) line.replaceWith("\n");
  const styles = [...page.querySelectorAll("style")].map((one) => one.textContent ?? "").join("\n");
  return [...table.querySelectorAll("tr")].map((row) => [...row.querySelectorAll("td,th")].map((cell): ClipCell => ({ text: (cell.textContent ?? "").trim(), exact: exactOf(cell, styles) })));
}

/** The cells of the clipboard: text as it was copied, and over it the exact values where the same table came as HTML. */
export function readCells(text: string, html: string): ClipCell[][] {
  const typed = html === "" ? [] : parseHtml(html);
  if (text === "") return typed;
  const plain = parseTsv(text);
  const fits = typed.length === plain.length && plain.every((row, at) => row.length === typed[at]?.length);
  return plain.map((row, at) => row.map((cell, col): ClipCell => ({ text: cell, exact: fits ? typed[at]?.[col]?.exact : undefined })));
}

function exactOf(cell: Element, styles: string): Exact | undefined {
  const kind = cell.getAttribute("data-tabella-kind");
  if (kind !== null) return { is: "own", kind: kind as ColumnType, value: json(cell.getAttribute("data-tabella-value")) };
  const sheets = json(cell.getAttribute("data-sheets-value"));
  if (typeof sheets === "object" && sheets !== null) {
    const { 1: type, 3: number, 4: flag } = sheets as Record<string, unknown>;
    const format = json(cell.getAttribute("data-sheets-numberformat")) as Record<string, unknown> | null;
    if (type === 3 && typeof number === "number") return ofNumber(number, format !== null && [5, 6, 7].includes(Number(format["1"])) ? (typeof format["2"] === "string" ? format["2"] : "yyyy-mm-dd") : "");
    if (type === 4) return { is: "flag", flag: flag === 1 || flag === true };
    return undefined;
  }
  const office = cell.getAttribute("sdval");
  if (office !== null && office.trim() !== "" && Number.isFinite(Number(office))) return ofNumber(Number(office), (cell.getAttribute("sdnum") ?? "").split(";").slice(2).join(";"));
  const excel = cell.getAttribute("x:num");
  if (excel === null) return undefined;
  // Without a value the text itself is the number.
  const number = Number(excel === "" ? (cell.textContent ?? "").trim() : excel);
  if (!Number.isFinite(number) || (excel === "" && (cell.textContent ?? "").trim() === "")) return undefined;
  const style = (cell.getAttribute("style") ?? "") + (cell.getAttribute("class") ?? "").split(/\s+/).filter((name) => /^[\w-]+$/.test(name)).map((name) => new RegExp(`\\.${name}\\s*\\{([^}]*)\\}`).exec(styles)?.[1] ?? "").join(";");
  const quoted = /mso-number-format:\s*("[^"]*"|'[^']*'|[^;]*)/.exec(style)?.[1] ?? "";
  return ofNumber(number, quoted.replaceAll(/["'\\]/g, ""));
}

/** A number of a spreadsheet under its format: a date where that writes one. */
function ofNumber(number: number, format: string): Exact {
  const bare = format.replaceAll(/\[[^\]]*\]|"[^"]*"/g, "");
  const isDay = /y|d/i.test(bare) && !/general|standard|red/i.test(bare);
  if (!isDay) return { is: "number", number };
  // Day 0 is 1899-12-30: so both Excel and LibreOffice count all days since March 1900.
  const at = new Date(Math.round(number * 86_400) * 1000 + Date.UTC(1899, 11, 30));
  if (Number.isNaN(at.getTime())) return { is: "number", number };
  const iso = at.toISOString();
  return { is: "date", iso: Number.isInteger(number) ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 16)}` };
}

function json(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
