// All that is said in Polish: by the window, and by the engine.
import type { Files } from "../words";

export const messages: Files["messages"] = import.meta.glob("../messages/pl/*.json", { eager: true, import: "default" });
export const sentences: Files["sentences"] = import.meta.glob("../engine/pl/*.json", { eager: true, import: "default" });
