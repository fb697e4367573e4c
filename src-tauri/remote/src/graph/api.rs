//! Requests to the API: at most four at a time for a mailbox, none while the server wants to be left alone, each
//! refusal in a word the caller can decide on.
//!
//! Limits: <https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits>.

use super::GraphAccess;
use super::fault::{self, Fault};
use crate::http::{self, Answer, Bearer, Done, Unanswered};
use crate::net;
use model::{Error, ErrorCode, Result, say};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Requests at once for one application and mailbox.
const AT_ONCE: usize = 4;
/// A pause the server asks for is waited out here up to this; a longer one is the caller's.
const PATIENCE: Duration = Duration::from_secs(30);
/// Where a server that is too busy says nothing of how long.
const REST_SECONDS: u32 = 10;
/// Tries of a request that may be repeated, the first one included.
const TRIES: u32 = 3;
/// Between two tries after a fault of the server, times the number of tries.
const BETWEEN: Duration = Duration::from_millis(400);
/// The server, as errors call it.
const WHO: &str = "Microsoft";
const JSON_BYTES_MAX: usize = 32 << 20;
/// Exchange's largest message (150 MB) as base64 with its lines.
const MIME_BYTES_MAX: usize = 220 << 20;

/// Ids that stay the same when a message moves: asked for with every request.
/// <https://learn.microsoft.com/graph/outlook-immutable-id>
const IMMUTABLE: &str = "IdType=\"ImmutableId\"";

/// What all requests for one mailbox share, whoever makes them.
struct Turnstile {
    places: Semaphore,
    closed_until: Mutex<Option<Instant>>,
}

/// The limits count for the application and the mailbox, so all adapters of a mailbox share one.
static TURNSTILES: LazyLock<Mutex<HashMap<String, Weak<Turnstile>>>> = LazyLock::new(Mutex::default);

fn turnstile(mailbox: String) -> Arc<Turnstile> {
    let mut all = TURNSTILES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(one) = all.get(&mailbox).and_then(Weak::upgrade) {
        return one;
    }
    all.retain(|_, one| one.strong_count() > 0);
    let one = Arc::new(Turnstile { places: Semaphore::new(AT_ONCE), closed_until: Mutex::default() });
    all.insert(mailbox, Arc::downgrade(&one));
    one
}

/// The body of a request.
#[derive(Clone, Debug)]
pub enum Body {
    /// None.
    Empty,
    /// JSON.
    Json(Value),
    /// A message as base64 in `text/plain`.
    Mime(Arc<str>),
}

/// Something that was not seen to be done.
pub enum Undone {
    /// It was not done.
    Surely(Fault),
    /// Nobody knows.
    Perhaps(Fault),
}

/// One request.
#[derive(Clone, Debug)]
pub struct Ask {
    method: Method,
    address: Url,
    body: Body,
    page: Option<u32>,
    repeatable: bool,
    bytes_max: usize,
}

impl Ask {
    /// A request that changes nothing, or nothing more when it is made twice.
    pub fn new(method: Method, address: Url) -> Self {
        let repeatable = method != Method::POST;
        Self { method, address, body: Body::Empty, page: None, repeatable, bytes_max: JSON_BYTES_MAX }
    }

    /// It may be made twice, whatever its method.
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// With this body.
    pub fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    /// Lists come in pages of this size.
    pub fn page(mut self, size: u32) -> Self {
        self.page = Some(size);
        self
    }

    fn build(&self, client: &Client) -> RequestBuilder {
        let wishes = match self.page {
            Some(size) => format!("{IMMUTABLE}, odata.maxpagesize={size}"),
            None => IMMUTABLE.to_owned(),
        };
        let request = client.request(self.method.clone(), self.address.clone()).header("Prefer", wishes);
        match &self.body {
            // A POST without a length is refused (411).
            Body::Empty if self.method == Method::POST => request.header("Content-Length", "0"),
            Body::Empty => request,
            Body::Json(json) => request.json(json),
            Body::Mime(text) => request.header("Content-Type", "text/plain").body(text.to_string()),
        }
    }
}

/// One mailbox at the API.
#[derive(Clone)]
pub struct Api {
    bearer: Bearer,
    uploads: Client,
    root: Url,
    mailbox: Url,
    shared: bool,
    turnstile: Arc<Turnstile>,
}

