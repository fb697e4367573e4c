// A long piece of work on the list, told in a toast that counts and can stop it.
import { dismissToast, toast, updateToast } from "../../design";
import { currentLanguage, formats, translate } from "../../i18n";

/** Work that is over sooner is not told of, ms. */
const PATIENCE_MS = 400;

export class Progress {
  stopped = false;
  private shown: number | null = null;
  private readonly since = performance.now();

  /** Says how far it is. */
  at(done: number, total: number): void {
    if (this.stopped || performance.now() - this.since < PATIENCE_MS) return;
    const { number } = formats(currentLanguage());
    const text = translate("thread:progress", { done: number(done), total: number(total) });
    if (this.shown === null) {
      this.shown = toast(text, {
        duration_ms: 0,
        action: { label: translate("thread:stop"), perform: () => void (this.stopped = true) },
      });
    } else updateToast(this.shown, { text });
  }

  end(): void {
    if (this.shown !== null) dismissToast(this.shown);
    this.shown = null;
  }
}
