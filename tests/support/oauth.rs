//! An authorization server as providers run them, on loopback, whose every step a test decides.
//!
//! Owns: the authorization page (which answers at once, as [`Consent`] says), the token endpoint with PKCE
//! (RFC 7636), rotation and its reuse check (RFC 9700, section 4.14), the device grant (RFC 8628), revocation
//! (RFC 7009), introspection for Dovecot (RFC 7662), and the few routes of Google and Microsoft that tell
//! whose mailbox it is. Remembers every secret it gave or was given, so that a leak can be searched for.
//! Refuses: mail. Look next: [`crate::server`] takes its tokens.

use std::collections::{BTreeSet, HashMap};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::web::{Page, Request, Web};

/// The client that is registered.
pub const CLIENT_ID: &str = "tabella-tests";
/// Its secret; a word that stands nowhere else.
pub const CLIENT_SECRET: &str = "Geheimnis-des-Programms-4kW9";

/// What the person in the browser does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Gives the permission as this person.
    Give(String),
    /// Gives it, but for what is unticked here.
    Untick(String, String),
    /// Presses the other button.
    Deny,
    /// The organisation lets only its administrator decide.
    AdminOnly,
}

#[derive(Clone, Debug)]
struct Grant {
    person: String,
    scope: String,
    ended: bool,
}

struct Asked {
    challenge: String,
    redirect: String,
    grant: usize,
}

#[derive(Default)]
struct State {
    consent: Option<Consent>,
    grants: Vec<Grant>,
    codes: HashMap<String, Asked>,
    refresh: HashMap<String, usize>,
    /// Refresh tokens that were replaced.
    spent: HashMap<String, usize>,
    access: HashMap<String, (usize, Instant)>,
    devices: HashMap<String, Option<usize>>,
    /// What each code's request asked for.
    device_scopes: HashMap<String, String>,
    lives_seconds: u64,
    rotates: bool,
    tells_person: bool,
    failing: Option<(u16, String)>,
    slow: Duration,
    refreshes: usize,
    revoked: Vec<String>,
    secrets: BTreeSet<String>,
    aliases: Vec<(String, String)>,
    number: usize,
}

/// The running server; ends when dropped.
pub struct OauthServer {
    web: Web,
    state: Arc<Mutex<State>>,
}

impl OauthServer {
    /// Starts a server at which this person gives the permission; tokens live an hour and are rotated.
    #[must_use]
    pub fn start(person: &str) -> Self {
        let state = Arc::new(Mutex::new(State {
            consent: Some(Consent::Give(person.to_owned())),
            lives_seconds: 3600,
            rotates: true,
            tells_person: true,
            ..State::default()
        }));
        state.lock().expect("new").secrets.insert(CLIENT_SECRET.into());
        let held = state.clone();
        let web = Web::serve(move |request| Some(route(&held, request)));
        Self { web, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic while held")
    }

    /// `http://127.0.0.1:PORT`
    #[must_use]
    pub fn url(&self) -> String {
        self.web.url()
    }

    /// Where Dovecot asks.
    #[must_use]
    pub fn introspection(&self) -> String {
        format!("{}/introspect", self.url())
    }

    /// The endpoints for `provider.set`.
    #[must_use]
    pub fn endpoints(&self) -> Value {
        let url = self.url();
        json!({
            "authorize": format!("{url}/authorize"), "token": format!("{url}/token"),
            "revoke": format!("{url}/revoke"), "device": format!("{url}/device"), "api": url,
        })
    }

    /// What the person does from now on.
    pub fn consent(&self, consent: Consent) {
        self.state().consent = Some(consent);
    }

    /// How long access tokens live from now on, as the server says.
    pub fn tokens_live(&self, seconds: u64) {
        self.state().lives_seconds = seconds;
    }

    /// Whether ID tokens name the person.
    pub fn tells_person(&self, tells: bool) {
        self.state().tells_person = tells;
    }

    /// The addresses Gmail's settings name besides the main one, each with its display name.
    pub fn aliases(&self, aliases: &[(&str, &str)]) {
        self.state().aliases = aliases.iter().map(|(n, e)| ((*n).to_owned(), (*e).to_owned())).collect();
    }

    /// Every refresh is answered like this, until `None`.
    pub fn fail(&self, answer: Option<(u16, &str)>) {
        self.state().failing = answer.map(|(status, error)| (status, error.to_owned()));
    }

    /// Every refresh takes this long.
    pub fn slow(&self, time: Duration) {
        self.state().slow = time;
    }

    /// Every access token is void at once; refresh tokens stay.
    pub fn expire_access(&self) {
        self.state().access.clear();
    }

    /// Ends every permission given so far, as its owner may at the provider.
    pub fn revoke_all(&self) {
        let mut state = self.state();
        state.access.clear();
        for grant in &mut state.grants {
            grant.ended = true;
        }
    }

    /// Whether an access token holds now.
    #[must_use]
    pub fn takes(&self, access: &str) -> bool {
        person_of(&self.state(), access).is_some()
    }

    /// How many refreshes were answered with a token.
    #[must_use]
    pub fn refreshes(&self) -> usize {
        self.state().refreshes
    }

    /// Tokens that were given back.
    #[must_use]
    pub fn revoked(&self) -> Vec<String> {
        self.state().revoked.clone()
    }

    /// How many permissions were given and still hold.
    #[must_use]
    pub fn living(&self) -> usize {
        self.state().grants.iter().filter(|g| !g.ended).count()
    }

    /// Everything that must stay secret: client secret, codes, verifiers, tokens.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        self.state().secrets.iter().cloned().collect()
    }

