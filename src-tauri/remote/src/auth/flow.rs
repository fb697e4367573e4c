//! The flows: authorization code with PKCE, refresh, device grant, revocation.

use super::loopback::{Loopback, PATIENCE};
use super::provider::Provider;
use crate::access::Secret;
use crate::http;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::{Error, ErrorCode, Result, say};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, DeviceAuthorizationUrl,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, RefreshToken, RequestTokenError, Scope, StandardDeviceAuthorizationResponse, StandardRevocableToken,
    StandardTokenResponse, TokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use std::pin::Pin;
use tokio_util::sync::CancellationToken;

/// An answer to a revocation is empty.
const MOST_BYTES: usize = 64 << 10;

/// What OpenID Connect adds to a token answer; never shown by `Debug`.
#[derive(Clone, Deserialize, Serialize)]
struct Claims {
    #[serde(default)]
    id_token: Option<String>,
}

impl std::fmt::Debug for Claims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Claims(..)")
    }
}

impl oauth2::ExtraTokenFields for Claims {}

type Answer = StandardTokenResponse<Claims, BasicTokenType>;
type Blank = oauth2::Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
>;
type Client = oauth2::Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointMaybeSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// What a token endpoint gave.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// For the next hour or so; never stored.
    pub access: Secret,
    /// Seconds the access token lives, as the provider said; an hour where it did not.
    pub lives_seconds: i64,
    /// For new access tokens; `None` where the provider kept the old one valid.
    pub refresh: Option<Secret>,
    /// What was granted; empty where the provider did not say.
    pub scopes: Vec<String>,
    /// The address of the person who signed in, where the provider told it with the tokens.
    pub person: Option<String>,
}

/// A sign-in that waits for the browser.
pub struct Pending {
    provider: Provider,
    client: Client,
    loopback: Loopback,
    state: CsrfToken,
    verifier: PkceCodeVerifier,
    address: String,
}

/// Carries the requests of the oauth2 crate.
struct Carrier(reqwest::Client);

impl<'c> AsyncHttpClient<'c> for Carrier {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = std::result::Result<HttpResponse, Error>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(http::carry(&self.0, request))
    }
}

fn client(provider: &Provider) -> Result<Client> {
    let bad =
        |e: oauth2::url::ParseError| Error::invalid("An endpoint of the provider is not a web address.").detail(e);
    let mut client = Blank::new(ClientId::new(provider.client_id.clone()))
        // Public clients have no header to sign in with; Google and Microsoft take both in the body.
        .set_auth_type(AuthType::RequestBody)
        .set_auth_uri(AuthUrl::new(provider.authorize.clone()).map_err(bad)?)
        .set_token_uri(TokenUrl::new(provider.token.clone()).map_err(bad)?)
        .set_device_authorization_url_option(
            provider.device.clone().map(DeviceAuthorizationUrl::new).transpose().map_err(bad)?,
        );
    if let Some(secret) = &provider.client_secret {
        client = client.set_client_secret(ClientSecret::new(secret.expose().to_owned()));
    }
    Ok(client)
}

/// Begins a sign-in: takes a loopback port and makes the address to open in the browser.
/// `login_hint` is the mailbox's address, so that the provider offers the right account.
pub async fn begin(provider: &Provider, login_hint: Option<&str>) -> Result<Pending> {
    let loopback = Loopback::bind(provider.redirect.clone()).await?;
    let redirect = RedirectUrl::new(loopback.redirect_uri()).map_err(Error::internal)?;
    let client = client(provider)?.set_redirect_uri(redirect);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let mut request = client
        .authorize_url(CsrfToken::new_random)
        .set_pkce_challenge(challenge)
        .add_scopes(provider.scopes.iter().cloned().map(Scope::new));
    for (name, value) in &provider.parameters {
        request = request.add_extra_param(name, value);
    }
    if let Some(hint) = login_hint {
        request = request.add_extra_param("login_hint", hint);
    }
    let (address, state) = request.url();
    Ok(Pending { provider: provider.clone(), client, loopback, state, verifier, address: address.to_string() })
}

impl Pending {
    /// What to open in the system's browser, or to copy into another one on this machine.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Waits for the browser and exchanges the code. `page` is shown there when it is done.
    ///
    /// # Errors
    /// `Cancelled`, `Timeout`, `Network`; `ConsentDenied` where the permission was not given, `ScopeMissing` where
    /// a needed part of it was not; `AdminConsent`; `Conflict` where the provider does not know these client credentials.
    pub async fn finish(self, page: &str, cancel: &CancellationToken) -> Result<Tokens> {
        let provider = self.provider.clone();
        self.answered(page, cancel).await.map_err(|error| for_administrator(&provider, error))
    }

