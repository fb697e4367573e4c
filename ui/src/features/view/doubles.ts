// Which values of a column occur more than once, where there are too many different ones for the engine to
// count them all: asked for the values in sight only, some at a time, and kept until records change.
import { useEffect, useMemo, useRef, useState } from "react";
import { call, onChanges, type Column, type FilterNode, type RecordListArgs } from "../../engine";
import { familyOf } from "../cell/kinds";
import { fold, isEmpty } from "../cell/show";


/** Values of one question. */
const BATCH = 60;
/** Records of one answer, the engine's most. */
const MOST = 1000;
/** Scrolling rests so long before it is asked, ms. */
const REST_MS = 250;

/** Values that count as the same have the same key. */
export const doubleKey = (value: unknown): string => (typeof value === "string" ? fold(value.trim()) : JSON.stringify(value));

const predicates: Partial<Record<ReturnType<typeof familyOf>, string>> = { text: "is", person: "is", number: "equal", date: "is", one: "is" };

function ruleFor(column: Column, value: unknown): FilterNode | null {
  const predicate = predicates[familyOf(column.type)];
  return predicate === undefined ? null : { kind: "rule", column: column.id, predicate, value: value as never, modifier: familyOf(column.type) === "date" ? "exact_date" : null };
}

type Aim = Pick<RecordListArgs, "base" | "table" | "view">;

/** Answers for each value whether the list holds it twice. */
export async function findDoubles(aim: Aim, column: Column, values: readonly unknown[]): Promise<Map<string, boolean>> {
  const items = values.flatMap((value) => ruleFor(column, value) ?? []);
  if (items.length === 0) return new Map();
  const page = await call("record.list", { ...aim, filter: { kind: "group", all: false, items }, offset: 0, limit: MOST });
  const place = page.columns.indexOf(column.id);
  const counts = new Map<string, number>();
  for (const row of page.rows) {
    const key = doubleKey(row.cells[place]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const found = new Map<string, boolean>();
  const open = values.filter((value) => {
    const count = counts.get(doubleKey(value)) ?? 0;
    if (count > 1 || page.total <= page.rows.length) found.set(doubleKey(value), count > 1);
    return !found.has(doubleKey(value));
  });
  if (open.length === 0) return found;
  // One value alone that fills an answer is there more than once.
  if (values.length === 1) return found.set(doubleKey(values[0]), page.total > 1);
  const half = Math.ceil(open.length / 2);
  for (const part of [open.slice(0, half), open.slice(half)]) if (part.length > 0) for (const [key, is] of await findDoubles(aim, column, part)) found.set(key, is);
  return found;
}

/** A question about a value, answered later: the component is drawn anew when more is known. */
export function useDoubles(aim: Aim, columns: readonly Column[], active: boolean): (column: number, value: unknown) => boolean {
  const known = useRef(new Map<number, Map<string, boolean>>());
  const wanted = useRef(new Map<number, Map<string, unknown>>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [version, setVersion] = useState(0);
  const aimKey = JSON.stringify(aim);
  useEffect(() => {
    known.current.clear();
    const stop = onChanges((changes) => {
      if (changes.some((change) => change.noun === "record" && (change.base === null || change.base === aim.base))) {
        known.current.clear();
        setVersion((now) => now + 1);
      }
    });
    return () => {
      stop();
      clearTimeout(timer.current);
    };
    // `aimKey` stands for the aim.
  }, [aimKey, aim.base]);

  const ask = async () => {
    for (const [id, values] of wanted.current) {
      const column = columns.find((one) => one.id === id);
      const batch = [...values].slice(0, BATCH);
      for (const [key] of batch) values.delete(key);
      if (!column || batch.length === 0) continue;
      // Asked is asked: a refusal leaves these values uncoloured.
      const answers = await findDoubles(aim, column, batch.map(([, value]) => value)).catch(() => new Map<string, boolean>());
      const kept = known.current.get(id) ?? new Map<string, boolean>();
      for (const [key] of batch) kept.set(key, answers.get(key) ?? false);
      known.current.set(id, kept);
      setVersion((now) => now + 1);
      if (values.size > 0) timer.current = setTimeout(() => void asking.current(), 0);
    }
  };
  const asking = useRef(ask);
  useEffect(() => {
    asking.current = ask;
  });
  // Anew when more is known, so that rows are painted anew then and only then.
  return useMemo(() => (column: number, value: unknown) => {
    if (!active || version < 0 || isEmpty(value)) return false;
    const key = doubleKey(value);
    const answer = known.current.get(column)?.get(key);
    if (answer !== undefined) return answer;
    const list = wanted.current.get(column) ?? new Map<string, unknown>();
    list.set(key, value);
    wanted.current.set(column, list);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void asking.current(), REST_MS);
    return false;
  }, [active, version]);
}
