// All that is said in German: by the window, and by the engine.
import type { Files } from "../words";

export const messages: Files["messages"] = import.meta.glob("../messages/de/*.json", { eager: true, import: "default" });
export const sentences: Files["sentences"] = import.meta.glob("../engine/de/*.json", { eager: true, import: "default" });
