//! Messages by id: many in one request where the server has that, a few side by side where not.

use super::api::{ANSWER_BYTES_MAX, Api, Ask, PULL, USER};
use super::batch::{self, Parts};
use super::fault;
use super::quota::cost;
use super::wire::Message;
use crate::http::{Who, unreachable_error};
use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use model::{Error, ErrorCode, Result, Timestamp};
use reqwest::StatusCode;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Most reads in one request; Google recommends no more.
const BATCH_MAX: usize = 50;
/// Fewest, after the server complained of too many at once.
const BATCH_MIN: usize = 5;
/// Reads side by side where the server takes no batches.
const SINGLES: usize = 4;
/// Tries of one message that the server can't give, while it gives others.
const TRIES_MAX: u32 = 4;

/// Gmail writes base64url with padding; others leave it out.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// How much of a message to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Labels only.
    Minimal,
    /// The bytes.
    Raw,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::Raw => "raw",
        }
    }
}

/// What became of one id.
#[derive(Debug)]
pub enum Got {
    /// It is there.
    Message(Box<Fetched>),
    /// The server has it no longer.
    Gone(String),
    /// The server has it and can't give it.
    Unreadable(String, String),
}

/// A message as it is at the server.
#[derive(Debug)]
pub struct Fetched {
    pub id: String,
    pub thread: String,
    pub labels: Vec<String>,
    pub received_at: Timestamp,
    /// Empty in the minimal format.
    pub raw: Vec<u8>,
}

/// Fetches ids, in their order as far as the server keeps it.
pub struct Fetcher<'a> {
    api: &'a Api,
    format: Format,
    cancel: &'a CancellationToken,
    todo: Vec<String>,
    again: HashMap<String, u32>,
    size: usize,
    single: bool,
    tries: u32,
    ready: std::collections::VecDeque<Got>,
    open: Option<Open>,
}

struct Open {
    response: reqwest::Response,
    parts: Parts,
    asked: Vec<Option<String>>,
    fault: Option<Error>,
    got: usize,
}

impl<'a> Fetcher<'a> {
    pub fn new(api: &'a Api, ids: Vec<String>, format: Format, cancel: &'a CancellationToken) -> Self {
        let mut todo = ids;
        todo.reverse();
        let size = api.batch_size.load(Ordering::Relaxed);
        Self {
            api,
            format,
            cancel,
            todo,
            again: HashMap::new(),
            size: if size == 0 { BATCH_MAX } else { size.min(BATCH_MAX) },
            single: size == SINGLE,
            tries: 0,
            ready: std::collections::VecDeque::new(),
            open: None,
        }
    }

    /// The next message; `None` when every id is answered.
    pub async fn next(&mut self) -> Result<Option<Got>> {
        loop {
            if let Some(got) = self.ready.pop_front() {
                return Ok(Some(got));
            }
            if self.open.is_some() {
                self.read_on().await?;
                continue;
            }
            if self.todo.is_empty() {
                return Ok(None);
            }
            let count = self.todo.len().min(if self.single { SINGLES } else { self.size });
            let mut chunk = self.todo.split_off(self.todo.len() - count);
            chunk.reverse();
            if self.single || count == 1 {
                self.singly(chunk).await?;
            } else {
                self.together(chunk).await?;
            }
        }
    }

    fn path(&self, id: &str) -> String {
        let id: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
        format!("{USER}/messages/{id}?format={}", self.format.name())
    }

    /// Side by side, each in a request of its own.
    async fn singly(&mut self, chunk: Vec<String>) -> Result<()> {
        let mut tasks = JoinSet::new();
        for (place, id) in chunk.iter().enumerate() {
            let (api, cancel) = (self.api.clone(), self.cancel.clone());
            let ask = Ask::get(self.api.url(&self.path(id), &[]));
            tasks.spawn(async move { (place, api.call(cost::MESSAGE_GET, PULL, &cancel, &ask).await) });
        }
        let mut found: Vec<Option<Got>> = chunk.iter().map(|_| None).collect();
        while let Some(done) = tasks.join_next().await {
            let (place, answer) = done.map_err(|e| Error::internal(&e))?;
            let (Some(slot), Some(id)) = (found.get_mut(place), chunk.get(place)) else { continue };
            *slot = Some(match answer {
                Ok(answer) => read(id, &answer.body, self.format),
                Err(error) if error.code == ErrorCode::NotFound => Got::Gone(id.clone()),
                Err(error) if error.code == ErrorCode::Refused || error.code == ErrorCode::TooLarge => {
                    Got::Unreadable(id.clone(), error.to_string())
                }
                Err(error) => return Err(error),
            });
        }
        self.ready.extend(found.into_iter().flatten());
        Ok(())
    }

    /// All in one request.
    async fn together(&mut self, chunk: Vec<String>) -> Result<()> {
        self.api.quota.take(cost::MESSAGE_GET * chunk.len() as u32, true, self.cancel).await?;
        let url = self.api.url("/batch/gmail/v1", &[]);
        let body = batch::body(&chunk.iter().map(|id| self.path(id)).collect::<Vec<_>>());
        let kind = format!("multipart/mixed; boundary={}", batch::BOUNDARY);
        let ask = Ask::post(url, &kind, body.into_bytes());
        let response = self.api.bearer.open(|client| ask.build(client), self.cancel).await?;
        let status = response.status();
        if matches!(status.as_u16(), 404 | 405 | 501) {
            // No such thing here: one by one, for as long as this adapter lives.
            self.single = true;
            self.api.batch_size.store(SINGLE, Ordering::Relaxed);
            self.put_back(chunk);
            return Ok(());
        }
        let kind = response.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        if let (true, Some(parts)) = (status.is_success(), Parts::new(&kind)) {
            let asked = chunk.into_iter().map(Some).collect();
            self.open = Some(Open { response, parts, asked, fault: None, got: 0 });
            return Ok(());
        }
        let headers = response.headers().clone();
        let body = response.bytes().await.map_err(|e| unreachable_error(&e, Who::Named("Gmail")))?;
        let fault = if status.is_success() {
            Error::new(ErrorCode::Protocol, "Gmail answered something that can't be read.")
        } else {
            fault::explain(status, &headers, &body)
        };
        self.put_back(chunk);
        self.api.pause(fault, &mut self.tries, PULL, self.cancel).await
    }

