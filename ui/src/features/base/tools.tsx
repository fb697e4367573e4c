// Dialogs about one base, or about all of them, that its menu and the palette open.
import type { Base, TableId, ViewId } from "../../engine";
import { AccountsDialog } from "./accounts-dialog";
import { BaseTrashDialog } from "./base-trash-dialog";
import { ExportDialog } from "./export-dialog";
import { HistoryDialog } from "./history-dialog";
import { RecordTrashDialog } from "./record-trash-dialog";
import { SnapshotsDialog } from "./snapshots-dialog";

export type BaseTool = "export" | "accounts" | "history" | "trash" | "snapshots";
export type OpenTool = { tool: BaseTool; base: Base } | { tool: "bases" };

export function ToolDialog({ open, table, view, onClose }: { open: OpenTool; /** What is open of that base. */ table: TableId | null; view: ViewId | null; onClose: () => void }) {
  switch (open.tool) {
    case "export":
      return <ExportDialog base={open.base} table={table} view={view} onClose={onClose} />;
    case "accounts":
      return <AccountsDialog base={open.base} onClose={onClose} />;
    case "history":
      return <HistoryDialog base={open.base} table={table} onClose={onClose} />;
    case "trash":
      return <RecordTrashDialog base={open.base} table={table} onClose={onClose} />;
    case "snapshots":
      return <SnapshotsDialog base={open.base} onClose={onClose} />;
    case "bases":
      return <BaseTrashDialog onClose={onClose} />;
  }
}
