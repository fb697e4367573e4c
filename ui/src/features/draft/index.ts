// What others use of drafts. The composer itself is loaded by the pane.
export { isCopyOf, LocalDrafts } from "./local-drafts";
export { ComposerDock, ComposerPane } from "./pane";
export { composers, openDraft, startDraft } from "./store";
export { OpenedLetters } from "./opened";
