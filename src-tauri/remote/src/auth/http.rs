//! The HTTP client of sign-ins: no redirects, no cookies, small answers, a deadline.

use model::{Error, ErrorCode, Result};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(30);
/// Token answers are a few kilobytes.
const MOST_BYTES: usize = 256 * 1024;

/// A client that never follows a redirect: a token endpoint that redirects would hand the code on.
pub(super) fn client() -> Result<reqwest::Client> {
    crate::tls::init();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(DEADLINE)
        .connect_timeout(Duration::from_secs(15))
        .referer(false)
        .build()
        .map_err(|e| Error::internal(e.without_url()))
}

/// Carries one request of the oauth2 crate.
pub(super) async fn carry(
    client: &reqwest::Client,
    request: oauth2::HttpRequest,
) -> std::result::Result<oauth2::HttpResponse, Error> {
    let (parts, body) = request.into_parts();
    let mut response = client
        .request(parts.method, parts.uri.to_string())
        .headers(parts.headers)
        .body(body)
        .send()
        .await
        .map_err(|e| unreachable_error(&e))?;
    let mut builder = oauth2::http::Response::builder().status(response.status());
    for (name, value) in response.headers() {
        builder = builder.header(name, value);
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| unreachable_error(&e))? {
        if bytes.len() + chunk.len() > MOST_BYTES {
            return Err(Error::new(ErrorCode::Protocol, "The sign-in server's answer is too large."));
        }
        bytes.extend_from_slice(&chunk);
    }
    builder.body(bytes).map_err(|e| Error::internal(&e))
}

/// What kept us from the server; the address is left out, as it may hold a code.
pub(super) fn unreachable_error(error: &reqwest::Error) -> Error {
    let code = if error.is_timeout() { ErrorCode::Timeout } else { ErrorCode::Network };
    let mut why = String::new();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        why = inner.to_string();
        source = inner.source();
    }
    Error::new(code, "The provider's sign-in server can't be reached.")
        .remedy("Check the connection; Tabella tries again by itself.")
        .detail(if why.is_empty() { "no answer".to_owned() } else { why })
}
