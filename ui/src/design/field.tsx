// Things to type into and to choose with.
import { clsx } from "clsx";
import { Check, ChevronDown, Eye, EyeOff, Minus, Search, X, type LucideIcon } from "lucide-react";
import { useState, type ReactNode, type Ref } from "react";
import {
  Button as AriaButton,
  Checkbox as AriaCheckbox,
  ComboBox as AriaComboBox,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover as AriaPopover,
  Radio,
  RadioGroup,
  SearchField as AriaSearchField,
  Select as AriaSelect,
  SelectValue,
  Switch as AriaSwitch,
  Text,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
  type CheckboxProps as AriaCheckboxProps,
  type Key,
  type SwitchProps as AriaSwitchProps,
  type TextFieldProps as AriaTextFieldProps,
} from "react-aria-components";

const labelLook = "mb-1 block text-xs font-medium text-muted";
const hintLook = "mt-1 block text-xs text-muted";
const errorLook = "mt-1 block text-xs text-danger-text";

export const popoverLook =
  "appear min-w-(--trigger-width) overflow-auto rounded-lg border border-line bg-raised p-1 text-sm shadow-raised outline-none";
export const optionLook =
  "flex min-h-[28px] items-center gap-2 rounded-md px-2 py-1 outline-none data-focused:bg-hover data-disabled:opacity-45 data-selected:font-medium";

export interface TextFieldProps extends Omit<AriaTextFieldProps, "children" | "className" | "style"> {
  label?: string;
  hint?: ReactNode;
  error?: string | null | undefined;
  placeholder?: string;
  /** Lines to show; more than one makes it a text area. */
  rows?: number;
  className?: string;
  icon?: LucideIcon;
  mono?: boolean;
  inputRef?: Ref<HTMLInputElement>;
}

export function TextField({ label, hint, error, placeholder, rows, className, icon: Icon, mono, inputRef, type, ...props }: TextFieldProps) {
  const [shown, setShown] = useState(false);
  const secret = type === "password";
  // What is typed is judged by us, in the person's language: the web view's own verdict on an address or a
  // link would come in the system's words.
  const judged = type === "email" ? "email" : type === "url" ? "url" : null;
  return (
    <AriaTextField {...props} validationBehavior="aria" type={(secret && shown) || judged ? "text" : type} {...(judged && { inputMode: judged })} isInvalid={Boolean(error) || props.isInvalid} className={clsx("block", className)}>
      {label && <Label className={labelLook}>{label}</Label>}
      <div className="field flex items-center gap-1.5 px-2" data-invalid={error ? "" : undefined}>
        {Icon && <Icon size={15} aria-hidden className="shrink-0 text-muted" />}
        {rows && rows > 1 ? (
          <AriaTextArea rows={rows} placeholder={placeholder} className={clsx("w-full min-w-0 resize-y bg-transparent py-1.5 outline-none", mono && "font-mono text-xs")} />
        ) : (
          <Input ref={inputRef} placeholder={placeholder} spellCheck={false} className={clsx("w-full min-w-0 bg-transparent py-1 outline-none", mono && "font-mono")} />
        )}
        {secret && (
          <button
            type="button"
            tabIndex={-1}
            aria-hidden
            className="-mr-1 inline-flex size-6 items-center justify-center rounded-sm text-muted hover:text-text"
            onClick={() => setShown(!shown)}
          >
            {shown ? <EyeOff size={15} /> : <Eye size={15} />}
          </button>
        )}
      </div>
      {hint && !error && <Text slot="description" className={hintLook}>{hint}</Text>}
      <FieldError className={errorLook}>{error}</FieldError>
    </AriaTextField>
  );
}

export interface SearchFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onSubmit?: (value: string) => void;
  placeholder?: string;
  clearLabel: string;
  className?: string;
  autoFocus?: boolean;
  inputRef?: Ref<HTMLInputElement>;
}

