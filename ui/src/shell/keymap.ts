// From key presses to actions: one listener for the whole window.
import { useEffect } from "react";
import { presentActions, type Action } from "./actions";
import { isSingleKey, isTyping, keyToken, type KeyPress } from "./keys";

/** A second step of a sequence must follow within this time, ms. */
const SEQUENCE_MS = 1200;

export interface Keymap {
  /** Handles a press; true where it was a shortcut or the begin of one. */
  press(event: KeyPress, place: { typing: boolean; modal: boolean }, now: number): boolean;
}

/** A keymap over whatever actions apply at the time of a press. */
export function createKeymap(options: { actions: () => readonly Action[]; singleKeys: () => boolean }): Keymap {
  let begun = "";
  let begunAt = 0;
  return {
    press(event, place, now) {
      const token = keyToken(event);
      if (token === null) return false;
      if (!options.singleKeys() && isSingleKey(token)) return false;
      if (place.typing && isSingleKey(token)) return false;
      const candidates = options
        .actions()
        .filter((action) => (!place.typing && !place.modal) || action.inFields)
        .filter((action) => action.keys);
      const prefix = now - begunAt <= SEQUENCE_MS ? begun : "";
      begun = "";
      for (const sequence of prefix ? [`${prefix} ${token}`, token] : [token]) {
        const exact = candidates.find((action) => action.keys?.includes(sequence) && (action.when?.() ?? true));
        if (exact) {
          exact.perform();
          return true;
        }
        const begins = candidates.some(
          (action) => action.keys?.some((keys) => keys.startsWith(`${sequence} `)) && (action.when?.() ?? true),
        );
        if (begins) {
          begun = sequence;
          begunAt = now;
          return true;
        }
      }
      return false;
    },
  };
}

/** Listens while mounted. `singleKeys` false leaves only shortcuts with a modifier. */
export function useKeymap(singleKeys: boolean): void {
  useEffect(() => {
    const keymap = createKeymap({ actions: () => presentActions(), singleKeys: () => singleKeys });
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      // What has the focus takes the keys that press it.
      if ((event.key === "Enter" || event.key === " ") && event.target instanceof Element && event.target.closest("button,a[href],summary")) return;
      const modal = document.querySelector("[data-modal]") !== null;
      if (keymap.press(event, { typing: isTyping(event.target), modal }, event.timeStamp)) event.preventDefault();
    };
    globalThis.addEventListener("keydown", listen);
    return () => globalThis.removeEventListener("keydown", listen);
  }, [singleKeys]);
}

/** Feeds a press that another document forwarded (the frame of a message) to the same keymap. */
export function forwardKey(press: { key: string; code: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; shiftKey: boolean }): void {
  globalThis.dispatchEvent(new KeyboardEvent("keydown", { ...press, bubbles: true, cancelable: true }));
}
