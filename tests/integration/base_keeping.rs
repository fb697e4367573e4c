//! The life of a base through the door: imports into tables, exports, accounts by name, trash, snapshots,
//! files from elsewhere. And that nothing of an account ever leaves in one of them.

use engine::{Engine, Options};
use model::account::{AccountKind, ServerSettings, TlsMode};
use model::{AccountId, ErrorCode};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use store::account::NewAccount;

async fn engine(profile: &Path) -> Engine {
    Engine::open(Options { keyring: false, ..Options::new(profile) }).await.unwrap()
}

async fn call(engine: &Engine, name: &str, args: Value) -> Value {
    engine.call(name, args).await.unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A profile with a base of three clients.
async fn clients(folder: &Path) -> (Engine, Value) {
    let file = folder.join("Clients.csv");
    std::fs::write(&file, "Name;E-mail;Owed\nAnn;ann@example.org;5\nBob;bob@example.org;7,5\nEve;eve@example.org;\n")
        .unwrap();
    let engine = engine(&folder.join("profile")).await;
    let imported = call(&engine, "base.import_file", json!({"path": file})).await;
    let base = call(&engine, "base.get", json!({"id": imported["base"]})).await;
    (engine, base)
}

/// Everything of an account that must never be in a base or in what is made of it.
const SECRETS: [&str; 7] = [
    "imap.secret-host.example",
    "smtp.secret-host.example",
    "owner@secret-mailbox.example",
    "login-of-the-owner",
    "hunter2-the-password",
    "client-id-4711.apps.example",
    "ya29.a-token-of-the-owner",
];

/// An account with a server, a password, a client id and a token in the profile.
async fn account(engine: &Engine) -> AccountId {
    let server =
        |host: &str| ServerSettings { host: host.into(), port: 993, tls: TlsMode::Tls, username: SECRETS[3].into() };
    let new = NewAccount {
        name: "The owner's".into(),
        email: SECRETS[2].into(),
        kind: AccountKind::Imap,
        sender_name: "Owner".into(),
        imap: Some(server(SECRETS[0])),
        smtp: Some(server(SECRETS[1])),
        ca_pem: None,
        since_at: None,
        sign_in: None,
        bulk_imap: false,
    };
    engine
        .store()
        .write(move |w| {
            let id = store::account::insert(w, &new)?;
            for (field, secret) in [("password", SECRETS[4]), ("client_id", SECRETS[5]), ("token", SECRETS[6])] {
                store::account::put_secret(w, &store::account::owner(id), field, secret.as_bytes())?;
            }
            Ok(id)
        })
        .await
        .unwrap()
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            files(&entry.path(), found);
        } else {
            found.push(entry.path());
        }
    }
}

/// A file's bytes, and those of all entries where it is an archive.
fn unpacked(path: &Path) -> Vec<Vec<u8>> {
    let mut all = vec![std::fs::read(path).unwrap()];
    if let Ok(mut archive) = zip::ZipArchive::new(std::fs::File::open(path).unwrap()) {
        for at in 0..archive.len() {
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut archive.by_index(at).unwrap(), &mut bytes).unwrap();
            all.push(bytes);
        }
    }
    all
}

#[tokio::test]
async fn nothing_of_an_account_is_in_a_base_its_copies_snapshots_and_exports() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, base) = clients(folder.path()).await;
    let account = account(&engine).await;
    let id = &base["id"];
    let bound = call(&engine, "base.bind_account", json!({"base": id, "name": "Sales", "account": account})).await;
    assert_eq!(
        (&bound["account"], &bound["account_name"], &bound["kind"]),
        (&json!(account), &json!("The owner's"), &json!("imap"))
    );
    call(&engine, "base.copy", json!({"id": id, "name": "Copy"})).await;
    call(&engine, "snapshot.make", json!({"base": id, "name": "Now"})).await;
    let out = folder.path().join("out");
    std::fs::create_dir(&out).unwrap();
    for format in ["xlsx", "csv", "json", "sqlite", "dtable"] {
        let table = (format == "csv").then(|| base["tables"][0]["id"].clone());
        let path = out.join(format!("base.{format}"));
        let done = call(
            &engine,
            "base.export",
            json!({"base": id, "table": table, "format": format, "path": path, "files": true}),
        )
        .await;
        assert_eq!((&done["tables"], &done["records"]), (&json!(1), &json!(3)), "{format}");
    }
    let mut all = Vec::new();
    files(&out, &mut all);
    files(&folder.path().join("profile/bases"), &mut all);
    assert!(all.len() >= 8, "{all:?}");
    for path in all {
        for bytes in unpacked(&path) {
            for secret in SECRETS {
                assert!(
                    !bytes.windows(secret.len()).any(|w| w == secret.as_bytes()),
                    "{secret} is in {}",
                    path.display()
                );
            }
        }
    }
    // The scan sees what it looks for: it is in the profile, where it belongs.
    let mut profile = std::fs::read(folder.path().join("profile/mail.db")).unwrap();
    profile.extend(std::fs::read(folder.path().join("profile/mail.db-wal")).unwrap_or_default());
    for secret in SECRETS {
        assert!(profile.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret}");
    }
}

