//! The quota of one user, shared by all that work for the account at the same time.
//!
//! Owns: what each method costs, and the promise that no window of a minute sees more than Google
//! allows. A tenth is kept for acts and letters while mail is fetched in bulk.
//! Source: <https://developers.google.com/workspace/gmail/api/reference/quota>

use super::{GmailAccess, Pace};
use model::{Error, ErrorCode, Result};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Units a method costs.
pub mod cost {
    pub const PROFILE: u32 = 1;
    pub const HISTORY_LIST: u32 = 2;
    pub const LABEL_LIST: u32 = 1;
    pub const LABEL_CREATE: u32 = 5;
    pub const MESSAGE_LIST: u32 = 5;
    pub const MESSAGE_GET: u32 = 20;
    pub const MESSAGE_INSERT: u32 = 25;
    pub const BATCH_MODIFY: u32 = 50;
    pub const BATCH_DELETE: u32 = 50;
    pub const DRAFT_CREATE: u32 = 10;
    pub const SEND: u32 = 100;
    pub const SEND_AS_LIST: u32 = 1;
}

/// Remembered letters put into a mailbox; search finds a new one only after a while.
const STORED_MAX: usize = 200;

/// What is known of one user's traffic in this process.
pub struct Quota {
    window: Mutex<Window>,
    stored: Mutex<VecDeque<(String, String)>>,
    limit: Option<u32>,
    span: Duration,
}

#[derive(Default)]
struct Window {
    spent: VecDeque<(Instant, u32)>,
    total: u32,
    rest_until: Option<Instant>,
}

/// By root of the API and address.
type Users = HashMap<(String, String), Arc<Quota>>;

static USERS: LazyLock<Mutex<Users>> = LazyLock::new(Mutex::default);

impl Quota {
    pub fn new(pace: &Pace) -> Self {
        Self { window: Mutex::default(), stored: Mutex::default(), limit: pace.units, span: pace.window }
    }

    /// The one of this user.
    pub fn of(access: &GmailAccess, pace: &Pace) -> Arc<Self> {
        let key = (access.api.clone(), access.email.to_lowercase());
        match USERS.lock() {
            Ok(mut users) => users.entry(key).or_insert_with(|| Arc::new(Self::new(pace))).clone(),
            Err(_) => Arc::new(Self::new(pace)),
        }
    }

    /// Waits until `units` may be spent, and spends them.
    pub async fn take(&self, units: u32, bulk: bool, cancel: &CancellationToken) -> Result<()> {
        while let Some(pause) = self.try_take(Instant::now(), units, bulk) {
            tokio::select! {
                () = cancel.cancelled() => return Err(Error::new(ErrorCode::Cancelled, "Stopped.")),
                () = tokio::time::sleep(pause) => {}
            }
        }
        Ok(())
    }

    /// Spends, or says how long to wait.
    fn try_take(&self, now: Instant, units: u32, bulk: bool) -> Option<Duration> {
        let mut window = self.window.lock().ok()?;
        if let Some(until) = window.rest_until {
            if until > now {
                return Some(until - now);
            }
            window.rest_until = None;
        }
        let limit = self.limit?;
        let limit = if bulk { limit - limit / 10 } else { limit };
        while let Some((at, spent)) = window.spent.front().copied() {
            if now.duration_since(at) < self.span {
                break;
            }
            window.spent.pop_front();
            window.total = window.total.saturating_sub(spent);
        }
        // What costs more than a whole window has one for itself.
        if window.total + units <= limit || window.spent.is_empty() {
            window.spent.push_back((now, units));
            window.total += units;
            return None;
        }
        let (oldest, _) = window.spent.front()?;
        Some(self.span.saturating_sub(now.duration_since(*oldest)).max(Duration::from_millis(1)))
    }

    /// The server asked for a pause: everybody keeps it.
    pub fn rest(&self, pause: Duration) {
        if let Ok(mut window) = self.window.lock() {
            let until = Instant::now() + pause;
            if window.rest_until.is_none_or(|at| at < until) {
                window.rest_until = Some(until);
            }
        }
    }

    /// Remembers the id of a letter that was just put into the mailbox.
    pub fn remember(&self, message_id: &str, id: &str) {
        if let Ok(mut stored) = self.stored.lock() {
            stored.push_back((message_id.to_owned(), id.to_owned()));
            if stored.len() > STORED_MAX {
                stored.pop_front();
            }
        }
    }

    /// Ids remembered for this Message-ID.
    pub fn remembered(&self, message_id: &str) -> Vec<String> {
        let of = |stored: &VecDeque<(String, String)>| {
            stored.iter().filter(|(known, _)| known == message_id).map(|(_, id)| id.clone()).collect()
        };
        self.stored.lock().map(|stored| of(&stored)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota(units: u32) -> Quota {
        Quota::new(&Pace { units: Some(units), ..Pace::of("https://gmail.googleapis.com") })
    }

    /// A clock that jumps over every wait.
    fn take(quota: &Quota, now: &mut Instant, units: u32, bulk: bool) {
        while let Some(pause) = quota.try_take(*now, units, bulk) {
            *now += pause;
        }
    }

    #[test]
    fn no_minute_sees_more_than_the_limit() {
        let (quota, begin) = (quota(6000), Instant::now());
        let mut now = begin;
        let mut spent: Vec<Instant> = Vec::new();
        for _ in 0..900 {
            take(&quota, &mut now, cost::MESSAGE_GET, true);
            spent.push(now);
        }
        for at in &spent {
            let within = spent.iter().filter(|t| *t >= at && t.duration_since(*at) < Duration::from_mins(1)).count();
            assert!(within as u32 * cost::MESSAGE_GET <= 5400, "{within}");
        }
        assert!(now - begin < Duration::from_mins(4), "{:?}", now - begin);
    }

    #[test]
    fn a_letter_goes_out_while_mail_is_fetched_in_bulk() {
        let (quota, begin) = (quota(6000), Instant::now());
        let mut now = begin;
        for _ in 0..270 {
            take(&quota, &mut now, cost::MESSAGE_GET, true);
        }
        take(&quota, &mut now, cost::SEND, false);
        assert_eq!(now, begin);
    }

    #[test]
    fn a_pause_that_was_asked_for_is_kept_by_all() {
        let (quota, mut now) = (quota(6000), Instant::now());
        let begin = now;
        quota.rest(Duration::from_secs(20));
        take(&quota, &mut now, 1, false);
        assert!(now - begin >= Duration::from_secs(19));
    }
}
