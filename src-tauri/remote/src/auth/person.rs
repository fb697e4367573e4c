//! Whose mailbox a sign-in opened.
//!
//! Owns: asking the provider's API. Refuses: keeping anything; messages and aliases (see the adapters).

use super::flow::Tokens;
use super::provider::Provider;
use crate::access::Secret;
use crate::http;
use model::provider::SignInTransport;
use model::{Error, ErrorCode, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

/// An answer of the API: its value, or status and reason.
enum Told<T> {
    Value(T),
    Refused(u16, String),
}

/// What an account is asked for is a few kilobytes.
const MOST_BYTES: usize = 256 << 10;

async fn ask<T: DeserializeOwned>(address: &str, token: &Secret, title: &str) -> Result<Told<T>> {
    let request = http::client()?.get(address).bearer_auth(token.expose());
    let answer = http::ask(request, MOST_BYTES, &CancellationToken::new(), http::Who::Named(title)).await?;
    if answer.status.is_success() {
        return answer.json().map(Told::Value);
    }
    Ok(Told::Refused(answer.status.as_u16(), reason(&answer.body)))
}

/// The machine-readable reasons of Google's and Microsoft's error answers, in one text.
fn reason(body: &[u8]) -> String {
    let Ok(json) = serde_json::from_slice::<serde_json::Value>(body) else { return String::new() };
    let texts = ["/error/status", "/error/errors/0/reason", "/error/code", "/error/details/0/reason"];
    texts.iter().filter_map(|at| json.pointer(at)?.as_str()).collect::<Vec<_>>().join(" ")
}

/// The address of the mailbox that was signed in to; `None` where the provider does not tell.
///
/// # Errors
/// `Network`, `Timeout`; `Conflict` where there is no mailbox, or where the API is not switched on for
/// these client credentials.
pub async fn learn(provider: &Provider, transport: SignInTransport, tokens: &Tokens) -> Result<Option<String>> {
    let told = match (provider.name.as_str(), transport) {
        ("google", _) => google(provider, transport, tokens).await?,
        ("microsoft", SignInTransport::Api) => microsoft(provider, tokens).await?,
        _ => None,
    };
    Ok(told.or_else(|| tokens.person.clone()).map(|email| email.trim().to_owned()).filter(|e| e.contains('@')))
}

/// <https://developers.google.com/workspace/gmail/api/reference/rest/v1/users/getProfile>
async fn google(provider: &Provider, transport: SignInTransport, tokens: &Tokens) -> Result<Option<String>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Profile {
        email_address: String,
    }
    if transport == SignInTransport::Imap && tokens.person.is_some() {
        return Ok(None); // the API need not be switched on for IMAP
    }
    let root = format!("{}/gmail/v1/users/me", provider.api);
    match ask::<Profile>(&format!("{root}/profile"), &tokens.access, &provider.title).await? {
        Told::Value(profile) => return Ok(Some(profile.email_address)),
        Told::Refused(..) if transport == SignInTransport::Imap => return Ok(None),
        Told::Refused(400, reason) if has(&reason, &["failedPrecondition", "FAILED_PRECONDITION"]) => {
            return Err(Error::new(ErrorCode::Conflict, "This Google account has no mailbox.")
                .remedy("Sign in with an account that has Gmail, or ask its administrator to switch Gmail on."));
        }
        Told::Refused(403, reason) if has(&reason, &["accessNotConfigured", "SERVICE_DISABLED"]) => {
            return Err(Error::new(ErrorCode::Conflict, "The Gmail API is not switched on in your Google project.")
                .remedy("Switch it on in the Google Cloud console (APIs and services, Library), then connect again."));
        }
        Told::Refused(..) => {}
    }
    Ok(match send_as(&root, &tokens.access, &provider.title).await? {
        Told::Value(list) => list.send_as.into_iter().find(|s| s.is_primary).map(|s| s.send_as_email),
        Told::Refused(..) => None,
    })
}

fn has(reason: &str, words: &[&str]) -> bool {
    reason.split(' ').any(|said| words.contains(&said))
}

/// <https://learn.microsoft.com/graph/api/user-get>
async fn microsoft(provider: &Provider, tokens: &Tokens) -> Result<Option<String>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Me {
        mail: Option<String>,
        user_principal_name: Option<String>,
    }
    Ok(
        match ask::<Me>(&format!("{}/me?$select=mail,userPrincipalName", provider.api), &tokens.access, &provider.title)
            .await?
        {
            Told::Value(me) => me.mail.filter(|m| !m.is_empty()).or(me.user_principal_name),
            Told::Refused(..) => None,
        },
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SendAsList {
    #[serde(default)]
    send_as: Vec<SendAs>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SendAs {
    send_as_email: String,
    #[serde(default)]
    is_primary: bool,
}

/// <https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.settings.sendAs>
async fn send_as(root: &str, token: &Secret, title: &str) -> Result<Told<SendAsList>> {
    ask(&format!("{root}/settings/sendAs"), token, title).await
}