export function SearchField({ label, value, onChange, onSubmit, placeholder, clearLabel, className, autoFocus, inputRef }: SearchFieldProps) {
  return (
    <AriaSearchField aria-label={label} value={value} onChange={onChange} onSubmit={onSubmit} autoFocus={autoFocus} className={clsx("block", className)}>
      <div className="field flex items-center gap-1.5 px-2">
        <Search size={15} aria-hidden className="shrink-0 text-muted" />
        <Input ref={inputRef} placeholder={placeholder ?? label} spellCheck={false} className="w-full min-w-0 bg-transparent py-1 outline-none [&::-webkit-search-cancel-button]:hidden" />
        {value !== "" && (
          <AriaButton aria-label={clearLabel} className="-mr-1 inline-flex size-6 items-center justify-center rounded-sm text-muted data-hovered:text-text">
            <X size={14} aria-hidden />
          </AriaButton>
        )}
      </div>
    </AriaSearchField>
  );
}

export interface Option<V extends Key = string> {
  value: V;
  label: string;
  /** A second line. */
  hint?: string;
  before?: ReactNode;
}

export interface SelectProps<V extends Key> {
  /** Shown above; use `aria` instead where the place says it. */
  label?: string;
  aria?: string;
  hint?: ReactNode;
  options: readonly Option<V>[];
  value: V | null;
  onChange: (value: V) => void;
  disabled?: boolean;
  placeholder?: string;
  className?: string;
}

export function Select<V extends Key>({ label, aria, hint, options, value, onChange, disabled, placeholder, className }: SelectProps<V>) {
  return (
    <AriaSelect
      aria-label={aria}
      isDisabled={disabled}
      placeholder={placeholder}
      value={value}
      onChange={(key) => key !== null && onChange(key as V)}
      className={clsx("block", className)}
    >
      {label && <Label className={labelLook}>{label}</Label>}
      <AriaButton className="field flex w-full items-center gap-2 px-2 text-left">
        <SelectValue className="flex min-w-0 flex-1 items-center gap-2 truncate data-placeholder:text-faint [&_[slot=description]]:hidden" />
        <ChevronDown size={15} aria-hidden className="shrink-0 text-muted" />
      </AriaButton>
      {hint && <Text slot="description" className={hintLook}>{hint}</Text>}
      <AriaPopover className={popoverLook} offset={4} data-modal="">
        <ListBox className="outline-none">
          {options.map((option) => (
            <OptionRow key={String(option.value)} option={option} />
          ))}
        </ListBox>
      </AriaPopover>
    </AriaSelect>
  );
}

function OptionRow<V extends Key>({ option }: { option: Option<V> }) {
  return (
    <ListBoxItem id={option.value} textValue={option.label} className={optionLook}>
      {({ isSelected }) => (
        <>
          {option.before}
          <span className="min-w-0 flex-1">
            <Text slot="label" className="block truncate">{option.label}</Text>
            {option.hint && <Text slot="description" className="block text-xs text-muted">{option.hint}</Text>}
          </span>
          {isSelected && <Check size={14} aria-hidden className="shrink-0 text-accent-text" />}
        </>
      )}
    </ListBoxItem>
  );
}

export interface ComboBoxProps<V extends Key> extends SelectProps<V> {
  /** Any text may be typed; it is told here. */
  onText?: (text: string) => void;
  text?: string;
}

/** A choice that can be searched by typing. */
export function ComboBox<V extends Key>({ label, aria, hint, options, value, onChange, disabled, placeholder, className, onText, text }: ComboBoxProps<V>) {
  return (
    <AriaComboBox
      aria-label={aria}
      isDisabled={disabled}
      selectedKey={value}
      inputValue={text}
      onInputChange={onText}
      allowsCustomValue={onText !== undefined}
      onSelectionChange={(key) => key !== null && onChange(key as V)}
      menuTrigger="focus"
      className={clsx("block", className)}
    >
      {label && <Label className={labelLook}>{label}</Label>}
      <div className="field flex items-center gap-1 pl-2">
        <Input placeholder={placeholder} spellCheck={false} className="w-full min-w-0 bg-transparent py-1 outline-none" />
        <AriaButton className="inline-flex size-7 shrink-0 items-center justify-center text-muted">
          <ChevronDown size={15} aria-hidden />
        </AriaButton>
      </div>
      {hint && <Text slot="description" className={hintLook}>{hint}</Text>}
      <AriaPopover className={popoverLook} offset={4} data-modal="">
        <ListBox className="outline-none">
          {options.map((option) => (
            <OptionRow key={String(option.value)} option={option} />
          ))}
        </ListBox>
      </AriaPopover>
    </AriaComboBox>
  );
}

