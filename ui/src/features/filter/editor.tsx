// Rules read as sentences: column, predicate, value; groups stand inside of groups.
import { clsx } from "clsx";
import { FolderPlus, Plus, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, IconButton, Popover, Segmented, Select, TextField } from "../../design";
import type { Column } from "../../engine";
import { useT } from "../../i18n";
import { OptionChip } from "../cell/view";
import { MonthPicker } from "../cell/date-picker";
import { familyOf, kindIcons, optionsOf, type Family } from "../cell/kinds";
import { useMe } from "./me";
import { PersonsButton } from "./persons";
import { asGroup, asStored, DEEPEST, emptyGroup, modifiersOf, namesIn, newRule, predicatesOf, replacedAt, valueKind, withColumn, withoutColumns, withPredicate, type FilterGroup, type FilterPath, type FilterRule, type Modifier, type Predicate } from "./filter";
import type { FilterNode } from "../../engine";

/** Typing is stored once it rests, ms. */
const REST_MS = 300;

export function FilterEditor({ columns, filter, onChange, empty }: { columns: readonly Column[]; filter: FilterNode | null; onChange: (filter: FilterNode | null) => void; /** Said where there is no rule. */ empty?: string }) {
  const t = useT();
  const [root, setRoot] = useState<FilterGroup>(() => withoutColumns(asGroup(filter), new Set(columns.map((column) => column.id))));
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const pending = useRef<FilterGroup | null>(null);
  const store = useRef(onChange);
  useEffect(() => {
    store.current = onChange;
  });
  const flush = () => {
    clearTimeout(timer.current);
    if (pending.current) store.current(asStored(pending.current));
    pending.current = null;
  };
  useEffect(() => flush, []);
  const change = (next: FilterGroup, later = false) => {
    setRoot(next);
    pending.current = next;
    clearTimeout(timer.current);
    if (later) timer.current = setTimeout(flush, REST_MS);
    else flush();
  };
  return (
    <div className="flex max-w-[680px] min-w-[min(520px,80vw)] flex-col gap-2">
      {root.items.length === 0 && <p className="text-sm text-muted">{empty ?? t("view:filter.empty")}</p>}
      <GroupEditor columns={columns} root={root} group={root} path={[]} onChange={change} />
      {root.items.length > 0 && (
        <div className="border-t border-line pt-2">
          <Button small kind="quiet" onPress={() => change(emptyGroup())}>{t("view:filter.clear")}</Button>
        </div>
      )}
    </div>
  );
}

interface PartProps {
  columns: readonly Column[];
  root: FilterGroup;
  path: FilterPath;
  onChange: (root: FilterGroup, later?: boolean) => void;
}

function GroupEditor({ columns, root, group, path, onChange }: PartProps & { group: FilterGroup }) {
  const t = useT();
  const put = (next: FilterGroup) => onChange(replacedAt(root, path, next));
  const first = columns[0];
  return (
    <div className={clsx("flex flex-col gap-1.5", path.length > 0 && "rounded-lg border border-line bg-sunken p-2")}>
      {(group.items.length > 1 || path.length > 0) && (
        <div className="flex items-center gap-2">
          <Segmented
            aria={t("view:filter.match")}
            value={group.all ? "all" : "any"}
            options={[
              { value: "all", label: t("view:filter.all") },
              { value: "any", label: t("view:filter.any") },
            ]}
            onChange={(value) => put({ ...group, all: value === "all" })}
          />
          <span className="flex-1" />
          {path.length > 0 && <IconButton icon={X} label={t("view:filter.remove_group")} onPress={() => onChange(replacedAt(root, path, null))} />}
        </div>
      )}
      {group.items.map((item, at) =>
        item.kind === "group" ? (
          <GroupEditor key={at} columns={columns} root={root} group={item} path={[...path, at]} onChange={onChange} />
        ) : (
          <RuleEditor key={at} columns={columns} root={root} rule={item} path={[...path, at]} onChange={onChange} />
        ),
      )}
      <div className="flex gap-1">
        <Button small kind="quiet" icon={Plus} isDisabled={!first} onPress={() => first && put({ ...group, items: [...group.items, newRule(first)] })}>{t("view:filter.add")}</Button>
        {path.length + 1 < DEEPEST && (
          <Button small kind="quiet" icon={FolderPlus} isDisabled={!first} onPress={() => first && put({ ...group, items: [...group.items, { ...emptyGroup(!group.all), items: [newRule(first)] }] })}>{t("view:filter.add_group")}</Button>
        )}
      </div>
    </div>
  );
}

/** Days and persons are asked for in words of their own. */
function predicateLabel(family: Family, predicate: Predicate) {
  if (family === "date" && predicate === "is") return "view:predicate.is_day" as const;
  if (family === "persons" && (predicate.startsWith("has_") || predicate === "is_exactly")) return `view:predicate.persons_${predicate as "has_any_of" | "has_all_of" | "has_none_of" | "is_exactly"}` as const;
  if (family === "persons" && predicate === "include_me") return "view:predicate.persons_include_me" as const;
  if (family === "person" && (predicate === "contains" || predicate === "does_not_contain")) return `view:predicate.person_${predicate}` as const;
  return `view:predicate.${predicate}` as const;
}