    /// Does what a browser does with this address: the page, its redirect, and what the program shows then.
    #[must_use]
    pub fn browse(&self, address: &str) -> String {
        let (status, head, body) = get(address);
        if status != 302 {
            return format!("{status} {body}");
        }
        let line =
            head.lines().find(|l| l.to_lowercase().starts_with("location:")).expect("a redirect leads somewhere");
        get(line.split_once(':').expect("a header").1.trim()).2
    }

    /// Types a code on the device page.
    pub fn enter_code(&self, code: &str) {
        let mut state = self.state();
        let Some(Consent::Give(person)) = state.consent.clone() else { return };
        let scope = state.device_scopes.get(code).cloned().unwrap_or_default();
        let grant = give(&mut state, &person, &scope);
        if let Some(slot) = state.devices.get_mut(code) {
            *slot = Some(grant);
        }
    }
}

fn route(state: &Mutex<State>, request: &Request) -> Page {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let fields: HashMap<String, String> = url::form_urlencoded::parse(query.as_bytes())
        .chain(url::form_urlencoded::parse(&request.body))
        .map(|(k, v)| (k.into_owned(), v.into_owned()))
        .collect();
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    if path == "/token" && field("grant_type") == "refresh_token" {
        let slow = state.lock().expect("no panic while held").slow;
        std::thread::sleep(slow); // a slow server is what the test wants
    }
    let mut state = state.lock().expect("no panic while held");
    match path {
        "/authorize" => authorize(&mut state, &field),
        "/token" => token(&mut state, &field),
        "/revoke" => {
            let token = field("token");
            match state.refresh.get(&token).copied() {
                Some(grant) => {
                    state.grants[grant].ended = true;
                    state.revoked.push(token);
                    say(200, &json!({}))
                }
                None => fault(400, "invalid_token"),
            }
        }
        "/device" => {
            let device = mint(&mut state, "device");
            let code = format!("CODE-{}", state.number);
            state.devices.insert(code.clone(), None);
            state.device_scopes.insert(code.clone(), field("scope"));
            state.spent.insert(format!("{device} {code}"), 0);
            say(
                200,
                &json!({"device_code": format!("{device} {code}"), "user_code": code,
                "verification_uri": "http://127.0.0.1/device", "expires_in": 600, "interval": 1}),
            )
        }
        "/introspect" => match person_of(&state, &field("token")) {
            Some(grant) => say(200, &json!({"active": true, "email": grant.person, "scope": grant.scope})),
            None => say(200, &json!({"active": false})),
        },
        _ => api(&state, path, request),
    }
}

