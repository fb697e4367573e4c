//! Microsoft Graph as its documentation describes it: mailboxes over HTTP, with what goes wrong there.
//!
//! Owns: the wire format (each route names the page it follows), faults on demand ([`Fault`]), a token endpoint.
//! Refuses: anything that is not documented. Where the real service is known to differ from its pages, the route
//! says so.
//! Look next: [`mailbox`] for what is stored, [`route`] for the requests.

mod answer;
mod letter;
pub mod mailbox;
mod route;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::web::{Page, Request, Web};
use mailbox::{Item, Mailbox};
use serde_json::json;

/// The account's own address.
pub const EMAIL: &str = "anna@contoso.test";
/// A shared mailbox that is opened to the account.
pub const SHARED: &str = "info@contoso.test";

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is answered with this status and code and nothing is done.
    Status(u16, &'static str),
    /// As [`Fault::Status`], with seconds to stay away.
    Busy(u16, u32),
    /// The connection ends before anything is done.
    Dropped,
    /// It is done, and the answer never arrives.
    AnswerLost,
}

struct Rule {
    method: &'static str,
    contains: String,
    left: usize,
    fault: Fault,
}

/// What the server knows.
#[derive(Default)]
pub(crate) struct State {
    /// By user: `me` or an address in lower case.
    pub mailboxes: HashMap<String, Mailbox>,
    pub uploads: HashMap<String, route::Upload>,
    pub accounts_without_mailbox: bool,
    rules: Vec<Rule>,
    tokens: u64,
    refreshes: usize,
    permission_ended: bool,
}

pub(crate) struct Shared {
    pub state: Mutex<State>,
    pub root: Mutex<String>,
    slow_ms: AtomicU64,
    now: AtomicUsize,
    most: AtomicUsize,
    judge: Mutex<Option<Judge>>,
}

/// Says whether a token of another server holds.
type Judge = Box<dyn Fn(&str) -> bool + Send>;

impl Shared {
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn root(&self) -> String {
        self.root.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The running server; ends when dropped.
pub struct Graph {
    web: Web,
    shared: Arc<Shared>,
}

impl Graph {
    /// A server with one mailbox of the account's own and a shared one, both with the usual folders.
    #[must_use]
    pub fn start() -> Self {
        let mut state = State { tokens: 1, ..State::default() };
        state.mailboxes.insert("me".into(), Mailbox::new(EMAIL));
        state.mailboxes.insert(SHARED.into(), Mailbox::new(SHARED));
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            root: Mutex::default(),
            slow_ms: AtomicU64::new(0),
            now: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            judge: Mutex::default(),
        });
        let held = shared.clone();
        let web = Web::serve(move |request| Some(serve(&held, request)));
        *shared.root.lock().unwrap_or_else(PoisonError::into_inner) = format!("{}/v1.0", web.url());
        Self { web, shared }
    }

    /// Root of the API.
    #[must_use]
    pub fn api(&self) -> String {
        self.shared.root()
    }

    /// Where refresh tokens become access tokens.
    #[must_use]
    pub fn token_endpoint(&self) -> String {
        format!("{}/token", self.web.url())
    }

    /// Requests that came, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.web.requests()
    }

    /// How many requests had this method and this in their target.
    #[must_use]
    pub fn count(&self, method: &str, contains: &str) -> usize {
        self.requests().iter().filter(|r| r.method == method && r.target.contains(contains)).count()
    }

    /// Most requests that were under way at once.
    #[must_use]
    pub fn most_at_once(&self) -> usize {
        self.shared.most.load(Ordering::SeqCst)
    }

    /// Every answer takes this long from now on.
    pub fn slow_down(&self, time: Duration) {
        self.shared.slow_ms.store(time.as_millis() as u64, Ordering::SeqCst);
    }

    /// The next `times` requests of this method whose target contains this fail.
    pub fn fail(&self, method: &'static str, contains: &str, times: usize, fault: Fault) {
        self.shared.state().rules.push(Rule { method, contains: contains.to_owned(), left: times, fault });
    }

    /// All access tokens given so far are refused.
    pub fn expire_tokens(&self) {
        self.shared.state().tokens += 1;
    }

    /// Takes the tokens of another server from now on, as far as `judge` says that they hold.
    pub fn trust(&self, judge: impl Fn(&str) -> bool + Send + 'static) {
        *self.shared.judge.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(judge));
    }

    /// How often a refresh token was redeemed.
    #[must_use]
    pub fn refreshes(&self) -> usize {
        self.shared.state().refreshes
    }

    /// Neither tokens nor refresh tokens are good any more.
    pub fn end_permission(&self) {
        let mut state = self.shared.state();
        state.tokens += 1;
        state.permission_ended = true;
    }

    /// Where a person says yes: at once, and sent back with a code.
    #[must_use]
    pub fn authorize_endpoint(&self) -> String {
        format!("{}/authorize", self.web.url())
    }

    /// The account has no mailbox.
    pub fn without_mailbox(&self) {
        self.shared.state().accounts_without_mailbox = true;
    }

    /// Does something with the account's own mailbox.
    pub fn mailbox<T>(&self, act: impl FnOnce(&mut Mailbox) -> T) -> T {
        self.mailbox_of("me", act)
    }

    /// Does something with a mailbox: `me` or an address.
    ///
    /// # Panics
    /// Where there is none.
    pub fn mailbox_of<T>(&self, user: &str, act: impl FnOnce(&mut Mailbox) -> T) -> T {
        act(self.shared.state().mailboxes.get_mut(user).expect("the mailbox exists"))
    }

    /// Puts a message into a folder (a well-known name or a path); gives its immutable id.
    #[must_use]
    pub fn put(&self, folder: &str, raw: &[u8]) -> String {
        self.mailbox(|mailbox| mailbox.put(folder, raw, false))
    }

    /// Messages in a folder, oldest first.
    #[must_use]
    pub fn items(&self, folder: &str) -> Vec<Item> {
        self.mailbox(|mailbox| mailbox.items(folder))
    }
}

