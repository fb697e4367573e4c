// What floats: dialogs, popovers, menus. `data-modal` tells the keymap that something is on top.
import { clsx } from "clsx";
import { Check, X, type LucideIcon } from "lucide-react";
import { useState, type ReactNode } from "react";
import {
  Button as AriaButton,
  Dialog as AriaDialog,
  DialogTrigger,
  Header,
  Heading,
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  MenuSection as AriaMenuSection,
  MenuTrigger,
  Modal,
  ModalOverlay,
  Popover as AriaPopover,
  Separator,
  SubmenuTrigger,
  Text,
  type Key,
} from "react-aria-components";
import { Button } from "./button";
import { optionLook, popoverLook } from "./field";
import { Kbd } from "./tooltip";

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** Buttons at the end. */
  footer?: ReactNode;
  /** Widths: 400, 560 and 760 px. */
  size?: "small" | "medium" | "large";
  role?: "dialog" | "alertdialog";
  closeLabel?: string;
  /** False where leaving by accident would lose typed text. */
  dismissable?: boolean;
}

const widths = { small: "max-w-[400px]", medium: "max-w-[560px]", large: "max-w-[760px]" };

export function Dialog({ open, onClose, title, children, footer, size = "medium", role = "dialog", closeLabel, dismissable = true }: DialogProps) {
  return (
    <ModalOverlay
      isOpen={open}
      onOpenChange={(next) => !next && onClose()}
      isDismissable={dismissable && role === "dialog"}
      data-modal=""
      className="fixed inset-0 z-40 flex items-start justify-center overflow-hidden bg-scrim px-4 pt-[9vh] pb-6"
    >
      <Modal className={clsx("appear flex max-h-full w-full flex-col rounded-xl border border-line bg-raised shadow-raised", widths[size])}>
        <AriaDialog role={role} className="flex min-h-0 flex-col outline-none">
          <div className="flex items-start gap-2 px-5 pt-4 pb-2">
            <Heading slot="title" className="min-w-0 flex-1 text-lg font-semibold">{title}</Heading>
            {closeLabel && (
              <AriaButton aria-label={closeLabel} onPress={onClose} className="-mt-0.5 -mr-2 inline-flex size-7 items-center justify-center rounded-md text-muted data-hovered:bg-hover data-hovered:text-text">
                <X size={16} aria-hidden />
              </AriaButton>
            )}
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-4">{children}</div>
          {footer && <div className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">{footer}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export interface ConfirmDialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  confirm: string;
  cancel: string;
  danger?: boolean;
  /** May take time; the dialog stays and shows it, and closes when it is done. */
  onConfirm: () => void | Promise<unknown>;
}

export function ConfirmDialog({ open, onClose, title, children, confirm, cancel, danger, onConfirm }: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await onConfirm();
      onClose();
    } catch {
      // Whoever confirmed tells the failure; the dialog stays for another try.
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      size="small"
      role="alertdialog"
      footer={
        <>
          <Button onPress={onClose} isDisabled={busy} autoFocus={danger ?? false}>{cancel}</Button>
          <Button kind={danger ? "danger" : "primary"} busy={busy} onPress={() => void run()} autoFocus={!danger}>{confirm}</Button>
        </>
      }
    >
      <div className="text-sm text-muted">{children}</div>
    </Dialog>
  );
}

/** A panel that hangs on a button. `children` may close it. */
export function Popover({ trigger, children, label, className, placement, onOpen, onClose }: {
  trigger: ReactNode;
  children: ReactNode | ((close: () => void) => ReactNode);
  label: string;
  className?: string;
  placement?: "bottom start" | "bottom end" | "top start" | "right top";
  onOpen?: () => void;
  /** Shut, in whatever way. */
  onClose?: () => void;
}) {
  return (
    <DialogTrigger onOpenChange={(open) => (open ? onOpen?.() : onClose?.())}>
      {trigger}
      <AriaPopover placement={placement ?? "bottom start"} offset={4} data-modal="" className="appear rounded-lg border border-line bg-raised shadow-raised outline-none">
        <AriaDialog aria-label={label} className={clsx("max-h-[inherit] overflow-auto p-3 outline-none", className)}>
          {({ close }) => (typeof children === "function" ? children(close) : children)}
        </AriaDialog>
      </AriaPopover>
    </DialogTrigger>
  );
}

export interface MenuEntry {
  id: string;
  label: string;
  icon?: LucideIcon;
  keys?: string | undefined;
  hint?: string;
  danger?: boolean;
  disabled?: boolean;
  /** Shown as ticked or not. */
  checked?: boolean;
  before?: ReactNode;
  perform?: () => void;
  items?: MenuEntry[];
}

/** Entries in groups; a line between the groups, with a heading where it has one. */
export type MenuGroup = { title?: string; items: MenuEntry[] };

export interface MenuProps {
  trigger: ReactNode;
  label: string;
  groups: MenuGroup[];
  placement?: "bottom start" | "bottom end" | "top start" | "right top";
}

/** A menu that hangs on a button. */
export function Menu({ trigger, label, groups, placement }: MenuProps) {
  return (
    <MenuTrigger>
      {trigger}
      <AriaPopover placement={placement ?? "bottom start"} offset={4} data-modal="" className={clsx(popoverLook, "max-w-80 min-w-48")}>
        <MenuBody label={label} groups={groups} />
      </AriaPopover>
    </MenuTrigger>
  );
}

/** A menu at a point: right click and the menu key. */
export function ContextMenu({ at, onClose, label, groups }: { at: { x: number; y: number } | null; onClose: () => void; label: string; groups: MenuGroup[] }) {
  const [anchor, setAnchor] = useState<HTMLSpanElement | null>(null);
  return (
    <>
      <span ref={setAnchor} aria-hidden className="pointer-events-none fixed size-px" style={{ left: at?.x ?? 0, top: at?.y ?? 0 }} />
      {anchor && (
        <AriaPopover
          isOpen={at !== null}
          onOpenChange={(open) => !open && onClose()}
          triggerRef={{ current: anchor }}
          placement="bottom start"
          offset={0}
          data-modal=""
          className={clsx(popoverLook, "max-w-80 min-w-48")}
        >
          <MenuBody label={label} groups={groups} onDone={onClose} />
        </AriaPopover>
      )}
    </>
  );
}

function MenuBody({ label, groups, onDone }: { label: string; groups: MenuGroup[]; onDone?: () => void }) {
  const entries = new Map<Key, MenuEntry>();
  for (const group of groups) for (const item of group.items) entries.set(item.id, item);
  const shown = groups.filter((group) => group.items.length > 0);
  return (
    <AriaMenu
      aria-label={label}
      className="outline-none"
      onAction={(key) => {
        onDone?.();
        entries.get(key)?.perform?.();
      }}
    >
      {shown.flatMap((group, at) => [
        ...(at > 0 ? [<Separator key={`line-${at}`} className="mx-1 my-1 border-t border-line" />] : []),
        <AriaMenuSection key={`group-${at}`} {...(group.title ? {} : { "aria-label": label })}>
          {group.title && <Header className="px-2 pt-1 pb-0.5 text-2xs font-medium text-muted">{group.title}</Header>}
          {group.items.map((item) => <MenuRow key={item.id} item={item} />)}
        </AriaMenuSection>,
      ])}
    </AriaMenu>
  );
}

function MenuRow({ item }: { item: MenuEntry }) {
  const Icon = item.icon;
  const row = (
    <AriaMenuItem
      id={item.id}
      textValue={item.label}
      isDisabled={item.disabled ?? false}
      className={clsx(optionLook, item.danger && "text-danger-text")}
    >
      {item.before ?? (item.checked === undefined ? Icon && <Icon size={15} aria-hidden className={clsx("shrink-0", !item.danger && "text-muted")} /> : (
        <span className="inline-flex w-[15px] shrink-0">{item.checked && <Check size={14} aria-hidden className="text-accent-text" />}</span>
      ))}
      <span className="min-w-0 flex-1">
        <Text slot="label" className="block truncate">{item.label}</Text>
        {item.hint && <Text slot="description" className="block text-xs text-muted">{item.hint}</Text>}
      </span>
      {item.keys && <Kbd keys={item.keys} />}
    </AriaMenuItem>
  );
  if (!item.items) return row;
  return (
    <SubmenuTrigger>
      {row}
      <AriaPopover className={clsx(popoverLook, "max-w-80 min-w-44")} data-modal="">
        <MenuBody label={item.label} groups={[{ items: item.items }]} />
      </AriaPopover>
    </SubmenuTrigger>
  );
}
