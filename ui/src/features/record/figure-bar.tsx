// The bar below the grid: for each column in sight the figure that was chosen for it.
import { ChevronDown } from "lucide-react";
import { memo, useEffect, useState, type RefObject } from "react";
import { Toolbar } from "react-aria-components";
import { Button, Menu } from "../../design";
import type { Column, ColumnId, RecordSummary } from "../../engine";
import { useT } from "../../i18n";
import { figuresFor, showFigure, type FigureName } from "./figures";
import type { Lane } from "./layout";

export interface FigureBarProps {
  lanes: readonly Lane[];
  /** What scrolls sideways above it. */
  viewport: RefObject<HTMLElement | null>;
  frozenPx: number;
  figures: ReadonlyMap<ColumnId, FigureName>;
  summary: Record<ColumnId, RecordSummary> | undefined;
  language: string;
  locked: boolean;
  onFigure: (column: Column, name: FigureName | null) => void;
}

export const FigureBar = memo(function FigureBar({ lanes, viewport, frozenPx, figures, summary, language, locked, onFigure }: FigureBarProps) {
  const t = useT();
  const [scrollLeft, setScrollLeft] = useState(0);
  useEffect(() => {
    const element = viewport.current;
    if (!element) return;
    const look = () => setScrollLeft(element.scrollLeft);
    look();
    element.addEventListener("scroll", look, { passive: true });
    return () => element.removeEventListener("scroll", look);
  }, [viewport]);
  const cell = ({ column, left, width, frozen }: Lane) => {
    const name = figures.get(column.id);
    const figure = name ? showFigure(column, name, summary?.[column.id], language) : "";
    const text = name ? `${t(`record:figure.${name}`)} ${figure}` : "";
    return (
      <div key={column.id} className="absolute inset-y-0" style={{ left: frozen ? left : left - scrollLeft, width }}>
        <Menu
          label={t("record:figure_of", { name: column.name })}
          placement="top start"
          trigger={
            <Button small kind="quiet" isDisabled={locked} aria-label={`${column.name}: ${text || t("record:figure.none")}`} className="group !h-full w-full !justify-end !rounded-none !px-2 !font-normal data-disabled:opacity-100">
              {name ? (
                <>
                  <span className="min-w-0 truncate text-2xs text-muted">{t(`record:figure.${name}`)}</span>{" "}
                  <span className="shrink-0 font-medium">{figure}</span>
                </>
              ) : (
                <span className="flex items-center gap-1 text-2xs text-muted">
                  <span className="opacity-0 group-data-focus-visible:opacity-100 group-data-hovered:opacity-100">{t("record:figure.title")}</span>
                  <ChevronDown size={12} aria-hidden className="opacity-60" />
                </span>
              )}
            </Button>
          }
          groups={[
            { items: [{ id: "none", label: t("record:figure.none"), checked: name === undefined, perform: () => onFigure(column, null) }] },
            { items: figuresFor(column).map((one) => ({ id: one, label: t(`record:figure.${one}`), checked: one === name, perform: () => onFigure(column, one) })) },
          ]}
        />
      </div>
    );
  };
  return (
    <Toolbar aria-label={t("record:figure.bar")} className="relative h-8 shrink-0 overflow-hidden border-t border-line bg-sunken text-xs">
      <div className="absolute inset-0 overflow-hidden" style={{ clipPath: `inset(0 0 0 ${frozenPx}px)` }}>{lanes.filter((lane) => !lane.frozen).map(cell)}</div>
      {lanes.filter((lane) => lane.frozen).map(cell)}
    </Toolbar>
  );
});
