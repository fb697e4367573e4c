//! A scripted Gmail: the documented wire format, a mailbox that changes, and faults on demand.
//!
//! Owns: one user's mailbox ([`mailbox`]), the routes a client needs ([`routes`], each with the page it
//! follows), tokens that expire, quota units counted a method, and faults ([`Fault`]).
//! Refuses: to be Gmail. What no page documents is not here.

mod batch;
pub mod imap;
pub mod mailbox;
mod routes;
mod shape;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::web::{Page, Request, Web};
use serde_json::json;

pub use imap::Imap;
pub use mailbox::{Mailbox, Message, SendAs};

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A status with a reason of Google's error body and, where it is not 0, `Retry-After` in seconds.
    Answer(u16, &'static str, u32),
    /// The request is done, and the connection ends without an answer.
    Lost,
    /// Nothing is done, and the connection ends without an answer.
    Cut,
}

/// Says whether a token holds.
type Judge = Box<dyn Fn(&str) -> bool + Send>;

struct Rule {
    path: String,
    left: u32,
    fault: Fault,
}

struct State {
    mailbox: Mailbox,
    email: String,
    access: String,
    /// Another server gives the tokens: says which of them hold.
    judge: Option<Judge>,
    issued: u32,
    refresh: String,
    rules: Vec<Rule>,
    spent: VecDeque<(Instant, u32)>,
    most: u32,
    options: Options,
    sent: Vec<Vec<u8>>,
    vanishing: Vec<String>,
}

/// What the server can do.
#[derive(Clone, Debug)]
pub struct Options {
    /// It takes many reads in one request.
    pub batches: bool,
    /// It tells the profile.
    pub profile: bool,
    /// Its history tells everything twice and out of order.
    pub muddled: bool,
    /// Messages a page of a list.
    pub page: usize,
    /// It sends letters under Message-IDs of its own.
    pub renames: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { batches: true, profile: true, muddled: false, page: 500, renames: false }
    }
}

/// A running scripted Gmail; ends when dropped.
pub struct Gmail {
    web: Web,
    state: Arc<Mutex<State>>,
}

impl Gmail {
    /// An empty mailbox of `anna@tabella.test`.
    #[must_use]
    pub fn start() -> Self {
        Self::with(Options::default())
    }

    /// The same, able to do this.
    #[must_use]
    pub fn with(options: Options) -> Self {
        let state = Arc::new(Mutex::new(State {
            mailbox: Mailbox::new(),
            email: crate::server::address("anna"),
            access: String::new(),
            judge: None,
            issued: 0,
            refresh: "refresh-1".to_owned(),
            rules: Vec::new(),
            spent: VecDeque::new(),
            most: 0,
            options,
            sent: Vec::new(),
            vanishing: Vec::new(),
        }));
        let held = state.clone();
        let web = Web::serve(move |request| Some(answer(&mut lock(&held), request)));
        Self { web, state }
    }

    /// Root of the API.
    #[must_use]
    pub fn url(&self) -> String {
        self.web.url()
    }

    /// The token endpoint.
    #[must_use]
    pub fn token_url(&self) -> String {
        format!("{}/token", self.web.url())
    }

    /// The refresh token to begin with.
    #[must_use]
    pub fn refresh_token(&self) -> String {
        lock(&self.state).refresh.clone()
    }

    /// Opens the mailbox to IMAP as well.
    #[must_use]
    pub fn imap(&self) -> Imap {
        Imap::start(self.state.clone())
    }

    /// The user's address.
    #[must_use]
    pub fn email(&self) -> String {
        lock(&self.state).email.clone()
    }

    /// Looks at the mailbox, or changes it as another program would.
    pub fn mailbox<T>(&self, look: impl FnOnce(&mut Mailbox) -> T) -> T {
        look(&mut lock(&self.state).mailbox)
    }

    /// Puts a message under these labels; its id.
    pub fn put(&self, raw: &[u8], labels: &[&str]) -> String {
        self.mailbox(|mailbox| mailbox.add(raw, labels, None))
    }

    /// The labels of the message with this Message-ID, sorted; `None` where there is none.
    #[must_use]
    pub fn labels(&self, message_id: &str) -> Option<Vec<String>> {
        self.mailbox(|mailbox| {
            let mut labels = mailbox.by_message_id(message_id).first()?.labels.clone();
            labels.sort();
            Some(labels)
        })
    }

    /// Does this with the next `times` requests whose `METHOD /path?query` contains `path`.
    pub fn fault(&self, path: &str, times: u32, fault: Fault) {
        lock(&self.state).rules.push(Rule { path: path.to_owned(), left: times, fault });
    }

    /// Takes the tokens of another server from now on, as far as `judge` says that they hold.
    pub fn trust(&self, judge: impl Fn(&str) -> bool + Send + 'static) {
        lock(&self.state).judge = Some(Box::new(judge));
    }

    /// Ends the access token before its time.
    pub fn expire(&self) {
        "none".clone_into(&mut lock(&self.state).access);
    }

