// A source of a single record, for showing one that no list of the screen holds.
import { call, type BaseId, type RecordId, type RecordPage, type TableId } from "../../engine";
import { RecordSource } from "./source";

export class OneRecord extends RecordSource {
  constructor(base: BaseId, table: TableId, private readonly id: RecordId) {
    super({ base, table, view: null, filter: null, search: null, sorts: null });
    this.start();
  }

  protected override async ask(): Promise<RecordPage> {
    const { columns, ...row } = await call("record.get", { base: this.aim.base, table: this.aim.table, record: this.id });
    return { total: 1, columns, rows: [row] };
  }
}
