//! Signing in by OAuth, through the door, at an authorization server that the test decides.

use crate::profile::Profile;
use e2e::oauth::{CLIENT_ID, CLIENT_SECRET};
use e2e::{Consent, OauthServer};
use model::account::{Account, AccountKind, Identity};
use model::provider::{Provider, SignInTicket};
use model::setting::Finding;
use model::{Error, ErrorCode};
use serde_json::{Value, json};
use std::sync::Arc;

/// Enters the test server as this provider.
pub async fn enter(profile: &Profile, oauth: &OauthServer, name: &str) -> Provider {
    profile
        .call(
            "provider.set",
            json!({"name": name, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "endpoints": oauth.endpoints()}),
        )
        .await
        .unwrap()
}

/// Signs in: begins, does what the browser does, finishes.
pub async fn sign_in(profile: &Profile, oauth: &Arc<OauthServer>, args: Value) -> Result<Account, Error> {
    let ticket: SignInTicket = profile.call("account.begin_sign_in", args).await?;
    let (server, address) = (oauth.clone(), ticket.address.clone());
    let browser = tokio::task::spawn_blocking(move || server.browse(&address));
    let done = profile.call("account.finish_sign_in", json!({"ticket": ticket.ticket})).await;
    let page = browser.await.unwrap();
    assert!(page.contains("Tabella"), "the browser shows {page}");
    done
}

#[tokio::test]
async fn what_is_not_named_stays_and_no_answer_holds_the_secret() {
    let profile = Profile::new().await;
    let list: Vec<Provider> = profile.call("provider.list", json!({})).await.unwrap();
    let names: Vec<&str> = list.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["google", "microsoft", "yandex", "mailru", "fastmail"]);
    assert!(list.iter().all(|p| !p.own && !p.ready && p.client_id.is_empty() && p.secret_set_at.is_none()));
    assert_eq!(
        (list[0].redirect_uri.as_str(), list[1].redirect_uri.as_str()),
        ("http://127.0.0.1", "http://localhost")
    );

    let set = |args: Value| profile.call::<Provider>("provider.set", args);
    let first = set(json!({"name": "microsoft", "client_id": "  id-1 \n", "client_secret": " s3cr3t ", "tenant": " contoso.test ",
        "secret_expires_at": 4_000_000_000_000_i64, "endpoints": {"api": " https://graph.test/v1.0 "}, "scopes": ["a b", " c "]}))
    .await
    .unwrap();
    assert!(first.ready && first.secret_set_at.is_some());
    assert_eq!((first.client_id.as_str(), first.tenant.as_deref()), ("id-1", Some("contoso.test")));
    assert_eq!(first.scopes, ["a", "b", "c"]);
    assert_eq!(first.endpoints["api"], "https://graph.test/v1.0");
    // One field at a time: everything else is as it was.
    for change in [
        json!({"client_id": "id-2"}),
        json!({"tenant": "common"}),
        json!({"secret_expires_at": 4_100_000_000_000_i64}),
        json!({"endpoints": {"device": "https://login.test/device"}}),
        json!({"scopes": []}),
        json!({"client_secret": null}),
    ] {
        let before: Vec<Provider> = profile.call("provider.list", json!({})).await.unwrap();
        let mut args = change.clone();
        args["name"] = json!("microsoft");
        let mut after = serde_json::to_value(set(args).await.unwrap()).unwrap();
        let mut before = serde_json::to_value(&before[1]).unwrap();
        for (field, _) in change.as_object().unwrap() {
            let shown = if field == "client_secret" { "secret_set_at" } else { field.as_str() };
            if field != "client_secret" {
                before.as_object_mut().unwrap().remove(shown);
                after.as_object_mut().unwrap().remove(shown);
            }
        }
        // These follow from tenant and endpoints.
        for derived in ["builtin_endpoints", "builtin_scopes"] {
            before.as_object_mut().unwrap().remove(derived);
            after.as_object_mut().unwrap().remove(derived);
        }
        assert_eq!(before, after, "{change}");
    }
    let cleared =
        set(json!({"name": "microsoft", "secret_expires_at": null, "endpoints": {"device": ""}})).await.unwrap();
    assert_eq!(cleared.secret_expires_at, None);
    assert_eq!(cleared.endpoints.keys().collect::<Vec<_>>(), ["api"]);
    let without = set(json!({"name": "microsoft", "client_secret": ""})).await.unwrap();
    assert_eq!((without.secret_set_at, without.client_id.as_str()), (None, "id-2"));
    for answer in [&first, &cleared, &without] {
        assert!(!serde_json::to_string(answer).unwrap().contains("s3cr3t"));
    }
}

