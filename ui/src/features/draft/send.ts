// Handing a draft over, and the seconds in which it can be taken back.
import { dismissToast, toast, updateToast } from "../../design";
import { call, toEngineError, type DraftId, type SubmissionId } from "../../engine";
import { currentFormats, translate } from "../../i18n";
import { forget, pushUndo, takeBack, tellError } from "../../shell";
import { openDraft } from "./store";

/** Sends a saved draft. True where it is queued; then it is no draft any more. */
export async function sendDraft(draft: DraftId, sendAt: number | null): Promise<boolean> {
  try {
    const submission = await call("submission.send", { draft_id: draft, send_at: sendAt });
    offerTakingBack(submission.id, submission.send_at, sendAt !== null);
    return true;
  } catch (thrown) {
    tellError(toEngineError(thrown));
    return false;
  }
}

async function cancel(id: SubmissionId): Promise<void> {
  try {
    const { draft_id } = await call("submission.cancel", { id });
    if (draft_id !== null) openDraft(draft_id);
  } catch (thrown) {
    tellError(toEngineError(thrown));
  }
}

/** A toast that counts down to the hand-over; a letter for later says when instead. */
function offerTakingBack(id: SubmissionId, sendAt: number, later: boolean): void {
  const left = () => Math.ceil((sendAt - Date.now()) / 1000);
  const text = () =>
    later ? translate("draft:sent.later", { time: currentFormats().dateTime(sendAt) }) : translate("draft:sent.counting", { seconds: currentFormats().countdown(left()) });
  if (!later && left() <= 0) {
    toast(translate("draft:sent.now"), { tone: "success" });
    return;
  }
  let timer: ReturnType<typeof setInterval> | undefined;
  const undo = pushUndo({
    scope: "mail",
    label: translate("draft:sent.label"),
    undo: () => {
      clearInterval(timer);
      dismissToast(shown);
      return cancel(id);
    },
  });
  const shown = toast(text(), {
    action: {
      label: translate("common:undo"),
      keys: "mod+z",
      perform: () => void takeBack(undo),
    },
    duration_ms: later ? 10_000 : 0,
  });
  if (later) return;
  timer = setInterval(() => {
    if (left() > 0) {
      updateToast(shown, { text: text() });
      return;
    }
    clearInterval(timer);
    forget(undo);
    updateToast(shown, { text: translate("draft:sent.now"), tone: "success", action: undefined, duration_ms: 3000 });
  }, 500);
}
