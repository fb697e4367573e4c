//! OAuth providers: the credentials a person or administrator enters once, and signing in through them.

use crate::account::ServerSettings;
use crate::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// An OAuth provider's settings; the secret itself never leaves the sealed store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Provider {
    /// `google`, `microsoft`, a preset's name, or a name of the user's.
    pub name: String,
    /// For people: `Google`, `Yandex`, or what the user called it.
    pub title: String,
    /// Entered by the user from scratch; such ones can be removed.
    pub own: bool,
    /// Client ID; empty until set.
    pub client_id: String,
    /// When the secret was set; `None` where there is none.
    pub secret_set_at: Option<Timestamp>,
    /// When the secret ends, as the user noted it.
    pub secret_expires_at: Option<Timestamp>,
    /// Microsoft's tenant: common, organizations, consumers or an id. `None` at other providers, and
    /// where none was entered (which means common).
    pub tenant: Option<String>,
    /// Endpoints that differ from the built-in ones, by name: `authorize`, `token`, `revoke`, `device`,
    /// `api`, `redirect` (an address on this machine), `imap` and `smtp` (host:port).
    pub endpoints: BTreeMap<String, String>,
    /// The built-in ones, by the same names.
    pub builtin_endpoints: BTreeMap<String, String>,
    /// Scopes that differ from the built-in ones; empty where they do not.
    pub scopes: Vec<String>,
    /// The built-in scopes, for the way that is usual at this provider.
    pub builtin_scopes: Vec<String>,
    /// The redirect address to enter at the provider.
    pub redirect_uri: String,
    /// Incoming server for accounts that read by IMAP with a token; its user name is empty.
    pub imap: Option<ServerSettings>,
    /// Outgoing server for such accounts; its user name is empty.
    pub smtp: Option<ServerSettings>,
    /// Accounts that sign in through it.
    pub accounts: u32,
    /// True where nothing is missing that a sign-in needs.
    pub ready: bool,
}

/// Arguments of `provider.set`: what is left out stays as it is.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ProviderSetArgs {
    /// Which; a name nobody has yet makes an own one.
    pub name: String,
    /// Title of an own provider.
    pub title: Option<String>,
    /// Client ID.
    pub client_id: Option<String>,
    /// Client secret; an empty text removes it.
    pub client_secret: Option<String>,
    /// When the secret ends; `Some(None)` forgets it.
    #[serde(with = "crate::account::double_option", skip_serializing_if = "Option::is_none")]
    #[ts(type = "number | null")]
    pub secret_expires_at: Option<Option<Timestamp>>,
    /// Microsoft's tenant; an empty text restores common.
    pub tenant: Option<String>,
    /// Endpoints to change; an empty text restores the built-in one. Those not named stay.
    pub endpoints: Option<BTreeMap<String, String>>,
    /// Scopes; an empty list restores the built-in ones.
    pub scopes: Option<Vec<String>>,
    /// Incoming server of an own provider; an empty host removes it. The user name counts for nothing.
    pub imap: Option<ServerSettings>,
    /// Outgoing server of an own provider; an empty host removes it. The user name counts for nothing.
    pub smtp: Option<ServerSettings>,
}

impl std::fmt::Debug for ProviderSetArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderSetArgs").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Arguments that name one provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProviderRef {
    /// Which.
    pub name: String,
}

/// How an account that signs in by OAuth reads and sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SignInTransport {
    /// The provider's own API.
    Api,
    /// IMAP and SMTP.
    Imap,
}

/// Arguments of `account.begin_sign_in`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BeginSignInArgs {
    /// Through which provider.
    pub provider: String,
    /// The mailbox's address, so that the browser offers the right account.
    #[serde(default)]
    pub email: Option<String>,
    /// How to read and send; the API where the provider has one.
    #[serde(default)]
    pub transport: Option<SignInTransport>,
    /// Renew this account's sign-in instead of adding one. An IMAP account with a password signs in through the
    /// provider named here from now on; all its mail stays.
    #[serde(default)]
    pub account: Option<AccountId>,
    /// Sign in with any browser by a code to type, where the provider allows it.
    #[serde(default)]
    pub device: bool,
    /// Name of the new account; the address if left out.
    #[serde(default)]
    pub name: Option<String>,
    /// Display name for letters.
    #[serde(default)]
    pub sender_name: Option<String>,
    /// Start date of sync.
    #[serde(default)]
    pub since_at: Option<Timestamp>,
    /// Address of a shared mailbox to open as the person who signs in (Microsoft).
    #[serde(default)]
    pub shared_mailbox: Option<String>,
    /// Read the letters of the first sync by IMAP (Gmail by its API alone).
    #[serde(default)]
    pub bulk_imap: Option<bool>,
}

/// A sign-in that waits for the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SignInTicket {
    /// Names this sign-in to `account.finish_sign_in` and `account.cancel_sign_in`.
    pub ticket: String,
    /// What to open in the system's browser, or to copy into one on this machine (with a code: on any).
    pub address: String,
    /// What to type there; `None` where nothing is.
    pub code: Option<String>,
    /// When it is given up.
    pub ends_at: Timestamp,
}

/// Arguments that name one sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SignInRef {
    /// Which.
    pub ticket: String,
}