#[tokio::test]
async fn what_would_carry_a_token_unencrypted_or_makes_no_sense_is_refused() {
    let profile = Profile::new().await;
    for bad in [
        json!({"name": ""}),
        json!({"name": "two words"}),
        json!({"name": "google", "endpoints": {"token": "http://idp.example/token"}}),
        json!({"name": "google", "endpoints": {"revoke": "ftp://idp.example"}}),
        json!({"name": "google", "endpoints": {"imap": "imap://mail.example:143"}}),
        json!({"name": "google", "endpoints": {"nonsense": "https://idp.example"}}),
        json!({"name": "google", "endpoints": {"redirect": "https://example.org/"}}),
        json!({"name": "google", "tenant": "common"}),
        json!({"name": "google", "client_id": "two words"}),
        json!({"name": "google", "client_secret": "two\nlines"}),
        json!({"name": "microsoft", "tenant": "a/../b"}),
        json!({"name": "own", "imap": {"host": "mail.example", "port": 143, "tls": "none", "username": ""}}),
        json!({"name": "google", "imap": {"host": "mail.example", "port": 993, "tls": "tls", "username": ""}}),
    ] {
        let error = profile.call::<Provider>("provider.set", bad.clone()).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Invalid, "{bad}: {error}");
    }
    let none = profile.call::<SignInTicket>("account.begin_sign_in", json!({"provider": "google"})).await.unwrap_err();
    assert!(none.code == ErrorCode::Conflict && none.remedy.contains("Providers"), "{none}");
}

#[tokio::test]
async fn the_doctor_warns_two_weeks_before_a_client_secret_ends() {
    let profile = Profile::new().await;
    let ends_at = profile.now().0 + 20 * 24 * 3600 * 1000;
    let args = json!({"name": "microsoft", "client_id": "id", "client_secret": "s", "secret_expires_at": ends_at});
    profile.call::<Provider>("provider.set", args).await.unwrap();
    let finding = async || {
        let all: Vec<Finding> = profile.call("profile.doctor", json!({})).await.unwrap();
        all.into_iter().find(|f| f.what.contains("Microsoft")).unwrap()
    };
    assert!(finding().await.ok);
    profile.clock.advance(7 * 24 * 3600);
    let soon = finding().await;
    assert!(!soon.ok && soon.error.unwrap().message.contains("ends on"));
    profile.clock.advance(14 * 24 * 3600);
    assert!(finding().await.error.unwrap().message.contains("ended on"));
}