/// The routes that tell whose mailbox it is.
/// Google: <https://developers.google.com/workspace/gmail/api/reference/rest/v1/users/getProfile> and
/// `users.settings.sendAs`; Microsoft: <https://learn.microsoft.com/graph/api/user-get>.
fn api(state: &State, path: &str, request: &Request) -> Page {
    let bearer = request.headers.get("authorization").and_then(|value| value.strip_prefix("Bearer "));
    let Some(grant) = bearer.and_then(|token| person_of(state, token)) else {
        return say(401, &json!({"error": {"code": 401, "status": "UNAUTHENTICATED"}}));
    };
    match path {
        "/gmail/v1/users/me/profile" => {
            say(200, &json!({"emailAddress": grant.person, "messagesTotal": 0, "threadsTotal": 0, "historyId": "1"}))
        }
        "/gmail/v1/users/me/settings/sendAs" => {
            let mut list =
                vec![json!({"sendAsEmail": grant.person, "displayName": "", "isPrimary": true, "isDefault": true})];
            list.extend(state.aliases.iter().map(
                |(name, email)| json!({"sendAsEmail": email, "displayName": name, "verificationStatus": "accepted"}),
            ));
            list.push(json!({"sendAsEmail": "unverified@x.test", "displayName": "", "verificationStatus": "pending"}));
            say(200, &json!({"sendAs": list}))
        }
        "/me" => say(200, &json!({"mail": grant.person, "userPrincipalName": "someone@tenant.test"})),
        _ => fault(404, "not_found"),
    }
}

fn authorize(state: &mut State, field: &dyn Fn(&str) -> String) -> Page {
    let redirect = field("redirect_uri");
    let home = url::Url::parse(&redirect).ok();
    let home = home.filter(|u| u.scheme() == "http" && matches!(u.host_str(), Some("127.0.0.1" | "localhost")));
    let Some(mut back) = home.filter(|_| field("client_id") == CLIENT_ID) else {
        return fault(400, "redirect_uri_mismatch"); // never redirected to
    };
    let asked =
        field("response_type") == "code" && field("code_challenge_method") == "S256" && !field("state").is_empty();
    let scope = field("scope");
    let refuse = |error: &str, description: &str| (error.to_owned(), description.to_owned());
    let answer = match state.consent.clone().filter(|_| asked) {
        None => Err(refuse("invalid_request", "")),
        Some(Consent::Deny) => Err(refuse("access_denied", "The user said no.")),
        Some(Consent::AdminOnly) => Err(refuse("access_denied", "AADSTS90094: an administrator has to consent")),
        Some(Consent::Give(person)) => Ok(give(state, &person, &scope)),
        Some(Consent::Untick(person, scope_left_out)) => {
            let left: Vec<&str> = scope.split(' ').filter(|s| *s != scope_left_out).collect();
            Ok(give(state, &person, &left.join(" ")))
        }
    };
    match answer {
        Ok(grant) => {
            let code = mint(state, "code");
            state.codes.insert(code.clone(), Asked { challenge: field("code_challenge"), redirect, grant });
            back.query_pairs_mut().append_pair("code", &code);
        }
        Err((error, description)) => {
            back.query_pairs_mut().append_pair("error", &error).append_pair("error_description", &description);
        }
    }
    back.query_pairs_mut().append_pair("state", &field("state"));
    Page::redirect(back.as_str())
}

