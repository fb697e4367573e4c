// The window: rail, place, and what lies over both.
import { useEffect, useRef } from "react";
import { I18nProvider, RouterProvider } from "react-aria-components";
import { ToastRegion } from "../design";
import { useRead } from "../engine";
import "../features/setting/setting-names";
import { Welcome } from "../features/setting/welcome";
import { chosenLanguage, setLanguage, useT } from "../i18n";
import { useAppActions } from "./app-actions";
import { Banners } from "./banners";
import { ShortcutHelp } from "./help";
import { useKeymap } from "./keymap";
import { go } from "./navigate";
import { useNews } from "./news";
import { Palette } from "./palette";
import "./palette-sources";
import { Places } from "./places";
import { Rail } from "./rail";
import { useSettings } from "./settings";
import { UnlockLayer } from "./unlock-layer";

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

/** True from a start without accounts until the welcome page was left. */
function useFirstStart(): "unknown" | boolean {
  const settings = useRead("setting.get", {});
  const accounts = useRead("account.list", {});
  const first = useRef<boolean | null>(null);
  // A read that failed is under way again as soon as a place asks for it too: that must not take the
  // place away, which would ask again when it is back, for ever.
  const failed = useRef(false);
  failed.current ||= settings.isError || accounts.isError;
  if (!settings.data || !accounts.data) return failed.current ? false : "unknown";
  first.current ??= !settings.data.welcomed && accounts.data.length === 0;
  return first.current && !settings.data.welcomed;
}

function Frame({ singleKeys }: { singleKeys: boolean }) {
  const t = useT();
  const first = useFirstStart();
  useAppActions();
  useKeymap(singleKeys && first === false);
  useNews();
  if (first === "unknown") return null;
  return (
    <div className="flex h-full">
      {first ? (
        <Welcome />
      ) : (
        <>
          <a href="#place" onClick={(event) => { event.preventDefault(); document.getElementById("place")?.focus(); }} className="sr-only z-50 rounded-md bg-raised px-3 py-2 focus:not-sr-only focus:absolute focus:top-2 focus:left-2">
            {t("shell:skip")}
          </a>
          <Rail />
          <main id="place" tabIndex={-1} data-quiet-focus="" className="flex min-h-0 min-w-0 flex-1 flex-col">
            <Banners />
            <Places />
          </main>
          <Palette />
          <ShortcutHelp />
        </>
      )}
      <UnlockLayer />
      <ToastRegion label={t("shell:notifications_region")} closeLabel={t("common:close")} />
    </div>
  );
}
