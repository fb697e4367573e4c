// The desktop window's transport: one Tauri command in, one channel out.
import { Channel, invoke } from "@tauri-apps/api/core";
import type { Change } from "./bindings";
import type { Transport } from "./transport";

// Windows and Android serve custom schemes over http.
const partBase = /Windows|Android/.test(globalThis.navigator?.userAgent ?? "")
  ? "http://mail.localhost/"
  : "mail://localhost/";

export const tauriTransport: Transport = {
  call: (name, args) => invoke("door", { name, args }),
  watch(onChanges) {
    const channel = new Channel<Change[]>();
    let open = true;
    channel.onmessage = (changes) => {
      if (open) onChanges(changes);
    };
    void invoke("watch", { channel });
    return () => {
      open = false;
    };
  },
  part: (path) => partBase + path,
};
