// The columns of a board: which records stand in each, and what a card holds that is moved to another.
import type { Column, FilterNode } from "../../../engine";
import { optionsOf, type SelectOption } from "../../cell/kinds";
import { fold } from "../../cell/show";

/** A column of a board: a value of the column it is by. */
export interface LaneValue {
  id: string;
  name: string;
  /** The option it stands for. */
  option: SelectOption | null;
  /** What a new card of it holds. */
  value: unknown;
}

/** Whether the board stands by names that the column happens to hold. */
export const isByName = (column: Column): boolean => column.type === "collaborator" || column.type === "department";

/** The columns of a board: none and each option or name, or yes and no. */
export function lanesOf(column: Column, names: readonly string[], yes: string, no: string): (LaneValue | null)[] {
  if (column.type === "checkbox") return [{ id: "no", name: no, option: null, value: false }, { id: "yes", name: yes, option: null, value: true }];
  if (isByName(column)) return [null, ...names.map((name): LaneValue => ({ id: `name ${name}`, name, option: null, value: column.type === "collaborator" ? [name] : name }))];
  return [null, ...optionsOf(column).map((option): LaneValue => ({ id: String(option.id), name: option.name, option, value: option.id }))];
}

/** Which records stand in a lane; a record of several persons stands in the lane of each. */
export function laneFilter(column: Column, lane: LaneValue | null): FilterNode {
  const predicate = lane === null ? "is_empty" : column.type === "collaborator" ? "has_any_of" : "is";
  return { kind: "rule", column: column.id, predicate, value: (lane?.value ?? null) as never, modifier: null };
}

/** What a cell holds after its card was moved: of several persons only the one it was taken from changes. */
export function movedCell(column: Column, now: unknown, from: LaneValue | null, to: LaneValue | null): unknown {
  if (column.type !== "collaborator") return to?.value ?? null;
  const persons = Array.isArray(now) ? now.filter((one): one is string => typeof one === "string") : [];
  const same = (lane: LaneValue | null) => (one: string) => lane !== null && fold(one) === fold(lane.name);
  const place = persons.findIndex(same(from));
  const rest = persons.filter((one) => !same(from)(one));
  if (to !== null && !rest.some(same(to))) rest.splice(place < 0 ? rest.length : place, 0, to.name);
  return rest.length === 0 ? null : rest;
}
