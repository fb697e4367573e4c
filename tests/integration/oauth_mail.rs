//! Mail by IMAP and SMTP with a token, from the sign-in through refreshes and a revocation to the renewal.

use crate::oauth::sign_in;
use crate::post::letter;
use crate::profile::{Profile, until};
use e2e::oauth::{CLIENT_ID, CLIENT_SECRET, Consent};
use e2e::server::{Settings, address};
use e2e::{MailServer, OauthServer, tabella};
use engine::sync::RoundReport;
use model::account::{Account, ProbeReport, SyncPhase};
use model::provider::Provider;
use model::submission::SubmissionState;
use model::{AccountId, Error, ErrorCode};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A mail server that takes the tokens of an authorization server, and a profile that knows both.
struct Office {
    oauth: Arc<OauthServer>,
    server: MailServer,
    profile: Profile,
}

fn provider(oauth: &OauthServer, server: &MailServer) -> Value {
    let at = |port: u16| json!({"host": "localhost", "port": port, "tls": "none", "username": ""});
    json!({"name": "tests", "title": "Test Mail", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
        "endpoints": oauth.endpoints(), "scopes": ["mail", "openid"],
        "imap": at(server.ports().imap), "smtp": at(server.ports().submission)})
}

impl Office {
    async fn new() -> Self {
        Self::with("xoauth2 oauthbearer").await
    }

    async fn with(token_mechanisms: &'static str) -> Self {
        let oauth = Arc::new(OauthServer::start(&address("anna")));
        let introspection = Some(oauth.introspection());
        let server = MailServer::with(Settings { introspection, token_mechanisms, ..Settings::default() });
        let profile = Profile::new().await;
        let set: Provider = profile.call("provider.set", provider(&oauth, &server)).await.unwrap();
        assert!(set.ready);
        Self { oauth, server, profile }
    }

    async fn account(&self) -> AccountId {
        sign_in(&self.profile, &self.oauth, json!({"provider": "tests"})).await.unwrap().id
    }

    async fn round(&self, account: AccountId) -> Result<RoundReport, Error> {
        engine::sync::round(&self.profile.engine, account, false, &CancellationToken::new()).await
    }

    async fn state(&self, account: AccountId) -> model::account::SyncState {
        self.profile.call::<Account>("account.get", json!({"id": account})).await.unwrap().sync
    }
}

/// No file below this folder holds one of these.
fn nowhere(folder: &Path, secrets: &[String]) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            nowhere(&path, secrets);
            continue;
        }
        not_in(&path.display().to_string(), &std::fs::read(&path).unwrap(), secrets);
    }
}

fn not_in(place: &str, bytes: &[u8], secrets: &[String]) {
    use base64::Engine as _;
    for secret in secrets {
        let coded = base64::engine::general_purpose::STANDARD_NO_PAD.encode(secret);
        for form in [secret.as_str(), &coded, &urlencoded(secret)] {
            let found = bytes.windows(form.len()).any(|window| window == form.as_bytes());
            assert!(!found, "{place} holds {secret}");
        }
    }
}

