// Undo of a base: the engine keeps the acts; the window only asks for it and offers it.
import { dismissToast, toast } from "../../design";
import { call, toEngineError, writesOf, type BaseId } from "../../engine";
import { translate, type MessageKey } from "../../i18n";
import { tellError } from "../../shell";
import { actKey } from "../record/acts";

let offered: number | null = null;

/** Words for what was taken back. */
const known = new Set(["record.add", "record.update", "record.remove", "column.add", "column.update", "column.remove", "table.create", "table.update", "table.remove", "view.add", "view.update", "view.move_to", "view.remove"]);
const wordOf = (what: string) => {
  const done = actKey(what);
  return translate(known.has(what) ? (`base:act.${what.replace(".", "_")}` as MessageKey) : done === "history:did.other" ? "base:act.other" : done);
};

async function step(base: BaseId, kind: "undo" | "redo"): Promise<void> {
  withdrawOffer();
  // Who undoes at once means what was just typed, not what was done before it.
  await writesOf(base);
  try {
    const { what, conflicts } = await call(kind === "undo" ? "base.undo" : "base.redo", { base });
    if (what === null) {
      toast(translate(kind === "undo" ? "base:nothing_to_undo" : "base:nothing_to_redo"));
      return;
    }
    toast(translate(kind === "undo" ? "base:undone" : "base:redone", { what: wordOf(what) }), conflicts > 0 ? { tone: "warning", hint: translate("base:conflicts", { count: conflicts }) } : {});
  } catch (thrown) {
    tellError(toEngineError(thrown));
  }
}

export const undoBase = (base: BaseId): Promise<void> => step(base, "undo");
export const redoBase = (base: BaseId): Promise<void> => step(base, "redo");

/** Says what was done with a button that takes it back; true only until the next write. */
export function offerBaseUndo(base: BaseId, label: string): void {
  withdrawOffer();
  offered = toast(label, { action: { label: translate("common:undo"), keys: "mod+z", perform: () => void undoBase(base) } });
}

/** Something newer was written: undo would now mean that. */
export function withdrawOffer(): void {
  if (offered !== null) dismissToast(offered);
  offered = null;
}
