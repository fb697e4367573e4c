// Where providers keep the switch or password that their hint speaks of.

const pages: Record<string, string> = {
  "gmail.com": "https://myaccount.google.com/apppasswords",
  "googlemail.com": "https://myaccount.google.com/apppasswords",
  "gmx.net": "https://hilfe.gmx.net/pop-imap/einschalten.html",
  "gmx.de": "https://hilfe.gmx.net/pop-imap/einschalten.html",
  "gmx.at": "https://hilfe.gmx.net/pop-imap/einschalten.html",
  "gmx.ch": "https://hilfe.gmx.net/pop-imap/einschalten.html",
  "gmx.com": "https://support.gmx.com/pop-imap/toggle.html",
  "web.de": "https://hilfe.web.de/pop-imap/einschalten.html",
  "icloud.com": "https://account.apple.com",
  "me.com": "https://account.apple.com",
  "mac.com": "https://account.apple.com",
  "yahoo.com": "https://login.yahoo.com/account/security",
  "yahoo.de": "https://login.yahoo.com/account/security",
  "fastmail.com": "https://app.fastmail.com/settings/security/apps",
  "yandex.ru": "https://id.yandex.ru/security/app-passwords",
  "yandex.com": "https://id.yandex.com/security/app-passwords",
  "ya.ru": "https://id.yandex.ru/security/app-passwords",
  "mail.ru": "https://account.mail.ru/user/2-step-auth/passwords",
  "bk.ru": "https://account.mail.ru/user/2-step-auth/passwords",
  "list.ru": "https://account.mail.ru/user/2-step-auth/passwords",
  "inbox.ru": "https://account.mail.ru/user/2-step-auth/passwords",
};

/** The provider's page for an address, where it is known. */
export function hintPage(email: string): string | null {
  return pages[(email.split("@").at(-1) ?? "").toLowerCase()] ?? null;
}
