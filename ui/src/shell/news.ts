// The unread count in the window's title, and new mail told by a browser. The desktop window's own
// process tells new mail itself (src-tauri/src/notify.rs): it is awake when the page is not.
import { useEffect, useRef } from "react";
import { inTauri, useChanges, useRead } from "../engine";
import { notify, setWindowTitle } from "../engine/desktop";
import { translate, useT, type MessageKey } from "../i18n";
import { usePath } from "./navigate";
import { placeOf } from "./rail";
import { useSettings } from "./settings";

/** New messages that come within this time are told together, ms. */
const TOGETHER_MS = 1500;

export function useNews(): void {
  const t = useT();
  const { notifications } = useSettings();
  const place = placeOf(usePath());
  const boxes = useRead("mailbox.list", { account_id: null }).data;
  const unread = (boxes ?? []).filter((box) => box.role === "inbox").reduce((sum, box) => sum + box.unread, 0);
  useEffect(() => {
    const name = t(`shell:place.${place}` as MessageKey);
    void setWindowTitle(unread > 0 ? t("shell:title_unread", { place: name, count: unread }) : `${name} · Tabella`, unread);
  }, [t, place, unread]);

  const arrived = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useChanges((changes) => {
    const fresh = changes.filter((change) => change.arrived).length;
    if (inTauri || fresh === 0 || !notifications || document.hasFocus()) return;
    arrived.current += fresh;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      void notify("Tabella", translate("shell:notify.new", { count: arrived.current }));
      arrived.current = 0;
    }, TOGETHER_MS);
  });
}
