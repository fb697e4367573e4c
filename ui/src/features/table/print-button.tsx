// Printing a view: its records as a table on pages of their own.
import { Printer } from "lucide-react";
import { useState } from "react";
import { toast } from "../../design";
import { call, toEngineError, type BaseId, type Column, type RecordRow, type Table, type View } from "../../engine";
import { currentFormats, currentLanguage, translate, useT } from "../../i18n";
import { tellError } from "../../shell";
import { isRightAligned } from "../cell/kinds";
import { showCell } from "../cell/show";
import { ToolButton } from "../view/toolbar";
import { shownColumns } from "./shown-columns";
import "./print.css";

/** Records on paper at most: some sixty pages. */
export const MOST_PRINTED = 2000;
const PAGE = 1000;

export function PrintButton({ base, table, view, search }: { base: BaseId; table: Table; view: View; search: string }) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await printView(base, table, view, search);
    } catch (thrown) {
      tellError(toEngineError(thrown));
    } finally {
      setBusy(false);
    }
  };
  return <ToolButton minor icon={Printer} label={t("view:print.title")} disabled={busy} onPress={() => void run()} />;
}

export async function printView(base: BaseId, table: Table, view: View, search: string): Promise<void> {
  const rows: RecordRow[] = [];
  const places = new Map<number, number>();
  let total = 0;
  do {
    const page = await call("record.list", { base, table: table.id, view: view.id, search: search || null, offset: rows.length, limit: Math.min(PAGE, MOST_PRINTED - rows.length) });
    total = page.total;
    page.columns.forEach((column, at) => places.set(column, at));
    rows.push(...page.rows);
    if (page.rows.length === 0) break;
  } while (rows.length < Math.min(total, MOST_PRINTED));
  if (total > rows.length) toast(translate("view:first_shown", { n: currentFormats().number(rows.length), all: currentFormats().number(total) }), { tone: "warning" });

  const sheet = sheetOf(table, view, rows, total, (row, column) => row.cells[places.get(column) ?? -1] ?? null);
  document.body.append(sheet);
  document.documentElement.dataset["printing"] = "sheet";
  const done = () => {
    globalThis.removeEventListener("afterprint", done);
    delete document.documentElement.dataset["printing"];
    sheet.remove();
  };
  globalThis.addEventListener("afterprint", done);
  globalThis.print();
}

/** The records as a page to print. */
export function sheetOf(table: Table, view: View, rows: readonly RecordRow[], total: number, value: (row: RecordRow, column: number) => unknown): HTMLElement {
  const language = currentLanguage();
  const format = currentFormats();
  const element = (name: string, text?: string, className?: string) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const columns = shownColumns(table, view).filter((column) => column.type !== "button");
  // Wide tables get smaller letters and the paper's long side, where the printer can.
  const sheet = element("section", undefined, "print-sheet");
  sheet.dataset["columns"] = columns.length > 10 ? "many" : columns.length > 6 ? "several" : "few";
  if (columns.length > 6) sheet.append(element("style", "@page { size: landscape; }"));
  const lookOf = (column: Column) => (isRightAligned(column.type) ? "right" : ["date", "created_time", "modified_time", "rating", "checkbox", "phone"].includes(column.type) ? "whole" : undefined);
  const head = element("header");
  head.append(element("h1", `${table.name} – ${view.name}`));
  const count = translate("record:count", { count: total });
  head.append(element("p", [format.date(Date.now()), count, ...(rows.length < total ? [translate("view:first_shown", { n: format.number(rows.length), all: format.number(total) })] : [])].join(" · ")));
  const grid = element("table");
  const names = element("tr");
  for (const column of columns) names.append(element("th", column.name, isRightAligned(column.type) ? "right" : undefined));
  const top = element("thead");
  top.append(names);
  const body = element("tbody");
  const groups = view.groups.flatMap((one) => table.columns.find((column) => column.id === one.column) ?? []);
  let last = "";
  for (const row of rows) {
    const path = groups.map((column) => showCell(column, value(row, column.id), language) || translate("view:group.empty")).join(" › ");
    if (groups.length > 0 && path !== last) {
      const line = element("tr", undefined, "group");
      const cell = element("td", path) as HTMLTableCellElement;
      cell.colSpan = columns.length;
      line.append(cell);
      body.append(line);
      last = path;
    }
    const line = element("tr");
    for (const column of columns) line.append(element("td", showCell(column, value(row, column.id), language), lookOf(column)));
    body.append(line);
  }
  grid.append(top, body);
  sheet.append(head, grid);
  return sheet;
}
