// What the whole window must know: no network, a locked profile, an account that needs its owner, and how
// far a first fetch has come. Each is said once, and goes by itself.
import { KeyRound, WifiOff } from "lucide-react";
import { useState } from "react";
import { Banner, Button, Progress } from "../design";
import { useRead, type Account } from "../engine";
import { AccountDialogs } from "../features/account/account-list";
import { stateWords } from "../features/account/state";
import { secretEnd } from "../features/provider/state";
import { useFormats, useT } from "../i18n";
import { go, usePath } from "./navigate";
import { useNow } from "./now";
import { settingsPath } from "./paths";
import { placeOf } from "./rail";
import { troubleOf } from "./trouble";
import { askPassphrase } from "./unlocking";

export function Banners() {
  const t = useT();
  // Elsewhere the account's own page shows it.
  const inMail = placeOf(usePath()) === "mail";
  const accounts = useRead("account.list", {});
  const secrets = useRead("profile.get", {}).data?.secrets;
  const [signing, setSigning] = useState<number | null>(null);
  const locked = secrets === "locked" || secrets === "needs_passphrase";
  const all = accounts.data ?? [];
  const real = all.filter((one) => one.kind !== "sandbox" && !one.paused);
  const offline = real.length > 0 && real.every((one) => one.sync.phase === "offline");
  const refused = real.filter((one) => one.sync.phase === "sign_in");
  const failed = real.filter((one) => one.sync.phase === "failed");
  const first = all.filter((one) => one.sync.phase === "fetching" && one.sync.ok_at === null && one.sync.total > 0);
  return (
    <>
      {accounts.error && (
        <Banner tone="danger" actions={<Button small onPress={() => void accounts.refetch()}>{t("common:retry")}</Button>}>
          {accounts.error.code === "network" ? t("shell:banner.engine") : troubleOf(accounts.error, t).title}
        </Banner>
      )}
      {locked && real.length > 0 && (
        <Banner tone="warning" icon={KeyRound} actions={<Button small onPress={askPassphrase}>{t("account:unlock.do")}</Button>}>
          {t("shell:banner.locked")}
        </Banner>
      )}
      {offline && <Banner icon={WifiOff}>{t("shell:banner.offline")}</Banner>}
      {refused.map((one) => (
        <Banner key={one.id} tone="warning" actions={<Button small kind="primary" onPress={() => setSigning(one.id)}>{t("account:sign_in_again")}</Button>}>
          {t("shell:banner.sign_in", { name: one.name })}
        </Banner>
      ))}
      {failed.map((one) => (
        <Banner key={one.id} tone="danger" actions={<Button small onPress={() => go(settingsPath("accounts", one.id))}>{t("common:more")}</Button>}>
          {t("shell:banner.failed", { name: one.name })} {one.sync.error && troubleOf(one.sync.error, t).title}
        </Banner>
      ))}
      <SecretEnds />
      {inMail && first.map((one) => <FirstFetch key={one.id} account={one} />)}
      {signing !== null && <AccountDialogs kind="reauthorize" account={all.find((one) => one.id === signing)} onClose={() => setSigning(null)} />}
    </>
  );
}

/** Client secrets that end soon, or did: without one nothing is fetched through its provider. */
function SecretEnds() {
  const t = useT();
  const format = useFormats();
  const path = usePath();
  const now = useNow(true, 60_000);
  const providers = useRead("provider.list", {}).data ?? [];
  return providers.map((one) => {
    const end = secretEnd(one, now);
    const page = settingsPath("providers", one.name);
    // Its own page says it too.
    if ((end.kind !== "soon" && end.kind !== "over") || path.startsWith(page)) return null;
    const values = { title: one.title, date: format.date(one.secret_expires_at ?? 0) };
    return (
      <Banner key={one.name} tone={end.kind === "over" ? "danger" : "warning"} icon={KeyRound} actions={<Button small onPress={() => go(page)}>{t("provider:secret_renew")}</Button>}>
        {end.kind === "over" ? t("provider:banner_over", values) : t("provider:banner_soon", values)}
      </Banner>
    );
  });
}

function FirstFetch({ account }: { account: Account }) {
  const t = useT();
  const format = useFormats();
  return (
    <div className="flex items-center gap-3 border-b border-line bg-sunken px-3 py-1 text-xs text-muted">
      <span className="truncate">{account.name}: {stateWords(account, t, format)}</span>
      <Progress className="max-w-64 flex-1" label={t("account:fetching.title")} done={account.sync.done} total={account.sync.total} />
    </div>
  );
}
