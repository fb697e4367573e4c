// What others use of drafts. The composer itself is loaded by the pane.
export { isCopyOf, LocalDrafts } from "./local-drafts";
export { ComposerDock, ComposerPane } from "./pane";
export { localField } from "./later";
export { composers, minimise, openDraft, startDraft } from "./store";
export { openLetter } from "./opened";
