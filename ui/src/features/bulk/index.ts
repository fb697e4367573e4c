// What others use of letters to many.
export { BulkDialog } from "./dialog";
export { RunsPage } from "./runs";
