// How an account's sync is doing, in words.
import type { SyncState } from "../../engine";
import type { Formats, T } from "../../i18n";

export interface SyncWords {
  text: string;
  /** Something that the user should do or know. */
  bad: boolean;
  busy: boolean;
}

export function syncWords(sync: SyncState, t: T, format: Formats): SyncWords {
  switch (sync.phase) {
    case "new":
      return { text: t("mailbox:sync.new"), bad: false, busy: false };
    case "connecting":
      return { text: t("mailbox:sync.connecting"), bad: false, busy: true };
    case "fetching":
      return {
        text: sync.total > 0 ? t("mailbox:sync.fetching_of", { done: format.number(sync.done), total: format.number(sync.total) }) : t("mailbox:sync.fetching"),
        bad: false,
        busy: true,
      };
    case "up_to_date":
      return { text: sync.ok_at === null ? t("mailbox:sync.up_to_date") : t("mailbox:sync.up_to_date_at", { time: format.when(sync.ok_at) }), bad: false, busy: false };
    case "offline":
      return { text: t("mailbox:sync.offline"), bad: false, busy: false };
    case "sign_in":
      return { text: t("mailbox:sync.sign_in"), bad: true, busy: false };
    case "failed":
      return { text: t("mailbox:sync.failed"), bad: true, busy: false };
    case "paused":
      return { text: t("mailbox:sync.paused"), bad: false, busy: false };
  }
}
