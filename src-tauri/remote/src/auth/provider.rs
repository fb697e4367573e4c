//! Providers as data: where to ask, and for what.

use crate::access::Secret;
use model::{Error, Result};

/// The host a redirect comes back to. Google wants the address, Microsoft matches the name and
/// ignores the port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectHost {
    /// `http://127.0.0.1:PORT/`
    Address,
    /// `http://localhost:PORT/`
    Localhost,
}

/// Everything one sign-in needs to know of its provider.
#[derive(Clone, Debug)]
pub struct Provider {
    /// `google`, `microsoft` or the user's own name for it.
    pub name: String,
    /// Client ID.
    pub client_id: String,
    /// Client secret, where the registration has one.
    pub client_secret: Option<Secret>,
    /// Authorization endpoint.
    pub authorize: String,
    /// Token endpoint.
    pub token: String,
    /// Revocation endpoint (RFC 7009), where there is one.
    pub revoke: Option<String>,
    /// Device authorization endpoint (RFC 8628), where there is one.
    pub device: Option<String>,
    /// Root of the mail API.
    pub api: String,
    /// Scopes to ask for.
    pub scopes: Vec<String>,
    /// Scopes without which mail can't work: their absence in the answer is explained.
    pub needed: Vec<String>,
    /// Further parameters of the authorization request.
    pub parameters: Vec<(String, String)>,
    /// Where the redirect comes back to.
    pub redirect: RedirectHost,
}

/// What the user entered for a provider; `endpoints` holds those that differ from the built-in ones.
#[derive(Clone, Debug, Default)]
pub struct Entered {
    /// Client ID.
    pub client_id: String,
    /// Client secret.
    pub client_secret: Option<Secret>,
    /// Microsoft's tenant.
    pub tenant: Option<String>,
    /// By name: authorize, token, revoke, device, api.
    pub endpoints: std::collections::BTreeMap<String, String>,
    /// Scopes instead of the built-in ones.
    pub scopes: Vec<String>,
}

/// Mail read, changed and sent, by API and by IMAP and SMTP.
/// <https://developers.google.com/workspace/gmail/api/auth/scopes>
pub const GOOGLE_MAIL: &str = "https://mail.google.com/";

/// The provider `name` with what the user entered.
///
/// # Errors
/// `Invalid` where no client ID was entered, or an own provider lacks an endpoint.
pub fn resolve(name: &str, entered: &Entered) -> Result<Provider> {
    if entered.client_id.trim().is_empty() {
        return Err(Error::invalid(format!("No client ID is entered for {name}."))
            .remedy("Open Settings, Providers and follow the guide there."));
    }
    let mut provider = match name {
        "google" => google(),
        "microsoft" => microsoft(entered.tenant.as_deref().unwrap_or("common"))?,
        _ => Provider { name: name.to_owned(), ..blank() },
    };
    entered.client_id.trim().clone_into(&mut provider.client_id);
    provider.client_secret.clone_from(&entered.client_secret);
    for (endpoint, address) in &entered.endpoints {
        match endpoint.as_str() {
            "authorize" => provider.authorize.clone_from(address),
            "token" => provider.token.clone_from(address),
            "revoke" => provider.revoke = Some(address.clone()),
            "device" => provider.device = Some(address.clone()),
            "api" => provider.api.clone_from(address),
            _ => {}
        }
    }
    if !entered.scopes.is_empty() {
        provider.scopes.clone_from(&entered.scopes);
        provider.needed.retain(|scope| entered.scopes.contains(scope));
    }
    for (what, address) in [("authorization", &provider.authorize), ("token", &provider.token)] {
        check(what, address)?;
    }
    Ok(provider)
}

/// Only HTTPS carries tokens; loopback is for tests and gateways on this machine.
fn check(what: &str, address: &str) -> Result<()> {
    let url = url::Url::parse(address)
        .map_err(|_| Error::invalid(format!("The {what} endpoint \"{address}\" is not a web address.")))?;
    let loopback = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    if url.scheme() == "https" || (url.scheme() == "http" && loopback) {
        return Ok(());
    }
    Err(Error::invalid(format!("The {what} endpoint must begin with https://.")))
}

fn blank() -> Provider {
    Provider {
        name: String::new(),
        client_id: String::new(),
        client_secret: None,
        authorize: String::new(),
        token: String::new(),
        revoke: None,
        device: None,
        api: String::new(),
        scopes: Vec::new(),
        needed: Vec::new(),
        parameters: Vec::new(),
        redirect: RedirectHost::Address,
    }
}

/// <https://developers.google.com/identity/protocols/oauth2/native-app>
fn google() -> Provider {
    Provider {
        name: "google".into(),
        authorize: "https://accounts.google.com/o/oauth2/v2/auth".into(),
        token: "https://oauth2.googleapis.com/token".into(),
        revoke: Some("https://oauth2.googleapis.com/revoke".into()),
        // Google's device flow does not grant mail scopes.
        device: None,
        api: "https://gmail.googleapis.com".into(),
        scopes: vec![GOOGLE_MAIL.into()],
        needed: vec![GOOGLE_MAIL.into()],
        // Without these Google gives no refresh token the second time.
        parameters: vec![("access_type".into(), "offline".into()), ("prompt".into(), "consent".into())],
        redirect: RedirectHost::Address,
        ..blank()
    }
}

/// <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>
fn microsoft(tenant: &str) -> Result<Provider> {
    if tenant.is_empty() || !tenant.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.')) {
        return Err(Error::invalid(format!("\"{tenant}\" is not a Microsoft tenant."))
            .remedy("Use common, organizations, consumers, or the tenant's id or domain."));
    }
    let root = format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0");
    let graph = |scope: &str| format!("https://graph.microsoft.com/{scope}");
    Ok(Provider {
        name: "microsoft".into(),
        authorize: format!("{root}/authorize"),
        token: format!("{root}/token"),
        device: Some(format!("{root}/devicecode")),
        api: "https://graph.microsoft.com/v1.0".into(),
        scopes: vec![graph("Mail.ReadWrite"), graph("Mail.Send"), graph("User.Read"), "offline_access".into()],
        needed: vec![graph("Mail.ReadWrite"), graph("Mail.Send")],
        parameters: vec![("prompt".into(), "select_account".into())],
        redirect: RedirectHost::Localhost,
        ..blank()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entered(id: &str) -> Entered {
        Entered { client_id: id.into(), ..Entered::default() }
    }

    #[test]
    fn a_provider_without_client_id_says_where_to_enter_it() {
        assert!(resolve("google", &entered(" ")).unwrap_err().remedy.contains("Settings"));
    }

    #[test]
    fn microsoft_speaks_for_the_tenant_that_was_entered() {
        let with = Entered { tenant: Some("contoso.example".into()), ..entered("id") };
        assert!(resolve("microsoft", &with).unwrap().token.contains("/contoso.example/"));
        let bad = Entered { tenant: Some("a/../b".into()), ..entered("id") };
        assert!(resolve("microsoft", &bad).is_err());
    }

    #[test]
    fn tokens_never_travel_unencrypted_beyond_this_machine() {
        let mut with = entered("id");
        with.endpoints.insert("token".into(), "http://idp.example/token".into());
        assert!(resolve("google", &with).is_err());
        with.endpoints.insert("token".into(), "http://127.0.0.1:4000/token".into());
        assert!(resolve("google", &with).is_ok());
    }
}