    async fn answered(self, page: &str, cancel: &CancellationToken) -> Result<Tokens> {
        let code = self.loopback.code(self.state.secret(), page, cancel).await?;
        let carrier = Carrier(http::client()?);
        let answer = self
            .client
            .exchange_code(AuthorizationCode::new(code.expose().to_owned()))
            .set_pkce_verifier(self.verifier)
            .request_async(&carrier)
            .await
            .map_err(|e| explain(&e))?;
        complete(&self.provider, tokens(&answer))
    }
}

/// Tokens that last and hold all that mail needs.
fn complete(provider: &Provider, tokens: Tokens) -> Result<Tokens> {
    granted(provider, &tokens)?;
    if tokens.refresh.is_none() {
        return Err(Error::new(ErrorCode::SignIn, "The provider gave no lasting permission.")
            .remedy("Remove Tabella in the provider's list of connected apps, then connect again."));
    }
    Ok(tokens)
}

/// Names what an administrator needs to know to allow the program.
fn for_administrator(provider: &Provider, error: Error) -> Error {
    if error.code != ErrorCode::AdminConsent {
        return error;
    }
    let (id, permissions) = (&provider.client_id, provider.scopes.join(" "));
    if let Some(root) = &provider.admin
        && let Ok(mut url) = url::Url::parse(root)
    {
        url.query_pairs_mut()
            .append_pair("client_id", &provider.client_id)
            .append_pair("redirect_uri", &provider.redirect.address())
            .append_pair("scope", &provider.scopes.join(" "));
        return error.remedy(say!(
            "Send your administrator this: client ID {id}; permissions {permissions}; the page to allow it on {page}",
            id,
            permissions,
            page = url.to_string()
        ));
    }
    error.remedy(say!("Send your administrator this: client ID {id}; permissions {permissions}", id, permissions))
}

/// Explains a needed permission that was unticked.
fn granted(provider: &Provider, tokens: &Tokens) -> Result<()> {
    if tokens.scopes.is_empty() {
        return Ok(()); // RFC 6749, section 5.1: left out means as asked
    }
    // Microsoft answers Graph scopes without their address.
    let short = |scope: &str| scope.rsplit("graph.microsoft.com/").next().unwrap_or(scope).to_lowercase();
    let missing: Vec<&String> = provider
        .needed
        .iter()
        .filter(|needed| !tokens.scopes.iter().any(|given| short(given) == short(needed)))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let missing = missing.into_iter().cloned().collect::<Vec<_>>().join(" ");
    Err(Error::new(
        ErrorCode::ScopeMissing,
        say!("The permission to read and send mail was not given: {missing}.", missing),
    )
    .remedy("Connect again and leave every tick in the browser's list set."))
}

/// A new access token (and, where the provider rotates them, a new refresh token).
///
/// # Errors
/// `SignIn` where the permission has ended (revoked, expired, password changed); `Network` and
/// `Timeout` where the provider could not be asked, which says nothing about the permission.
pub async fn refresh(provider: &Provider, refresh_token: &Secret) -> Result<Tokens> {
    let carrier = Carrier(http::client()?);
    let client = client(provider)?;
    let answer = client
        .exchange_refresh_token(&RefreshToken::new(refresh_token.expose().to_owned()))
        .request_async(&carrier)
        .await
        .map_err(|e| explain(&e))?;
    Ok(tokens(&answer))
}

/// Tells the provider to forget the permission (RFC 7009), where it has a place for that.
///
/// # Errors
/// `Network`, `Timeout`; `Refused` where it did not.
pub async fn revoke(provider: &Provider, refresh_token: &Secret) -> Result<()> {
    let Some(address) = &provider.revoke else {
        return Ok(());
    };
    let request = http::client()?
        .post(address)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(revocation(provider, refresh_token));
    let answer = http::ask(request, MOST_BYTES, &CancellationToken::new(), http::Who::SignIn).await?;
    if answer.status.is_success() {
        return Ok(());
    }
    Err(Error::new(ErrorCode::Refused, say!("{title} did not take the permission back.", title = provider.title))
        .remedy("Remove Tabella in the provider's list of connected apps.")
        .detail(answer.status))
}

fn revocation(provider: &Provider, refresh_token: &Secret) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("token", refresh_token.expose())
        .append_pair("token_type_hint", "refresh_token")
        .append_pair("client_id", &provider.client_id);
    if let Some(secret) = &provider.client_secret {
        form.append_pair("client_secret", secret.expose());
    }
    form.finish()
}

/// A device grant that waits: shown where there is no browser.
pub struct Device {
    provider: Provider,
    client: Client,
    details: StandardDeviceAuthorizationResponse,
}

