// The settings: sections at the left, one search over all of them.
import { clsx } from "clsx";
import { MailPlus, SearchX } from "lucide-react";
import { useState } from "react";
import { Link } from "react-aria-components";
import { Button, EmptyState, SearchField } from "../../design";
import { useT } from "../../i18n";
import { go, patchSettings, settingsPath, usePath, useScope, useSettings, type SettingsSection } from "../../shell";
import { score } from "../../shell/match";
import { AccountList } from "../account/account-list";
import { AccountPage } from "../account/account-page";
import { AddAccount } from "../account/add-account";
import { AddProvider } from "../provider/add";
import { ProviderGuide, Questions } from "../provider/guide";
import { ProviderList } from "../provider/list";
import { ProviderPage } from "../provider/page";
import { definitions, sections, type Definition } from "./definitions";
import { ProfileSection } from "./profile-section";

function parse(path: string): { section: SettingsSection; which: string | null; page: string | null } {
  const [, , section, which, page] = path.split("/");
  return { section: sections.find((one) => one === section) ?? "general", which: which ? decodeURIComponent(which) : null, page: page ? decodeURIComponent(page) : null };
}

export default function SettingsPlace() {
  const t = useT();
  useScope("settings");
  const { section, which, page } = parse(usePath());
  const [query, setQuery] = useState("");
  const searching = query.trim() !== "";
  return (
    <div className="flex min-h-0 flex-1">
      <nav aria-label={t("shell:place.settings")} className="flex w-44 shrink-0 flex-col gap-3 overflow-y-auto border-r border-line bg-sunken p-3 md:w-56">
        <h1 className="px-2 text-base font-semibold">{t("shell:place.settings")}</h1>
        <SearchField label={t("setting:search")} value={query} onChange={setQuery} clearLabel={t("common:clear")} />
        <ul className="space-y-0.5">
          {sections.map((one) => (
            <li key={one}>
              <Link
                href={`#${settingsPath(one)}`}
                onPress={() => setQuery("")}
                aria-current={!searching && one === section ? "page" : undefined}
                className={clsx(
                  "flex h-8 items-center rounded-md px-2 text-sm text-text no-underline",
                  !searching && one === section ? "bg-selected font-medium" : "data-hovered:bg-hover",
                )}
              >
                {t(`setting:section.${one}`)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="min-w-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-[720px] px-5 py-6 md:px-8">
          {searching ? <Found query={query.trim()} /> : <Section section={section} which={which} page={page} />}
        </div>
      </div>
    </div>
  );
}

/** Names that people look for, the same in all languages. */
const sectionWords: Partial<Record<SettingsSection, string>> = {
  accounts: "IMAP SMTP Gmail Outlook",
  providers: "Google Gmail Workspace Microsoft Outlook 365 Yandex Mail.ru Fastmail OAuth Client ID Secret Tenant API Scopes",
};

function Found({ query }: { query: string }) {
  const t = useT();
  const found = definitions.filter((one) => score(query, `${t(one.title)} ${t(one.hint)}`) >= 1);
  const named = sections.filter((one) => score(query, `${t(`setting:section.${one}`)} ${sectionWords[one] ?? ""}`) >= 1);
  if (found.length === 0 && named.length === 0) return <EmptyState icon={SearchX} title={t("setting:search_empty", { query })} className="py-20" />;
  return (
    <>
      <Rows definitions={found} />
      <div className="mt-4 flex flex-wrap gap-2">
        {named.map((one) => (
          <Button key={one} onPress={() => go(settingsPath(one))}>{t(`setting:section.${one}`)}</Button>
        ))}
      </div>
    </>
  );
}

function Section({ section, which, page }: { section: SettingsSection; which: string | null; page: string | null }) {
  const t = useT();
  if (section === "accounts" && which === "new") {
    return (
      <div className="mx-auto max-w-[560px]">
        <h2 className="mb-4 text-lg font-semibold">{t("account:add")}</h2>
        <AddAccount key={page} provider={page} />
      </div>
    );
  }
  if (section === "accounts" && which !== null) return <AccountPage id={Number(which)} />;
  if (section === "providers" && which === "new") return <AddProvider />;
  if (section === "providers" && which === "faq") return <Questions />;
  if (section === "providers" && which !== null) return page === "guide" ? <ProviderGuide name={which} /> : <ProviderPage name={which} />;
  return (
    <>
      <div className="mb-4 flex items-center gap-3">
        <h2 className="flex-1 text-lg font-semibold">{t(`setting:section.${section}`)}</h2>
        {section === "accounts" && <Button icon={MailPlus} onPress={() => go(settingsPath("accounts", "new"))}>{t("account:add")}</Button>}
      </div>
      {section === "accounts" && <AccountList />}
      {section === "providers" && <ProviderList />}
      {section === "profile" && <ProfileSection />}
      <Rows definitions={definitions.filter((one) => one.section === section)} />
    </>
  );
}

function Rows({ definitions: shown }: { definitions: readonly Definition[] }) {
  const t = useT();
  const settings = useSettings();
  const put = (patch: Parameters<typeof patchSettings>[0]) => void patchSettings(patch);
  return (
    <ul className="divide-y divide-line">
      {shown.map((one) => {
        const reset = one.reset?.(settings, t);
        return (
          <li key={one.id} className="flex flex-wrap items-center gap-x-6 gap-y-2 py-3.5">
            <div className="min-w-52 flex-1">
              <p className="font-medium">{t(one.title)}</p>
              <p className="text-xs text-pretty text-muted">{t(one.hint)}</p>
              {reset && (
                <button type="button" onClick={() => put(reset.patch)} className="min-h-6 text-xs text-accent-text hover:underline">
                  {t("setting:reset", { value: reset.value })}
                </button>
              )}
            </div>
            {one.control(settings, put, t)}
          </li>
        );
      })}
    </ul>
  );
}
