// A small made-up profile, for looking at screens in development (`?fixture`) and for tests of screens.
import type { Transport } from "../engine";
import { defaultSettings } from "../shell/settings";
import { changed, testTransport, type Handlers } from "./transport";

/** `?fixture=empty` has no accounts. */
export function fixtureTransport(_search: string): Transport {
  let settings = { ...defaultSettings, welcomed: true };
  const handlers: Handlers = {
    "setting.get": () => settings,
    "setting.put": (next) => {
      settings = next;
      transport.change(changed("setting"));
      return settings;
    },
    "submission.list": () => ({ total: 0, open: 3, paused: [], rows: [] }),
    "account.list": () => [],
    "mailbox.list": () => [],
    "base.list": () => [],
    "thread.list": () => ({ total: 0, rows: [] }),
  };
  const transport = testTransport(handlers);
  return transport;
}
