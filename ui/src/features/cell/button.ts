// Buttons that came with a file. One that opens an address works; what others do is not done here, and they say so.
import type { Column } from "../../engine";

interface Action {
  action_type?: unknown;
  url_address?: unknown;
  url?: unknown;
}

const word = (value: unknown): string => (typeof value === "string" ? value : "");

/** What stands on the button. */
export const buttonName = (column: Column): string => word(column.settings["button_name"]) || column.name;

/** The address a button opens, with `{Column}` where a cell stands; null where it does anything else. */
export function buttonAddress(column: Column): string | null {
  const list = column.settings["button_action_list"];
  const actions: Action[] = Array.isArray(list) ? (list as Action[]) : word(column.settings["button_type"]) === "" ? [] : [{ ...column.settings, action_type: column.settings["button_type"] }];
  const [only] = actions;
  if (!only || actions.length > 1 || only.action_type !== "open_url") return null;
  const address = word(only.url_address) || word(only.url);
  return address === "" ? null : address;
}

/** The address with the cells of a record in it; a cell can only stand inside of it, never change where it leads. */
export function filledAddress(address: string, cell: (name: string) => string): string {
  return address.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => encodeURIComponent(cell(name)));
}
