// A provider's first letters on a tile: providers are no people, so they are no circles.
import { clsx } from "clsx";
import { initialsOf } from "../../design";

export function ProviderMark({ title, large }: { title: string; large?: boolean }) {
  return (
    <span aria-hidden className={clsx("inline-flex shrink-0 items-center justify-center rounded-lg border border-line bg-sunken font-semibold text-muted", large ? "size-9 text-sm" : "size-[30px] text-xs")}>
      {initialsOf(title, title)}
    </span>
  );
}
