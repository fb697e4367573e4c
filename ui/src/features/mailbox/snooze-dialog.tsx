// "Snooze until …": a few times by name, and any other.
import { useState } from "react";
import { Button, Dialog, TextField } from "../../design";
import { useFormats, useT, type MessageKey } from "../../i18n";
import { localField } from "../draft";
import { snoozeChoices } from "./snooze-times";

export interface SnoozeDialogProps {
  open: boolean;
  onChoose: (until: number) => void;
  onClose: () => void;
}

export function SnoozeDialog({ open, onChoose, onClose }: SnoozeDialogProps) {
  const t = useT();
  return (
    <Dialog open={open} onClose={onClose} title={t("thread:snooze.title")} size="small" closeLabel={t("common:close")}>
      {open && (
        <Times
          onChoose={(until) => {
            onClose();
            onChoose(until);
          }}
        />
      )}
    </Dialog>
  );
}

function Times({ onChoose }: { onChoose: (until: number) => void }) {
  const t = useT();
  const format = useFormats();
  const [choices] = useState(() => snoozeChoices(Date.now()));
  const [value, setValue] = useState(() => localField(choices.at(-1)?.at ?? Date.now()));
  const at = new Date(value).getTime();
  const past = !(at > Date.now());
  return (
    <div
      onKeyDown={(event) => {
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        const all = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-choice]")];
        const here = all.indexOf(document.activeElement as HTMLElement);
        if (here < 0) return;
        all[(here + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length]?.focus();
        event.preventDefault();
      }}
    >
      <div role="group" aria-label={t("thread:snooze.title")} className="-mx-1 py-1">
        {choices.map((choice, index) => (
          <button
            key={choice.id}
            type="button"
            data-choice=""
            // Opened by a key: Enter takes the first.
            autoFocus={index === 0}
            onClick={() => onChoose(choice.at)}
            className="flex h-9 w-full items-center gap-3 rounded-md px-2 text-left hover:bg-hover"
          >
            <span className="min-w-0 flex-1 truncate">{t(`thread:snooze.${choice.id}` as MessageKey)}</span>
            <span className="shrink-0 text-xs text-muted">{format.ahead(choice.at)}</span>
          </button>
        ))}
      </div>
      <form
        className="mt-2 flex items-end gap-2 border-t border-line pt-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (!past) onChoose(at);
        }}
      >
        <TextField type="datetime-local" label={t("thread:snooze.choose")} value={value} onChange={setValue} error={past ? t("thread:snooze.past") : null} className="min-w-0 flex-1" />
        <Button type="submit" isDisabled={past}>{t("thread:snooze.do")}</Button>
      </form>
    </div>
  );
}
