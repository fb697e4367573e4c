// What a key press means, whatever the keyboard layout. A press becomes one token, such as `mod+k`, `e`,
// `#`, `shift+arrowdown`; shortcuts are sequences of tokens with a space between them.
//
// Letters are taken from `event.key` where that is ASCII, else from the place of the key (`event.code`),
// so that J works on ЙЦУКЕН. A character typed with AltGr is that character and nothing else.

const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");

/** What the shifted digits and signs of a US keyboard give; for layouts without those characters. */
const shifted: Record<string, string> = {
  Digit1: "!", Digit2: "@", Digit3: "#", Digit4: "$", Digit5: "%", Digit6: "^", Digit7: "&", Digit8: "*", Digit9: "(", Digit0: ")",
  Slash: "?", Comma: "<", Period: ">", Semicolon: ":", Quote: '"', BracketLeft: "{", BracketRight: "}", Minus: "_", Equal: "+", Backquote: "~",
};
const plain: Record<string, string> = {
  Slash: "/", Comma: ",", Period: ".", Semicolon: ";", Quote: "'", BracketLeft: "[", BracketRight: "]", Minus: "-", Equal: "=", Backquote: "`",
};

export type KeyPress = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "getModifierState">;

const modifiers = new Set(["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "NumLock", "Dead", "Process", "Unidentified"]);

/** The token of a key press; null for modifiers alone and for characters that no shortcut can use. */
export function keyToken(press: KeyPress): string | null {
  const { key, code } = press;
  if (modifiers.has(key)) return null;
  const printable = [...key].length === 1;
  // Windows reports AltGr as Ctrl+Alt; no shortcut uses that pair with a character.
  const altGraph = press.getModifierState("AltGraph") || (printable && press.ctrlKey && press.altKey);
  const ctrl = altGraph ? false : press.ctrlKey;
  const alt = altGraph ? false : press.altKey;
  const mod = isMac ? press.metaKey : ctrl;

  if (!isMac && press.metaKey) return null;

  let name: string;
  let shift = press.shiftKey;
  if (!printable) {
    name = key.toLowerCase();
  } else if (key === " ") {
    name = "space";
  } else {
    let char = key;
    if (char < "!" || char > "~") {
      if (altGraph) return null;
      const letter = /^Key([A-Z])$/.exec(code)?.[1];
      const digit = /^Digit([0-9])$/.exec(code)?.[1];
      const sign = (shift ? shifted[code] : undefined) ?? plain[code] ?? digit;
      if (letter) char = letter;
      else if (sign) char = sign;
      else return null;
    }
    name = char.toLowerCase();
    // A sign already holds its Shift; a letter does not.
    if (!/[a-z]/.test(name)) shift = false;
  }
  return [mod && "mod", isMac && press.ctrlKey && "ctrl", alt && "alt", shift && "shift", name].filter(Boolean).join("+");
}

/** Whether a token is a character alone: those can be switched off (WCAG 2.1.4). */
export function isSingleKey(token: string): boolean {
  const last = token.startsWith("shift+") ? token.slice(6) : token;
  return [...last].length === 1 || last === "space";
}

/** Whether the press belongs to a text that is being typed. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("[contenteditable='true'],[contenteditable='']")) return true;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (!(target instanceof HTMLInputElement)) return false;
  return !["checkbox", "radio", "button", "submit", "reset", "range", "color", "file"].includes(target.type);
}