#[tokio::test(flavor = "multi_thread")]
async fn google_and_microsoft_say_whose_mailbox_was_signed_in_to() {
    for (provider, kind) in [("google", AccountKind::Gmail), ("microsoft", AccountKind::Microsoft)] {
        let profile = Profile::new().await;
        let oauth = Arc::new(OauthServer::start("anna@tabella.test"));
        oauth.tells_person(false);
        enter(&profile, &oauth, provider).await;
        let args = json!({"provider": provider, "sender_name": " Anna ", "since_at": 1_700_000_000_000_i64});
        let account = sign_in(&profile, &oauth, args.clone()).await.unwrap();
        assert_eq!((account.kind, account.email.as_str()), (kind, "anna@tabella.test"));
        assert_eq!((account.provider.as_deref(), account.sender_name.as_str()), (Some(provider), "Anna"));
        assert!(account.imap.is_none() && account.since_at.is_some());
        // The same person once more renews the account instead of adding another.
        assert_eq!(sign_in(&profile, &oauth, args).await.unwrap().id, account.id);
        oauth.consent(Consent::Give("boris@tabella.test".into()));
        let other = sign_in(&profile, &oauth, json!({"provider": provider})).await.unwrap();
        assert_ne!(other.id, account.id);
        let list: Vec<Provider> = profile.call("provider.list", json!({})).await.unwrap();
        assert_eq!(list.iter().find(|p| p.name == provider).unwrap().accounts, 2);
        let used = profile.call::<Value>("provider.remove", json!({"name": provider})).await.unwrap_err();
        assert_eq!(used.code, ErrorCode::Conflict);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_mailbox_is_an_account_of_its_own_that_its_person_renews() {
    let profile = Profile::new().await;
    let oauth = Arc::new(OauthServer::start("anna@tabella.test"));
    enter(&profile, &oauth, "microsoft").await;
    let own = sign_in(&profile, &oauth, json!({"provider": "microsoft"})).await.unwrap();
    let args = json!({"provider": "microsoft", "shared_mailbox": "office@tabella.test"});
    let shared = sign_in(&profile, &oauth, args).await.unwrap();
    assert_eq!(shared.email, "office@tabella.test");
    assert_ne!(shared.id, own.id);
    let renewed = sign_in(&profile, &oauth, json!({"provider": "", "account": shared.id})).await.unwrap();
    assert_eq!((renewed.id, renewed.email.as_str()), (shared.id, "office@tabella.test"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_is_not_allowed_says_why_and_adds_nothing() {
    let profile = Profile::new().await;
    let oauth = Arc::new(OauthServer::start("anna@tabella.test"));
    enter(&profile, &oauth, "google").await;
    let cases = [
        (Consent::Deny, ErrorCode::ConsentDenied, "not given"),
        (Consent::AdminOnly, ErrorCode::AdminConsent, CLIENT_ID),
        (
            Consent::Untick("anna@tabella.test".into(), "https://mail.google.com/".into()),
            ErrorCode::ScopeMissing,
            "https://mail.google.com/",
        ),
    ];
    for (consent, code, words) in cases {
        oauth.consent(consent);
        let error = sign_in(&profile, &oauth, json!({"provider": "google"})).await.unwrap_err();
        assert_eq!(error.code, code, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
    oauth.consent(Consent::Give("anna@tabella.test".into()));
    profile.call::<Provider>("provider.set", json!({"name": "google", "client_secret": "another"})).await.unwrap();
    let error = sign_in(&profile, &oauth, json!({"provider": "google"})).await.unwrap_err();
    assert!(error.code == ErrorCode::Conflict && error.message.contains("client secret"), "{error}");
    assert!(profile.call::<Vec<Account>>("account.list", json!({})).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_can_be_cancelled_and_is_finished_but_once() {
    let profile = Profile::new().await;
    let oauth = Arc::new(OauthServer::start("anna@tabella.test"));
    enter(&profile, &oauth, "google").await;
    let ticket: SignInTicket = profile.call("account.begin_sign_in", json!({"provider": "google"})).await.unwrap();
    assert!(ticket.code.is_none() && ticket.ends_at > profile.now());
    let named = json!({"ticket": ticket.ticket});
    let waiting = profile.call::<Account>("account.finish_sign_in", named.clone());
    let meanwhile = async {
        // The other has taken it once a second one is told so.
        loop {
            let second = profile.call::<Account>("account.finish_sign_in", named.clone()).await.unwrap_err();
            if second.code == ErrorCode::Conflict {
                break;
            }
            tokio::task::yield_now().await;
        }
        profile.call::<Value>("account.cancel_sign_in", named.clone()).await.unwrap();
    };
    let (waited, ()) = tokio::join!(waiting, meanwhile);
    assert_eq!(waited.unwrap_err().code, ErrorCode::Cancelled);
    let gone = profile.call::<Account>("account.finish_sign_in", named).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::NotFound);
    // Its port is free again.
    let address = url::Url::parse(&ticket.address).unwrap();
    let back = address.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap().1.into_owned();
    let port = url::Url::parse(&back).unwrap().port().unwrap();
    crate::profile::until("the port is free", || async { std::net::TcpStream::connect(("127.0.0.1", port)).is_err() })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn renewing_as_somebody_else_keeps_the_old_sign_in() {
    let profile = Profile::new().await;
    let oauth = Arc::new(OauthServer::start("anna@tabella.test"));
    enter(&profile, &oauth, "google").await;
    let account = sign_in(&profile, &oauth, json!({"provider": "google"})).await.unwrap();
    oauth.consent(Consent::Give("boris@tabella.test".into()));
    let error = sign_in(&profile, &oauth, json!({"provider": "google", "account": account.id})).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Conflict);
    assert!(error.message.contains("boris@tabella.test") && error.message.contains("anna@tabella.test"), "{error}");
    // Anna's still works: the aliases are asked for with it.
    profile.clock.advance(7200);
    let identities: Vec<Identity> = profile.call("identity.sync", json!({"id": account.id})).await.unwrap();
    assert_eq!(identities[0].email, "anna@tabella.test");
}

#[tokio::test(flavor = "multi_thread")]
async fn aliases_of_the_provider_come_and_go_and_those_by_hand_stay() {
    let profile = Profile::new().await;
    let oauth = Arc::new(OauthServer::start("anna@tabella.test"));
    oauth.aliases(&[("Sales", "sales@tabella.test")]);
    enter(&profile, &oauth, "google").await;
    let account = sign_in(&profile, &oauth, json!({"provider": "google"})).await.unwrap();
    let emails = |list: &[Identity]| list.iter().map(|i| i.email.clone()).collect::<Vec<_>>();
    assert_eq!(emails(&account.identities), ["anna@tabella.test", "sales@tabella.test"]);
    let by_hand = json!({"account_id": account.id, "name": "Anna", "email": "anna@elsewhere.test"});
    profile.call::<Identity>("identity.save", by_hand).await.unwrap();
    oauth.aliases(&[("Press", "press@tabella.test")]);
    let list: Vec<Identity> = profile.call("identity.sync", json!({"id": account.id})).await.unwrap();
    assert_eq!(emails(&list), ["anna@tabella.test", "anna@elsewhere.test", "press@tabella.test"]);
    assert_eq!(list.iter().map(|i| i.provided).collect::<Vec<_>>(), [false, false, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_without_a_browser_signs_in_by_a_code() {
    let profile = Profile::new().await;
    let oauth = Arc::new(OauthServer::start("anna@tabella.test"));
    let args = json!({"name": "tests", "title": "Test Mail", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
        "endpoints": oauth.endpoints(), "scopes": ["mail", "openid"],
        "imap": {"host": "127.0.0.1", "port": 9, "tls": "none", "username": ""}});
    let provider: Provider = profile.call("provider.set", args).await.unwrap();
    assert!(provider.own && provider.ready && provider.title == "Test Mail");
    let ticket: SignInTicket =
        profile.call("account.begin_sign_in", json!({"provider": "tests", "device": true})).await.unwrap();
    let code = ticket.code.unwrap();
    oauth.enter_code(&code);
    let account: Account = profile.call("account.finish_sign_in", json!({"ticket": ticket.ticket})).await.unwrap();
    assert_eq!((account.kind, account.email.as_str()), (AccountKind::Imap, "anna@tabella.test"));
    assert_eq!(account.imap.unwrap().username, "anna@tabella.test");
    let google = json!({"provider": "google", "device": true});
    enter(&profile, &oauth, "google").await;
    profile.call::<Provider>("provider.set", json!({"name": "google", "endpoints": {"device": ""}})).await.unwrap();
    let none = profile.call::<SignInTicket>("account.begin_sign_in", google).await.unwrap_err();
    assert_eq!(none.code, ErrorCode::Conflict);
}

#[tokio::test(flavor = "multi_thread")]
async fn removing_an_account_gives_its_permission_back_unless_another_one_lives_by_it() {
    let profile = Profile::new().await;
    let oauth = Arc::new(OauthServer::start("anna@tabella.test"));
    enter(&profile, &oauth, "google").await;
    let by_api = sign_in(&profile, &oauth, json!({"provider": "google"})).await.unwrap();
    let by_imap = sign_in(&profile, &oauth, json!({"provider": "google", "transport": "imap"})).await.unwrap();
    assert_ne!(by_api.id, by_imap.id);
    assert_eq!(by_imap.imap.unwrap().host, "imap.gmail.com");
    profile.call::<Value>("account.remove", json!({"id": by_api.id})).await.unwrap();
    assert!(oauth.revoked().is_empty());
    profile.call::<Value>("account.remove", json!({"id": by_imap.id})).await.unwrap();
    assert_eq!(oauth.revoked().len(), 1);
    let owner = store::account::owner(by_imap.id);
    let left = profile.engine.store().read(move |r| store::account::secret(r, &owner, "refresh_token")).await.unwrap();
    assert!(left.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_google_ends_after_seven_days_says_how_to_make_it_last() {
    let profile = Profile::new().await;
    let oauth = Arc::new(OauthServer::start("anna@tabella.test"));
    enter(&profile, &oauth, "google").await;
    let account = sign_in(&profile, &oauth, json!({"provider": "google"})).await.unwrap();
    oauth.revoke_all();
    profile.clock.advance(2 * 3600);
    let early = profile.call::<Value>("identity.sync", json!({"id": account.id})).await.unwrap_err();
    assert!(early.code == ErrorCode::SignIn && !early.remedy.contains("testing"), "{early}");
    profile.clock.advance(7 * 24 * 3600);
    let late = profile.call::<Value>("identity.sync", json!({"id": account.id})).await.unwrap_err();
    assert!(late.code == ErrorCode::SignIn && late.remedy.contains("testing"), "{late}");
    let shown: Account = profile.call("account.get", json!({"id": account.id})).await.unwrap();
    assert_eq!(shown.sync.phase, model::account::SyncPhase::SignIn);
}

#[tokio::test]
async fn a_locked_profile_sends_nobody_to_a_browser() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine::Engine::open(engine::Options { keyring: false, ..engine::Options::new(folder.path()) });
    let engine = engine.await.unwrap();
    engine.call("provider.set", json!({"name": "google", "client_id": "id"})).await.unwrap();
    let error = engine.call("account.begin_sign_in", json!({"provider": "google"})).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Locked);
}
