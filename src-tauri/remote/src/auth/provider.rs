//! Providers as data: where to ask, and for what.
//!
//! Owns: the built-in providers ([`builtin`]) and what becomes of them with what the user entered
//! ([`resolve`]). Refuses: addresses that would carry tokens unencrypted beyond this machine.

use super::endpoint;
use crate::access::Secret;
use model::account::{ServerSettings, TlsMode};
use model::provider::SignInTransport;
use model::{Error, ErrorCode, Result, say};
use std::collections::BTreeMap;

/// The host a redirect comes back to. Google wants the address, Microsoft matches the name and
/// ignores the port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectHost {
    /// `http://127.0.0.1:PORT/`
    Address,
    /// `http://localhost:PORT/`
    Localhost,
}

/// Where the redirect comes back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The host.
    pub host: RedirectHost,
    /// The whole address and its port, where the provider compares them; else any free port is taken
    /// (RFC 8252, section 7.3).
    pub fixed: Option<(String, u16)>,
}

impl Redirect {
    /// Any free port.
    pub const fn free(host: RedirectHost) -> Self {
        Self { host, fixed: None }
    }

    /// What to enter at the provider.
    pub fn address(&self) -> String {
        match (&self.fixed, self.host) {
            (Some((address, _)), _) => address.clone(),
            (None, RedirectHost::Address) => "http://127.0.0.1".into(),
            (None, RedirectHost::Localhost) => "http://localhost".into(),
        }
    }
}

/// Everything one sign-in needs to know of its provider.
#[derive(Clone, Debug)]
pub struct Provider {
    /// `google`, `microsoft`, a preset's name or the user's own name for it.
    pub name: String,
    /// For people.
    pub title: String,
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
    /// Root of the mail API; empty where there is none.
    pub api: String,
    /// Scopes to ask for.
    pub scopes: Vec<String>,
    /// Scopes without which mail can't work: their absence in the answer is explained.
    pub needed: Vec<String>,
    /// Further parameters of the authorization request.
    pub parameters: Vec<(String, String)>,
    /// Where the redirect comes back to.
    pub redirect: Redirect,
    /// Incoming server for accounts by IMAP; user name empty.
    pub imap: Option<ServerSettings>,
    /// Outgoing server for such accounts; user name empty.
    pub smtp: Option<ServerSettings>,
    /// Where an administrator of an organisation can allow the program, without its parameters.
    pub admin: Option<String>,
}

/// What the user entered for a provider; `endpoints` holds those that differ from the built-in ones.
#[derive(Clone, Debug, Default)]
pub struct Entered {
    /// Title of an own one.
    pub title: Option<String>,
    /// Client ID.
    pub client_id: String,
    /// Client secret.
    pub client_secret: Option<Secret>,
    /// Microsoft's tenant.
    pub tenant: Option<String>,
    /// By name: authorize, token, revoke, device, api, redirect, imap, smtp.
    pub endpoints: BTreeMap<String, String>,
    /// Scopes instead of the built-in ones.
    pub scopes: Vec<String>,
    /// Incoming server of an own one.
    pub imap: Option<ServerSettings>,
    /// Outgoing server of an own one.
    pub smtp: Option<ServerSettings>,
}

/// Mail read, changed and sent, by API and by IMAP and SMTP.
/// <https://developers.google.com/workspace/gmail/api/auth/scopes>
pub const GOOGLE_MAIL: &str = "https://mail.google.com/";

/// The built-in providers in the order they are shown.
pub const BUILTIN: &[&str] = &["google", "microsoft", "yandex", "mailru", "fastmail"];

/// The names of endpoints that can be entered.
pub const ENDPOINTS: &[&str] = &["authorize", "token", "revoke", "device", "api", "redirect", "imap", "smtp"];

/// How an account of this provider reads and sends unless it is told otherwise.
pub fn usual_transport(name: &str) -> SignInTransport {
    if matches!(name, "google" | "microsoft") { SignInTransport::Api } else { SignInTransport::Imap }
}

/// A built-in provider as it is without anything entered but the tenant; `None` for any other name.
///
/// # Errors
/// `Invalid` where the tenant is none.
pub fn builtin(name: &str, tenant: Option<&str>, transport: SignInTransport) -> Result<Option<Provider>> {
    Ok(Some(match name {
        "google" => google(),
        "microsoft" => microsoft(tenant.unwrap_or("common"), transport)?,
        "yandex" => yandex(),
        "mailru" => mailru(),
        "fastmail" => fastmail(),
        _ => return Ok(None),
    }))
}

/// The provider `name` with what the user entered, on its usual transport.
///
/// # Errors
/// As [`resolve_by`].
pub fn resolve(name: &str, entered: &Entered) -> Result<Provider> {
    resolve_by(name, entered, usual_transport(name))
}

