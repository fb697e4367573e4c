// A browser's transport: the same door over HTTP, the same changes as server-sent events.
import type { Change, Error as DoorError } from "./bindings";
import type { Transport } from "./transport";

function unreachable(detail: string): DoorError {
  return { code: "network", message: "", remedy: "", detail };
}

export const httpTransport: Transport = {
  async call(name, args) {
    let response: Response;
    try {
      response = await fetch("/door", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name, args }),
      });
    } catch (error) {
      throw unreachable(String(error));
    }
    const answer: unknown = await response.json().catch(() => null);
    if (typeof answer === "object" && answer !== null) {
      if ("error" in answer) throw answer.error;
      if ("ok" in answer) return answer.ok;
    }
    throw unreachable(`HTTP ${response.status}`);
  },
  watch(onChanges) {
    const source = new EventSource("/changes");
    source.addEventListener("message", (event: MessageEvent<string>) => {
      onChanges(JSON.parse(event.data) as Change[]);
    });
    return () => source.close();
  },
  part: (path) => `/mail/${path}`,
};