    /// Ends the permission itself.
    pub fn revoke(&self) {
        let mut state = lock(&self.state);
        "none".clone_into(&mut state.access);
        "none".clone_into(&mut state.refresh);
    }

    /// Gives the permission anew, as after another sign-in.
    pub fn permit(&self, refresh_token: &str) {
        refresh_token.clone_into(&mut lock(&self.state).refresh);
    }

    /// Tells history twice and out of order from now on.
    pub fn muddle(&self) {
        lock(&self.state).options.muddled = true;
    }

    /// Deletes this message for good when it is asked for next.
    pub fn vanish(&self, id: &str) {
        lock(&self.state).vanishing.push(id.to_owned());
    }

    /// Forgets the history up to now.
    pub fn forget_history(&self) {
        self.mailbox(|mailbox| mailbox.floor = mailbox.history());
    }

    /// How many requests there were whose `METHOD /path?query` contains this.
    #[must_use]
    pub fn asked(&self, path: &str) -> usize {
        self.web.requests().iter().filter(|r| format!("{} {}", r.method, r.target).contains(path)).count()
    }

    /// Raw messages given out, in batches or singly.
    #[must_use]
    pub fn given(&self) -> usize {
        let raw = |text: &str| text.matches("format=raw").count();
        self.web.requests().iter().map(|r| raw(&r.target) + raw(&String::from_utf8_lossy(&r.body))).sum()
    }

    /// The most quota units spent in any minute.
    #[must_use]
    pub fn most_units(&self) -> u32 {
        lock(&self.state).most
    }

    /// The letters handed over, as they came.
    #[must_use]
    pub fn sent(&self) -> Vec<Vec<u8>> {
        lock(&self.state).sent.clone()
    }

    /// Everything any client sent, for searches after what must not be there.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.web.requests()
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("no panic while held")
}

impl State {
    /// Whether an access token holds now.
    fn takes(&self, token: &str) -> bool {
        self.judge.as_ref().map_or(token == self.access, |judge| judge(token))
    }

    /// The fault that this request meets.
    fn meets(&mut self, line: &str) -> Option<Fault> {
        let rule = self.rules.iter_mut().find(|r| r.left > 0 && line.contains(&r.path))?;
        rule.left -= 1;
        Some(rule.fault.clone())
    }

    /// Counts quota units: <https://developers.google.com/workspace/gmail/api/reference/quota>
    fn spend(&mut self, units: u32) {
        let now = Instant::now();
        self.spent.push_back((now, units));
        while self.spent.front().is_some_and(|(at, _)| now.duration_since(*at) > Duration::from_mins(1)) {
            self.spent.pop_front();
        }
        self.most = self.most.max(self.spent.iter().map(|(_, units)| units).sum());
    }

    /// Consent, given at once: <https://developers.google.com/identity/protocols/oauth2/native-app>
    fn authorize(request: &Request) -> Page {
        let asked = routes::pairs(request.target.split_once('?').map_or("", |(_, query)| query));
        let value = |name: &str| asked.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
        Page::redirect(&format!("{}?code=code-1&state={}", value("redirect_uri"), value("state")))
    }

    /// Tokens for a code, or for a refresh token: the same page, "exchange" and "offline".
    fn token(&mut self, request: &Request) -> Page {
        let form = routes::pairs(&String::from_utf8_lossy(&request.body));
        let value = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let granted = match value("grant_type") {
            Some("authorization_code") => value("code") == Some("code-1"),
            Some("refresh_token") => value("refresh_token") == Some(self.refresh.as_str()),
            _ => false,
        };
        if !granted {
            let why = "Token has been expired or revoked.";
            return shape::page(400, &json!({"error": "invalid_grant", "error_description": why}));
        }
        self.issued += 1;
        self.access = format!("ya29.access-{}-Xq7", self.issued);
        let scope = "https://mail.google.com/";
        let mut body = json!({"access_token": self.access, "expires_in": 3599, "token_type": "Bearer", "scope": scope});
        if value("grant_type") == Some("authorization_code") {
            body["refresh_token"] = json!(self.refresh);
        }
        shape::page(200, &body)
    }
}

fn answer(state: &mut State, request: &Request) -> Page {
    let line = format!("{} {}", request.method, request.target);
    let fault = state.meets(&line);
    match fault {
        Some(Fault::Answer(status, reason, seconds)) => return shape::refusal_later(status, reason, seconds),
        Some(Fault::Cut) => return Page::lost(),
        Some(Fault::Lost) | None => {}
    }
    match request.target.split('?').next() {
        Some("/token") => return state.token(request),
        Some("/authorize") => return State::authorize(request),
        Some("/revoke") => return Page::ok("application/json", "{}"),
        _ => {}
    }
    let bearer = request.headers.get("authorization").map(String::as_str).unwrap_or_default();
    let page = if !bearer.strip_prefix("Bearer ").is_some_and(|token| state.takes(token)) {
        shape::refusal(401, "authError", "Invalid Credentials")
    } else if request.target == "/batch/gmail/v1" && state.options.batches {
        batch::answer(state, request)
    } else {
        routes::answer(state, request)
    };
    if fault == Some(Fault::Lost) { Page::lost() } else { page }
}
