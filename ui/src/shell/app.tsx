// The window: rail, place, and what lies over both.
import { useEffect } from "react";
import { I18nProvider, RouterProvider } from "react-aria-components";
import { ToastRegion } from "../design";
import { chosenLanguage, setLanguage, useT } from "../i18n";
import { useAppActions } from "./app-actions";
import { ShortcutHelp } from "./help";
import { useKeymap } from "./keymap";
import { go } from "./navigate";
import { Palette } from "./palette";
import "./palette-sources";
import { Places } from "./places";
import { Rail } from "./rail";
import { useSettings } from "./settings";

export function App() {
  const settings = useSettings();
  const language = chosenLanguage(settings.language);
  useEffect(() => {
    void setLanguage(language);
  }, [language]);
  useEffect(() => {
    const root = document.documentElement;
    root.dataset["theme"] = settings.theme;
    root.dataset["density"] = settings.density;
  }, [settings.theme, settings.density]);
  return (
    <I18nProvider locale={language}>
      <RouterProvider navigate={(path) => go(path.replace(/^#/, ""))}>
        <Frame singleKeys={settings.shortcuts} />
      </RouterProvider>
    </I18nProvider>
  );
}

function Frame({ singleKeys }: { singleKeys: boolean }) {
  const t = useT();
  useAppActions();
  useKeymap(singleKeys);
  return (
    <div className="flex h-full">
      <Rail />
      <main id="place" className="flex min-h-0 min-w-0 flex-1 flex-col">
        <Places />
      </main>
      <Palette />
      <ShortcutHelp />
      <ToastRegion label={t("shell:notifications_region")} closeLabel={t("common:close")} />
    </div>
  );
}