impl Api {
    /// The way to an account's mailbox, or to the shared one it names.
    pub fn new(access: &GraphAccess) -> Result<Self> {
        let bad = || Error::invalid(say!("“{api}” is not the address of Microsoft's mail API.", api = access.api));
        let root = Url::parse(access.api.trim_end_matches('/')).map_err(|_| bad())?;
        let own = ["me"];
        let shared = ["users", access.mailbox.as_deref().unwrap_or_default()];
        let path: &[&str] = if access.mailbox.is_some() { &shared } else { &own };
        let mut mailbox = root.clone();
        mailbox.path_segments_mut().map_err(|()| bad())?.pop_if_empty().extend(path);
        let whose = access.mailbox.as_ref().unwrap_or(&access.email).to_lowercase();
        Ok(Self {
            bearer: Bearer::new(access.tokens.clone(), WHO)?,
            uploads: http::client()?,
            turnstile: turnstile(format!("{root} {whose}")),
            root,
            mailbox,
            shared: access.mailbox.is_some(),
        })
    }

    /// An address inside the mailbox; every part is encoded.
    pub fn address(&self, path: &[&str]) -> Url {
        let mut address = self.mailbox.clone();
        if let Ok(mut segments) = address.path_segments_mut() {
            segments.extend(path);
        }
        address
    }

    /// As [`Api::address`], with a query.
    pub fn query(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut address = self.address(path);
        // Spaces as %20: a plus is a plus in OData.
        let pairs: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        address.set_query(Some(&pairs.join("&")));
        address
    }

    /// An address the server gave, if it leads to the same server: anywhere else the token has no business.
    pub fn link(&self, text: &str) -> Option<Url> {
        Url::parse(text).ok().filter(|link| link.origin() == self.root.origin())
    }

    /// Makes a request and gives its answer, which is a success.
    pub async fn ask(&self, ask: &Ask, cancel: &CancellationToken) -> Result<Answer, Fault> {
        let mut tries = 0;
        loop {
            tries += 1;
            let answer = {
                let _place = self.pass(cancel).await?;
                self.bearer.ask(|client| ask.build(client), ask.bytes_max, cancel).await
            };
            let answer = match answer {
                Ok(answer) => answer,
                Err(error) if ask.repeatable && tries < TRIES && is_outage(&error) => {
                    pause(BETWEEN * tries, cancel).await?;
                    continue;
                }
                Err(error) => return Err(Fault::Broken(error)),
            };
            if answer.status.is_success() {
                return Ok(answer);
            }
            let fault = fault::read(&answer, self.shared);
            let again = match &fault {
                Fault::Busy(_) => {
                    let asked = Duration::from_secs(answer.retry_after_seconds().unwrap_or(REST_SECONDS).into());
                    self.close_for(asked);
                    // It says so instead of doing anything, so that even a POST may be made again.
                    let turned_away = ask.repeatable || answer.status == StatusCode::TOO_MANY_REQUESTS;
                    turned_away && asked <= PATIENCE
                }
                Fault::Broken(_) => {
                    let again = ask.repeatable && tries < TRIES;
                    if again {
                        pause(BETWEEN * tries, cancel).await?;
                    }
                    again
                }
                _ => false,
            };
            if !again || tries >= TRIES {
                return Err(fault);
            }
        }
    }

    /// Sees to it that a token is at hand, and that the server wants to be asked.
    pub async fn ready(&self, cancel: &CancellationToken) -> Result<(), Fault> {
        self.bearer.ready(cancel).await?;
        self.pass(cancel).await.map(drop)
    }

    /// Makes a request that must not be done twice; gives its answer, which is a success. It is made again only
    /// where the server turned it away. A failure says whether anything can have been done.
    pub async fn hand_over(&self, ask: &Ask, cancel: &CancellationToken) -> Result<Answer, Undone> {
        let mut tries = 0;
        loop {
            tries += 1;
            let place = self.pass(cancel).await.map_err(Undone::Surely)?;
            let answer = match self.bearer.hand_over(|client| ask.build(client), ask.bytes_max, cancel).await {
                Ok(answer) => answer,
                Err(Unanswered { error, done: Done::Nothing }) => return Err(Undone::Surely(Fault::Broken(error))),
                Err(Unanswered { error, done: Done::Perhaps }) => return Err(Undone::Perhaps(Fault::Broken(error))),
            };
            drop(place);
            if answer.status.is_success() {
                return Ok(answer);
            }
            match fault::read(&answer, self.shared) {
                fault @ Fault::Busy(_) => {
                    let asked = Duration::from_secs(answer.retry_after_seconds().unwrap_or(REST_SECONDS).into());
                    self.close_for(asked);
                    // It said so instead of doing anything.
                    if asked > PATIENCE || tries >= TRIES {
                        return Err(Undone::Surely(fault));
                    }
                }
                fault @ Fault::Refused { .. } => return Err(Undone::Surely(fault)),
                fault => return Err(Undone::Perhaps(fault)),
            }
        }
    }