function RuleEditor({ columns, root, rule, path, onChange }: PartProps & { rule: FilterRule }) {
  const t = useT();
  const column = columns.find((one) => one.id === rule.column);
  if (!column) return null;
  const put = (next: FilterRule, later = false) => onChange(replacedAt(root, path, next), later);
  const family = familyOf(column.type);
  return (
    <div className="flex flex-wrap items-center gap-1.5" role="group" aria-label={t("view:filter.rule", { name: column.name })}>
      <Select
        aria={t("view:filter.column")}
        className="w-40"
        value={column.id}
        options={columns.map((one) => {
          const Icon = kindIcons[one.type];
          return { value: one.id, label: one.name, before: <Icon size={14} aria-hidden className="shrink-0 text-muted" /> };
        })}
        onChange={(next) => {
          const to = columns.find((one) => one.id === next);
          if (to) put(withColumn(column, to, rule));
        }}
      />
      {family !== "flag" && (
        <Select aria={t("view:filter.predicate")} className="w-40" value={rule.predicate as Predicate} options={predicatesOf(family).map((one) => ({ value: one, label: t(predicateLabel(family, one)) }))} onChange={(next) => put(withPredicate(column, rule, next))} />
      )}
      {family === "date" && !rule.predicate.includes("empty") && (
        <Select aria={t("view:filter.when")} className="w-40" value={(rule.modifier ?? "exact_date") as Modifier} options={modifiersOf(rule.predicate).map((one) => ({ value: one, label: t(`view:modifier.${one}`) }))} onChange={(next) => put({ ...rule, modifier: next, value: null })} />
      )}
      <ValueEditor column={column} rule={rule} put={put} />
      <span className="flex-1" />
      <IconButton icon={X} label={t("view:filter.remove")} onPress={() => onChange(replacedAt(root, path, null))} />
    </div>
  );
}

/** Under which names "me" is looked for, where other rules have a value. */
function WhoIsMe() {
  const t = useT();
  const names = useMe().join(", ");
  if (names === "") return <span className="max-w-60 px-1 text-xs text-pretty text-muted">{t("view:filter.nobody")}</span>;
  return <span className="max-w-60 truncate px-1 text-sm text-muted" title={names}>{names}</span>;
}

function ValueEditor({ column, rule, put }: { column: Column; rule: FilterRule; put: (rule: FilterRule, later?: boolean) => void }) {
  const t = useT();
  const label = t("view:filter.value");
  const kind = valueKind(column, rule);
  const text = rule.value === null || rule.value === undefined ? "" : String(rule.value);
  switch (kind) {
    case "none":
      return null;
    case "me":
      return <WhoIsMe />;
    case "flag":
      return (
        <Segmented aria={label} value={rule.value === true ? "yes" : "no"} options={[{ value: "yes", label: t("view:filter.checked") }, { value: "no", label: t("view:filter.unchecked") }]} onChange={(next) => put({ ...rule, value: next === "yes" })} />
      );
    case "option":
      return <Select aria={label} className="w-40" placeholder={t("view:filter.choose")} value={typeof rule.value === "number" ? rule.value : null} options={optionsOf(column).map((one) => ({ value: one.id, label: one.name }))} onChange={(next) => put({ ...rule, value: next })} />;
    case "options": {
      const chosen = Array.isArray(rule.value) ? (rule.value as unknown[]).map(Number) : [];
      const toggle = (id: number) => put({ ...rule, value: chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id] });
      return (
        <Popover
          label={label}
          trigger={
            <Button className="max-w-52 min-w-40 !justify-start overflow-hidden">
              {chosen.length === 0 ? <span className="text-faint">{t("view:filter.choose")}</span> : optionsOf(column).filter((one) => chosen.includes(one.id)).map((one) => <OptionChip key={one.id} option={one} />)}
            </Button>
          }
        >
          <div className="flex max-h-64 flex-col gap-0.5">
            {optionsOf(column).map((one) => (
              <label key={one.id} className="flex min-h-7 items-center gap-2 rounded-md px-1 hover:bg-hover">
                <input type="checkbox" checked={chosen.includes(one.id)} onChange={() => toggle(one.id)} />
                <OptionChip option={one} />
              </label>
            ))}
          </div>
        </Popover>
      );
    }
    case "person": case "persons":
      return <PersonsButton column={column} chosen={namesIn(rule)} single={kind === "person"} label={label} onChange={(names) => put({ ...rule, value: kind === "person" ? (names[0] ?? null) : names })} />;
    case "date":
      return (
        <Popover label={label} trigger={<Button className="w-32 !justify-start">{text || <span className="text-faint">{t("view:filter.choose")}</span>}</Button>}>
          {(close) => (
            <MonthPicker
              value={rule.value}
              onPick={(day) => {
                put({ ...rule, value: day });
                close();
              }}
            />
          )}
        </Popover>
      );
    default:
      return <TextField aria-label={label} className="w-40" inputMode={kind === "text" ? "text" : "decimal"} value={text} onChange={(next) => put({ ...rule, value: next === "" ? null : next }, true)} />;
  }
}
