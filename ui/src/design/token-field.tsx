// Address chips with completion. Enter, Tab, comma and semicolon make a chip of what was typed; a pasted
// list becomes many; Backspace selects the last chip and then removes it; Enter on a chip edits it again.
import { clsx } from "clsx";
import { X } from "lucide-react";
import { useEffect, useId, useImperativeHandle, useRef, useState, type ClipboardEvent, type KeyboardEvent, type ReactNode, type Ref } from "react";
import { formatAddress, looksLikeAddress, parseAddress, splitAddresses, type TypedAddress } from "./address";
import { Avatar } from "./feedback";

/** Somebody to choose. */
export interface Suggestion extends TypedAddress {
  /** Where this person comes from, shown quietly below. */
  source?: string;
}

export interface TokenFieldHandle {
  focus(): void;
  /** Makes a chip of text that still stands there; returns all chips. */
  commit(): TypedAddress[];
}

export interface TokenFieldProps {
  label: string;
  value: TypedAddress[];
  onChange: (value: TypedAddress[]) => void;
  /** Correspondents that match what was typed, best first. */
  complete?: (text: string) => Promise<Suggestion[]>;
  /** `Remove ada@example.org`. */
  removeLabel: (token: TypedAddress) => string;
  /** Shown and read for a chip that is no address. */
  invalidLabel: string;
  placeholder?: string;
  autoFocus?: boolean;
  className?: string;
  /** Without its own frame, for places that have one. */
  bare?: boolean;
  after?: ReactNode;
  ref?: Ref<TokenFieldHandle>;
}

