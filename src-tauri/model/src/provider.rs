//! OAuth providers: the credentials a person or administrator enters once.

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An OAuth provider's settings; the secret itself never leaves the sealed store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Provider {
    /// `google`, `microsoft`, or a name of the user's.
    pub name: String,
    /// Client ID; empty until set.
    pub client_id: String,
    /// When the secret was set; `None` where there is none.
    pub secret_set_at: Option<Timestamp>,
    /// When the secret ends, as the user noted it.
    pub secret_expires_at: Option<Timestamp>,
    /// Microsoft's tenant: common, organizations, consumers or an id.
    pub tenant: Option<String>,
    /// Endpoints that differ from the built-in ones, by name: `authorize`, `token`, `revoke`, `api`, ...
    pub endpoints: std::collections::BTreeMap<String, String>,
    /// Scopes that differ from the built-in ones.
    pub scopes: Vec<String>,
    /// The redirect address to enter at the provider.
    pub redirect_uri: String,
}

/// Arguments of `provider.set`: what is left out stays as it is.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ProviderSetArgs {
    /// Which.
    pub name: String,
    /// Client ID.
    pub client_id: Option<String>,
    /// Client secret; an empty text removes it.
    pub client_secret: Option<String>,
    /// When the secret ends.
    pub secret_expires_at: Option<Timestamp>,
    /// Microsoft's tenant.
    pub tenant: Option<String>,
    /// Endpoints to change; an empty text restores the built-in one.
    pub endpoints: Option<std::collections::BTreeMap<String, String>>,
    /// Scopes.
    pub scopes: Option<Vec<String>>,
}

impl std::fmt::Debug for ProviderSetArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderSetArgs").field("name", &self.name).finish_non_exhaustive()
    }
}
