// The sign-in on the provider's own page: the browser is opened, the window waits, and says in plain words
// what came of it.
import { ExternalLink, Globe, RotateCw, Smartphone } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, Dialog, Fold, Progress, TroubleBox } from "../../design";
import type { Account, EngineError, Provider } from "../../engine";
import { openLink } from "../../engine/desktop";
import { useFormats, useT, type T } from "../../i18n";
import { askPassphrase, troubleOf, useNow } from "../../shell";
import { CopyButton, CopyField } from "../provider/copy";
import { consentAddress } from "../provider/state";
import { startSignIn, type SignInArgs, type SignInState } from "./sign-in-flow";

export function SignInDialog({ provider, args, onDone, onClose }: { provider: Provider; args: Omit<SignInArgs, "provider" | "device">; onDone: (account: Account) => void; onClose: () => void }) {
  const t = useT();
  const [device, setDevice] = useState(false);
  const [round, setRound] = useState(0);
  const [state, setState] = useState<SignInState>({ phase: "beginning" });
  const done = useRef(onDone);
  const wanted = useRef(args);
  useEffect(() => {
    done.current = onDone;
    wanted.current = args;
  });
  useEffect(
    () =>
      startSignIn(
        { ...wanted.current, provider: provider.name, device },
        (next) => {
          setState(next);
          if (next.phase === "done") done.current(next.account);
          // Nothing can keep the permission yet: a passphrase first.
          if (next.phase === "failed" && next.error.code === "locked") askPassphrase();
        },
        openLink,
      ),
    [provider.name, device, round],
  );
  const canDevice = Boolean(provider.endpoints["device"] || provider.builtin_endpoints["device"]);
  // Another device would be told the same.
  const blocked = state.phase === "failed" && state.error.code === "admin_consent";
  const again = () => setRound(round + 1);
  return (
    <Dialog
      open
      onClose={onClose}
      dismissable={false}
      title={t("account:signin.title", { provider: provider.title })}
      closeLabel={t("common:close")}
      footer={
        <>
          {canDevice && !blocked && state.phase !== "done" && (
            <Button kind="quiet" icon={device ? Globe : Smartphone} className="-ml-2" onPress={() => setDevice(!device)}>
              {t(device ? "account:signin.use_browser" : "account:signin.use_code")}
            </Button>
          )}
          <span className="flex-1" />
          <Button onPress={onClose}>{t("common:cancel")}</Button>
          {state.phase === "failed" && <Button kind="primary" icon={RotateCw} onPress={again} autoFocus>{t("common:retry")}</Button>}
        </>
      }
    >
      {/* As high as what comes: a button below must not move away from who presses it. */}
      <div className="min-h-56">
        {(state.phase === "beginning" || state.phase === "done") && <Preparing />}
        {state.phase === "waiting" && state.ticket.code === null && <InBrowser provider={provider} address={state.ticket.address} ends_at={state.ticket.ends_at} />}
        {state.phase === "waiting" && state.ticket.code !== null && <WithCode code={state.ticket.code} address={state.ticket.address} ends_at={state.ticket.ends_at} />}
        {state.phase === "failed" && <Failed provider={provider} error={state.error} />}
      </div>
    </Dialog>
  );
}

function Preparing() {
  const t = useT();
  return (
    <div role="status" className="space-y-3 py-4 text-sm text-muted">
      <p>{t("account:signin.preparing")}</p>
      <Progress label={t("account:signin.preparing")} />
    </div>
  );
}

function Remaining({ ends_at }: { ends_at: number }) {
  const t = useT();
  const format = useFormats();
  const now = useNow(true);
  return (
    <div className="flex items-center gap-3">
      <Progress className="flex-1" label={t("account:signin.waiting")} />
      {/* Once a second is too often to be read aloud. */}
      <span aria-hidden className="shrink-0 text-xs text-muted tabular-nums">{t("account:signin.left", { time: format.countdown((ends_at - now) / 1000) })}</span>
    </div>
  );
}

function InBrowser({ provider, address, ends_at }: { provider: Provider; address: string; ends_at: number }) {
  const t = useT();
  const [shown, setShown] = useState(false);
  return (
    <div className="space-y-4">
      <div role="status" className="space-y-1.5 text-sm text-pretty">
        <p className="font-medium">{t("account:signin.opened", { provider: provider.title })}</p>
        <p className="text-muted">{t("account:signin.opened_hint")}</p>
        {provider.name === "google" && <p className="text-muted">{t("account:signin.google_tick")}</p>}
      </div>
      <Remaining ends_at={ends_at} />
      <div className="flex flex-wrap gap-2">
        <Button small icon={ExternalLink} onPress={() => void openLink(address)}>{t("account:signin.open_again")}</Button>
        <CopyButton value={address} label={t("account:signin.address")}>{t("account:signin.copy_address")}</CopyButton>
      </div>
      <Fold open={shown} onToggle={() => setShown(!shown)} label={t("account:signin.show_address")}>
        <p className="selectable rounded-md border border-line bg-sunken p-2 font-mono text-xs break-all">{address}</p>
      </Fold>
    </div>
  );
}

function WithCode({ code, address, ends_at }: { code: string; address: string; ends_at: number }) {
  const t = useT();
  return (
    <div className="space-y-4">
      <p role="status" className="text-sm text-pretty">{t("account:signin.code_body")}</p>
      <CopyField label={t("account:signin.address")} value={address} />
      <div className="rounded-lg border border-line bg-sunken px-4 py-3 text-center">
        <p className="text-xs text-muted">{t("account:signin.code")}</p>
        <p className="selectable my-1 font-mono text-2xl font-semibold tracking-widest">{code}</p>
        <CopyButton value={code} label={t("account:signin.code")} />
      </div>
      <Remaining ends_at={ends_at} />
    </div>
  );
}

function Failed({ provider, error }: { provider: Provider; error: EngineError }) {
  const t = useT();
  const trouble = troubleOf(error, t);
  if (error.code === "admin_consent") return <AskAdministrator provider={provider} error={error} />;
  const own = error.code === "sign_in" || error.code === "timeout" || error.code === "cancelled";
  const shown = own
    ? { ...trouble, title: t(`account:signin.failed.${error.code}`), remedy: t(`account:signin.help.${error.code}`) }
    : trouble;
  return <TroubleBox trouble={shown} detailLabel={t("common:show_detail")} />;
}

/** A letter for the one who may allow it. */
export function administratorText(provider: Provider, t: T): string {
  const scopes = (provider.scopes.length > 0 ? provider.scopes : provider.builtin_scopes).join("\n");
  const address = consentAddress(provider);
  const values = { client_id: provider.client_id, scopes };
  return address === null ? t("account:signin.admin.google", values) : t("account:signin.admin.microsoft", { ...values, address });
}

function AskAdministrator({ provider, error }: { provider: Provider; error: EngineError }) {
  const t = useT();
  const { detail } = troubleOf(error, t);
  const text = administratorText(provider, t);
  return (
    <div className="space-y-3">
      <TroubleBox trouble={{ title: t("error:admin_consent"), remedy: t("account:signin.admin.body"), detail: detail ?? error.message }} detailLabel={t("common:show_detail")} />
      <div>
        <div className="mb-1 flex items-center gap-2">
          <span className="flex-1 text-xs font-medium text-muted">{t("account:signin.admin.letter")}</span>
          <CopyButton value={text} label={t("account:signin.admin.letter")} />
        </div>
        <pre className="selectable rounded-md border border-line bg-sunken p-3 font-sans text-xs break-words whitespace-pre-wrap">{text}</pre>
      </div>
    </div>
  );
}
