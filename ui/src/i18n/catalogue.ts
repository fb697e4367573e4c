// The message catalogue: one file a noun and language under messages/. English says which keys there
// are; messages.test.ts holds the other languages to it.
import account from "./messages/en/account.json";
import base from "./messages/en/base.json";
import bulk from "./messages/en/bulk.json";
import column from "./messages/en/column.json";
import common from "./messages/en/common.json";
import draft from "./messages/en/draft.json";
import error from "./messages/en/error.json";
import exchange from "./messages/en/exchange.json";
import file from "./messages/en/file.json";
import history from "./messages/en/history.json";
import link from "./messages/en/link.json";
import mailbox from "./messages/en/mailbox.json";
import message from "./messages/en/message.json";
import provider from "./messages/en/provider.json";
import record from "./messages/en/record.json";
import setting from "./messages/en/setting.json";
import shell from "./messages/en/shell.json";
import submission from "./messages/en/submission.json";
import table from "./messages/en/table.json";
import template from "./messages/en/template.json";
import thread from "./messages/en/thread.json";
import view from "./messages/en/view.json";

export const english = {
  account,
  base,
  bulk,
  column,
  common,
  draft,
  error,
  exchange,
  file,
  history,
  link,
  mailbox,
  message,
  provider,
  record,
  setting,
  shell,
  submission,
  table,
  template,
  thread,
  view,
};

export const languages = ["en", "de", "uk", "pl", "ru"] as const;
export type Language = (typeof languages)[number];

/** Each language in its own words. */
export const languageNames: Record<Language, string> = {
  en: "English",
  de: "Deutsch",
  uk: "Українська",
  pl: "Polski",
  ru: "Русский",
};

/** Messages of a noun. */
export type Tree = { [key: string]: string | Tree };

/** `{ title_one, title_other }` is one key, `title`. */
type Base<K extends string> = K extends `${infer B}_${"one" | "few" | "many" | "other"}` ? B : K;
type Leaves<T> = {
  [K in keyof T & string]: T[K] extends string ? Base<K> : `${K}.${Leaves<T[K]>}`;
}[keyof T & string];

/** Every message: `noun:path`. A key with plural forms is named without its form. */
export type MessageKey = {
  [N in keyof typeof english]: `${N}:${Leaves<(typeof english)[N]>}`;
}[keyof typeof english];
