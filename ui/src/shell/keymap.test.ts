import { describe, expect, test, vi } from "vitest";
import type { Action } from "./actions";
import { createKeymap } from "./keymap";
import { keyToken, type KeyPress } from "./keys";

function press(key: string, code = "", held: Partial<KeyPress> & { altGraph?: boolean } = {}): KeyPress {
  return {
    key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false,
    ...held,
    getModifierState: (name) => name === "AltGraph" && held.altGraph === true,
  };
}

const action = (id: string, keys: string[], more: Partial<Action> = {}) => {
  const perform = vi.fn();
  return { id, keys, scope: "app", title: "common:undo", perform, ...more } as Action & { perform: typeof perform };
};
const free = { typing: false, modal: false };

describe("a key press", () => {
  test("is its letter, on whatever layout", () => {
    expect(keyToken(press("j", "KeyJ"))).toBe("j");
    expect(keyToken(press("о", "KeyJ"))).toBe("j");
    expect(keyToken(press("О", "KeyJ", { shiftKey: true }))).toBe("shift+j");
    expect(keyToken(press("л", "KeyK", { ctrlKey: true }))).toBe("mod+k");
  });
  test("is the ASCII letter shown on the key where the layout has one, not its place", () => {
    expect(keyToken(press("z", "KeyY"))).toBe("z");
    expect(keyToken(press("a", "KeyQ"))).toBe("a");
  });
  test("is a sign without its Shift", () => {
    expect(keyToken(press("#", "Digit3", { shiftKey: true }))).toBe("#");
    expect(keyToken(press("№", "Digit3", { shiftKey: true }))).toBe("#");
    expect(keyToken(press("?", "Slash", { shiftKey: true }))).toBe("?");
  });
  test("typed with AltGr is that character and never a Ctrl+Alt shortcut", () => {
    expect(keyToken(press("ę", "KeyE", { altGraph: true, ctrlKey: true, altKey: true }))).toBeNull();
    expect(keyToken(press("@", "KeyQ", { ctrlKey: true, altKey: true }))).toBe("@");
  });
  test("of a modifier alone is nothing", () => {
    expect(keyToken(press("Shift", "ShiftLeft", { shiftKey: true }))).toBeNull();
  });
});

describe("the keymap", () => {
  test("performs a sequence, and not its second letter alone", () => {
    const inbox = action("go.mail", ["g i"]);
    const info = action("mail.info", ["i"]);
    const keymap = createKeymap({ actions: () => [inbox, info], singleKeys: () => true });
    expect(keymap.press(press("g", "KeyG"), free, 0)).toBe(true);
    keymap.press(press("ш", "KeyI"), free, 500);
    expect(inbox.perform).toHaveBeenCalledOnce();
    expect(info.perform).not.toHaveBeenCalled();
  });
  test("forgets the begin of a sequence after a while", () => {
    const inbox = action("go.mail", ["g i"]);
    const keymap = createKeymap({ actions: () => [inbox], singleKeys: () => true });
    keymap.press(press("g", "KeyG"), free, 0);
    expect(keymap.press(press("i", "KeyI"), free, 5000)).toBe(false);
    expect(inbox.perform).not.toHaveBeenCalled();
  });
  test("leaves letters alone while typing, and takes only what says so", () => {
    const archive = action("message.archive", ["e"]);
    const undo = action("app.undo", ["mod+z"]);
    const palette = action("app.palette", ["mod+k"], { inFields: true });
    const keymap = createKeymap({ actions: () => [archive, undo, palette], singleKeys: () => true });
    const typing = { typing: true, modal: false };
    expect(keymap.press(press("e", "KeyE"), typing, 0)).toBe(false);
    expect(keymap.press(press("z", "KeyZ", { ctrlKey: true }), typing, 0)).toBe(false);
    expect(keymap.press(press("k", "KeyK", { ctrlKey: true }), typing, 0)).toBe(true);
  });
  test("without single keys still has shortcuts with a modifier", () => {
    const archive = action("message.archive", ["e", "#"]);
    const undo = action("app.undo", ["mod+z"]);
    const keymap = createKeymap({ actions: () => [archive, undo], singleKeys: () => false });
    expect(keymap.press(press("e", "KeyE"), free, 0)).toBe(false);
    expect(keymap.press(press("#", "Digit3", { shiftKey: true }), free, 0)).toBe(false);
    expect(keymap.press(press("z", "KeyZ", { ctrlKey: true }), free, 0)).toBe(true);
  });
  test("passes an action over that can't be done now", () => {
    const near = action("mail.open", ["enter"], { when: () => false });
    const far = action("app.open", ["enter"]);
    const keymap = createKeymap({ actions: () => [near, far], singleKeys: () => true });
    keymap.press(press("Enter", "Enter"), free, 0);
    expect(near.perform).not.toHaveBeenCalled();
    expect(far.perform).toHaveBeenCalledOnce();
  });
});
