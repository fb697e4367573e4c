// All that is said in Russian: by the window, and by the engine.
import type { Files } from "../words";

export const messages: Files["messages"] = import.meta.glob("../messages/ru/*.json", { eager: true, import: "default" });
export const sentences: Files["sentences"] = import.meta.glob("../engine/ru/*.json", { eager: true, import: "default" });