/// Begins a device grant.
///
/// # Errors
/// `Conflict` where the provider has none.
pub async fn begin_device(provider: &Provider) -> Result<Device> {
    if provider.device.is_none() {
        return Err(Error::new(
            ErrorCode::Conflict,
            say!("{title} can't sign in with a browser on another machine.", title = provider.title),
        )
        .remedy("Sign in with a browser on this machine."));
    }
    let client = client(provider)?;
    let carrier = Carrier(http::client()?);
    let details = client
        .exchange_device_code()
        .map_err(|e| Error::internal(&e))?
        .add_scopes(provider.scopes.iter().cloned().map(Scope::new))
        .request_async(&carrier)
        .await
        .map_err(|e| for_administrator(provider, explain(&e)))?;
    Ok(Device { provider: provider.clone(), client, details })
}

impl Device {
    /// Where to go with any browser.
    pub fn address(&self) -> String {
        self.details.verification_uri().to_string()
    }

    /// What to type there.
    pub fn code(&self) -> String {
        self.details.user_code().secret().clone()
    }

    /// Seconds until the code is void.
    pub fn lives_seconds(&self) -> i64 {
        i64::try_from(self.details.expires_in().as_secs()).unwrap_or(600).min(PATIENCE.as_secs() as i64)
    }

    /// Waits until the code was entered.
    ///
    /// # Errors
    /// As [`Pending::finish`].
    pub async fn finish(self, cancel: &CancellationToken) -> Result<Tokens> {
        let provider = self.provider.clone();
        self.answered(cancel).await.map_err(|error| for_administrator(&provider, error))
    }

    async fn answered(self, cancel: &CancellationToken) -> Result<Tokens> {
        let carrier = Carrier(http::client()?);
        let asked = self.client.exchange_device_access_token(&self.details).request_async(
            &carrier,
            tokio::time::sleep,
            Some(PATIENCE),
        );
        let answer: Answer = tokio::select! {
            () = cancel.cancelled() => return Err(Error::new(ErrorCode::Cancelled, "The sign-in was cancelled.")),
            answer = asked => answer.map_err(|e| match e {
                RequestTokenError::ServerResponse(r) => {
                    refusal(r.error().as_ref(), r.error_description().map_or("", String::as_str))
                }
                RequestTokenError::Request(e) => e,
                // The body may hold a token: only say that it can't be read.
                RequestTokenError::Parse(..) | RequestTokenError::Other(_) => unreadable(),
            })?,
        };
        complete(&self.provider, tokens(&answer))
    }
}

/// The address in an ID token. It came straight from the token endpoint over TLS, which stands for its
/// signature (OpenID Connect Core, section 3.1.3.7); it decides nothing but a name to show and to sign in with.
fn person(id_token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Payload {
        email: Option<String>,
        preferred_username: Option<String>,
        upn: Option<String>,
    }
    let payload = id_token.split('.').nth(1)?;
    let payload: Payload = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?).ok()?;
    [payload.email, payload.preferred_username, payload.upn].into_iter().flatten().find(|text| text.contains('@'))
}

fn tokens(answer: &Answer) -> Tokens {
    Tokens {
        access: Secret::new(answer.access_token().secret().clone()),
        lives_seconds: answer.expires_in().map_or(3600, |d| d.as_secs() as i64),
        refresh: answer.refresh_token().map(|t| Secret::new(t.secret().clone())),
        scopes: answer.scopes().map(|s| s.iter().map(|scope| scope.to_string()).collect()).unwrap_or_default(),
        person: answer.extra_fields().id_token.as_deref().and_then(person),
    }
}

fn explain(error: &RequestTokenError<Error, BasicErrorResponse>) -> Error {
    match error {
        RequestTokenError::ServerResponse(response) => {
            refusal(response.error().as_ref(), response.error_description().map_or("", String::as_str))
        }
        RequestTokenError::Request(error) => error.clone(),
        // The body may hold a token: only say that it can't be read.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => unreadable(),
    }
}

fn unreadable() -> Error {
    Error::new(ErrorCode::Network, "The sign-in server answered something that can't be read.")
        .remedy("It may be a passing fault; Tabella tries again by itself.")
}