    fn put_back(&mut self, chunk: Vec<String>) {
        self.todo.extend(chunk.into_iter().rev());
    }

    /// Reads from the open answer until a part is ready or it ends.
    async fn read_on(&mut self) -> Result<()> {
        let Some(open) = &mut self.open else { return Ok(()) };
        if let Some(part) = open.parts.next() {
            let place = part.index.or_else(|| open.asked.iter().position(Option::is_some));
            let Some(id) = place.and_then(|place| open.asked.get_mut(place)).and_then(Option::take) else {
                return Ok(());
            };
            match part.status {
                status if status.is_success() => {
                    open.got += 1;
                    self.ready.push_back(read(&id, &part.body, self.format));
                }
                StatusCode::NOT_FOUND => {
                    open.got += 1;
                    self.ready.push_back(Got::Gone(id));
                }
                status => {
                    let error = fault::explain(status, &part.headers, &part.body);
                    let tries = self.again.entry(id.clone()).or_default();
                    *tries += 1;
                    match error.code {
                        ErrorCode::SignIn | ErrorCode::AdminConsent => return Err(error),
                        ErrorCode::Throttled => {
                            self.todo.insert(0, id);
                            open.fault = Some(error);
                        }
                        ErrorCode::Network if *tries < TRIES_MAX => {
                            self.todo.insert(0, id);
                            open.fault.get_or_insert(error);
                        }
                        _ => {
                            open.got += 1;
                            self.ready.push_back(Got::Unreadable(id, error.to_string()));
                        }
                    }
                }
            }
            return Ok(());
        }
        let more = tokio::select! {
            () = self.cancel.cancelled() => return Err(Error::new(ErrorCode::Cancelled, "Stopped.")),
            more = open.response.chunk() => more.map_err(|e| unreachable_error(&e, Who::Named("Gmail")))?,
        };
        match more {
            Some(chunk) if !open.parts.ended => {
                open.parts.push(&chunk);
                if open.parts.waiting() > ANSWER_BYTES_MAX {
                    return Err(Error::new(ErrorCode::TooLarge, "Gmail's answer is too large."));
                }
                Ok(())
            }
            _ => self.end().await,
        }
    }

    /// The answer is over: what it left out is asked for again.
    async fn end(&mut self) -> Result<()> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let missing: Vec<String> = open.asked.into_iter().flatten().collect();
        let broken = (!missing.is_empty()).then(|| {
            Error::new(ErrorCode::Network, "Gmail's answer broke off.").remedy("Tabella tries again by itself.")
        });
        self.put_back(missing);
        let Some(fault) = open.fault.or(broken) else {
            self.tries = 0;
            return Ok(());
        };
        if fault.code == ErrorCode::Throttled {
            self.size = (self.size / 2).max(BATCH_MIN);
            self.api.batch_size.store(self.size, Ordering::Relaxed);
        }
        if open.got > 0 {
            self.tries = 0;
        }
        self.api.pause(fault, &mut self.tries, PULL, self.cancel).await
    }
}

/// [`Api::batch_size`] where the server takes no batches.
const SINGLE: usize = usize::MAX;

/// How many reads the server takes in one request, as far as it was found out; 0 is not known.
pub type BatchSize = AtomicUsize;

fn read(id: &str, body: &[u8], format: Format) -> Got {
    let unreadable = |why: String| Got::Unreadable(id.to_owned(), why);
    let message: Message = match serde_json::from_slice(body) {
        Ok(message) => message,
        Err(error) => return unreadable(format!("Gmail's answer can't be read: {error}")),
    };
    let raw = match (format, message.raw) {
        (Format::Minimal, _) => Vec::new(),
        (Format::Raw, Some(text)) => match BASE64URL.decode(text.trim_end()) {
            Ok(raw) => raw,
            Err(error) => return unreadable(format!("Gmail's answer can't be read: {error}")),
        },
        (Format::Raw, None) => return unreadable("Gmail gave no content.".to_owned()),
    };
    let received_at = message.internal_date.and_then(|ms| ms.parse().ok()).map_or(Timestamp(0), Timestamp);
    Got::Message(Box::new(Fetched {
        id: id.to_owned(),
        thread: message.thread_id,
        labels: message.label_ids,
        received_at,
        raw,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_messages_are_read_with_and_without_padding() {
        for raw in ["U3ViamVjdDogPz8-Pg==", "U3ViamVjdDogPz8-Pg"] {
            let body = format!("{{\"id\":\"1\",\"threadId\":\"t\",\"internalDate\":\"5\",\"raw\":\"{raw}\"}}");
            let Got::Message(message) = read("1", body.as_bytes(), Format::Raw) else { panic!("{raw}") };
            assert_eq!(message.raw, b"Subject: ??>>");
            assert_eq!(message.received_at, Timestamp(5));
        }
    }

    #[test]
    fn a_message_without_content_is_set_aside() {
        assert!(matches!(read("1", b"{\"id\":\"1\"}", Format::Raw), Got::Unreadable(..)));
        assert!(matches!(read("1", b"<html>", Format::Raw), Got::Unreadable(..)));
    }
}
