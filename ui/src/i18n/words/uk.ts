// All that is said in Ukrainian: by the window, and by the engine.
import type { Files } from "../words";

export const messages: Files["messages"] = import.meta.glob("../messages/uk/*.json", { eager: true, import: "default" });
export const sentences: Files["sentences"] = import.meta.glob("../engine/uk/*.json", { eager: true, import: "default" });
