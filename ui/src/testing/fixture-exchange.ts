// The made-up bases' history, comments, trash, snapshots, names of accounts, and what an export answers.
import type { Act, BaseAccount, Comment, RecordId, Snapshot, TrashedBase } from "../engine";
import type { House } from "./fixture-structure";
import { changed, doorError, type Handlers, type TestTransport } from "./transport";

const HOUR = 3_600_000;

export function exchangeHandlers(house: House, tell: () => TestTransport): Handlers {
  const now = Date.now();
  let accounts: BaseAccount[] = [
    { name: "Vertrieb", account: 1, account_name: "office@example.org", kind: "imap" },
    { name: "Buchhaltung", account: null, account_name: null, kind: null },
  ];
  let comments: (Comment & { record: RecordId })[] = [
    { id: 1, record: 1, at: now - 3 * HOUR, text: "Bitte vor Freitag anrufen – der Termin wackelt.", resolved: false },
    { id: 2, record: 1, at: now - 50 * HOUR, text: "Angebot verschickt.", resolved: true },
  ];
  let snapshots: Snapshot[] = [
    { id: "s2", at: now - 26 * HOUR, name: "Vor dem Import", bytes: 2_400_000, records: 440 },
    { id: "s1", at: now - 200 * HOUR, name: "", bytes: 1_900_000, records: 398 },
  ];
  let bases: TrashedBase[] = [{ id: "weg", name: "Messe 2024", removed_at: now - 90 * HOUR, bytes: 340_000 }];
  let gone = [901, 902, 903].map((id, at) => ({ table: 3, id, text: ["Halle Nord", "Стара база", "Magazyn"][at]!, removed_at: now - (at + 1) * 7 * HOUR, cells: [["Name", ["Halle Nord", "Стара база", "Magazyn"][at]!], ["E-Mail", `alt${at}@example.org`], ["Firma", "Beton & Söhne"]] as [string, string][] }));
  let next = 50;
  const find = (name: string) => {
    const found = accounts.find((one) => one.name === name);
    if (!found) throw doorError("not_found", `There is no account “${name}” in this base.`);
    return found;
  };
  const told = (noun: "base" | "record", base: string) => tell().change(changed(noun, null, { base }));
  return {
    "base.accounts": () => accounts,
    "base.bind_account": async ({ base, name, account, add }) => {
      if (add && accounts.some((one) => one.name === name)) throw doorError("conflict", `The base has an account “${name}”.`, { remedy: "Choose another name." });
      const all = await tell().handlers["account.list"]!({});
      const of = all.find((one) => one.id === account);
      const made: BaseAccount = { name, account, account_name: of?.name ?? null, kind: of?.kind ?? null };
      accounts = add ? [...accounts, made] : accounts.map((one) => (one.name === name ? made : one));
      told("base", base);
      return made;
    },
    "base.rename_account": ({ base, name, new_name }) => {
      const made = { ...find(name), name: new_name };
      accounts = accounts.map((one) => (one.name === name ? made : one));
      told("base", base);
      return made;
    },
    "base.unbind_account": ({ base, name }) => {
      accounts = accounts.filter((one) => one.name !== name);
      told("base", base);
      return accounts;
    },
    "base.export": async ({ path, format, table }) => {
      await new Promise((done) => setTimeout(done, 300));
      return { path, bytes: 184_320, tables: table === null ? 2 : 1, records: 440, notes: format === "csv" ? [{ text: "Long texts were cut, as an Excel cell holds 32,767 characters: 2.", parts: { template: "Long texts were cut, as an Excel cell holds 32,767 characters: {number}.", args: { number: 2 } } }] : [] };
    },
    "base.progress": () => ({ running: true, records: 120, total: null }),
    "base.import_cancel": () => ({}),
    "base.preview_import": ({ into }) => ({ added: 1, updated: 2, unchanged: 4, emptied: 0, skipped: 0, misfits: [], mapping: into?.mapping ?? [] }),
    "base.trash": () => bases,
    "base.restore": async ({ id }) => {
      bases = bases.filter((one) => one.id !== id);
      tell().change(changed("base"));
      return (await tell().handlers["base.list"]!({}))[0]!;
    },
    "base.purge": ({ id }) => {
      bases = bases.filter((one) => one.id !== id);
      tell().change(changed("base"));
      return {};
    },
    "snapshot.list": () => snapshots,
    "snapshot.make": ({ base, name }) => {
      const made = { id: `s${next++}`, at: Date.now(), name: name ?? "", bytes: 2_500_000, records: 440 };
      snapshots = [made, ...snapshots];
      told("base", base);
      return made;
    },
    "snapshot.restore": ({ as_new_name }) => tell().handlers["base.create"]!({ name: as_new_name, color: null } as never),
    "snapshot.remove": ({ base, id }) => {
      snapshots = snapshots.filter((one) => one.id !== id);
      told("base", base);
      return {};
    },
    "base.history": ({ base, table, record }) => {
      const of = table ?? 4;
      const shelf = house.shelf(base, of);
      const [name, second] = shelf.table.columns;
      const id = record ?? 7;
      const text = String(shelf.value(id, name!) ?? "");
      const acts: Act[] = [
        { act: 9, at: now - HOUR / 3, by: "me", what: "record.update", table: of, records: 1, undone: false, changes: [{ table: of, record: id, text, kind: "update", column: second!.id, before: "Offen", after: "In Arbeit" }] },
        { act: 8, at: now - 4 * HOUR, by: "me", what: "record.remove", table: of, records: 2, undone: true, changes: [1, 2].map((one) => ({ table: of, record: one, text: `Halle ${one}`, kind: "remove", column: null, before: null, after: null })) },
        { act: 7, at: now - 30 * HOUR, by: "other", what: "record.update", table: of, records: 6, undone: false, changes: Array.from({ length: 6 }, (_, at) => ({ table: of, record: id, text, kind: "update", column: name!.id, before: at === 0 ? null : `Alt ${at}`, after: `Neu ${at}` })) },
        { act: 6, at: now - 70 * HOUR, by: "me", what: "column.add", table: of, records: 0, undone: false, changes: [{ table: of, record: null, text: second!.name, kind: "column", column: null, before: null, after: null }] },
      ];
      return { acts: record === null ? acts : acts.filter((act) => act.what === "record.update"), more: false };
    },
    "comment.list": ({ record }) => comments.filter((one) => one.record === record),
    "comment.add": ({ base, record, text }) => {
      const made = { id: next++, record, at: Date.now(), text, resolved: false };
      comments = [...comments, made];
      told("record", base);
      return made;
    },
    "comment.resolve": ({ base, id, resolved }) => {
      comments = comments.map((one) => (one.id === id ? { ...one, resolved } : one));
      told("record", base);
      return comments.find((one) => one.id === id)!;
    },
    "comment.remove": ({ base, id }) => {
      comments = comments.filter((one) => one.id !== id);
      told("record", base);
      return {};
    },
    "record.trash": ({ table, limit }) => {
      const rows = gone.filter((one) => table === null || one.table === table);
      return { total: rows.length, rows: rows.slice(0, limit) };
    },
    "record.restore": ({ base, records }) => {
      gone = gone.filter((one) => !records.includes(one.id));
      told("record", base);
      return { act: next++, records };
    },
  };
}
