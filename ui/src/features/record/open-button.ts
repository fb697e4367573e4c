// What a button of a record does here: opens its address, with the record's cells in it.
import type { Column, RecordRow } from "../../engine";
import { openLink } from "../../engine/desktop";
import { buttonAddress, filledAddress } from "../cell/button";
import { showCell } from "../cell/show";
import type { RecordSource } from "./source";

export function openButton(source: RecordSource, columns: readonly Column[], column: Column, row: RecordRow, language: string): void {
  const address = buttonAddress(column);
  if (address === null) return;
  const cell = (name: string) => {
    const of = columns.find((one) => one.name === name);
    return of ? showCell(of, source.value(row, of.id), language) : "";
  };
  void openLink(filledAddress(address, cell));
}
