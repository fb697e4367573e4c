// What others use of drafts. The composer itself is loaded by the pane.
export { ComposerDock, ComposerPane } from "./pane";
export { composers, openDraft, startDraft } from "./store";
