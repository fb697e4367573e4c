// A guide: numbered steps with what to click and what to copy; and answers to questions, which fold.
import { ExternalLink, LogIn, Settings2 } from "lucide-react";
import { useState } from "react";
import { Banner, Button, ErrorState, Fold, Skeleton } from "../../design";
import { useRead, type Provider } from "../../engine";
import { openLink } from "../../engine/desktop";
import { useT } from "../../i18n";
import { useGuide, type GuideName, type GuidePart } from "../../i18n/guides";
import { ErrorPane, go, settingsPath } from "../../shell";
import { CopyField } from "./copy";
import { guideFor, scopeNames, targetOf, type StepTarget } from "./guide-steps";
import { ProviderBadge } from "./list";
import { BackTo } from "./page";

/** `**name**` and `` `text` `` of a guide's line as what they are. */
function Line({ text }: { text: string }) {
  return text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((piece, at) => {
    if (piece.startsWith("**")) return <b key={at} className="font-semibold">{piece.slice(2, -2)}</b>;
    if (piece.startsWith("`")) return <code key={at} className="rounded-xs bg-sunken px-1 font-mono text-xs">{piece.slice(1, -1)}</code>;
    return piece;
  });
}

function Lines({ part }: { part: GuidePart }) {
  return (
    <>
      <ul className="selectable list-disc space-y-1 pl-4 text-sm text-pretty marker:text-faint">
        {part.lines.map((line) => <li key={line}><Line text={line} /></li>)}
      </ul>
      {part.note && <p className="selectable mt-2 text-xs text-pretty text-muted"><Line text={part.note} /></p>}
    </>
  );
}

function hostOf(link: string): string {
  return new URL(link).hostname.replace(/^www\./, "");
}

function Links({ links }: { links: string[] }) {
  const t = useT();
  return links.map((link) => (
    <Button key={link} small icon={ExternalLink} onPress={() => void openLink(link)}>{t("provider:open_page", { host: hostOf(link) })}</Button>
  ));
}

function Target({ target, provider }: { target: StepTarget; provider: Provider | null }) {
  const t = useT();
  const buttons = (target.links?.length ?? 0) > 0 || (target.inside && provider);
  return (
    <>
      {provider && target.copy?.map((what) => (
        <div key={what} className="mt-3">
          {what === "redirect" ? <CopyField label={t("provider:redirect")} value={provider.redirect_uri} /> : <CopyField label={t("provider:scopes")} value={scopeNames(provider).join("\n")} />}
        </div>
      ))}
      {buttons && (
        <div className="mt-3 flex flex-wrap gap-2">
          {target.links && <Links links={target.links} />}
          {provider && target.inside === "settings" && <Button small kind="primary" icon={Settings2} onPress={() => go(settingsPath("providers", provider.name))}>{t("provider:enter_here")}</Button>}
          {provider && target.inside === "connect" && <Button small kind="primary" icon={LogIn} onPress={() => go(settingsPath("accounts", "new", provider.name))}>{t("provider:connect_account")}</Button>}
        </div>
      )}
    </>
  );
}

export function ProviderGuide({ name }: { name: string }) {
  const t = useT();
  const { data: providers, error, refetch } = useRead("provider.list", {});
  if (error) return <ErrorPane error={error} onRetry={() => void refetch()} />;
  if (!providers) return <Skeleton height={320} />;
  const provider = providers.find((one) => one.name === name);
  return (
    <div className="space-y-4">
      <BackTo path={settingsPath("providers", provider ? name : undefined)}>{provider?.title ?? t("provider:back")}</BackTo>
      {provider ? <Steps guide={guideFor(provider)} provider={provider} /> : <ErrorState trouble={{ title: t("provider:gone") }} detailLabel={t("common:show_detail")} />}
    </div>
  );
}

function Steps({ guide: name, provider }: { guide: GuideName; provider: Provider }) {
  const t = useT();
  const guide = useGuide(name);
  if (!guide) return <Skeleton height={320} />;
  return (
    <article>
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="text-lg font-semibold text-balance">{guide.title}</h2>
        <ProviderBadge provider={provider} />
      </div>
      {guide.intro.map((line) => <p key={line} className="selectable mt-2 text-sm text-pretty text-muted"><Line text={line} /></p>)}
      <ol className="mt-6">
        {Object.entries(guide.parts).map(([id, part], at, all) => (
          <li key={id} className="relative flex gap-4 pb-7">
            {at < all.length - 1 && <span aria-hidden className="absolute top-8 bottom-1 left-[13px] w-px bg-line" />}
            <span aria-hidden className="mt-px inline-flex size-[27px] shrink-0 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent-text">{at + 1}</span>
            <div className="min-w-0 flex-1">
              <h3 className="mb-1.5 text-base font-semibold">
                <span className="sr-only">{t("provider:step", { number: at + 1 })} </span>
                {part.title}
              </h3>
              <Lines part={part} />
              <Target target={targetOf(name, id, provider)} provider={provider} />
            </div>
          </li>
        ))}
      </ol>
      <Banner className="rounded-lg" live={false} actions={<Button small onPress={() => go(settingsPath("providers", "faq"))}>{t("provider:faq")}</Button>}>{t("provider:faq_hint")}</Banner>
    </article>
  );
}

export function Questions() {
  const t = useT();
  const guide = useGuide("faq");
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) => setOpen((before) => {
    const next = new Set(before);
    if (!next.delete(id)) next.add(id);
    return next;
  });
  return (
    <div className="space-y-4">
      <BackTo path={settingsPath("providers")}>{t("provider:back")}</BackTo>
      {!guide && <Skeleton height={320} />}
      {guide && (
        <article>
          <h2 className="text-lg font-semibold text-balance">{guide.title}</h2>
          {guide.intro.map((line) => <p key={line} className="mt-2 text-sm text-pretty text-muted">{line}</p>)}
          <ul className="mt-4 divide-y divide-line rounded-lg border border-line">
            {Object.entries(guide.parts).map(([id, part]) => (
              <li key={id} className="px-3 py-2">
                <Fold question open={open.has(id)} onToggle={() => toggle(id)} label={part.title}>
                  <div className="pb-2 pl-[19px]">
                    <Lines part={part} />
                    <Target target={targetOf("faq", id, null)} provider={null} />
                  </div>
                </Fold>
              </li>
            ))}
          </ul>
        </article>
      )}
    </div>
  );
}