fn serve(shared: &Shared, request: &Request) -> Page {
    let under_way = shared.now.fetch_add(1, Ordering::SeqCst) + 1;
    shared.most.fetch_max(under_way, Ordering::SeqCst);
    let slow = shared.slow_ms.load(Ordering::SeqCst);
    if slow > 0 {
        std::thread::sleep(Duration::from_millis(slow));
    }
    let page = faulty(shared, request);
    shared.now.fetch_sub(1, Ordering::SeqCst);
    page
}

fn faulty(shared: &Shared, request: &Request) -> Page {
    let fault = {
        let mut state = shared.state();
        let rule = state.rules.iter_mut().find(|rule| {
            rule.left > 0 && rule.method == request.method && route::plain(&request.target).contains(&rule.contains)
        });
        rule.map(|rule| {
            rule.left -= 1;
            rule.fault.clone()
        })
    };
    match fault {
        Some(Fault::Status(status, code)) => answer::refuse(status, code, "as the test wants it"),
        Some(Fault::Busy(status, seconds)) => {
            let mut page = answer::refuse(status, "ApplicationThrottled", "Application is over its limit.");
            page.headers.push(("Retry-After".into(), seconds.to_string()));
            page
        }
        Some(Fault::Dropped) => Page::lost(),
        Some(Fault::AnswerLost) => {
            let _ = authorized(shared, request);
            Page::lost()
        }
        None => authorized(shared, request),
    }
}

/// <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#refresh-the-access-token>
fn authorized(shared: &Shared, request: &Request) -> Page {
    if request.target == "/token" {
        let mut state = shared.state();
        if state.permission_ended {
            return answer::json(
                400,
                &json!({ "error": "invalid_grant", "error_description": "AADSTS50173: revoked." }),
            );
        }
        state.refreshes += 1;
        let access = format!("access-{}", state.tokens);
        return answer::json(
            200,
            &json!({ "token_type": "Bearer", "expires_in": 3600, "access_token": access,
                "refresh_token": format!("refresh-{}", state.refreshes),
                "scope": "https://graph.microsoft.com/Mail.ReadWrite https://graph.microsoft.com/Mail.Send" }),
        );
    }
    // <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code>
    if let Some(query) = request.target.strip_prefix("/authorize?") {
        let value = |name: &str| {
            query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, v)| v)
        };
        let back = route::plain(value("redirect_uri").unwrap_or_default());
        return Page::redirect(&format!("{back}?code=once&state={}", value("state").unwrap_or_default()));
    }
    // The address of an upload session is its own permission; a token has no business there.
    // <https://learn.microsoft.com/graph/outlook-large-attachments#step-2-use-the-upload-session-to-upload-a-range-of-bytes-of-the-file>
    if request.target.starts_with("/upload/") {
        return match request.headers.get("authorization") {
            None => route::upload(&mut shared.state(), request),
            Some(_) => answer::refuse(401, "unauthenticated", "A token was sent to a pre-authenticated address."),
        };
    }
    let given =
        request.headers.get("authorization").and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let holds = match &*shared.judge.lock().unwrap_or_else(PoisonError::into_inner) {
        Some(judge) => judge(given),
        None => given == format!("access-{}", shared.state().tokens),
    };
    if !holds {
        return answer::refuse(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid.");
    }
    route::answer(shared, request)
}
