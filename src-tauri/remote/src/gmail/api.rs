//! One call of the API: in whose name, within which quota, and again after a passing fault.

use super::fetch::BatchSize;
use super::quota::Quota;
use super::{GmailAccess, Pace, fault};
use crate::http::{Answer, Bearer};
use model::{Error, ErrorCode, Result};
use reqwest::{Client, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use url::form_urlencoded;

/// The path below the root where a user's resources are.
pub const USER: &str = "/gmail/v1/users/me";
/// Largest answer that is read whole: a raw message of 36 MB in base64, and some more.
pub const ANSWER_BYTES_MAX: usize = 56 * 1024 * 1024;

/// How often and how long to try again before the caller is told.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    pub tries: u32,
    pub longest: Duration,
}

/// For mail in: nobody waits for it at the screen.
pub const PULL: Patience = Patience { tries: 6, longest: Duration::from_mins(2) };
/// For acts: the outbox has its own back-off.
pub const ACT: Patience = Patience { tries: 2, longest: Duration::from_secs(5) };

/// A request, to be made as often as needed.
#[derive(Clone, Debug)]
pub struct Ask {
    url: String,
    /// Media type and bytes of a POST.
    body: Option<(String, Vec<u8>)>,
}

impl Ask {
    pub fn get(url: String) -> Self {
        Self { url, body: None }
    }

    pub fn post(url: String, kind: &str, body: Vec<u8>) -> Self {
        Self { url, body: Some((kind.to_owned(), body)) }
    }

    pub fn build(&self, client: &Client) -> RequestBuilder {
        match &self.body {
            None => client.get(&self.url),
            Some((kind, body)) => client.post(&self.url).header("content-type", kind).body(body.clone()),
        }
    }
}

/// The API in one account's name.
#[derive(Clone)]
pub struct Api {
    pub bearer: Bearer,
    pub quota: Arc<Quota>,
    pub pace: Pace,
    /// Found out while fetching.
    pub batch_size: Arc<BatchSize>,
    root: String,
}

impl Api {
    pub fn new(access: &GmailAccess, pace: Pace, quota: Arc<Quota>) -> Result<Self> {
        let bearer = Bearer::new(access.tokens.clone(), "Gmail")?;
        Ok(Self { bearer, quota, pace, batch_size: Arc::default(), root: access.api.trim_end_matches('/').to_owned() })
    }

    /// An address below the root.
    pub fn url(&self, path: &str, query: &[(&str, &str)]) -> String {
        let mut url = format!("{}{path}", self.root);
        if !query.is_empty() {
            url.push('?');
            url.push_str(&form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish());
        }
        url
    }

    /// Reads a resource of the user.
    pub async fn get<T: DeserializeOwned>(
        &self,
        cost: u32,
        path: &str,
        query: &[(&str, &str)],
        patience: Patience,
        cancel: &CancellationToken,
    ) -> Result<T> {
        let url = self.url(&format!("{USER}{path}"), query);
        self.call(cost, patience, cancel, &Ask::get(url)).await?.json()
    }

    /// Posts JSON; what is posted may be posted again.
    pub async fn post(
        &self,
        cost: u32,
        path: &str,
        body: &impl Serialize,
        cancel: &CancellationToken,
    ) -> Result<Answer> {
        let url = self.url(&format!("{USER}{path}"), &[]);
        let body = serde_json::to_vec(body).map_err(|e| Error::internal(&e))?;
        self.call(cost, ACT, cancel, &Ask::post(url, "application/json", body)).await
    }

    /// Makes a request until it is answered with success, or the patience ends.
    pub async fn call(&self, cost: u32, patience: Patience, cancel: &CancellationToken, ask: &Ask) -> Result<Answer> {
        let mut tries = 0;
        loop {
            self.quota.take(cost, false, cancel).await?;
            let answer = self.bearer.ask(|client| ask.build(client), ANSWER_BYTES_MAX, cancel).await?;
            if answer.status.is_success() {
                return Ok(answer);
            }
            let error = fault::explain(answer.status, &answer.headers, &answer.body);
            self.pause(error, &mut tries, patience, cancel).await?;
        }
    }

    /// Waits before the next try after a fault that may pass.
    ///
    /// # Errors
    /// The fault itself, where it will not pass or the patience is at its end.
    pub async fn pause(
        &self,
        fault: Error,
        tries: &mut u32,
        patience: Patience,
        cancel: &CancellationToken,
    ) -> Result<()> {
        if !matches!(fault.code, ErrorCode::Throttled | ErrorCode::Network) {
            return Err(fault);
        }
        *tries += 1;
        let own = self.pace.back_off.saturating_mul(1 << (*tries - 1).min(8));
        let pause = fault.retry_after_seconds.map_or(own, |asked| Duration::from_secs(u64::from(asked)));
        if fault.code == ErrorCode::Throttled {
            self.quota.rest(pause);
        }
        if *tries >= patience.tries || pause > patience.longest {
            return Err(fault);
        }
        tokio::select! {
            () = cancel.cancelled() => Err(Error::new(ErrorCode::Cancelled, "Stopped.")),
            () = tokio::time::sleep(pause) => Ok(()),
        }
    }
}
