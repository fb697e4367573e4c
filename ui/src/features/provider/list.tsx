// All providers: which of them can sign accounts in.
import { ChevronRight, CircleHelp, Plus } from "lucide-react";
import { Link } from "react-aria-components";
import { Badge, Button, Skeleton } from "../../design";
import { useRead, type Provider } from "../../engine";
import { useT } from "../../i18n";
import { ErrorPane, go, settingsPath, useNow } from "../../shell";
import { ProviderMark } from "./mark";
import { secretEnd } from "./state";

export function ProviderBadge({ provider }: { provider: Provider }) {
  const t = useT();
  const end = secretEnd(provider, useNow(true, 60_000));
  if (end.kind === "over") return <Badge tone="danger">{t("provider:state.secret_over")}</Badge>;
  if (end.kind === "soon") return <Badge tone="warning">{end.days === 0 ? t("provider:state.secret_today") : t("provider:state.secret_ends", { count: end.days })}</Badge>;
  if (provider.ready) return <Badge tone="success">{t("provider:state.ready")}</Badge>;
  return <Badge>{t("provider:state.not_set_up")}</Badge>;
}

/** What lies below a provider's title in lists. */
function About({ provider }: { provider: Provider }) {
  const t = useT();
  const parts = [
    provider.name === "google" ? t("provider:about.google") : provider.name === "microsoft" ? t("provider:about.microsoft") : provider.own ? t("provider:about.own") : t("provider:about.preset"),
    provider.accounts > 0 ? t("provider:accounts", { count: provider.accounts }) : null,
  ];
  return <span className="block truncate text-xs text-muted">{parts.filter(Boolean).join(" · ")}</span>;
}

export function ProviderList() {
  const t = useT();
  const { data: providers, error, refetch } = useRead("provider.list", {});
  if (error) return <ErrorPane error={error} onRetry={() => void refetch()} />;
  if (!providers) return <Skeleton height={220} />;
  return (
    <div className="space-y-4">
      <p className="text-sm text-pretty text-muted">{t("provider:intro")}</p>
      <ul className="divide-y divide-line rounded-lg border border-line">
        {providers.map((one) => (
          <li key={one.name}>
            <Link
              href={`#${settingsPath("providers", one.name)}`}
              className="flex min-h-[56px] items-center gap-3 px-3 py-1.5 text-text no-underline -outline-offset-2 first:rounded-t-lg data-hovered:bg-hover"
            >
              <ProviderMark title={one.title} />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{one.title}</span>
                <About provider={one} />
              </span>
              <ProviderBadge provider={one} />
              <ChevronRight size={16} aria-hidden className="shrink-0 text-faint" />
            </Link>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button icon={Plus} onPress={() => go(settingsPath("providers", "new"))}>{t("provider:add")}</Button>
        <Button kind="quiet" icon={CircleHelp} onPress={() => go(settingsPath("providers", "faq"))}>{t("provider:faq")}</Button>
      </div>
    </div>
  );
}
