// Settings by name, for the palette.
import { settingsPath } from "../../shell";
import { registerSettingNames } from "../../shell/palette-sources";
import { definitions, sections } from "./definitions";

registerSettingNames([
  ...sections.map((one) => ({ id: `section/${one}`, title: `setting:section.${one}` as const, path: settingsPath(one) })),
  { id: "guide/google", title: "provider:find.google", path: settingsPath("providers", "google", "guide") },
  { id: "guide/microsoft", title: "provider:find.microsoft", path: settingsPath("providers", "microsoft", "guide") },
  { id: "guide/faq", title: "provider:find.faq", path: settingsPath("providers", "faq") },
  ...definitions.map((one) => ({ id: one.id, title: one.title, path: settingsPath(one.section) })),
]);
