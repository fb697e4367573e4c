//! Accounts, identities, connection settings, and how far sync has come.

use crate::{AccountId, Error, IdentityId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How an account talks to the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// IMAP in, SMTP out, with a password or (see [`Account::provider`]) a token.
    Imap,
    /// Gmail by its API, signed in by OAuth.
    Gmail,
    /// Microsoft 365 or Outlook.com by Graph, signed in by OAuth.
    Microsoft,
    /// Delivers to itself and never touches the network.
    Sandbox,
}

/// How a connection is encrypted. There is no "try without": plain text is chosen or it is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum TlsMode {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// STARTTLS, required.
    StartTls,
    /// No encryption, by explicit choice.
    None,
}

/// One server of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ServerSettings {
    /// Host name or address, trimmed, without scheme or port.
    pub host: String,
    /// 1..=65535.
    pub port: u16,
    /// Encryption.
    pub tls: TlsMode,
    /// User name at this server.
    pub username: String,
}

/// An account as the window and the command line see it: settings only, never a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Unique among the accounts of the profile; the address unless changed.
    pub name: String,
    /// The mailbox's main address.
    pub email: String,
    /// How it connects.
    pub kind: AccountKind,
    /// The OAuth provider it signs in through; `None` is a password, or no sign-in at all.
    pub provider: Option<String>,
    /// Display name of the main identity.
    pub sender_name: String,
    /// Incoming server; `None` for API and sandbox accounts.
    pub imap: Option<ServerSettings>,
    /// Outgoing server; `None` for API and sandbox accounts, or where nothing can be sent.
    pub smtp: Option<ServerSettings>,
    /// The first sync of a Gmail account reads the letters by IMAP; changes, acts and sending stay with the API.
    pub bulk_imap: bool,
    /// True where an own certificate authority was given.
    pub own_ca: bool,
    /// A colour of the palette, `#rrggbb`.
    pub color: String,
    /// Place in lists, ascending.
    pub position: i64,
    /// Paused accounts neither sync nor send.
    pub paused: bool,
    /// Messages before this stay on the server; `None` is everything.
    pub since_at: Option<Timestamp>,
    /// Minutes between polls where the server can't push; 1..=1440.
    pub sync_minutes: u32,
    /// How sync is doing.
    pub sync: SyncState,
    /// What the probe found, if it ran.
    pub probe: Option<ProbeReport>,
    /// Identities, the main one first.
    pub identities: Vec<Identity>,
}

/// A sender an account may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Identity {
    /// Its id.
    pub id: IdentityId,
    /// The account that sends for it.
    pub account_id: AccountId,
    /// Display name, may be empty.
    pub name: String,
    /// Address.
    pub email: String,
    /// True for the account's own address.
    pub main: bool,
    /// True where the provider named it (an alias); it goes when the provider names it no longer.
    pub provided: bool,
}

/// What an account's sync is doing, in honest words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SyncPhase {
    /// Never synced.
    New,
    /// Connecting or signing in.
    Connecting,
    /// Fetching; `done` of `total` messages.
    Fetching,
    /// In step with the server, waiting for news.
    UpToDate,
    /// No connection; will try again by itself.
    Offline,
    /// The server refuses the password or token.
    SignIn,
    /// Something else the user should see; see `error`.
    Failed,
    /// Paused by the user.
    Paused,
}

impl SyncPhase {
    /// The phase as stored and as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Connecting => "connecting",
            Self::Fetching => "fetching",
            Self::UpToDate => "up_to_date",
            Self::Offline => "offline",
            Self::SignIn => "sign_in",
            Self::Failed => "failed",
            Self::Paused => "paused",
        }
    }

    /// The inverse of [`SyncPhase::as_str`]; anything unknown reads as [`SyncPhase::New`].
    pub fn parse(name: &str) -> Self {
        match name {
            "connecting" => Self::Connecting,
            "fetching" => Self::Fetching,
            "up_to_date" => Self::UpToDate,
            "offline" => Self::Offline,
            "sign_in" => Self::SignIn,
            "failed" => Self::Failed,
            "paused" => Self::Paused,
            _ => Self::New,
        }
    }
}

/// How far sync has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncState {
    /// What it is doing.
    pub phase: SyncPhase,
    /// Messages fetched in this round.
    pub done: u32,
    /// Messages this round has to fetch.
    pub total: u32,
    /// The mailbox being worked on.
    pub mailbox: Option<String>,
    /// Messages that could not be read and were set aside.
    pub unreadable: u32,
    /// Last time everything was in step.
    pub ok_at: Option<Timestamp>,
    /// Why it stands still.
    pub error: Option<Error>,
}

