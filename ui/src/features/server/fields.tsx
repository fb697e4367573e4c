// One mail server: host, port, encryption, and the user name where it belongs to an account.
import { Select, TextField } from "../../design";
import type { ServerSettings, TlsMode } from "../../engine";
import { useT } from "../../i18n";

export interface ServerDraft {
  host: string;
  port: string;
  tls: TlsMode;
  username: string;
}

export type ServerKind = "imap" | "smtp";

const usual: Record<ServerKind, Record<TlsMode, number>> = {
  imap: { tls: 993, starttls: 143, none: 143 },
  smtp: { tls: 465, starttls: 587, none: 25 },
};

export function draftOf(server: ServerSettings | null, kind: ServerKind, username: string): ServerDraft {
  if (server) return { ...server, port: String(server.port) };
  const tls: TlsMode = kind === "imap" ? "tls" : "starttls";
  return { host: "", port: String(usual[kind][tls]), tls, username };
}

/** What people paste, such as `imaps://mail.example.org:993/`, as a bare host. */
export function cleanHost(typed: string): string {
  return typed.trim().replace(/^[a-z+]+:\/\//i, "").replace(/[/?#].*$/, "").replace(/:\d+$/, "");
}

export function hostGood(host: string): boolean {
  return /^(?=.{1,253}$)[\p{L}\p{N}]([\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u.test(host) || /^[0-9a-f:]+$/i.test(host);
}

export function portGood(port: string): boolean {
  return /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;
}

export function placeGood(draft: ServerDraft): boolean {
  return hostGood(draft.host) && portGood(draft.port);
}

export function serverGood(draft: ServerDraft): boolean {
  return placeGood(draft) && draft.username.trim() !== "";
}

export function settingsOf(draft: ServerDraft): ServerSettings {
  return { host: draft.host, port: Number(draft.port), tls: draft.tls, username: draft.username.trim() };
}

export function ServerFields({ kind, value, onChange, tried, named = true }: {
  kind: ServerKind;
  value: ServerDraft;
  onChange: (value: ServerDraft) => void;
  /** Show what is missing. */
  tried: boolean;
  /** False where each account brings its own user name. */
  named?: boolean;
}) {
  const t = useT();
  const set = (patch: Partial<ServerDraft>) => onChange({ ...value, ...patch });
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 text-sm font-medium">{t(`account:${kind}`)}</legend>
      <div className="grid grid-cols-[minmax(0,1fr)_88px] gap-2">
        <TextField
          label={t("account:host")}
          value={value.host}
          onChange={(host) => set({ host })}
          onBlur={() => set({ host: cleanHost(value.host) })}
          error={tried && !hostGood(value.host) ? t("account:host_bad") : null}
          placeholder={`${kind}.example.org`}
        />
        <TextField
          label={t("account:port")}
          value={value.port}
          onChange={(port) => set({ port: port.trim() })}
          inputMode="numeric"
          error={tried && !portGood(value.port) ? t("account:port_bad") : null}
        />
        <Select<TlsMode>
          label={t("account:tls.label")}
          className="col-span-2"
          value={value.tls}
          options={(["tls", "starttls", "none"] as const).map((tls) => ({ value: tls, label: t(`account:tls.${tls}`) }))}
          onChange={(tls) => {
            const stood = value.port === String(usual[kind][value.tls]);
            set({ tls, port: stood || value.port === "" ? String(usual[kind][tls]) : value.port });
          }}
          hint={value.tls === "none" ? <span className="text-danger-text">{t("account:tls.none_warning")}</span> : undefined}
        />
        {named && (
          <TextField
            label={t("account:username")}
            className="col-span-2"
            value={value.username}
            onChange={(username) => set({ username })}
            autoComplete="username"
            isInvalid={tried && value.username.trim() === ""}
          />
        )}
      </div>
    </fieldset>
  );
}