export interface CheckboxProps extends Omit<AriaCheckboxProps, "children" | "className" | "style"> {
  children?: ReactNode;
  className?: string;
}

export function Checkbox({ children, className, ...props }: CheckboxProps) {
  return (
    <AriaCheckbox {...props} className={clsx("group inline-flex min-h-6 items-center gap-2 data-disabled:opacity-45", className)}>
      {({ isSelected, isIndeterminate }) => (
        <>
          <span
            className={clsx(
              "inline-flex size-4 shrink-0 items-center justify-center rounded-sm border",
              isSelected || isIndeterminate ? "border-accent bg-accent text-on-accent" : "border-line-strong bg-surface group-data-hovered:border-muted",
              "group-data-focus-visible:outline-2 group-data-focus-visible:outline-offset-1 group-data-focus-visible:outline-focus",
            )}
          >
            {isIndeterminate ? <Minus size={12} strokeWidth={3} aria-hidden /> : isSelected && <Check size={12} strokeWidth={3} aria-hidden />}
          </span>
          {children}
        </>
      )}
    </AriaCheckbox>
  );
}

export interface SwitchProps extends Omit<AriaSwitchProps, "children" | "className" | "style"> {
  children?: ReactNode;
  className?: string;
}

export function Switch({ children, className, ...props }: SwitchProps) {
  return (
    <AriaSwitch {...props} className={clsx("group inline-flex min-h-7 items-center gap-2 data-disabled:opacity-45", className)}>
      <span
        className={clsx(
          "flex h-[18px] w-8 shrink-0 items-center rounded-full border border-line-strong bg-sunken px-[2px] transition-colors duration-100",
          "group-data-selected:border-accent group-data-selected:bg-accent",
          "group-data-focus-visible:outline-2 group-data-focus-visible:outline-offset-1 group-data-focus-visible:outline-focus",
        )}
      >
        <span data-knob="" className="size-3 rounded-full bg-line-strong transition-transform duration-100 group-data-selected:translate-x-[14px] group-data-selected:bg-on-accent" />
      </span>
      {children}
    </AriaSwitch>
  );
}

/** A few choices side by side, one of them taken. */
export function Segmented<V extends string>({ aria, options, value, onChange, className }: {
  aria: string;
  options: readonly { value: V; label: string; icon?: LucideIcon }[];
  value: V;
  onChange: (value: V) => void;
  className?: string;
}) {
  return (
    <RadioGroup aria-label={aria} orientation="horizontal" value={value} onChange={(next) => onChange(next as V)} className={clsx("inline-flex flex-wrap rounded-md border border-line bg-sunken p-[2px]", className)}>
      {options.map(({ value: v, label, icon: Icon }) => (
        <Radio
          key={v}
          value={v}
          className={clsx(
            "inline-flex h-[26px] items-center gap-1.5 rounded-sm px-2.5 text-xs whitespace-nowrap text-muted data-hovered:text-text",
            "data-selected:bg-surface data-selected:font-medium data-selected:text-text data-selected:shadow-[0_0_0_1px_var(--line)]",
            "data-focus-visible:outline-2 data-focus-visible:outline-focus",
          )}
        >
          {Icon && <Icon size={14} aria-hidden />}
          {label}
        </Radio>
      ))}
    </RadioGroup>
  );
}
