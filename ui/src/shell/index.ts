// What features use of the shell.
export { keysOf, performAction, registerAction, useActions, useMenuEntries, useScope, type Action, type Scope } from "./actions";
export { forwardKey } from "./keymap";
export { NameDialog } from "./name-dialog";
export { useNarrow } from "./narrow";
export { useNow } from "./now";
export { go, usePath } from "./navigate";
export { openPalette, registerPaletteSource, type PaletteItem } from "./palette";
export { basePath, draftPath, mailPath, outboxPath, parseBasePath, parseMailPath, settingsPath, type MailScope, type SettingsSection } from "./paths";
export { ErrorBox, ErrorPane } from "./read-state";
export { patchSettings, rowHeights, useLayoutSize, useSettings } from "./settings";
export { tellError, troubleOf, wordsOf } from "./trouble";
export { forget, offerUndo, pushUndo, sayUndo, setUndoScope, takeBack, type UndoScope } from "./undo";
export { askPassphrase } from "./unlocking";
