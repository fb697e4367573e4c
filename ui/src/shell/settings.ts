// The profile's settings as the window uses them: always there, changed one by one.
import { useState } from "react";
import { call, useRead, write, type Settings } from "../engine";

/** Until the engine has answered, and where it can't. */
export const defaultSettings: Settings = {
  language: "",
  theme: "system",
  density: "cozy",
  undo_seconds: 10,
  conversations: true,
  shortcuts: true,
  notifications: true,
  reader: "right",
  after_act: "older",
  list_columns: ["snippet", "attachments"],
  saved_filters: [],
  own_name: "",
  welcomed: false,
  layout: {},
};

export function useSettings(): Settings {
  return useRead("setting.get", {}).data ?? defaultSettings;
}

let queue: Promise<unknown> = Promise.resolve();

/** Changes some settings. Puts stand in line, so that two quick ones can't undo each other. */
export function patchSettings(patch: Partial<Settings> | ((now: Settings) => Partial<Settings>)): Promise<void> {
  const turn = queue.then(async () => {
    const now = await call("setting.get", {});
    await write("setting.put", { ...now, ...(typeof patch === "function" ? patch(now) : patch) });
  });
  queue = turn.catch(() => {});
  return turn;
}

/** A size that the window remembers: the value, a live setter, and one that keeps it. */
export function useLayoutSize(name: string, initial: number): [number, (value: number) => void, (value: number) => void] {
  const { layout } = useSettings();
  const [live, setLive] = useState<number | null>(null);
  return [
    live ?? layout[name] ?? initial,
    setLive,
    (value) => {
      setLive(value);
      void patchSettings((now) => ({ layout: { ...now.layout, [name]: Math.round(value) } }));
    },
  ];
}

/** Row heights of the chosen density, px: lists of two lines, and rows of one. */
export function rowHeights(density: string): { list: number; line: number } {
  if (density === "comfortable") return { list: 64, line: 40 };
  if (density === "compact") return { list: 36, line: 28 };
  return { list: 52, line: 34 };
}
