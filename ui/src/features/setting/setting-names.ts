// Settings by name, for the palette.
import { settingsPath } from "../../shell";
import { registerSettingNames } from "../../shell/palette-sources";
import { definitions, sections } from "./definitions";

registerSettingNames([
  ...sections.map((one) => ({ id: `section/${one}`, title: `setting:section.${one}` as const, path: settingsPath(one) })),
  ...definitions.map((one) => ({ id: one.id, title: one.title, path: settingsPath(one.section) })),
]);
