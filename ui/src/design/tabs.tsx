import { clsx } from "clsx";
import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from "react-aria-components";

export interface TabEntry {
  id: string;
  label: ReactNode;
  content: ReactNode;
}

/** Pages in one place. */
export function Tabs({ aria, tabs, value, onChange, className }: {
  aria: string;
  tabs: TabEntry[];
  value?: string;
  onChange?: (id: string) => void;
  className?: string;
}) {
  return (
    <AriaTabs selectedKey={value} onSelectionChange={(key) => onChange?.(String(key))} className={clsx("flex min-h-0 flex-col", className)}>
      <TabList aria-label={aria} className="flex shrink-0 gap-1 border-b border-line">
        {tabs.map(({ id, label }) => (
          <Tab
            key={id}
            id={id}
            className="-mb-px flex h-8 items-center border-b-2 border-transparent px-2 text-sm text-muted data-hovered:text-text data-selected:border-accent data-selected:font-medium data-selected:text-text"
          >
            {label}
          </Tab>
        ))}
      </TabList>
      {tabs.map(({ id, content }) => (
        <TabPanel key={id} id={id} className="min-h-0 flex-1 pt-3 outline-none">
          {content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
