//! The HTTP client of sign-ins and of the providers' APIs: no redirects, no cookies, bounded answers, deadlines.
//!
//! Owns: one client ([`client`]), an answer read whole within a bound ([`Answer`]), how long a server asks to be
//! left alone ([`Answer::retry_after_seconds`]), and requests in somebody's name ([`Bearer`]).
//! Refuses: deciding what a status means; each API has its own words for that. Addresses never stand in
//! errors, as they may hold a code.

use crate::access::Secret;
use crate::auth::token::Keeper;
use model::phrase::{Arg, ToArg};
use model::{Error, ErrorCode, Result, say};
use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A sign-in's request has this long altogether.
const SIGN_IN_DEADLINE: Duration = Duration::from_secs(30);
/// A server that says nothing for this long has gone.
const SILENCE: Duration = Duration::from_mins(1);
const CONNECT: Duration = Duration::from_secs(15);
/// Token answers are a few kilobytes.
const SIGN_IN_BYTES_MAX: usize = 256 * 1024;
/// Longest wait a server may ask for, seconds: a day.
const RETRY_AFTER_MAX: i64 = 24 * 3600;

/// A client that never follows a redirect: an endpoint that redirects would hand a code or token on.
pub(crate) fn client() -> Result<reqwest::Client> {
    crate::tls::init();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .read_timeout(SILENCE)
        .connect_timeout(CONNECT)
        .referer(false)
        .build()
        .map_err(|e| Error::internal(e.without_url()))
}

/// A server's answer, read whole.
pub(crate) struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Errors
    /// `Protocol` where it is something else.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body).map_err(|e| {
            Error::new(ErrorCode::Protocol, "The provider answered something that can't be read.").detail(e)
        })
    }

    /// The beginning of the body as text, for the detail of an error.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).chars().take(500).collect()
    }

    /// Seconds the server asks to be left alone (RFC 9110, section 10.2.3; at most a day). A date is
    /// counted from the server's own clock.
    pub fn retry_after_seconds(&self) -> Option<u32> {
        retry_after(&self.headers)
    }
}

/// As [`Answer::retry_after_seconds`], for headers alone.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<u32> {
    let date = |text: &str| jiff::fmt::rfc2822::parse(text).ok().map(|at| at.timestamp().as_second());
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let asked = header(reqwest::header::RETRY_AFTER)?;
    let seconds = match asked.parse::<f64>() {
        Ok(seconds) => seconds.ceil() as i64,
        Err(_) => date(asked)? - date(header(reqwest::header::DATE)?)?,
    };
    u32::try_from(seconds.clamp(0, RETRY_AFTER_MAX)).ok()
}

/// Makes a request and reads its answer, at most `bytes_max` of it.
///
/// # Errors
/// `Network`, `Timeout`; `TooLarge` where the answer is longer; `Cancelled`.
pub(crate) async fn ask(
    request: RequestBuilder,
    bytes_max: usize,
    cancel: &CancellationToken,
    who: Who<'_>,
) -> Result<Answer> {
    hand_over(request, bytes_max, cancel, who).await.map_err(|unanswered| unanswered.error)
}

/// As [`ask`]; an error says whether anything can have been done.
async fn hand_over(
    request: RequestBuilder,
    bytes_max: usize,
    cancel: &CancellationToken,
    who: Who<'_>,
) -> std::result::Result<Answer, Unanswered> {
    if cancel.is_cancelled() {
        return Err(Unanswered { error: stopped(), done: Done::Nothing });
    }
    let perhaps = |error| Unanswered { error, done: Done::Perhaps };
    let broken = |e: reqwest::Error| {
        // Without a connection nothing went out.
        let done = if e.is_connect() { Done::Nothing } else { Done::Perhaps };
        Unanswered { error: unreachable_error(&e, who), done }
    };
    let answer = async {
        let mut response = request.send().await.map_err(broken)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| perhaps(unreachable_error(&e, who)))? {
            if body.len() + chunk.len() > bytes_max {
                let error = Error::new(ErrorCode::TooLarge, say!("{who} gave an answer that is too large.", who));
                return Err(perhaps(error));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body })
    };
    tokio::select! {
        () = cancel.cancelled() => Err(perhaps(stopped())),
        answer = answer => answer,
    }
}