/// The provider `name` with what the user entered, for a sign-in that serves this transport.
///
/// # Errors
/// `Conflict` where no client ID was entered; `Invalid` where an own provider lacks an endpoint, or one
/// would carry tokens unencrypted.
pub fn resolve_by(name: &str, entered: &Entered, transport: SignInTransport) -> Result<Provider> {
    let mut provider = merged(name, entered, transport)?;
    if provider.client_id.is_empty() {
        return Err(Error::new(
            ErrorCode::Conflict,
            say!("No client ID is entered for {title}.", title = provider.title),
        )
        .remedy("Open Settings, Providers and follow the guide there."));
    }
    for (what, address) in [("authorize", Some(&provider.authorize)), ("token", Some(&provider.token))]
        .into_iter()
        .chain([("revoke", provider.revoke.as_ref()), ("device", provider.device.as_ref())])
        .filter_map(|(what, address)| address.map(|a| (what, a)))
    {
        endpoint::check(what, address)?;
    }
    if !provider.api.is_empty() {
        endpoint::check("api", &provider.api)?;
        provider.api.truncate(provider.api.trim_end_matches('/').len());
    }
    Ok(provider)
}

/// As [`resolve_by`], without asking whether it is complete: for showing.
///
/// # Errors
/// `Invalid` where something entered is not what it should be.
pub fn merged(name: &str, entered: &Entered, transport: SignInTransport) -> Result<Provider> {
    let mut provider = builtin(name, entered.tenant.as_deref(), transport)?.unwrap_or_else(|| Provider {
        title: entered.title.clone().filter(|t| !t.is_empty()).unwrap_or_else(|| name.to_owned()),
        imap: entered.imap.clone(),
        smtp: entered.smtp.clone(),
        ..blank(name)
    });
    entered.client_id.trim().clone_into(&mut provider.client_id);
    provider.client_secret.clone_from(&entered.client_secret);
    for (name, address) in &entered.endpoints {
        match name.as_str() {
            "authorize" => provider.authorize.clone_from(address),
            "token" => provider.token.clone_from(address),
            "revoke" => provider.revoke = Some(address.clone()),
            "device" => provider.device = Some(address.clone()),
            "api" => provider.api.clone_from(address),
            "redirect" => provider.redirect = endpoint::redirect(address)?,
            "imap" => provider.imap = Some(endpoint::server("imap", address, provider.imap.as_ref())?),
            "smtp" => provider.smtp = Some(endpoint::server("smtp", address, provider.smtp.as_ref())?),
            _ => {}
        }
    }
    if !entered.scopes.is_empty() {
        provider.scopes.clone_from(&entered.scopes);
        provider.needed.retain(|scope| entered.scopes.contains(scope));
    }
    Ok(provider)
}

fn blank(name: &str) -> Provider {
    Provider {
        name: name.to_owned(),
        title: name.to_owned(),
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
        redirect: Redirect::free(RedirectHost::Address),
        imap: None,
        smtp: None,
        admin: None,
    }
}

fn at(host: &str, port: u16, tls: TlsMode) -> ServerSettings {
    ServerSettings { host: host.into(), port, tls, username: String::new() }
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}

/// <https://developers.google.com/identity/protocols/oauth2/native-app>,
/// <https://developers.google.com/workspace/gmail/imap/imap-smtp>
fn google() -> Provider {
    Provider {
        title: "Google".into(),
        authorize: "https://accounts.google.com/o/oauth2/v2/auth".into(),
        token: "https://oauth2.googleapis.com/token".into(),
        revoke: Some("https://oauth2.googleapis.com/revoke".into()),
        // Google's device flow does not grant mail scopes.
        device: None,
        api: "https://gmail.googleapis.com".into(),
        // The last two tell whose mailbox it is where the API is not enabled.
        scopes: words(&[GOOGLE_MAIL, "openid", "email"]),
        needed: words(&[GOOGLE_MAIL]),
        // Without these Google gives no refresh token the second time.
        parameters: vec![("access_type".into(), "offline".into()), ("prompt".into(), "consent".into())],
        imap: Some(at("imap.gmail.com", 993, TlsMode::Tls)),
        smtp: Some(at("smtp.gmail.com", 465, TlsMode::Tls)),
        ..blank("google")
    }
}

/// <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>,
/// <https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth>
fn microsoft(tenant: &str, transport: SignInTransport) -> Result<Provider> {
    endpoint::tenant(tenant)?;
    let root = format!("https://login.microsoftonline.com/{tenant}");
    let graph = |scope: &str| format!("https://graph.microsoft.com/{scope}");
    let outlook = |scope: &str| format!("https://outlook.office.com/{scope}");
    // A token is for one resource: Graph or the mail servers, never both.
    let (needed, more) = match transport {
        SignInTransport::Api => (vec![graph("Mail.ReadWrite"), graph("Mail.Send")], vec![graph("User.Read")]),
        SignInTransport::Imap => {
            (vec![outlook("IMAP.AccessAsUser.All"), outlook("SMTP.Send")], words(&["openid", "email", "profile"]))
        }
    };
    Ok(Provider {
        title: "Microsoft".into(),
        authorize: format!("{root}/oauth2/v2.0/authorize"),
        token: format!("{root}/oauth2/v2.0/token"),
        device: Some(format!("{root}/oauth2/v2.0/devicecode")),
        api: "https://graph.microsoft.com/v1.0".into(),
        scopes: needed.iter().cloned().chain(more).chain(words(&["offline_access"])).collect(),
        needed,
        parameters: vec![("prompt".into(), "select_account".into())],
        redirect: Redirect::free(RedirectHost::Localhost),
        imap: Some(at("outlook.office365.com", 993, TlsMode::Tls)),
        smtp: Some(at("smtp.office365.com", 587, TlsMode::StartTls)),
        admin: Some(format!("{root}/v2.0/adminconsent")),
        ..blank("microsoft")
    })
}

