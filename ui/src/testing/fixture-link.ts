// Links of the made-up bases: which records can be chosen.
import type { House } from "./fixture-structure";
import type { Handlers } from "./transport";

export function linkHandlers(house: House): Handlers {
  return {
    "record.candidates": ({ base, table, column, search, offset, limit }) => {
      const link = house.shelf(base, table).table.columns.find((one) => one.id === column)!;
      const far = house.shelf(base, Number(link.settings["table"]));
      const name = far.table.columns[0]!;
      const view = far.table.views.find((one) => one.id === link.settings["view"]);
      const rows = far
        .ids(view?.filter ?? null, null, view?.sorts ?? [])
        .map((id) => ({ id, text: String(far.value(id, name) ?? "") }))
        .filter((one) => one.text.toLowerCase().includes((search ?? "").toLowerCase()));
      return { total: rows.length, rows: rows.slice(offset, offset + limit) };
    },
  };
}
