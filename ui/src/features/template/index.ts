// What others use of templates.
export { LetterPreview } from "./letter-preview";
export { RecordStep, TemplateDialog } from "./template-dialog";
export { TemplateList } from "./template-list";
export { usePreview } from "./use-preview";
