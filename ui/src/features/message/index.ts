// What others use of a letter.
export { LetterBody } from "./body";
export { iconOf, mayRun } from "./file-kind";
export { Letter, type LetterAct } from "./letter";
export { readLink, type LetterLink } from "./link";
export { useFollowLink } from "./link-dialog";
export { nameOf } from "./people";
export { isPrinting } from "./print";
export { SourceDialog } from "./source-dialog";