#[tokio::test]
async fn a_copy_of_a_base_knows_the_name_and_asks_for_the_account() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, base) = clients(folder.path()).await;
    let account = account(&engine).await;
    let id = &base["id"];
    call(&engine, "base.bind_account", json!({"base": id, "name": "Sales", "account": account})).await;
    call(&engine, "base.bind_account", json!({"base": id, "name": "Info"})).await;
    let twice = engine.call("base.bind_account", json!({"base": id, "name": "SALES", "add": true})).await.unwrap_err();
    assert_eq!((twice.code, twice.message.as_str()), (ErrorCode::Conflict, "The name “SALES” is taken already."));
    let gone = engine.call("base.bind_account", json!({"base": id, "name": "New", "account": 99})).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::NotFound);
    let copy = call(&engine, "base.copy", json!({"id": id, "name": "Copy"})).await;
    let names = |list: &Value| -> Vec<(String, bool)> {
        let list = list.as_array().unwrap();
        list.iter().map(|a| (a["name"].as_str().unwrap().to_owned(), a["account"].is_null())).collect()
    };
    let own = call(&engine, "base.accounts", json!({"id": id})).await;
    assert_eq!(names(&own), [("Sales".into(), false), ("Info".into(), true)]);
    let copied = call(&engine, "base.accounts", json!({"id": copy["id"]})).await;
    assert_eq!(names(&copied), [("Sales".into(), true), ("Info".into(), true)]);
    // A new name keeps its account; the account's end frees the name and leaves it.
    call(&engine, "base.rename_account", json!({"base": id, "name": "sales", "new_name": "Desk"})).await;
    assert_eq!(names(&call(&engine, "base.accounts", json!({"id": id})).await)[0], ("Desk".into(), false));
    call(&engine, "account.remove", json!({"id": account})).await;
    assert_eq!(names(&call(&engine, "base.accounts", json!({"id": id})).await)[0], ("Desk".into(), true));
    let left = call(&engine, "base.unbind_account", json!({"base": id, "name": "Desk"})).await;
    assert_eq!(names(&left), [("Info".into(), true)]);
}

#[tokio::test]
async fn an_account_bound_to_a_base_is_tested_by_a_mail() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, base) = clients(folder.path()).await;
    let account =
        call(&engine, "account.add_sandbox", json!({"email": "me@sandbox.test", "samples": false, "language": "en"}))
            .await;
    call(&engine, "base.bind_account", json!({"base": base["id"], "name": "Sales", "account": account["id"]})).await;
    let bound = call(&engine, "base.accounts", json!({"id": base["id"]})).await;
    let sent = call(
        &engine,
        "account.test_mail",
        json!({"id": bound[0]["account"], "to": ["ann@example.org"], "subject": "Test", "text": "It works."}),
    )
    .await;
    assert_eq!(sent["accepted"], json!(true), "{sent}");
}

#[tokio::test]
async fn a_removed_base_lies_in_the_trash_until_it_is_brought_back_or_purged() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, base) = clients(folder.path()).await;
    let id = &base["id"];
    call(&engine, "snapshot.make", json!({"base": id})).await;
    call(&engine, "base.remove", json!({"id": id})).await;
    let trash = call(&engine, "base.trash", json!({})).await;
    assert_eq!((&trash[0]["id"], &trash[0]["name"]), (id, &json!("Clients")));
    call(&engine, "base.create", json!({"name": "clients"})).await;
    let back = call(&engine, "base.restore", json!({"id": id})).await;
    assert_eq!((&back["id"], &back["name"], &back["color"]), (id, &json!("Clients 2"), &base["color"]));
    let page = call(&engine, "record.list", json!({"base": id, "table": base["tables"][0]["id"], "limit": 1})).await;
    assert_eq!(page["total"], 3);
    assert_eq!(call(&engine, "base.trash", json!({})).await, json!([]));
    call(&engine, "base.remove", json!({"id": id})).await;
    call(&engine, "base.purge", json!({"id": id})).await;
    assert_eq!(engine.call("base.restore", json!({"id": id})).await.unwrap_err().code, ErrorCode::NotFound);
    let mut left = Vec::new();
    files(&folder.path().join("profile/bases"), &mut left);
    let own = id.as_str().unwrap();
    assert!(!left.iter().any(|p| p.to_string_lossy().contains(own)), "{left:?}");
}

