// The rail at the left: the places of the window.
import { clsx } from "clsx";
import { Database, Mail, Search, Send, Settings, type LucideIcon } from "lucide-react";
import { TooltipTrigger, Link } from "react-aria-components";
import { IconButton, Tip } from "../design";
import { useRead } from "../engine";
import { useFormats, useT, type MessageKey } from "../i18n";
import { keysOf } from "./actions";
import { Mark } from "./mark";
import { usePath } from "./navigate";
import { openPalette } from "./palette";
import { basePath, mailPath, outboxPath, settingsPath } from "./paths";

interface Place {
  id: "mail" | "bases" | "outbox" | "settings";
  title: MessageKey;
  icon: LucideIcon;
  path: string;
  action: string;
}

const places: Place[] = [
  { id: "mail", title: "shell:place.mail", icon: Mail, path: mailPath(), action: "go.mail" },
  { id: "bases", title: "shell:place.bases", icon: Database, path: basePath(), action: "go.bases" },
  { id: "outbox", title: "shell:place.outbox", icon: Send, path: outboxPath, action: "go.outbox" },
  { id: "settings", title: "shell:place.settings", icon: Settings, path: settingsPath(), action: "go.settings" },
];

/** The place that a path belongs to. */
export function placeOf(path: string): Place["id"] {
  if (path.startsWith("/bases")) return "bases";
  if (path.startsWith("/outbox")) return "outbox";
  if (path.startsWith("/settings")) return "settings";
  return "mail";
}

export function Rail() {
  const t = useT();
  const here = placeOf(usePath());
  const open = useRead("submission.list", { account_id: null, run_id: null, open: true, offset: 0, limit: 1 }).data?.open ?? 0;
  return (
    <nav aria-label={t("shell:rail")} className="flex w-13 shrink-0 flex-col items-center gap-1 border-r border-line bg-rail py-2">
      <Mark className="mt-0.5 mb-3" />
      {places.map((place) => (
        <RailLink key={place.id} place={place} current={here === place.id} count={place.id === "outbox" ? open : 0} />
      ))}
      <span className="flex-1" />
      <IconButton icon={Search} label={t("shell:action.palette")} keys="mod+k" size={18} className="size-9" onPress={() => openPalette()} />
    </nav>
  );
}

function RailLink({ place, current, count }: { place: Place; current: boolean; count: number }) {
  const t = useT();
  const format = useFormats();
  const Icon = place.icon;
  const name = t(place.title);
  return (
    <TooltipTrigger delay={400} closeDelay={50}>
      <Link
        href={`#${place.path}`}
        aria-label={count > 0 ? `${name}, ${t("shell:waiting", { count })}` : name}
        aria-current={current ? "page" : undefined}
        className={clsx(
          "relative inline-flex size-9 items-center justify-center rounded-lg transition-colors duration-75",
          current ? "bg-selected text-accent-text" : "text-muted data-hovered:bg-hover data-hovered:text-text",
        )}
      >
        <Icon size={19} strokeWidth={1.8} aria-hidden />
        {count > 0 && (
          <span className="absolute -top-0.5 -right-1 min-w-4 rounded-full bg-accent px-1 text-center text-[10px] leading-4 font-semibold text-on-accent">
            {count > 99 ? "99+" : format.number(count)}
          </span>
        )}
      </Link>
      <Tip placement="right" keys={keysOf(place.action)}>{name}</Tip>
    </TooltipTrigger>
  );
}
