// The registry of actions: menus, shortcuts, the palette and the help page all read it.
import type { LucideIcon } from "lucide-react";
import { useLayoutEffect, useRef } from "react";
import { create } from "zustand";
import type { MenuEntry } from "../design";
import type { MessageKey, T } from "../i18n";

/** Where an action applies: `app` everywhere, else while a {@link useScope} of that name is mounted. */
export type Scope = "app" | "mail" | "reader" | "composer" | "base" | "grid" | "outbox" | "settings";

export interface Action {
  /** `noun.verb`, unique in its scope. */
  id: string;
  title: MessageKey;
  icon?: LucideIcon;
  /** Shortcuts: `e`, `g i`, `mod+k`, `#`; the first is the one shown. */
  keys?: readonly string[];
  scope: Scope;
  /** Whether it can be done now; left out: always. */
  when?: () => boolean;
  perform: () => void;
  /** Works while typing too; only for keys with `mod` or function keys. */
  inFields?: boolean;
  /** Not in the palette (cursor movement and the like); still in the help. */
  quiet?: boolean;
  danger?: boolean;
}

interface Registry {
  actions: readonly Action[];
  /** Mounted scopes, the newest last. */
  scopes: readonly Scope[];
}

export const registry = create<Registry>(() => ({ actions: [], scopes: [] }));

/** Adds an action; returns its removal. An action registered later stands before earlier ones. */
export function registerAction(action: Action): () => void {
  registry.setState(({ actions }) => ({ actions: [...actions, action] }));
  return () => registry.setState(({ actions }) => ({ actions: actions.filter((one) => one !== action) }));
}

/** Actions of a mounted component. `perform` and `when` are always the newest; the list's ids, titles
    and keys are read once a change of their count or order. */
export function useActions(actions: readonly Action[]): void {
  const latest = useRef(actions);
  // Before the paint: whoever sees the screen may press its keys.
  useLayoutEffect(() => {
    latest.current = actions;
  });
  const shape = actions.map((one) => `${one.scope}/${one.id}/${one.title}/${one.keys?.join("|") ?? ""}`).join("\n");
  useLayoutEffect(() => {
    const find = (id: string, scope: Scope) => latest.current.find((one) => one.id === id && one.scope === scope);
    const mine = latest.current.map<Action>((one) => ({
      ...one,
      when: () => {
        const now = find(one.id, one.scope);
        return now !== undefined && (now.when?.() ?? true);
      },
      perform: () => find(one.id, one.scope)?.perform(),
    }));
    registry.setState((state) => ({ actions: [...state.actions, ...mine] }));
    return () => registry.setState((state) => ({ actions: state.actions.filter((one) => !mine.includes(one)) }));
  }, [shape]);
}

/** Marks a scope as present while the component is mounted and `active`. */
export function useScope(scope: Scope, active = true): void {
  useLayoutEffect(() => {
    if (!active) return;
    registry.setState(({ scopes }) => ({ scopes: [...scopes, scope] }));
    return () =>
      registry.setState(({ scopes }) => {
        const at = scopes.lastIndexOf(scope);
        return { scopes: scopes.filter((_, index) => index !== at) };
      });
  }, [scope, active]);
}

/** Actions that apply now, the nearest scope and the newest registration first. */
export function presentActions({ actions, scopes }: Registry = registry.getState()): Action[] {
  const rank = (scope: Scope) => (scope === "app" ? -1 : scopes.lastIndexOf(scope));
  return actions
    .map((action, at) => ({ action, at, rank: rank(action.scope) }))
    .filter(({ action, rank: place }) => action.scope === "app" || place >= 0)
    .toSorted((a, b) => b.rank - a.rank || b.at - a.at)
    .map(({ action }) => action);
}

/** The same for people to read: the nearest scope first, then in the order of registration. */
export function listedActions(state: Registry): Action[] {
  const present = presentActions(state);
  const rank = (scope: Scope) => (scope === "app" ? -1 : state.scopes.lastIndexOf(scope));
  return present.toReversed().toSorted((a, b) => rank(b.scope) - rank(a.scope));
}

export function performAction(id: string): boolean {
  const found = presentActions().find((one) => one.id === id && (one.when?.() ?? true));
  found?.perform();
  return found !== undefined;
}

/** The shown shortcut of an action, for tooltips: `keysOf("message.archive")`. */
export function keysOf(id: string): string | undefined {
  return registry.getState().actions.findLast((one) => one.id === id)?.keys?.[0];
}

/** Entries of a menu from the registry, in the order asked for; absent actions are left out. What can
    be done now is asked each time: it depends on more than the registry. */
export function useMenuEntries(ids: readonly string[], t: T): MenuEntry[] {
  const actions = registry((state) => state.actions);
  return ids.flatMap((id) => {
    const action = actions.findLast((one) => one.id === id);
    if (!action) return [];
    return [
      {
        id,
        label: t(action.title),
        ...(action.icon ? { icon: action.icon } : {}),
        keys: action.keys?.[0],
        danger: action.danger ?? false,
        disabled: !(action.when?.() ?? true),
        perform: action.perform,
      },
    ];
  });
}
