// How a shortcut is written for people.

const mac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");

const caps: Record<string, string> = {
  mod: mac ? "⌘" : "Ctrl",
  alt: mac ? "⌥" : "Alt",
  shift: mac ? "⇧" : "Shift",
  enter: "↵",
  escape: "Esc",
  arrowup: "↑",
  arrowdown: "↓",
  arrowleft: "←",
  arrowright: "→",
  backspace: "⌫",
  delete: "Del",
  space: "␣",
};

/** `mod+shift+k` as caps, one list a step of a sequence. */
export function keyCaps(keys: string): string[][] {
  return keys.split(" ").map((step) => {
    const parts = step === "+" ? ["+"] : step.split("+");
    return parts.map((part) => caps[part] ?? (/^(.|f\d+)$/u.test(part) ? part.toUpperCase() : part));
  });
}