export function TokenField({ label, value, onChange, complete, removeLabel, invalidLabel, placeholder, autoFocus, className, bare, after, ref }: TokenFieldProps) {
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(-1);
  const [found, setFound] = useState<Suggestion[]>([]);
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const asked = useRef(0);
  const open = found.length > 0;

  useEffect(() => {
    const query = text.trim();
    const turn = ++asked.current;
    if (!complete || query === "") {
      setFound([]);
      return;
    }
    void complete(query).then(
      (all) => {
        if (turn !== asked.current) return;
        const taken = new Set(value.map((one) => one.email.toLowerCase()));
        setFound(all.filter((one) => !taken.has(one.email.toLowerCase())).slice(0, 8));
        setAt(0);
      },
      () => turn === asked.current && setFound([]),
    );
  }, [text, complete, value]);

  const add = (tokens: TypedAddress[]): TypedAddress[] => {
    const known = new Set(value.map((one) => one.email.toLowerCase()));
    const fresh = tokens.filter((one) => {
      const key = one.email.toLowerCase();
      if (known.has(key)) return false;
      known.add(key);
      return true;
    });
    const next = [...value, ...fresh];
    asked.current += 1;
    setText("");
    setFound([]);
    if (fresh.length > 0) onChange(next);
    return next;
  };
  const choose = ({ name, email }: Suggestion) => add([{ name, email }]);
  const commit = () => (text.trim() === "" ? value : add(splitAddresses(text)));
  useImperativeHandle(ref, () => ({ focus: () => input.current?.focus(), commit }));

  const remove = (index: number) => {
    onChange(value.filter((_, one) => one !== index));
    setChosen(-1);
    input.current?.focus();
  };
  const edit = (index: number) => {
    const token = value[index];
    if (!token) return;
    commit();
    onChange(value.filter((_, one) => one !== index));
    setText(formatAddress(token));
    setChosen(-1);
    input.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const { key } = event;
    const atStart = input.current?.selectionStart === 0 && input.current.selectionEnd === 0;
    if (chosen >= 0) {
      if (key === "Backspace" || key === "Delete") remove(chosen);
      else if (key === "Enter" || key === "F2") edit(chosen);
      else if (key === "ArrowLeft") setChosen(Math.max(0, chosen - 1));
      else if (key === "ArrowRight") setChosen(chosen + 1 >= value.length ? -1 : chosen + 1);
      else if (key === "Escape") setChosen(-1);
      else {
        setChosen(-1);
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (open && (key === "ArrowDown" || key === "ArrowUp")) {
      setAt((at + (key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
      event.preventDefault();
    } else if (open && key === "Escape") {
      setFound([]);
      event.preventDefault();
      event.stopPropagation();
    } else if ((key === "Enter" || key === "Tab") && !event.ctrlKey && !event.metaKey && open) {
      const pick = found[at];
      if (pick) choose(pick);
      event.preventDefault();
    } else if (key === "Enter" && !event.ctrlKey && !event.metaKey) {
      commit();
      event.preventDefault();
    } else if (key === "Tab" && text.trim() !== "") {
      commit();
    } else if ((key === "," || key === ";") && !text.includes('"')) {
      commit();
      event.preventDefault();
    } else if ((key === "Backspace" || key === "ArrowLeft") && atStart && value.length > 0) {
      setChosen(value.length - 1);
      event.preventDefault();
    }
  };
  const onPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const pasted = event.clipboardData.getData("text/plain");
    if (!/[,;\n@]/.test(pasted)) return;
    event.preventDefault();
    add(splitAddresses(text + pasted));
  };

  return (
    <div className={clsx("relative", className)}>
      <div
        role="group"
        aria-label={label}
        className={clsx("flex flex-wrap items-center gap-1 py-[3px]", bare ? "min-h-[30px]" : "field px-1.5")}
        onPointerDown={(event) => {
          if (event.target === event.currentTarget) {
            event.preventDefault();
            input.current?.focus();
          }
        }}
      >
        {value.map((token, index) => {
          const valid = looksLikeAddress(token.email);
          return (
            <span
              key={token.email}
              id={`${id}-token-${index}`}
              title={valid ? formatAddress(token) : `${invalidLabel}: ${token.email}`}
              data-invalid={valid ? undefined : ""}
              onDoubleClick={() => edit(index)}
              className={clsx(
                "inline-flex h-6 max-w-full items-center gap-1 rounded-md border pr-0.5 pl-1.5 text-sm",
                valid ? "border-line bg-sunken" : "border-danger bg-danger-soft text-danger-text",
                chosen === index && "bg-selected outline-2 -outline-offset-1 outline-focus",
              )}
            >
              <span className="truncate">{token.name || token.email}</span>
              {!valid && <span className="sr-only">{invalidLabel}</span>}
              <button
                type="button"
                tabIndex={-1}
                aria-label={removeLabel(token)}
                onClick={() => remove(index)}
                className="inline-flex size-6 -my-1 items-center justify-center rounded-sm text-muted hover:text-text"
              >
                <X size={12} aria-hidden />
              </button>
            </span>
          );
        })}
        <input
          ref={input}
          role="combobox"
          aria-label={label}
          aria-autocomplete="list"
          aria-expanded={open}
          aria-controls={`${id}-list`}
          aria-activedescendant={chosen >= 0 ? `${id}-token-${chosen}` : open ? `${id}-${at}` : undefined}
          autoComplete="off"
          spellCheck={false}
          autoFocus={autoFocus}
          value={text}
          placeholder={value.length === 0 ? placeholder : undefined}
          onChange={(event) => {
            setChosen(-1);
            setText(event.target.value);
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={() => {
            setChosen(-1);
            if (looksLikeAddress(parseAddress(text).email)) commit();
            else setFound([]);
          }}
          className="h-6 min-w-24 flex-1 bg-transparent px-1 outline-none focus-visible:outline-none"
        />
        {after}
      </div>
      <ul
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        hidden={!open}
        className="absolute top-full left-0 z-30 mt-1 max-h-72 w-full max-w-[420px] overflow-auto rounded-lg border border-line bg-raised p-1 shadow-raised"
      >
        {found.map((one, index) => (
          <li
            key={one.email}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            onPointerDown={(event) => {
              event.preventDefault();
              choose(one);
            }}
            onPointerMove={() => setAt(index)}
            className={clsx("flex items-center gap-2 rounded-md px-2 py-1", index === at && "bg-hover")}
          >
            <Avatar name={one.name} email={one.email} size={24} />
            <span className="min-w-0 flex-1">
              <span className="block truncate text-sm">{one.name || one.email}</span>
              {(one.name || one.source) && (
                <span className="flex gap-1 text-xs text-muted">
                  {one.name && <span className="truncate">{one.email}</span>}
                  {one.name && one.source && <span aria-hidden>·</span>}
                  {one.source && <span className="max-w-[60%] shrink-0 truncate">{one.source}</span>}
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