fn urlencoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_by_token_survives_expiry_and_revocation_and_goes_on_after_signing_in_again() {
    let office = Office::new().await;
    office.server.put("anna", "INBOX", &letter("a", "Ann <ann@x.test>", "Hello", "one"), "");
    let account = office.account().await;
    let report: ProbeReport = office.profile.call("account.probe", json!({"id": account})).await.unwrap();
    assert!(report.steps.iter().all(|s| s.error.is_none()), "{:?}", report.steps);
    assert_eq!(office.round(account).await.unwrap().messages, 1);

    // A letter by SMTP with the same token.
    let running = office.profile.run_outbox(account);
    let sent = office.profile.compose(&address("anna"), &[&address("boris")], "by token").await;
    office.profile.settled(sent.id).await;
    assert_eq!(office.server.copies("boris", &sent.message_id), 1);
    assert_eq!(office.oauth.refreshes(), 0, "the tokens of the sign-in serve everything");

    // The server drops the token before its time: refreshed once, unseen.
    office.oauth.expire_access();
    office.server.kick("anna");
    office.server.put("anna", "INBOX", &letter("b", "Bob <bob@x.test>", "World", "two"), "");
    assert_eq!(office.round(account).await.unwrap().messages, 3);
    assert_eq!(office.oauth.refreshes(), 1);

    // The permission is taken back at the provider.
    office.oauth.revoke_all();
    office.server.kick("anna");
    let error = office.round(account).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::SignIn);
    let state = office.state(account).await;
    assert_eq!(state.phase, SyncPhase::SignIn);
    assert_eq!(state.error.unwrap().code, ErrorCode::SignIn);
    assert_eq!(office.profile.in_mailbox(account, "INBOX").await, ["Hello", "World"]);
    let waiting = office.profile.compose(&address("anna"), &[&address("boris")], "waits").await;
    until("the letter says why it waits", || async {
        let letter = office.profile.letter(waiting.id).await;
        letter.state == SubmissionState::Queued && letter.error.is_some_and(|e| e.code == ErrorCode::SignIn)
    })
    .await;
    assert_eq!(office.server.copies("boris", &waiting.message_id), 0);

    // One act, and everything goes on where it stopped.
    office.server.put("anna", "INBOX", &letter("c", "Cy <cy@x.test>", "Again", "three"), "");
    let renewed =
        sign_in(&office.profile, &office.oauth, json!({"provider": "tests", "account": account})).await.unwrap();
    assert_eq!((renewed.id, renewed.sync.error), (account, None));
    office.profile.settled(waiting.id).await;
    assert_eq!(office.server.copies("boris", &waiting.message_id), 1);
    let report = office.round(account).await.unwrap();
    assert_eq!(office.profile.in_mailbox(account, "INBOX").await, ["Hello", "World", "Again"]);
    assert!(report.new <= 3, "what was here is not fetched again: {report:?}");
    assert_eq!(office.state(account).await.phase, SyncPhase::UpToDate);
    running.stop().await;

    let secrets = office.oauth.secrets();
    assert!(secrets.len() > 10);
    nowhere(office.profile.path(), &secrets);
    let said = format!("{error} {:?} {:?}", error, office.profile.letter(waiting.id).await);
    not_in("an error", said.as_bytes(), &secrets);
    for (name, args) in [
        ("account.list", json!({})),
        ("provider.list", json!({})),
        ("profile.doctor", json!({})),
        ("account.log", json!({"id": account})),
    ] {
        let answer: Value = office.profile.call(name, args).await.unwrap();
        not_in(name, answer.to_string().as_bytes(), &secrets);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_running_engine_shows_an_ended_permission_and_goes_on_by_itself_after_the_renewal() {
    let office = Office::new().await;
    office.profile.engine.start();
    let account = office.account().await;
    office.server.put("anna", "INBOX", &letter("a", "Ann <ann@x.test>", "Hello", "one"), "");
    let inbox = async |count: usize| {
        let known = office.profile.engine.store().read(|r| store::mailbox::list(r, None)).await.unwrap();
        known.iter().any(|m| m.path == "INBOX") && office.profile.in_mailbox(account, "INBOX").await.len() == count
    };
    until("the first letter is here", || inbox(1)).await;
    office.oauth.revoke_all();
    office.server.kick("anna");
    until("the account asks to sign in", || async { office.state(account).await.phase == SyncPhase::SignIn }).await;
    let waiting = office.profile.compose(&address("anna"), &[&address("boris")], "waits").await;
    until("the letter says why it waits", || async { office.profile.letter(waiting.id).await.error.is_some() }).await;
    office.server.put("anna", "INBOX", &letter("b", "Bob <bob@x.test>", "World", "two"), "");
    sign_in(&office.profile, &office.oauth, json!({"provider": "tests", "account": account})).await.unwrap();
    office.profile.settled(waiting.id).await;
    until("the second letter is here", || inbox(2)).await;
    until("the account is in step", || async { office.state(account).await.phase == SyncPhase::UpToDate }).await;
    assert_eq!(office.server.copies("boris", &waiting.message_id), 1);
    office.profile.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_only_knows_oauthbearer_is_signed_in_to() {
    let office = Office::with("oauthbearer").await;
    office.server.put("anna", "INBOX", &letter("a", "Ann <ann@x.test>", "Hello", "one"), "");
    let account = office.account().await;
    let report: ProbeReport = office.profile.call("account.probe", json!({"id": account})).await.unwrap();
    assert!(report.steps.iter().all(|s| s.error.is_none()), "{:?}", report.steps);
    assert_eq!(office.round(account).await.unwrap().messages, 1);
    // A refusal is told as one, whatever stands in the challenge.
    office.oauth.revoke_all();
    office.server.kick("anna");
    assert_eq!(office.round(account).await.unwrap_err().code, ErrorCode::SignIn);
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_who_waits_for_a_token_shares_one_refresh_and_two_programs_take_turns() {
    let office = Office::new().await;
    let account = office.account().await;
    // Less than five minutes are left: not used any more.
    office.profile.clock.advance(3600 - 200);
    office.oauth.slow(Duration::from_millis(300));
    let probe = || office.profile.call::<ProbeReport>("account.probe", json!({"id": account}));
    let (one, two, three) = tokio::join!(probe(), office.round(account), probe());
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    assert_eq!(office.oauth.refreshes(), 1);
    // Another program on the same profile has no access token: it waits for the turn, and takes the newest
    // refresh token. An old one shown twice would end the permission.
    let other = Profile::beside(&office.profile).await;
    office.profile.clock.advance(3600);
    let probe_there = other.call("account.probe", json!({"id": account}));
    let (here, there) = tokio::join!(probe(), probe_there);
    assert!(here.unwrap().steps.iter().all(|s| s.error.is_none()));
    assert!(there.unwrap()["steps"].as_array().unwrap().iter().all(|s| s["error"].is_null()));
    assert_eq!((office.oauth.refreshes(), office.oauth.living()), (3, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_out_of_order_asks_nobody_to_sign_in() {
    let office = Office::new().await;
    let account = office.account().await;
    office.round(account).await.unwrap();
    office.profile.clock.advance(7200);
    office.server.kick("anna");
    for (status, error, code, phase) in [
        (503, "temporarily_unavailable", ErrorCode::Network, SyncPhase::Offline),
        (401, "invalid_client", ErrorCode::Conflict, SyncPhase::Failed),
        (400, "invalid_scope", ErrorCode::Conflict, SyncPhase::Failed),
    ] {
        office.oauth.fail(Some((status, error)));
        assert_eq!(office.round(account).await.unwrap_err().code, code, "{error}");
        assert_eq!(office.state(account).await.phase, phase, "{error}");
    }
    // A letter waits for it, too: it is refused only for its own sake.
    let running = office.profile.run_outbox(account);
    let sent = office.profile.compose(&address("anna"), &[&address("boris")], "later").await;
    until("the letter says why it waits", || async { office.profile.letter(sent.id).await.error.is_some() }).await;
    assert_eq!(office.profile.letter(sent.id).await.state, SubmissionState::Queued);
    office.oauth.fail(None);
    let credentials = json!({"name": "tests", "client_secret": CLIENT_SECRET});
    office.profile.call::<Provider>("provider.set", credentials).await.unwrap();
    office.profile.call::<Value>("submission.retry", json!({"id": sent.id})).await.unwrap();
    office.profile.settled(sent.id).await;
    office.round(account).await.unwrap();
    running.stop().await;
}

#[test]
fn the_command_line_signs_in_and_its_words_hold_no_secret() {
    let oauth = OauthServer::start(&address("anna"));
    let introspection = Some(oauth.introspection());
    let server = MailServer::with(Settings { introspection, ..Settings::default() });
    server.put("anna", "INBOX", &letter("a", "Ann <ann@x.test>", "Hello", "one"), "");
    let folder = tempfile::tempdir().unwrap();
    let mut said = Vec::new();
    let mut run = |arguments: &[&str], input: &str| {
        let mut command = tabella(folder.path());
        command.args(arguments).env("TABELLA_LOG", "trace").stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let mut told = String::new();
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while errors.read_line(&mut line).unwrap() > 0 {
            if line.starts_with(&oauth.url()) {
                assert!(oauth.browse(line.trim()).contains("Tabella"));
            }
            told.push_str(&std::mem::take(&mut line));
        }
        let output = child.wait_with_output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{arguments:?}: {stdout}{told}");
        said.push(stdout.clone() + &told);
        stdout
    };
    let url = oauth.url();
    let endpoint = |name: &str| format!("{name}={url}/{name}");
    let (imap, smtp) =
        (format!("localhost:{}", server.ports().imap), format!("localhost:{}", server.ports().submission));
    run(
        &[
            "provider",
            "set",
            "tests",
            "--title",
            "Test Mail",
            "--client-id",
            CLIENT_ID,
            "--client-secret-stdin",
            "--endpoint",
            &endpoint("authorize"),
            "--endpoint",
            &endpoint("token"),
            "--endpoint",
            &endpoint("revoke"),
            "--scope",
            "mail",
            "--scope",
            "openid",
            "--imap",
            &imap,
            "--imap-tls",
            "none",
            "--smtp",
            &smtp,
            "--smtp-tls",
            "none",
        ],
        &format!("{CLIENT_SECRET}\n"),
    );
    let listed = run(&["--json", "provider", "list"], "");
    assert!(serde_json::from_str::<Value>(&listed).unwrap().as_array().unwrap().iter().any(|p| p["ready"] == true));
    let added = run(&["--json", "account", "add", "oauth", "tests", "--email", &address("anna"), "--no-browser"], "");
    assert_eq!(serde_json::from_str::<Value>(&added).unwrap()["email"], address("anna"));
    let synced = run(&["--json", "sync"], "");
    assert_eq!(serde_json::from_str::<Value>(&synced).unwrap()["accounts"][0]["messages"], 1);
    run(
        &["send", "--from", &address("anna"), "--to", &address("boris"), "--subject", "x", "--text", "-", "--wait"],
        "hi",
    );
    run(&["account", "reauthorize", &address("anna"), "--no-browser"], "");
    run(&["doctor"], "");
    run(&["account", "remove", &address("anna"), "--yes"], "");
    run(&["provider", "remove", "tests"], "");
    assert_eq!(oauth.revoked().len(), 1);
    let secrets = oauth.secrets();
    not_in("the command line", said.concat().as_bytes(), &secrets);
    nowhere(folder.path(), &secrets);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_microsoft_account_signed_in_at_the_door_reads_and_sends_by_its_api() {
    let graph = e2e::Graph::start();
    let oauth = Arc::new(OauthServer::start(e2e::graph::EMAIL));
    let profile = Profile::new().await;
    let endpoints =
        json!({"authorize": format!("{}/authorize", oauth.url()), "token": graph.token_endpoint(), "api": graph.api()});
    let credentials = json!({"name": "microsoft", "client_id": CLIENT_ID, "endpoints": endpoints});
    profile.call::<Provider>("provider.set", credentials).await.unwrap();
    let _ = graph.put("inbox", &letter("a", "Ann <ann@x.test>", "Hello", "one"));
    profile.engine.start();
    let args = json!({"provider": "microsoft", "email": e2e::graph::EMAIL});
    let account = sign_in(&profile, &oauth, args).await.unwrap();
    assert_eq!(account.kind, model::account::AccountKind::Microsoft);
    until("the inbox is read", || async {
        let known = profile.engine.store().read(|r| store::mailbox::list(r, None)).await.unwrap();
        known.iter().any(|m| m.role == Some(model::mailbox::MailboxRole::Inbox) && m.messages == 1)
    })
    .await;
    let sent = profile.compose(e2e::graph::EMAIL, &["boris@x.test"], "by the API").await;
    let done = profile.settled(sent.id).await;
    assert!(done.filed, "Microsoft files the Sent copy by itself");
    assert_eq!(graph.items("sentitems").len(), 1);
    profile.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_with_a_password_signs_in_through_the_provider_and_back_and_keeps_all_mail() {
    let office = Office::new().await;
    for id in ["a", "b", "c"] {
        office.server.put("anna", "INBOX", &letter(id, "Ann <ann@x.test>", id, id), "");
    }
    let user = office.server.user("anna");
    let at = |port: u16| json!({"host": "localhost", "port": port, "tls": "none", "username": user.email});
    let ports = office.server.ports();
    let add =
        json!({"email": user.email, "password": user.password, "imap": at(ports.imap), "smtp": at(ports.submission)});
    let account: Account = office.profile.call("account.add_imap", add).await.unwrap();
    let id = account.id;
    assert_eq!(office.round(id).await.unwrap().new, 3);
    let before = office.profile.messages(id, "INBOX").await;
    let through = json!({"provider": "tests", "account": id});

    // Somebody else's sign-in changes nothing.
    office.oauth.consent(Consent::Give(address("boris")));
    let other = sign_in(&office.profile, &office.oauth, through.clone()).await.unwrap_err();
    assert_eq!(other.code, ErrorCode::Conflict);
    assert_eq!(office.round(id).await.unwrap().new, 0, "the password still serves");

    office.oauth.consent(Consent::Give(user.email.clone()));
    let switched = sign_in(&office.profile, &office.oauth, through).await.unwrap();
    assert_eq!((switched.id, switched.provider.as_deref()), (id, Some("tests")));
    office.server.put("anna", "INBOX", &letter("d", "Ann <ann@x.test>", "d", "d"), "");
    let report = office.round(id).await.unwrap();
    assert_eq!((report.new, report.removed, report.messages), (1, 0, 4), "nothing comes a second time");
    assert_eq!(office.profile.messages(id, "INBOX").await[..3], before);
    let running = office.profile.run_outbox(id);
    let sent = office.profile.compose(&user.email, &[&address("boris")], "by token").await;
    office.profile.settled(sent.id).await;
    running.stop().await;
    assert_eq!(office.server.copies("boris", &sent.message_id), 1);

    // Back: only on request, and not with a password that the server refuses.
    let back = |password: &str, switch: bool| {
        office.profile.call::<Account>("account.reauthorize", json!({"id": id, "password": password, "switch": switch}))
    };
    assert_eq!(back(&user.password, false).await.unwrap_err().code, ErrorCode::Conflict);
    assert_eq!(back("wrong", true).await.unwrap_err().code, ErrorCode::SignIn);
    assert!(office.oauth.revoked().is_empty());
    assert_eq!(office.round(id).await.unwrap().removed, 0, "the token still serves");
    assert_eq!(back(&user.password, true).await.unwrap().provider, None);
    assert_eq!(office.oauth.revoked().len(), 1, "the permission is given back");
    let report = office.round(id).await.unwrap();
    assert_eq!((report.removed, office.profile.messages(id, "INBOX").await.len()), (0, 4));
    nowhere(office.profile.path(), &office.oauth.secrets());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_by_an_api_can_not_change_to_a_password() {
    let server = e2e::Gmail::start();
    let profile = Profile::new().await;
    let id = profile.google(&server.url(), &server.email()).await;
    let change = json!({"id": id, "password": "x", "switch": true});
    assert_eq!(profile.call::<Account>("account.reauthorize", change).await.unwrap_err().code, ErrorCode::Conflict);
}
