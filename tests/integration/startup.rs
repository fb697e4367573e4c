//! What a command that only reads asks for before it reads.

use e2e::program::{tabella, tabella_binary};
use std::path::Path;
use std::process::{Command, Output};

fn run(profile: &Path, passphrase: &str, arguments: &[&str]) -> Output {
    tabella(profile).env("TABELLA_PASSPHRASE", passphrase).args(arguments).output().unwrap()
}

/// A passphrase costs a second and 64 MB on purpose: who only reads must not pay it.
#[test]
fn reading_looks_for_no_key_and_what_needs_one_tells_of_a_wrong_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path();
    let (right, wrong) = ("correct horse battery", "wrong horse battery");
    assert!(run(profile, right, &["account", "add", "sandbox", "--email", "me@sandbox.test"]).status.success());
    assert!(run(profile, right, &["doctor"]).status.success(), "the doctor sets the passphrase");
    for arguments in [
        &["search", "nothing", "--count"][..],
        &["message", "list", "--count"],
        &["account", "list"],
        &["outbox", "list"],
        &["base", "list"],
    ] {
        let done = run(profile, wrong, arguments);
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
    let refused = run(profile, wrong, &["run", "--for", "1"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("error[sign_in]"), "{said}");
}

#[test]
fn a_search_needs_no_engine_and_all_else_tells_where_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("profile");
    assert!(run(&profile, "correct horse battery", &["doctor"]).status.success());
    // Alone in its folder, as after an installation that went wrong.
    let alone = folder.path().join("tabella");
    std::fs::copy(tabella_binary(), &alone).unwrap();
    let run =
        |arguments: &[&str]| Command::new(&alone).arg("--profile").arg(&profile).args(arguments).output().unwrap();
    let found = run(&["search", "nothing", "--count"]);
    assert!(found.status.success() && found.stdout == b"0\n", "{}", String::from_utf8_lossy(&found.stderr));
    let refused = run(&["doctor"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("A part of Tabella is missing: tabella-engine"), "{said}");
    // As a package lays them out.
    let (programs, parts) = (folder.path().join("usr/bin"), folder.path().join("usr/lib/tabella"));
    std::fs::create_dir_all(&programs).unwrap();
    std::fs::create_dir_all(&parts).unwrap();
    std::fs::copy(&alone, programs.join("tabella")).unwrap();
    std::fs::copy(tabella_binary().with_file_name("tabella-engine"), parts.join("tabella-engine")).unwrap();
    let packed =
        Command::new(programs.join("tabella")).arg("--profile").arg(&profile).arg("commands").output().unwrap();
    assert!(packed.status.success(), "{}", String::from_utf8_lossy(&packed.stderr));
}
