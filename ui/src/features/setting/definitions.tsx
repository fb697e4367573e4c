// Every setting once: its words, its place, its control, its default. The page, its search and the
// palette read this list.
import type { ReactNode } from "react";
import { Button, Checkbox, Segmented, Select, Switch } from "../../design";
import type { Settings } from "../../engine";
import { languageNames, languages, type MessageKey, type T } from "../../i18n";
import { openHelp } from "../../shell/help";
import { defaultSettings } from "../../shell/settings";
import type { SettingsSection } from "../../shell";
import { OwnName } from "./own-name";

export interface Definition {
  id: string;
  section: SettingsSection;
  title: MessageKey;
  hint: MessageKey;
  /** Draws the control. */
  control: (settings: Settings, put: (patch: Partial<Settings>) => void, t: T) => ReactNode;
  /** Words of the default, where the present value differs from it. */
  reset?: (settings: Settings, t: T) => { value: string; patch: Partial<Settings> } | null;
}

type TextSetting = "theme" | "density" | "reader" | "after_act";
type FlagSetting = "conversations" | "shortcuts" | "notifications";

function choice(id: TextSetting, section: SettingsSection, values: readonly string[]): Definition {
  const word = (value: string, t: T) => t(`setting:${id}.${value}` as MessageKey);
  return {
    id,
    section,
    title: `setting:${id}.title`,
    hint: `setting:${id}.hint`,
    control: (settings, put, t) => (
      <Segmented
        aria={t(`setting:${id}.title`)}
        value={settings[id]}
        options={values.map((value) => ({ value, label: word(value, t) }))}
        onChange={(value) => put({ [id]: value })}
      />
    ),
    reset: (settings, t) =>
      settings[id] === defaultSettings[id] ? null : { value: word(defaultSettings[id], t), patch: { [id]: defaultSettings[id] } },
  };
}

function flag(id: FlagSetting, section: SettingsSection): Definition {
  return {
    id,
    section,
    title: `setting:${id}.title`,
    hint: `setting:${id}.hint`,
    control: (settings, put, t) => <Switch aria-label={t(`setting:${id}.title`)} isSelected={settings[id]} onChange={(on) => put({ [id]: on })} />,
    reset: (settings, t) =>
      settings[id] === defaultSettings[id]
        ? null
        : { value: t(defaultSettings[id] ? "setting:on" : "setting:off"), patch: { [id]: defaultSettings[id] } },
  };
}

const undoChoices = [0, 5, 10, 20, 30, 60];
const undoWords = (seconds: number, t: T) => (seconds === 0 ? t("setting:undo_seconds.off") : t("setting:undo_seconds.seconds", { count: seconds }));
const listColumns = ["snippet", "attachments", "account", "size"] as const;

export const definitions: readonly Definition[] = [
  {
    id: "language",
    section: "general",
    title: "setting:language.title",
    hint: "setting:language.hint",
    control: (settings, put, t) => (
      <Select
        aria={t("setting:language.title")}
        className="w-52"
        value={settings.language || "system"}
        options={[
          { value: "system", label: t("setting:language.system") },
          ...languages.map((language) => ({ value: language, label: languageNames[language] })),
        ]}
        onChange={(value) => put({ language: value === "system" ? "" : value })}
      />
    ),
    reset: (settings, t) => (settings.language === "" ? null : { value: t("setting:language.system"), patch: { language: "" } }),
  },
  choice("theme", "general", ["system", "light", "dark"]),
  choice("density", "general", ["comfortable", "cozy", "compact"]),
  {
    id: "own_name",
    section: "general",
    title: "setting:own_name.title",
    hint: "setting:own_name.hint",
    control: (settings, put) => <OwnName key={settings.own_name} name={settings.own_name} onChange={(own_name) => put({ own_name })} />,
  },
  flag("notifications", "general"),
  flag("conversations", "reading"),
  choice("reader", "reading", ["right", "bottom", "off"]),
  choice("after_act", "reading", ["older", "newer", "list"]),
  {
    id: "list_columns",
    section: "reading",
    title: "setting:list_columns.title",
    hint: "setting:list_columns.hint",
    control: (settings, put, t) => (
      <div role="group" aria-label={t("setting:list_columns.title")} className="flex flex-wrap gap-x-4 gap-y-1">
        {listColumns.map((column) => (
          <Checkbox
            key={column}
            isSelected={settings.list_columns.includes(column)}
            onChange={(on) => put({ list_columns: listColumns.filter((one) => (one === column ? on : settings.list_columns.includes(one))) })}
          >
            {t(`setting:list_columns.${column}`)}
          </Checkbox>
        ))}
      </div>
    ),
  },
  {
    id: "undo_seconds",
    section: "writing",
    title: "setting:undo_seconds.title",
    hint: "setting:undo_seconds.hint",
    control: (settings, put, t) => (
      <Select<number>
        aria={t("setting:undo_seconds.title")}
        className="w-52"
        value={settings.undo_seconds}
        options={[...new Set([...undoChoices, settings.undo_seconds])].toSorted((a, b) => a - b).map((seconds) => ({ value: seconds, label: undoWords(seconds, t) }))}
        onChange={(seconds) => put({ undo_seconds: seconds })}
      />
    ),
    reset: (settings, t) =>
      settings.undo_seconds === defaultSettings.undo_seconds
        ? null
        : { value: undoWords(defaultSettings.undo_seconds, t), patch: { undo_seconds: defaultSettings.undo_seconds } },
  },
  flag("shortcuts", "shortcuts"),
  {
    id: "shortcuts_list",
    section: "shortcuts",
    title: "setting:shortcuts_list.title",
    hint: "setting:shortcuts_list.hint",
    control: (_settings, _put, t) => <Button onPress={openHelp}>{t("setting:shortcuts_list.show")}</Button>,
  },
];

export const sections: readonly SettingsSection[] = ["general", "reading", "writing", "accounts", "providers", "shortcuts", "profile"];
