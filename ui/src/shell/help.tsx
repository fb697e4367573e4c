// The page of shortcuts, made from the registry.
import { useMemo, useState } from "react";
import { create } from "zustand";
import { Dialog, Kbd, SearchField } from "../design";
import { useT, type MessageKey } from "../i18n";
import { registry, type Action, type Scope } from "./actions";
import { score } from "./match";
import { useSettings } from "./settings";

const state = create<{ open: boolean }>(() => ({ open: false }));

export function openHelp(): void {
  state.setState({ open: true });
}

const order: Scope[] = ["app", "mail", "reader", "composer", "base", "grid", "outbox", "settings"];

export function ShortcutHelp() {
  const t = useT();
  const { open } = state();
  return (
    <Dialog open={open} onClose={() => state.setState({ open: false })} title={t("shell:help.title")} size="large" closeLabel={t("common:close")}>
      <HelpBody />
    </Dialog>
  );
}

function HelpBody() {
  const t = useT();
  const actions = registry((all) => all.actions);
  const { shortcuts } = useSettings();
  const [query, setQuery] = useState("");
  const groups = useMemo(() => {
    const seen = new Set<string>();
    const shown = actions.filter((one) => one.keys && !seen.has(`${one.scope}/${one.id}`) && seen.add(`${one.scope}/${one.id}`));
    return order
      .map((scope) => ({ scope, items: shown.filter((one) => one.scope === scope && score(query, t(one.title)) > 0) }))
      .filter((group) => group.items.length > 0);
  }, [actions, query, t]);
  return (
    <>
      <SearchField label={t("shell:help.filter")} value={query} onChange={setQuery} clearLabel={t("common:clear")} autoFocus />
      {!shortcuts && <p className="mt-2 text-sm text-warning-text">{t("shell:help.off")}</p>}
      <div className="mt-3 columns-1 gap-8 sm:columns-2">
        {groups.map(({ scope, items }) => (
          <section key={scope} className="mb-4">
            <h3 className="mb-1 text-xs font-medium text-muted">{t(`shell:scope.${scope}` as MessageKey)}</h3>
            <ul>
              {items.map((one: Action) => (
                <li key={one.id} className="flex min-h-7 break-inside-avoid items-center gap-3 border-b border-line py-0.5 text-sm">
                  <span className="min-w-0 flex-1">{t(one.title)}</span>
                  <span className="flex flex-wrap justify-end gap-2">{one.keys?.slice(0, 2).map((keys) => <Kbd key={keys} keys={keys} />)}</span>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <p className="text-xs text-muted">{t("shell:help.layouts")}</p>
    </>
  );
}