/// What the account can do, tried out for real.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProbeReport {
    /// When it was tried.
    pub probed_at: Timestamp,
    /// The steps in the order they were tried.
    pub steps: Vec<ProbeStep>,
    /// Number of mailboxes found.
    pub mailboxes: u32,
    /// The server pushes news (IDLE).
    pub push: bool,
    /// Used and allowed storage in bytes.
    pub quota: Option<Quota>,
    /// Largest message the server takes for sending, bytes (RFC 1870).
    #[ts(type = "number | null")]
    pub size_limit: Option<u64>,
    /// True where the server files the Sent copy by itself.
    pub files_sent_copy: Option<bool>,
}

/// Storage of a mailbox account, bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Quota {
    /// Used.
    #[ts(type = "number")]
    pub used: u64,
    /// Allowed.
    #[ts(type = "number")]
    pub limit: u64,
}

/// One step of a probe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProbeStep {
    /// Which step; the window names it in the user's language.
    pub kind: ProbeStepKind,
    /// Whether it worked.
    pub ok: bool,
    /// What was found, such as `imap.example.org:993, TLS 1.3`.
    pub found: String,
    /// Why not.
    pub error: Option<Error>,
}

/// What a probe tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProbeStepKind {
    /// Reach the incoming server and encrypt.
    ImapConnect,
    /// Sign in there.
    ImapLogin,
    /// List the mailboxes.
    Mailboxes,
    /// Whether news is pushed.
    Push,
    /// Storage.
    Quota,
    /// Reach the outgoing server and encrypt.
    SmtpConnect,
    /// Sign in there.
    SmtpLogin,
    /// Largest message.
    SizeLimit,
    /// Who files the Sent copy.
    SentCopy,
}

/// Where server settings were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DiscoverySource {
    /// A preset shipped with Tabella.
    Preset,
    /// The provider's own autoconfiguration document.
    Autoconfig,
    /// Mozilla's database of providers (ISPDB).
    Ispdb,
    /// SRV records (RFC 6186).
    Srv,
    /// Guessed from the domain's mail exchanger.
    Mx,
    /// Nothing found: the user enters them.
    None,
}

/// Settings found for an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Discovery {
    /// Where they come from.
    pub source: DiscoverySource,
    /// The provider's name, if known.
    pub provider: Option<String>,
    /// Incoming server.
    pub imap: Option<ServerSettings>,
    /// Outgoing server.
    pub smtp: Option<ServerSettings>,
    /// What the user must do first at the provider; the window knows the words for each.
    pub hint: Option<DiscoveryHint>,
}

/// What a provider asks of its users before a program may connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DiscoveryHint {
    /// Allow POP3/IMAP in the provider's settings (GMX, WEB.DE).
    AllowImap,
    /// Make an app password (Gmail, iCloud, Yahoo, Fastmail, Yandex, Mail.ru).
    AppPassword,
    /// Passwords are refused: sign in with OAuth (Microsoft).
    OauthOnly,
}

/// Arguments of `account.discover`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DiscoverArgs {
    /// The address typed.
    pub email: String,
}

/// Arguments of `account.add_imap`. Hosts left out are found by discovery.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AddImapArgs {
    /// The address.
    pub email: String,
    /// Unique name; the address if left out.
    #[serde(default)]
    pub name: Option<String>,
    /// Display name for letters.
    #[serde(default)]
    pub sender_name: Option<String>,
    /// User name; the discovered one or the address if left out.
    #[serde(default)]
    pub username: Option<String>,
    /// The password; goes straight to the sealed secrets.
    pub password: String,
    /// The password of the outgoing server where it differs.
    #[serde(default)]
    pub smtp_password: Option<String>,
    /// Incoming server.
    #[serde(default)]
    pub imap: Option<ServerSettings>,
    /// Outgoing server.
    #[serde(default)]
    pub smtp: Option<ServerSettings>,
    /// Certificate authorities in PEM trusted for this account besides the system's.
    #[serde(default)]
    pub ca_pem: Option<String>,
    /// Takes the account as it is told, without trying its servers first.
    #[serde(default)]
    pub unchecked: bool,
    /// Start date of sync.
    #[serde(default)]
    pub since_at: Option<Timestamp>,
}