    /// Gets something.
    pub async fn get<T: DeserializeOwned>(&self, address: Url, cancel: &CancellationToken) -> Result<T, Fault> {
        let answer = self.ask(&Ask::new(Method::GET, address), cancel).await?;
        Ok(answer.json()?)
    }

    /// Gets a page of a list.
    pub async fn page<T: DeserializeOwned>(
        &self,
        address: Url,
        size: u32,
        cancel: &CancellationToken,
    ) -> Result<T, Fault> {
        let answer = self.ask(&Ask::new(Method::GET, address).page(size), cancel).await?;
        Ok(answer.json()?)
    }

    /// Posts something, and reads what was made.
    pub async fn post<T: DeserializeOwned>(
        &self,
        address: Url,
        body: Body,
        cancel: &CancellationToken,
    ) -> Result<T, Fault> {
        let answer = self.ask(&Ask::new(Method::POST, address).body(body), cancel).await?;
        Ok(answer.json()?)
    }

    /// A message as it was received, or as Exchange puts it together anew.
    /// <https://learn.microsoft.com/graph/outlook-get-mime-message>
    pub async fn mime(&self, id: &str, cancel: &CancellationToken) -> Result<Vec<u8>, Fault> {
        let ask = Ask { bytes_max: MIME_BYTES_MAX, ..Ask::new(Method::GET, self.address(&["messages", id, "$value"])) };
        Ok(self.ask(&ask, cancel).await?.body)
    }

    /// Sends a piece of a file over an upload session, whose address is its own permission: no token goes there.
    pub async fn put_piece(
        &self,
        address: &str,
        piece: Vec<u8>,
        range: &str,
        cancel: &CancellationToken,
    ) -> Result<(), Fault> {
        let address = Url::parse(address)
            .ok()
            .filter(|address| address.scheme() == "https" || address.origin() == self.root.origin())
            .ok_or_else(|| {
                Error::new(ErrorCode::Protocol, "Microsoft gave an address for the upload that is not encrypted.")
            })?;
        let _place = self.pass(cancel).await?;
        let request = self
            .uploads
            .put(address)
            .header("Content-Type", "application/octet-stream")
            .header("Content-Range", range)
            .body(piece);
        let answer = http::ask(request, JSON_BYTES_MAX, cancel, http::Who::Named(WHO)).await?;
        if answer.status.is_success() { Ok(()) } else { Err(fault::read(&answer, self.shared)) }
    }

    /// A place in front of the server, as soon as it wants to be asked again.
    async fn pass(&self, cancel: &CancellationToken) -> Result<tokio::sync::SemaphorePermit<'_>, Fault> {
        let place = tokio::select! {
            () = cancel.cancelled() => return Err(Fault::Broken(net::cancelled())),
            place = self.turnstile.places.acquire() => place.map_err(|e| Fault::Broken(Error::internal(&e)))?,
        };
        loop {
            let closed = *self.turnstile.closed_until.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(left) = closed.map(|until| until.saturating_duration_since(Instant::now())) else { break };
            if left.is_zero() {
                break;
            }
            if left > PATIENCE {
                return Err(Fault::Busy(fault::throttled("", Some(left.as_secs().try_into().unwrap_or(u32::MAX)))));
            }
            pause(left, cancel).await?;
        }
        Ok(place)
    }

    fn close_for(&self, time: Duration) {
        let until = Instant::now() + time;
        let mut closed = self.turnstile.closed_until.lock().unwrap_or_else(PoisonError::into_inner);
        *closed = Some(closed.map_or(until, |already| already.max(until)));
    }
}

fn is_outage(error: &Error) -> bool {
    matches!(error.code, ErrorCode::Network | ErrorCode::Timeout)
}

async fn pause(time: Duration, cancel: &CancellationToken) -> Result<(), Fault> {
    tokio::select! {
        () = cancel.cancelled() => Err(Fault::Broken(net::cancelled())),
        () = tokio::time::sleep(time) => Ok(()),
    }
}

fn encode(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>().replace('+', "%20")
}
