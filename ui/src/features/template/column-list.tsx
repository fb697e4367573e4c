// The columns that `{` offers.
import { clsx } from "clsx";
import type { Column } from "../../engine";
import { kindIcons } from "../cell/kinds";

export function ColumnList({ id, label, columns, at, onPick }: { id: string; label: string; columns: readonly Column[]; at: number; onPick: (column: Column) => void }) {
  return (
    <ul id={id} role="listbox" aria-label={label} className="absolute top-full left-0 z-50 mt-1 max-h-60 w-64 overflow-auto rounded-lg border border-line bg-raised p-1 text-sm shadow-raised">
      {columns.map((column, index) => {
        const Icon = kindIcons[column.type];
        return (
          <li
            key={column.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            onPointerDown={(event) => {
              event.preventDefault();
              onPick(column);
            }}
            className={clsx("flex min-h-7 items-center gap-2 rounded-md px-2", index === at && "bg-hover")}
          >
            <Icon size={14} aria-hidden className="shrink-0 text-muted" />
            <span className="truncate">{column.name}</span>
          </li>
        );
      })}
    </ul>
  );
}