#[tokio::test]
async fn a_base_opened_from_a_second_path_gets_an_id_of_its_own_and_one_that_moved_keeps_its() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, base) = clients(folder.path()).await;
    let account = account(&engine).await;
    call(&engine, "base.bind_account", json!({"base": base["id"], "name": "Sales", "account": account})).await;
    let snapshot = folder.path().join("elsewhere");
    std::fs::create_dir(&snapshot).unwrap();
    let (first, second) = (snapshot.join("Mine.base"), snapshot.join("Other.base"));
    let own = PathBuf::from(base["path"].as_str().unwrap());
    // The base is open: its journal is part of it.
    for suffix in ["", "-wal"] {
        std::fs::copy(format!("{}{suffix}", own.display()), format!("{}{suffix}", first.display())).unwrap();
    }
    let opened = call(&engine, "base.open", json!({"path": first})).await;
    assert_eq!(opened["name"], "Mine");
    assert_ne!(opened["id"], base["id"]);
    assert_eq!(opened["tables"][0]["name"], "Clients");
    let names = call(&engine, "base.accounts", json!({"id": opened["id"]})).await;
    assert_eq!((&names[0]["name"], &names[0]["account"]), (&json!("Sales"), &Value::Null));
    let again = call(&engine, "base.open", json!({"path": first})).await;
    assert_eq!(again["id"], opened["id"]);
    // Moved: the list follows.
    engine.call("base.remove", json!({"id": base["id"]})).await.unwrap();
    assert!(first.exists());
    std::fs::rename(&first, &second).unwrap();
    let moved = call(&engine, "base.open", json!({"path": second})).await;
    assert_eq!((&moved["id"], &moved["name"]), (&opened["id"], &json!("Mine")));
    call(&engine, "base.remove", json!({"id": opened["id"]})).await;
    assert!(second.exists(), "a file outside the profile is the user's own");
    let text = snapshot.join("x.base");
    std::fs::write(&text, "no base").unwrap();
    assert_eq!(engine.call("base.open", json!({"path": text})).await.unwrap_err().code, ErrorCode::Damaged);
}

#[tokio::test]
async fn a_file_goes_into_a_table_by_key_and_an_import_can_be_watched_and_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, base) = clients(folder.path()).await;
    let (id, table) = (&base["id"], &base["tables"][0]);
    let file = folder.path().join("more.csv");
    std::fs::write(&file, "E-mail,Owed\nann@example.org,6\nnew@example.org,1\n").unwrap();
    let into = json!({"table": table["id"], "mode": "both", "keys": [table["columns"][1]["id"]]});
    let args = json!({"path": file, "base": id, "into": into});
    let look = call(&engine, "base.preview_import", args.clone()).await;
    assert_eq!((&look["added"], &look["updated"]), (&json!(1), &json!(1)));
    let page = call(&engine, "record.list", json!({"base": id, "table": table["id"], "limit": 1})).await;
    assert_eq!(page["total"], 3);
    assert_eq!(call(&engine, "base.import_file", args).await["merged"], look);
    let many: String = std::iter::once("n,m\n".to_owned()).chain((0..400_000).map(|n| format!("{n},x\n"))).collect();
    std::fs::write(&file, many).unwrap();
    let mut changes = engine.changes();
    let (importer, path) = (engine.clone(), file.clone());
    let importing =
        tokio::spawn(async move { importer.call("base.import_file", json!({"path": path, "ticket": "t-1"})).await });
    loop {
        let batch = changes.recv().await.unwrap();
        if batch.iter().any(|c| c.noun == model::Noun::Exchange && c.id.as_deref() == Some("t-1")) {
            break;
        }
    }
    let progress = call(&engine, "base.progress", json!({"ticket": "t-1"})).await;
    assert_eq!(progress["running"], true);
    call(&engine, "base.import_cancel", json!({"ticket": "t-1"})).await;
    assert_eq!(importing.await.unwrap().unwrap_err().code, ErrorCode::Cancelled);
    assert_eq!(call(&engine, "base.progress", json!({"ticket": "t-1"})).await["running"], false);
    assert_eq!(call(&engine, "base.list", json!({})).await.as_array().unwrap().len(), 1);
    let bases = std::fs::read_dir(folder.path().join("profile/bases")).unwrap().count();
    assert!(bases <= 3, "a stopped import left a file");
}
