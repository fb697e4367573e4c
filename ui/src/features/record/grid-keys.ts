// What the keys of the grid do, beyond moving the cursor (keys.ts). The grid gives its state and its acts.
import type { KeyboardEvent } from "react";
import type { Column, RecordRow, RecordValues } from "../../engine";
import { emptyCells, fillDown, type CellJob } from "./cells";
import { movedBy, typesCharacter, walkedBy, type Place } from "./keys";
import type { GroupLine } from "./lines";

export interface GridPress {
  at: Place;
  /** Lines and columns. */
  bounds: { rows: number; cols: number; page: number };
  column: Column | undefined;
  row: RecordRow | undefined;
  head: GroupLine | null;
  several: boolean;
  job: CellJob | null;
  writable: boolean;
  moveTo: (place: Place, extend?: boolean) => void;
  widen: (column: Column, by: number) => void;
  columnMenu: () => void;
  rowMenu: () => void;
  selectAll: () => void;
  selectOne: () => void;
  run: (work: Promise<boolean>) => void;
  edit: (records: RecordValues[]) => void;
  beginEdit: (initial: string | null) => void;
  tickRow: () => void;
  expand: () => void;
  toggle: (head: GroupLine, open: boolean) => void;
}

const isMac = /Mac/.test(globalThis.navigator?.platform ?? "");

const dayText = (now: Date) => `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;

/** Keys on the head of a group; false where the key means the same as elsewhere. */
function pressOnHead(key: string, head: GroupLine, press: GridPress): boolean {
  if (key === "Enter" || key === " ") press.toggle(head, !head.open);
  else if (key === "ArrowRight" && !head.open) press.toggle(head, true);
  else if (key === "ArrowLeft" && head.open) press.toggle(head, false);
  else return false;
  return true;
}

/** True where the key was taken. */
export function pressInGrid(event: KeyboardEvent, press: GridPress): boolean {
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const { key, shiftKey: shift, altKey: alt } = event;
  const { at, bounds, column, row, head, job } = press;
  if (alt && at.row === -1 && column && (key === "ArrowLeft" || key === "ArrowRight")) {
    press.widen(column, key === "ArrowLeft" ? -20 : 20);
    return true;
  }
  if (alt) return false;
  if (key === "Tab") {
    const next = walkedBy({ ...at, row: Math.max(0, at.row) }, "Tab", shift, bounds);
    // At the ends Tab leaves the grid, as from any other control.
    if (!next) return false;
    press.moveTo(next);
    return true;
  }
  if (at.row === -1 && column && (key === "Enter" || key === "F2" || key === " " || key === "ContextMenu")) {
    press.columnMenu();
    return true;
  }
  if (head && !mod && !shift && pressOnHead(key, head, press)) return true;
  const next = movedBy(at, { key, mod, shift }, bounds);
  if (next) {
    press.moveTo(next, shift);
    return true;
  }
  if (mod && event.code === "KeyA") {
    press.selectAll();
    return true;
  }
  if (mod && event.code === "KeyD") {
    if (job) press.run(fillDown(job));
    return true;
  }
  if (mod && (key === ";" || event.code === "Semicolon") && row && column?.type === "date") {
    press.edit([{ id: row.id, cells: { [column.id]: dayText(new Date()) } }]);
    return true;
  }
  if (mod || event.metaKey) return false;
  if (key === " ") {
    if (shift && row) press.tickRow();
    else if (row) press.expand();
    return true;
  }
  if (key === "Enter" || key === "F2") {
    if (!shift) press.beginEdit(null);
    return true;
  }
  if (key === "Delete" || key === "Backspace") {
    if (job) press.run(emptyCells(job));
    return true;
  }
  if (key === "Escape" && press.several) {
    press.selectOne();
    return true;
  }
  if ((key === "ContextMenu" || (key === "F10" && shift)) && row && column) {
    press.rowMenu();
    return true;
  }
  // A record that is still on its way gets what is typed once it is there.
  if (typesCharacter(event) && press.writable && !head && at.row >= 0 && bounds.rows > 0) {
    if (column?.type !== "checkbox") press.beginEdit(key);
    return true;
  }
  return false;
}
