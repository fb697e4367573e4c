//! What a command that only reads asks for before it reads.

use e2e::program::tabella;
use std::path::Path;
use std::process::Output;

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