fn stopped() -> Error {
    Error::new(ErrorCode::Cancelled, "Stopped.")
}

/// A request under way.
pub(crate) type Asked<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// What a server without an answer has done of what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// Nothing: there was no connection, or the request was refused for its token.
    Nothing,
    /// Nobody knows.
    Perhaps,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) struct Unanswered {
    pub error: Error,
    pub done: Done,
}

/// Requests in the name of one account. A token that is refused is renewed, once.
#[derive(Clone)]
pub(crate) struct Bearer {
    client: reqwest::Client,
    tokens: Arc<Keeper>,
    who: Who<'static>,
}

impl Bearer {
    /// Requests with the tokens of this account to `who` (as it is called in errors: "Google").
    pub fn new(tokens: Arc<Keeper>, who: &'static str) -> Result<Self> {
        Ok(Self { client: client()?, tokens, who: Who::Named(who) })
    }

    /// Makes a request and gives the answer, whatever its status; one that says 401 was given to two
    /// different tokens.
    ///
    /// # Errors
    /// As [`ask`], and as the token's refresh gives them.
    pub fn ask<'a>(
        &'a self,
        make: impl Fn(&reqwest::Client) -> RequestBuilder + Send + Sync + 'a,
        bytes_max: usize,
        cancel: &'a CancellationToken,
    ) -> Asked<'a, Answer> {
        Box::pin(async move { self.hand_over(make, bytes_max, cancel).await.map_err(|unanswered| unanswered.error) })
    }

    /// As [`Bearer::ask`], for what must not be asked twice: an error says whether anything can have been done.
    ///
    /// # Errors
    /// As [`Bearer::ask`].
    pub async fn hand_over(
        &self,
        make: impl Fn(&reqwest::Client) -> RequestBuilder + Send + Sync,
        bytes_max: usize,
        cancel: &CancellationToken,
    ) -> std::result::Result<Answer, Unanswered> {
        // A 401 is an answer: nothing was done. The same holds while the next token is fetched.
        let undone = |error| Unanswered { error, done: Done::Nothing };
        let token = self.token(cancel).await.map_err(undone)?;
        let request = make(&self.client).bearer_auth(token.expose());
        let answer = hand_over(request, bytes_max, cancel, self.who).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        self.tokens.refused(&token).await;
        let token = self.token(cancel).await.map_err(undone)?;
        let request = make(&self.client).bearer_auth(token.expose());
        hand_over(request, bytes_max, cancel, self.who).await
    }

    /// Sees to it that a token is at hand, so that the next request does not fail for want of one.
    ///
    /// # Errors
    /// As the token's refresh gives them.
    pub async fn ready(&self, cancel: &CancellationToken) -> Result<()> {
        self.token(cancel).await.map(drop)
    }

    /// Makes a request whose answer the caller reads as it comes.
    ///
    /// # Errors
    /// As [`Bearer::ask`].
    pub fn open<'a>(
        &'a self,
        make: impl Fn(&reqwest::Client) -> RequestBuilder + Send + Sync + 'a,
        cancel: &'a CancellationToken,
    ) -> Asked<'a, reqwest::Response> {
        Box::pin(async move {
            let token = self.token(cancel).await?;
            let response = self.begin(make(&self.client), &token, cancel).await?;
            if response.status() != StatusCode::UNAUTHORIZED {
                return Ok(response);
            }
            self.tokens.refused(&token).await;
            let token = self.token(cancel).await?;
            self.begin(make(&self.client), &token, cancel).await
        })
    }

    async fn begin(
        &self,
        request: RequestBuilder,
        token: &Secret,
        cancel: &CancellationToken,
    ) -> Result<reqwest::Response> {
        tokio::select! {
            () = cancel.cancelled() => Err(Error::new(ErrorCode::Cancelled, "Stopped.")),
            opened = request.bearer_auth(token.expose()).send() => opened.map_err(|e| unreachable_error(&e, self.who)),
        }
    }

    async fn token(&self, cancel: &CancellationToken) -> Result<Secret> {
        tokio::select! {
            () = cancel.cancelled() => Err(Error::new(ErrorCode::Cancelled, "Stopped.")),
            token = self.tokens.access() => token,
        }
    }
}

