// Editing one cell in its place. What is typed goes to the engine as text, which reads it as the column does.
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import type { Column, RecordId } from "../../engine";
import { useT } from "../../i18n";
import { Stars } from "./view";
import { MonthPicker } from "./date-picker";
import { isRightAligned, isTimed, ratingMax } from "./kinds";
import { FilesPanel } from "./files-panel";
import { LinkPicker } from "./link-picker";
import { linkedOf, type Linked } from "./linked";
import type { Done } from "./picker";
import { PersonPicker } from "./person-picker";
import { OptionPicker } from "./option-picker";
import { SignaturePanel } from "./signature-panel";
import { sameCell, typedCell } from "./show";

/** Where the cursor goes; `fill` also writes into every selected cell. */
export type Leave = "stay" | "down" | "up" | "right" | "left" | "fill";

export interface CellEditorProps {
  column: Column;
  value: unknown;
  record: RecordId;
  /** Text that was typed to begin; null edits what is there. */
  initial: string | null;
  width: number;
  height: number;
  onCommit: (value: unknown, leave: Leave) => void;
  onCancel: () => void;
  /** Writes and goes on editing. */
  onPut: (value: unknown) => void;
}

const leaveAfter: Record<Done, Leave> = { enter: "down", tab: "right", back_tab: "left", fill: "fill", pick: "stay" };

export function CellEditor(props: CellEditorProps) {
  const { column } = props;
  if (column.type === "single_select" || column.type === "multiple_select" || column.type === "collaborator") return <ChoiceEditor {...props} />;
  if (column.type === "link") return <LinkEditor {...props} />;
  if (column.type === "image" || column.type === "file" || column.type === "signature") return <FilesEditor {...props} />;
  if (column.type === "rating") return <RatingEditor {...props} />;
  return <TextEditor {...props} />;
}

function leaveOf(event: KeyboardEvent): Leave | null {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return "fill";
  if (event.key === "Enter") return event.shiftKey ? "up" : "down";
  if (event.key === "Tab") return event.shiftKey ? "left" : "right";
  return null;
}

function TextEditor({ column, value, initial, width, height, onCommit, onCancel }: CellEditorProps) {
  const opened = typedCell(column, value);
  const [text, setText] = useState(initial ?? opened);
  const field = useRef<HTMLTextAreaElement & HTMLInputElement>(null);
  const done = useRef(false);
  const long = column.type === "long_text";
  useEffect(() => {
    field.current?.focus({ preventScroll: true });
    field.current?.setSelectionRange(field.current.value.length, field.current.value.length);
  }, []);
  const commit = (leave: Leave, what = text) => {
    if (done.current) return;
    done.current = true;
    if (what === opened && leave !== "fill") onCommit(undefined, leave);
    else onCommit(what.trim() === "" ? null : what, leave);
  };
  const cancel = () => {
    done.current = true;
    onCancel();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      cancel();
      return;
    }
    if (long && event.key === "Enter" && (event.shiftKey || event.altKey)) return;
    const leave = leaveOf(event);
    if (leave) {
      event.preventDefault();
      commit(leave);
    }
  };
  const look = "w-full bg-transparent px-2 text-sm outline-none focus-visible:outline-none";
  const shared = { "aria-label": column.name, value: text, onKeyDown, spellCheck: long };
  return (
    <div
      className="rounded-sm bg-surface shadow-raised outline-2 outline-focus"
      style={{ width: long ? Math.max(width, 320) : width, minHeight: height }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) commit("stay");
      }}
    >
      {long ? (
        <textarea ref={field} {...shared} rows={6} onChange={(event) => setText(event.target.value)} className={`${look} resize-y py-1.5`} />
      ) : (
        <input
          ref={field}
          {...shared}
          type={column.type === "email" ? "email" : column.type === "url" ? "url" : column.type === "phone" ? "tel" : "text"}
          inputMode={column.type === "number" ? "decimal" : undefined}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
          className={look}
          style={{ height, textAlign: isRightAligned(column.type) ? "right" : undefined }}
        />
      )}
      {column.type === "date" && (
        <div className="absolute top-full left-0 mt-1 rounded-lg border border-line bg-raised shadow-raised">
          <MonthPicker
            value={value}
            onPick={(day) => {
              const time = /\d{1,2}:\d\d/.exec(text)?.[0];
              commit("stay", isTimed(column) && time ? `${day} ${time}` : day);
            }}
          />
        </div>
      )}
    </div>
  );
}

