// The design language: everything the window is made of. Knows no engine and no messages; words come in.
export { formatAddress, looksLikeAddress, parseAddress, splitAddresses, type TypedAddress } from "./address";
export { DayField } from "./day-field";
export { Button, IconButton, IconToggle, type ButtonProps, type IconButtonProps } from "./button";
export { startDrag, type Drag } from "./drag";
export {
  Checkbox,
  ComboBox,
  SearchField,
  Segmented,
  Select,
  Switch,
  TextField,
  type Option,
} from "./field";
export {
  Avatar,
  Badge,
  Banner,
  Dot,
  EmptyState,
  ErrorState,
  Progress,
  Skeleton,
  TroubleBox,
  colorOf,
  initialsOf,
  type Tone,
  type Trouble,
} from "./feedback";
export { Fold } from "./fold";
export { keyCaps } from "./keycap";
export { ConfirmDialog, ContextMenu, Dialog, Menu, Popover, type MenuEntry, type MenuGroup } from "./overlay";
export { TALLEST_PX, useRowWindow, useSlots, type ScrollWindow } from "./scroll";
export { Splitter } from "./splitter";
export { Tabs, type TabEntry } from "./tabs";
export { ToastRegion, dismissToast, toast, updateToast, useToasts, type Toast } from "./toast";
export { TokenField, type Suggestion, type TokenFieldHandle } from "./token-field";
export { Kbd, Tip, Tooltip } from "./tooltip";
export { VirtualList, type VirtualListHandle } from "./virtual-list";