/// Carries one request of the oauth2 crate.
pub(crate) fn carry(client: &reqwest::Client, request: oauth2::HttpRequest) -> Asked<'static, oauth2::HttpResponse> {
    let (parts, body) = request.into_parts();
    let request =
        client.request(parts.method, parts.uri.to_string()).headers(parts.headers).timeout(SIGN_IN_DEADLINE).body(body);
    Box::pin(async move {
        let answer = ask(request, SIGN_IN_BYTES_MAX, &CancellationToken::new(), Who::SignIn).await?;
        let mut builder = oauth2::http::Response::builder().status(answer.status);
        for (name, value) in &answer.headers {
            builder = builder.header(name, value);
        }
        builder.body(answer.body).map_err(|e| Error::internal(&e))
    })
}

/// Who was asked, as errors call them.
#[derive(Clone, Copy)]
pub(crate) enum Who<'a> {
    /// The server of sign-ins.
    SignIn,
    /// By name.
    Named(&'a str),
}

impl ToArg for Who<'_> {
    fn to_arg(&self) -> Arg {
        match self {
            Self::SignIn => say!("The provider's sign-in server").to_arg(),
            Self::Named(name) => name.to_arg(),
        }
    }
}

/// What kept us from the server; the address is left out, as it may hold a code.
pub(crate) fn unreachable_error(error: &reqwest::Error, who: Who<'_>) -> Error {
    let code = if error.is_timeout() { ErrorCode::Timeout } else { ErrorCode::Network };
    let mut why = String::new();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        why = inner.to_string();
        source = inner.source();
    }
    Error::new(code, say!("{who} can't be reached.", who))
        .remedy("Check the connection; Tabella tries again by itself.")
        .detail(if why.is_empty() { "no answer".to_owned() } else { why })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[tokio::test]
    async fn without_a_connection_nothing_was_done_and_after_one_nobody_knows() {
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let cancel = CancellationToken::new();
        let request = client().unwrap().post(format!("http://{closed}/send"));
        let unanswered = hand_over(request, 100, &cancel, Who::Named("it")).await.err().unwrap();
        assert_eq!((unanswered.done, unanswered.error.code), (Done::Nothing, ErrorCode::Network));
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let at = silent.local_addr().unwrap();
        std::thread::spawn(move || drop(silent.accept()));
        let unanswered = hand_over(client().unwrap().post(format!("http://{at}/")), 100, &cancel, Who::Named("it"))
            .await
            .err()
            .unwrap();
        assert_eq!(unanswered.done, Done::Perhaps);
        cancel.cancel();
        let unanswered = hand_over(client().unwrap().get(format!("http://{at}/")), 100, &cancel, Who::Named("it"))
            .await
            .err()
            .unwrap();
        assert_eq!((unanswered.done, unanswered.error.code), (Done::Nothing, ErrorCode::Cancelled));
    }

    #[test]
    fn a_wait_is_told_in_seconds_or_as_a_date_on_the_servers_clock() {
        assert_eq!(retry_after(&headers(&[("retry-after", "17")])), Some(17));
        let dated =
            headers(&[("date", "Sun, 22 Nov 2026 19:00:00 GMT"), ("retry-after", "Sun, 22 Nov 2026 19:02:00 GMT")]);
        assert_eq!(retry_after(&dated), Some(120));
        assert_eq!(retry_after(&headers(&[("retry-after", "soon")])), None);
        assert_eq!(retry_after(&headers(&[("retry-after", "99999999999")])), Some(86_400));
        assert_eq!(retry_after(&headers(&[])), None);
    }
}