/// <https://yandex.com/dev/id/doc/en/codes/code-url>,
/// <https://yandex.ru/support/mail-business/web/security/oauth.html>
fn yandex() -> Provider {
    Provider {
        title: "Yandex".into(),
        authorize: "https://oauth.yandex.com/authorize".into(),
        token: "https://oauth.yandex.com/token".into(),
        device: Some("https://oauth.yandex.com/device/code".into()),
        scopes: words(&["mail:imap_full", "mail:smtp"]),
        needed: words(&["mail:imap_full", "mail:smtp"]),
        redirect: fixed(RedirectHost::Localhost, 47_823),
        imap: Some(at("imap.yandex.com", 993, TlsMode::Tls)),
        smtp: Some(at("smtp.yandex.com", 465, TlsMode::Tls)),
        ..blank("yandex")
    }
}

/// As Thunderbird reaches it (mailnews/base/src/OAuth2Providers).
fn mailru() -> Provider {
    Provider {
        title: "Mail.ru".into(),
        authorize: "https://o2.mail.ru/login".into(),
        token: "https://o2.mail.ru/token".into(),
        scopes: words(&["mail.imap"]),
        needed: words(&["mail.imap"]),
        redirect: fixed(RedirectHost::Localhost, 47_823),
        imap: Some(at("imap.mail.ru", 993, TlsMode::Tls)),
        smtp: Some(at("smtp.mail.ru", 465, TlsMode::Tls)),
        ..blank("mailru")
    }
}

/// <https://www.fastmail.com/dev/>, <https://api.fastmail.com/.well-known/oauth-authorization-server>
fn fastmail() -> Provider {
    let scopes = ["https://www.fastmail.com/dev/protocol-imap", "https://www.fastmail.com/dev/protocol-smtp"];
    Provider {
        title: "Fastmail".into(),
        authorize: "https://api.fastmail.com/oauth/authorize".into(),
        // The same address for the first exchange and for every refresh.
        token: "https://api.fastmail.com/oauth/refresh".into(),
        scopes: words(&scopes),
        needed: words(&scopes),
        redirect: fixed(RedirectHost::Address, 47_823),
        imap: Some(at("imap.fastmail.com", 993, TlsMode::Tls)),
        smtp: Some(at("smtp.fastmail.com", 465, TlsMode::Tls)),
        ..blank("fastmail")
    }
}

/// For providers that do not promise to ignore the port (RFC 8252, section 7.3).
fn fixed(host: RedirectHost, port: u16) -> Redirect {
    let name = if host == RedirectHost::Address { "127.0.0.1" } else { "localhost" };
    Redirect { host, fixed: Some((format!("http://{name}:{port}/"), port)) }
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
        for (name, bad, good) in [
            ("token", "http://idp.example/token", "http://127.0.0.1:4000/token"),
            ("revoke", "http://idp.example/revoke", "https://idp.example/revoke"),
            ("api", "ftp://127.0.0.1/", "http://localhost:4000/gmail/"),
            ("imap", "imap://mail.example:143", "imap://127.0.0.1:143"),
            ("redirect", "https://example.org/back", "http://localhost:5000/"),
        ] {
            with.endpoints.insert(name.into(), bad.into());
            assert!(resolve("google", &with).is_err(), "{name}: {bad}");
            with.endpoints.insert(name.into(), good.into());
            assert!(resolve("google", &with).is_ok(), "{name}: {good}");
        }
    }

    #[test]
    fn every_builtin_provider_is_complete() {
        for name in BUILTIN {
            for transport in [usual_transport(name), SignInTransport::Imap] {
                let provider = resolve_by(name, &entered("id"), transport).unwrap();
                assert!(provider.imap.is_some() && provider.smtp.is_some(), "{name}");
                assert!(!provider.needed.is_empty() && !provider.scopes.is_empty(), "{name}");
                assert_eq!(provider.name, *name);
            }
        }
        assert!(resolve("own", &entered("id")).is_err(), "an own one has no endpoints by itself");
    }

    #[test]
    fn a_microsoft_token_is_for_graph_or_for_the_mail_servers() {
        for (transport, host) in
            [(SignInTransport::Api, "graph.microsoft.com"), (SignInTransport::Imap, "outlook.office.com")]
        {
            let provider = resolve_by("microsoft", &entered("id"), transport).unwrap();
            let others = provider.scopes.iter().filter(|s| s.starts_with("https://") && !s.contains(host));
            assert_eq!(others.count(), 0, "{:?}", provider.scopes);
        }
    }
}