/// Arguments of `account.add_sandbox`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AddSandboxArgs {
    /// Its address; any.
    pub email: String,
    /// Fill it with sample messages and a sample base.
    #[serde(default)]
    pub samples: bool,
    /// Language of the samples: en, de, uk, pl or ru.
    #[serde(default)]
    pub language: Option<String>,
}

/// Arguments that name one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AccountRef {
    /// Which.
    pub id: AccountId,
}

/// Arguments of `account.sync` and the outbox's pause and resume: one account or all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AccountScope {
    /// Only this one.
    pub id: Option<AccountId>,
}

/// Arguments of `account.update`: what is left out stays as it is, secrets too.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AccountUpdateArgs {
    /// Which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<AccountId>,
    /// New unique name.
    pub name: Option<String>,
    /// New display name.
    pub sender_name: Option<String>,
    /// New colour `#rrggbb`.
    pub color: Option<String>,
    /// New place.
    #[ts(type = "number | null")]
    pub position: Option<i64>,
    /// Pause or go on.
    pub paused: Option<bool>,
    /// New start date; `Some(None)` is everything.
    #[serde(with = "double_option", skip_serializing_if = "Option::is_none")]
    #[ts(type = "number | null")]
    pub since_at: Option<Option<Timestamp>>,
    /// New polling interval, minutes.
    pub sync_minutes: Option<u32>,
    /// New incoming server.
    pub imap: Option<ServerSettings>,
    /// New outgoing server.
    pub smtp: Option<ServerSettings>,
    /// New password.
    pub password: Option<String>,
    /// New own certificate authority; an empty text removes it.
    pub ca_pem: Option<String>,
    /// Read the letters of a first sync by IMAP (Gmail by its API alone).
    pub bulk_imap: Option<bool>,
}

#[expect(
    clippy::option_option,
    clippy::ref_option,
    reason = "left out, null and a value are three things; serde gives a reference"
)]
pub(crate) mod double_option {
    //! Tells "left out" from `null`, which serde's derive does not.
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer, T: Serialize>(value: &Option<Option<T>>, serializer: S) -> Result<S::Ok, S::Error> {
        value.as_ref().and_then(Option::as_ref).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<T>>, D::Error> {
        Option::<T>::deserialize(deserializer).map(Some)
    }
}

/// Arguments of `account.reauthorize`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReauthorizeArgs {
    /// Which.
    pub id: AccountId,
    /// The new password.
    pub password: String,
    /// Sign in by this password from now on, although the account signs in at its provider (IMAP alone). The
    /// servers are tried first; all mail stays.
    #[serde(default)]
    pub switch: Option<bool>,
}

/// Arguments of `account.test_mail` (the envelope icon).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TestMailArgs {
    /// Which account sends.
    pub id: AccountId,
    /// Recipients.
    pub to: Vec<String>,
    /// Subject.
    pub subject: String,
    /// Content.
    pub text: String,
}

/// What became of a test mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TestMailResult {
    /// Whether the server took it.
    pub accepted: bool,
    /// The server's own answer.
    pub answer: String,
    /// Why not, in plain words.
    pub error: Option<Error>,
}

/// One line of the sync log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncLogEntry {
    /// When the round began.
    pub started_at: Timestamp,
    /// When it ended; `None` while it runs or where the program was stopped.
    pub ended_at: Option<Timestamp>,
    /// New messages.
    pub new: u32,
    /// Messages whose flags or mailboxes changed.
    pub changed: u32,
    /// Messages gone from the server.
    pub removed: u32,
    /// Messages set aside.
    pub unreadable: u32,
    /// Why it ended early.
    pub error: Option<Error>,
}

/// Arguments of `identity.save`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IdentitySaveArgs {
    /// Which; `None` makes a new one.
    #[serde(default)]
    pub id: Option<IdentityId>,
    /// The account that sends for it.
    pub account_id: AccountId,
    /// Display name.
    pub name: String,
    /// Address.
    pub email: String,
}

/// Arguments that name one identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IdentityRef {
    /// Which.
    pub id: IdentityId,
}

// Passwords pass through these two; their Debug must not show them.
impl std::fmt::Debug for AddImapArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AddImapArgs").field("email", &self.email).finish_non_exhaustive()
    }
}
impl std::fmt::Debug for AccountUpdateArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountUpdateArgs").field("id", &self.id).finish_non_exhaustive()
    }
}
impl std::fmt::Debug for ReauthorizeArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReauthorizeArgs").field("id", &self.id).finish_non_exhaustive()
    }
}