fn token(state: &mut State, field: &dyn Fn(&str) -> String) -> Page {
    if field("client_id") != CLIENT_ID || field("client_secret") != CLIENT_SECRET {
        return fault(401, "invalid_client");
    }
    match field("grant_type").as_str() {
        "authorization_code" => {
            state.secrets.insert(field("code_verifier"));
            let Some(asked) = state.codes.remove(&field("code")) else { return fault(400, "invalid_grant") };
            let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier")));
            if hash != asked.challenge || field("redirect_uri") != asked.redirect {
                return fault(400, "invalid_grant");
            }
            issue(state, asked.grant, true)
        }
        "refresh_token" => {
            if let Some((status, error)) = state.failing.clone() {
                return fault(status, &error);
            }
            let token = field("refresh_token");
            if let Some(grant) = state.spent.get(&token).copied() {
                state.grants[grant].ended = true; // somebody has a copy: nobody keeps anything
                return fault(400, "invalid_grant");
            }
            let Some(grant) = state.refresh.get(&token).copied() else { return fault(400, "invalid_grant") };
            if state.grants[grant].ended {
                return fault(400, "invalid_grant");
            }
            state.refreshes += 1;
            let rotates = state.rotates;
            if rotates {
                state.refresh.remove(&token);
                state.spent.insert(token, grant);
            }
            issue(state, grant, rotates)
        }
        "urn:ietf:params:oauth:grant-type:device_code" => {
            let device = field("device_code");
            let code = device.split_once(' ').map(|(_, code)| code).unwrap_or_default();
            match state.devices.get(code).copied() {
                Some(Some(grant)) => issue(state, grant, true),
                Some(None) => fault(400, "authorization_pending"),
                None => fault(400, "expired_token"),
            }
        }
        _ => fault(400, "unsupported_grant_type"),
    }
}

fn issue(state: &mut State, grant: usize, with_refresh: bool) -> Page {
    let access = mint(state, "access");
    let ends = Instant::now() + Duration::from_hours(1);
    state.access.insert(access.clone(), (grant, ends));
    let Grant { person, scope, .. } = state.grants[grant].clone();
    let mut answer =
        json!({"access_token": access, "token_type": "Bearer", "expires_in": state.lives_seconds, "scope": scope});
    if with_refresh {
        let refresh = mint(state, "refresh");
        state.refresh.insert(refresh.clone(), grant);
        answer["refresh_token"] = json!(refresh);
    }
    if state.tells_person {
        let payload = URL_SAFE_NO_PAD.encode(json!({"email": person, "sub": grant}).to_string());
        let id_token = format!("e30.{payload}.c2lnbmF0dXJl");
        state.secrets.insert(id_token.clone());
        answer["id_token"] = json!(id_token);
    }
    say(200, &answer)
}

fn give(state: &mut State, person: &str, scope: &str) -> usize {
    state.grants.push(Grant { person: person.to_owned(), scope: scope.to_owned(), ended: false });
    state.grants.len() - 1
}

/// A secret; a word that stands nowhere else, with what URLs and headers must not spoil.
fn mint(state: &mut State, what: &str) -> String {
    state.number += 1;
    let secret = format!("{what}/Qx7+{:05}~{:p}", state.number, &raw const *state);
    state.secrets.insert(secret.clone());
    secret
}

fn person_of<'a>(state: &'a State, token: &str) -> Option<&'a Grant> {
    let (grant, ends) = state.access.get(token)?;
    state.grants.get(*grant).filter(|grant| !grant.ended && *ends > Instant::now())
}

fn say(status: u16, body: &Value) -> Page {
    Page { status, ..Page::ok("application/json", body.to_string()) }
}

fn fault(status: u16, error: &str) -> Page {
    say(status, &json!({"error": error}))
}

/// One request: status, head and body.
fn get(address: &str) -> (u16, String, String) {
    let url = url::Url::parse(address).expect("an address");
    let host = url.host_str().expect("a host").to_owned();
    let port = url.port().expect("a port of this machine");
    let mut stream = TcpStream::connect((host.as_str(), port)).expect("somebody listens there");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time");
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("sent");
    let mut all = String::new();
    let _ = stream.read_to_string(&mut all);
    let (head, body) = all.split_once("\r\n\r\n").unwrap_or((&all, ""));
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
    (status, head.to_owned(), body.to_owned())
}