/** Options and persons, written once the cell is left. */
function ChoiceEditor({ column, value, initial, width, onCommit, onCancel }: CellEditorProps) {
  const [chosen, setChosen] = useState<unknown>(value);
  const latest = useRef(value);
  const done = useRef(false);
  const commit = (leave: Leave) => {
    if (done.current) return;
    done.current = true;
    onCommit(sameCell(latest.current, value) && leave !== "fill" ? undefined : (latest.current ?? null), leave);
  };
  const ChosenPicker = column.type === "collaborator" ? PersonPicker : OptionPicker;
  return (
    <div
      style={{ width: Math.max(width, 224) }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) commit("stay");
      }}
    >
      <ChosenPicker
        column={column}
        value={chosen}
        initial={initial ?? undefined}
        onChange={(next) => {
          latest.current = next;
          setChosen(next);
        }}
        onDone={(how) => commit(leaveAfter[how])}
        onCancel={() => {
          done.current = true;
          onCancel();
        }}
      />
    </div>
  );
}

/** Linked records, written once the cell is left. */
function LinkEditor({ column, value, initial, width, onCommit }: CellEditorProps) {
  const [chosen, setChosen] = useState<Linked[]>(() => linkedOf(value));
  const latest = useRef(chosen);
  const done = useRef(false);
  const commit = (leave: Leave) => {
    if (done.current) return;
    done.current = true;
    onCommit(sameCell(latest.current.map((one) => one.id), linkedOf(value).map((one) => one.id)) ? undefined : latest.current, leave);
  };
  return (
    <div
      style={{ width: Math.max(width, 288) }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) commit("stay");
      }}
    >
      <LinkPicker
        column={column}
        value={chosen}
        initial={initial ?? undefined}
        onChange={(next) => {
          latest.current = next;
          setChosen(next);
        }}
        onDone={(how) => commit(leaveAfter[how])}
      />
    </div>
  );
}

/** Files and signatures: each act is written at once, so leaving only leaves. */
function FilesEditor({ column, value, record, width, onCommit, onPut }: CellEditorProps) {
  const box = useRef<HTMLDivElement>(null);
  const inside = useRef(false);
  const leave = useRef(onCommit);
  useEffect(() => {
    leave.current = onCommit;
  });
  useEffect(() => {
    box.current?.scrollIntoView({ block: "nearest" });
    // Menus and dialogs of the panel lie outside of it in the document, but inside for React.
    const away = () => {
      if (!inside.current) leave.current(undefined, "stay");
      inside.current = false;
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, []);
  return (
    // oxlint-disable-next-line no-static-element-interactions -- keys of the controls in it
    <div
      ref={box}
      className="rounded-md border border-line bg-raised p-2 shadow-raised"
      style={{ width: Math.max(width, 320) }}
      onPointerDownCapture={() => {
        inside.current = true;
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Escape" || event.defaultPrevented || !event.currentTarget.contains(event.target as Node)) return;
        event.preventDefault();
        onCommit(undefined, "stay");
      }}
    >
      {column.type === "signature" ? <SignaturePanel column={column} value={value} record={record} onChange={onPut} onAdded={() => onCommit(undefined, "stay")} autoFocus /> : <FilesPanel column={column} value={value} record={record} onChange={onPut} autoFocus />}
    </div>
  );
}

/** Stars chosen by click, arrows and digits. */
function RatingEditor({ column, value, initial, width, height, onCommit, onCancel }: CellEditorProps) {
  const t = useT();
  const max = ratingMax(column);
  const bounded = (n: number) => Math.min(max, Math.max(0, n));
  const [stars, setStars] = useState(bounded(initial !== null && /^\d$/.test(initial) ? Number(initial) : Number(value) || 0));
  const box = useRef<HTMLDivElement>(null);
  const done = useRef(false);
  useEffect(() => box.current?.focus({ preventScroll: true }), []);
  const commit = (leave: Leave, count = stars) => {
    if (done.current) return;
    done.current = true;
    onCommit(count === (Number(value) || 0) ? undefined : count === 0 ? null : count, leave);
  };
  return (
    <div
      ref={box}
      role="slider"
      tabIndex={0}
      aria-label={column.name}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={stars}
      aria-valuetext={t("column:stars", { count: stars })}
      className="flex items-center bg-surface px-2 outline-2 outline-focus"
      style={{ width, height }}
      onBlur={() => commit("stay")}
      onPointerDown={(event) => {
        const star = (event.target as Element).closest<SVGElement>("[data-star]")?.dataset["star"];
        event.preventDefault();
        if (star) commit("stay", Number(star) === stars ? 0 : Number(star));
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (/^\d$/.test(event.key)) setStars(bounded(Number(event.key)));
        else if (event.key === "ArrowRight" || event.key === "ArrowUp") setStars(bounded(stars + 1));
        else if (event.key === "ArrowLeft" || event.key === "ArrowDown") setStars(bounded(stars - 1));
        else if (event.key === "Delete" || event.key === "Backspace") setStars(0);
        else if (event.key === "Escape") {
          done.current = true;
          onCancel();
        } else {
          const leave = leaveOf(event);
          if (!leave) return;
          commit(leave);
        }
        event.preventDefault();
      }}
    >
      <Stars value={stars} max={max} size={16} />
    </div>
  );
}
