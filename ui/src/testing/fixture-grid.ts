// What is done with records and columns of the made-up bases beyond writing cells.
import type { RecordHit } from "../engine";
import type { House } from "./fixture-structure";
import { changed, type Handlers, type TestTransport } from "./transport";

export function gridHandlers(house: House, tell: () => TestTransport): Handlers {
  const hitsOf = (args: { base: string; table: number; view: number | null; text: string; case: boolean; whole: boolean; column: number | null }): RecordHit[] => {
    const shelf = house.shelf(args.base, args.table);
    const view = shelf.table.views.find((one) => one.id === args.view);
    const fold = (text: string) => (args.case ? text : text.toLowerCase());
    const wanted = fold(args.text);
    const columns = shelf.table.columns.filter((one) => (args.column === null || one.id === args.column) && (one.type === "text" || one.type === "email"));
    return shelf.ids(view?.filter ?? null, null, [...(view?.groups ?? []), ...(view?.sorts ?? [])]).flatMap((record, offset) =>
      columns.flatMap((column): RecordHit[] => {
        const text = fold(String(shelf.value(record, column) ?? ""));
        return (args.whole ? text === wanted : text.includes(wanted)) ? [{ record, column: column.id, offset }] : [];
      }),
    );
  };
  return {
    "record.find": (args) => {
      const hits = hitsOf(args);
      return { hits: hits.slice(0, 1000), total: hits.length };
    },
    "record.replace": async (args) => {
      const shelf = house.shelf(args.base, args.table);
      const hits = args.records ?? hitsOf(args);
      const records = hits.map(({ record, column }) => {
        const of = shelf.table.columns.find((one) => one.id === column)!;
        const text = String(shelf.value(record, of) ?? "");
        return { id: record, cells: { [column]: text.replaceAll(new RegExp(args.text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"), args.case ? "g" : "gi"), args.replacement) } };
      });
      return await tell().handlers["record.update"]!({ base: args.base, table: args.table, records });
    },
    "record.duplicate": async ({ base, table, records }) => {
      const shelf = house.shelf(base, table);
      return await tell().handlers["record.add"]!({ base, table, records: records.map((id) => Object.fromEntries(shelf.table.columns.map((column) => [column.id, shelf.value(id, column)]))) });
    },
    "record.lock": ({ base, table, records, locked }) => {
      for (const id of records) {
        if (locked) house.locked.add(`${base}/${table}/${id}`);
        else house.locked.delete(`${base}/${table}/${id}`);
      }
      tell().change(changed("record", null, { base }));
      return { act: house.nextId(), records };
    },
    "column.duplicate": ({ base, table, column, name }) => {
      const { table: before } = house.shelf(base, table);
      const of = before.columns.find((one) => one.id === column)!;
      const made = { ...of, id: house.nextId(), name: name ?? `${of.name} (copy)` };
      house.put(base, { ...before, columns: [...before.columns, made] });
      return made;
    },
  };
}
