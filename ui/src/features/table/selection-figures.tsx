// The figures of the selected cells, at the foot of the grid.
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, type Column, type RecordSummary } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { isEmpty } from "../cell/show";
import { showFigure, type FigureName } from "../record/figures";
import type { Range } from "../record/keys";
import type { RecordSource } from "../record/source";

/** More records than this are counted by the engine, and only where they are the whole list. */
const HERE = 5000;
const shown: readonly FigureName[] = ["sum", "average", "median", "min", "max"];

/** Figures of values that are at hand. */
export function figuresOfValues(values: readonly unknown[]): RecordSummary {
  const filled = values.filter((value) => !isEmpty(value));
  const numbers = filled.filter((value): value is number => typeof value === "number").toSorted((a, b) => a - b);
  const sum = numbers.length > 0 ? numbers.reduce((all, one) => all + one, 0) : null;
  const middle = numbers.length >> 1;
  const median = numbers.length === 0 ? null : numbers.length % 2 === 1 ? (numbers[middle] ?? null) : ((numbers[middle - 1] ?? 0) + (numbers[middle] ?? 0)) / 2;
  return {
    count: values.length, filled: filled.length, empty: values.length - filled.length, unique: new Set(filled.map((value) => JSON.stringify(value))).size,
    sum, average: sum === null ? null : sum / numbers.length, median, min: numbers[0] ?? null, max: numbers.at(-1) ?? null,
  };
}

export function SelectionFigures({ source, columns, range, version }: { source: RecordSource; columns: readonly Column[]; range: Range; version: number }) {
  const t = useT();
  const format = useFormats();
  const { i18n } = useTranslation();
  const [found, setFound] = useState<{ column: Column; summary: RecordSummary } | null>(null);
  const chosen = columns.slice(range.left, range.right + 1);
  const numeric = chosen.filter((column) => ["number", "duration", "rating", "formula", "link_formula"].includes(column.type));
  const count = range.bottom - range.top + 1;
  // Stands for the range, its columns and the state of the records.
  const key = JSON.stringify([range, numeric.map((column) => column.id), version]);
  const look = useRef<(put: (found: { column: Column; summary: RecordSummary } | null) => void) => Promise<void>>(() => Promise.resolve());
  useEffect(() => {
    look.current = async (tell) => {
      const [column] = numeric;
      // Amounts of different columns are not one sum.
      if (!column || numeric.length > 1) return tell(null);
      const put = (summary: RecordSummary | undefined) => tell(summary ? { column, summary } : null);
      if (count <= HERE) {
        const rows = await source.rows(range.top, range.bottom + 1);
        put(figuresOfValues(rows.map((row) => source.value(row, column.id))));
      } else if (count >= source.total) {
        const { base, table, view, search } = source.aim;
        put((await call("record.summary", { base, table, view: view ?? null, search: search ?? null, columns: [column.id] }))[column.id]);
      } else put(undefined);
    };
  });
  useEffect(() => {
    let gone = false;
    const put = (what: typeof found) => !gone && setFound(what);
    const timer = setTimeout(() => void look.current(put).catch(() => put(null)), 90);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [key]);
  return (
    <span role="status" className="flex min-w-0 items-center gap-3 text-text">
      <span className="whitespace-nowrap text-accent-text">{t("record:cells_selected", { count: count * chosen.length })}</span>
      {found && found.summary.sum !== null && shown.map((name) => (
        <span key={name} className="flex items-baseline gap-1 whitespace-nowrap">
          <span className="text-2xs text-muted">{t(`record:figure.${name}`)}</span>
          <span className="font-medium">{showFigure(found.column, name, found.summary, i18n.language)}</span>
        </span>
      ))}
      {!found && numeric.length > 1 && <span className="sr-only">{format.number(chosen.length)}</span>}
    </span>
  );
}