/// What an error of RFC 6749 (sections 4.1.2.1 and 5.2) or of the provider means for the user.
pub(super) fn refusal(error: &str, description: &str) -> Error {
    let said = |names: &[&str]| names.iter().any(|n| error == *n || description.contains(n));
    if said(&["admin_policy_enforced", "consent_required", "AADSTS65001", "AADSTS90094", "AADSTS90095", "org_internal"])
    {
        return Error::new(ErrorCode::AdminConsent, "Only an administrator of your organisation can allow this.")
            .remedy("Send your administrator the client ID and the list of permissions shown in Settings, Providers.")
            .detail(format!("{error}: {description}"));
    }
    if said(&["access_denied", "authorization_declined"]) {
        return Error::new(ErrorCode::ConsentDenied, "The permission was not given in the browser.")
            .remedy("Connect again and choose to allow it.");
    }
    if said(&["invalid_client", "unauthorized_client", "AADSTS7000215", "AADSTS7000222"]) {
        // Microsoft: a desktop registration must show no secret, a web registration has to.
        let remedy = if said(&["AADSTS700025"]) {
            say!("Remove the client secret in Settings, Providers: this registration is a desktop one and has none.")
        } else if said(&["AADSTS7000218"]) {
            say!(
                "Enter the client secret in Settings, Providers, or register the redirect address for desktop applications."
            )
        } else {
            say!("Check both in Settings, Providers; a secret may have expired.")
        };
        return Error::new(ErrorCode::Conflict, "The provider does not accept the client ID or client secret.")
            .remedy(remedy)
            .detail(format!("{error}: {description}"));
    }
    if said(&["redirect_uri_mismatch", "AADSTS50011"]) {
        return Error::new(ErrorCode::Conflict, "The redirect address is not registered at the provider.")
            .remedy("Enter the address shown in Settings, Providers exactly as it stands there.")
            .detail(format!("{error}: {description}"));
    }
    if said(&["invalid_grant", "interaction_required", "login_required"]) {
        return Error::new(ErrorCode::SignIn, "The permission has ended; sign in again.")
            .remedy("Your mail stays here, and sync goes on where it stopped.")
            .detail(error);
    }
    if said(&["expired_token", "code_expired"]) {
        return Error::new(ErrorCode::Timeout, "Nobody finished the sign-in in the browser in time.")
            .remedy("Start it again when you are ready.");
    }
    if said(&["temporarily_unavailable", "server_error"]) {
        return Error::new(ErrorCode::Network, "The sign-in server has a passing fault.")
            .remedy("Tabella tries again by itself.")
            .detail(error);
    }
    Error::new(ErrorCode::Refused, "The provider refused the sign-in.").detail(format!("{error}: {description}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revoked_permission_asks_to_sign_in_and_a_passing_fault_does_not() {
        assert_eq!(refusal("invalid_grant", "Token has been expired or revoked.").code, ErrorCode::SignIn);
        assert_eq!(refusal("temporarily_unavailable", "").code, ErrorCode::Network);
        assert_eq!(refusal("invalid_client", "").code, ErrorCode::Conflict);
        assert!(refusal("invalid_client", "AADSTS700025: Client is public").remedy.starts_with("Remove"));
        assert!(refusal("invalid_client", "AADSTS7000218: no client_secret").remedy.starts_with("Enter"));
    }

    #[test]
    fn an_unticked_permission_is_named() {
        let provider = super::super::provider::resolve(
            "google",
            &super::super::provider::Entered { client_id: "id".into(), ..Default::default() },
        )
        .unwrap();
        let mut tokens = Tokens {
            access: Secret::new("a"),
            lives_seconds: 3600,
            refresh: None,
            scopes: vec!["openid".into()],
            person: None,
        };
        let error = granted(&provider, &tokens).unwrap_err();
        assert_eq!(error.code, ErrorCode::ScopeMissing);
        assert!(error.message.contains("https://mail.google.com/"), "{error}");
        tokens.scopes = vec!["https://mail.google.com/".into()];
        assert!(granted(&provider, &tokens).is_ok());
    }

    #[test]
    fn an_administrator_is_told_what_to_allow() {
        let provider = super::super::provider::resolve(
            "microsoft",
            &super::super::provider::Entered { client_id: "the-client".into(), ..Default::default() },
        )
        .unwrap();
        let error = for_administrator(&provider, refusal("access_denied", "AADSTS90094: grant requires admin"));
        assert_eq!(error.code, ErrorCode::AdminConsent);
        for needed in ["the-client", "Mail.ReadWrite", "/common/v2.0/adminconsent?client_id=the-client"] {
            assert!(error.remedy.contains(needed), "{error}");
        }
    }

    #[test]
    fn the_person_stands_in_the_id_token() {
        let token = |json: &str| format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(json));
        assert_eq!(person(&token(r#"{"email":"anna@x.test","sub":"1"}"#)).as_deref(), Some("anna@x.test"));
        assert_eq!(person(&token(r#"{"preferred_username":"anna@x.test"}"#)).as_deref(), Some("anna@x.test"));
        for none in ["", "a.b.c", "e30", &token("[]"), &token(r#"{"email":"anna"}"#)] {
            assert_eq!(person(none), None, "{none}");
        }
    }
}
