// The first start: language and look, then mail or a look around.
import { ArrowRight, Compass, MailPlus, type LucideIcon } from "lucide-react";
import { useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { Button, Segmented, Select, toast } from "../../design";
import { useWrite } from "../../engine";
import { chosenLanguage, languageNames, languages, useT, type Language } from "../../i18n";
import { go, mailPath, patchSettings, useSettings } from "../../shell";
import { Mark } from "../../shell/mark";
import { AddAccount } from "../account/add-account";

export function Welcome() {
  const t = useT();
  const settings = useSettings();
  const [connecting, setConnecting] = useState(false);
  const language = chosenLanguage(settings.language);
  const finish = () => patchSettings({ welcomed: true });
  const look = useWrite("account.add_sandbox", {
    onDone: () => {
      go(mailPath());
      toast(t("account:sandbox_ready"), { tone: "success", duration_ms: 9000 });
      void finish();
    },
  });
  return (
    <main className="flex min-h-0 flex-1 justify-center overflow-y-auto bg-sunken">
      <div className="my-auto w-full max-w-[560px] px-6 py-10">
        <div className="rounded-xl border border-line bg-surface p-8">
          <div className="flex items-center gap-3">
            <Mark size={36} />
            <h1 className="min-w-0 flex-1 text-2xl font-semibold tracking-tight text-balance">{t("setting:welcome.title")}</h1>
          </div>
          {connecting ? (
            <div className="mt-6">
              <AddAccount onLeave={() => void finish()} />
              <Button kind="quiet" small className="mt-5 -ml-2" onPress={() => setConnecting(false)}>{t("common:back")}</Button>
            </div>
          ) : (
            <>
              <p className="mt-3 text-base text-pretty text-muted">{t("setting:welcome.body")}</p>
              <div className="mt-6 flex flex-wrap items-end gap-4">
                <Select<Language>
                  label={t("setting:language.title")}
                  className="w-44"
                  value={language}
                  options={languages.map((value) => ({ value, label: languageNames[value] }))}
                  onChange={(value) => void patchSettings({ language: value })}
                />
                <Segmented
                  aria={t("setting:theme.title")}
                  value={settings.theme}
                  options={["system", "light", "dark"].map((value) => ({ value, label: t(`setting:theme.${value as "system" | "light" | "dark"}`) }))}
                  onChange={(theme) => void patchSettings({ theme })}
                />
              </div>
              <div className="mt-6 space-y-2.5">
                <Choice icon={MailPlus} primary title={t("setting:welcome.connect")} hint={t("setting:welcome.connect_hint")} onPress={() => setConnecting(true)} />
                <Choice
                  icon={Compass}
                  busy={look.isPending}
                  title={t("setting:welcome.look")}
                  hint={t("setting:welcome.look_hint")}
                  onPress={() => look.mutate({ email: "me@sandbox.tabella", samples: true, language })}
                />
              </div>
              <div className="mt-5 flex flex-wrap items-center gap-3">
                <p className="min-w-52 flex-1 text-xs text-pretty text-muted">{t("setting:welcome.private")}</p>
                <Button kind="quiet" small className="-mr-2" onPress={() => void finish()}>{t("setting:welcome.later")}</Button>
              </div>
            </>
          )}
        </div>
      </div>
    </main>
  );
}

function Choice({ icon: Icon, title, hint, onPress, primary, busy }: { icon: LucideIcon; title: string; hint: string; onPress: () => void; primary?: boolean; busy?: boolean }) {
  return (
    <AriaButton
      onPress={busy ? undefined : onPress}
      className={
        primary
          ? "flex w-full items-center gap-3.5 rounded-lg bg-accent px-4 py-3 text-left text-on-accent data-hovered:bg-accent-strong"
          : "flex w-full items-center gap-3.5 rounded-lg border border-line bg-surface px-4 py-3 text-left data-hovered:border-line-strong data-hovered:bg-hover"
      }
    >
      <Icon size={20} strokeWidth={1.7} aria-hidden className="shrink-0" />
      <span className="min-w-0 flex-1">
        <span className="block text-base font-medium">{title}</span>
        <span className={primary ? "block text-xs" : "block text-xs text-muted"}>{hint}</span>
      </span>
      <ArrowRight size={17} aria-hidden className="shrink-0" />
    </AriaButton>
  );
}
