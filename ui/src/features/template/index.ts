// What others use of templates.
export { quotesIn } from "./braces";
export { LetterPreview } from "./letter-preview";
export { RecordStep, TemplateDialog } from "./template-dialog";
export { TemplateList } from "./template-list";
export { usePreview } from "./use-preview";
