//! What Cargo can't hold: who may know whom, and how the house is kept (docs/architecture.md, section 3).
//!
//! Every rule reads the manifests and sources as text. A broken rule lists each place, so that one run
//! shows all there is to mend.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Which of our own packages a package may use.
const OWN: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("mail", &["model"]),
    ("base", &["model"]),
    ("remote", &["model", "mail"]),
    ("store", &["model", "mail", "base"]),
    ("engine", &["model", "mail", "base", "remote", "store"]),
    ("cli", &["engine", "model"]),
    ("app", &["engine", "model"]),
    ("e2e", &["engine", "model", "mail", "base", "remote", "store"]),
];

/// Libraries that one package alone may use.
const OWNED: &[(&str, &str)] = &[
    ("rusqlite", "store"),
    ("imap", "remote"),
    ("imap-proto", "remote"),
    ("lettre", "remote"),
    ("reqwest", "remote"),
    ("oauth2", "remote"),
    ("keyring", "remote"),
    ("hickory-resolver", "remote"),
    ("mail-parser", "mail"),
    ("html5ever", "mail"),
    ("cssparser", "mail"),
    ("minijinja", "mail"),
    ("calamine", "base"),
    ("rust_xlsxwriter", "base"),
    ("csv", "base"),
    ("clap", "cli"),
    ("tauri", "app"),
];

const LINES_MAX: usize = 600;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn folder_of(package: &str) -> PathBuf {
    match package {
        "app" => root(),
        "e2e" => root().join("tests"),
        other => root().join("src-tauri").join(other),
    }
}

/// A source file: its path from the root, with `/`, and its text.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// Lines with their numbers, up to the unit tests at a Rust file's end.
    fn shipped(&self) -> impl Iterator<Item = (usize, &str)> {
        let tests = self.text.find("\n#[cfg(test)]\nmod ").unwrap_or(self.text.len());
        self.text[..tests].lines().enumerate().map(|(at, line)| (at + 1, line))
    }

    fn is_test(&self) -> bool {
        self.path.starts_with("tests/")
            || self.path.contains("/tests/")
            || self.path.contains("/testing/")
            || self.path.ends_with("tests.rs")
            || self.path.contains(".test.")
            || self.path.contains("_tests/")
    }
}

fn walk(folder: &Path, extensions: &[&str], found: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["target", "node_modules", "dist", ".git", "gen"].contains(&name.as_str()) {
                walk(&path, extensions, found);
            }
        } else if extensions.is_empty()
            || extensions.iter().any(|wanted| path.extension().is_some_and(|it| it == *wanted))
        {
            let Ok(text) = fs::read_to_string(&path) else {
                continue;
            };
            let path = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            found.push(Source { path, text });
        }
    }
}

fn sources(folder: &str, extensions: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    walk(&root().join(folder), extensions, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The Rust sources that ship: all packages' but the tests'.
fn shipped_rust() -> Vec<Source> {
    let mut all = sources("src-tauri", &["rs"]);
    all.retain(|source| !source.is_test());
    all
}

fn ui() -> Vec<Source> {
    let mut all = sources("ui/src", &["ts", "tsx"]);
    all.retain(|source| !source.path.ends_with("engine/bindings.ts"));
    all
}

/// The names in a manifest's `[dependencies]` (and only there: tests may use more).
fn dependencies(package: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(folder_of(package).join("Cargo.toml")).unwrap();
    let mut inside = false;
    let mut names = BTreeSet::new();
    for line in text.lines() {
        if line.starts_with('[') {
            inside = line == "[dependencies]";
        } else if inside && let Some((name, _)) = line.split_once(['=', '.']) {
            let name = name.trim();
            if !name.starts_with('#') {
                names.insert(name.to_owned());
            }
        }
    }
    names
}

/// Fails with every place that breaks the rule.
fn none(rule: &str, broken: Vec<String>) {
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}

/// Places in shipped lines for which `bad` holds; comments are not looked at.
fn places(sources: &[Source], bad: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        for (number, line) in source.shipped() {
            let code = line.trim_start();
            if !code.starts_with("//") && !code.starts_with('*') && bad(code) {
                found.push(format!("{}:{number}: {code}", source.path));
            }
        }
    }
    found
}

#[test]
fn packages_use_only_the_packages_below_them() {
    let own: BTreeSet<_> = OWN.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut broken = Vec::new();
    for (package, allowed) in OWN {
        for used in dependencies(package).intersection(&own) {
            if !allowed.contains(&used.as_str()) {
                broken.push(format!("{package} uses {used}"));
            }
        }
    }
    none("a package knows only those below it", broken);
}

#[test]
fn a_library_with_an_owner_is_used_by_nobody_else() {
    let mut broken = Vec::new();
    for (package, _) in OWN.iter().filter(|(package, _)| *package != "e2e") {
        let used = dependencies(package);
        for (library, owner) in OWNED {
            if package != owner && used.contains(*library) {
                broken.push(format!("{package} uses {library}, which belongs to {owner}"));
            }
        }
    }
    none("one owner a library", broken);
}

#[test]
fn only_the_store_holds_sql() {
    let mut others = shipped_rust();
    others.retain(|source| !source.path.starts_with("src-tauri/store/"));
    let starts = ["SELECT ", "INSERT INTO ", "INSERT OR ", "DELETE FROM ", "CREATE TABLE ", "PRAGMA ", "UPDATE "];
    let sql = |line: &str| {
        starts.iter().any(|start| line.contains(&format!("\"{start}")))
            && (line.contains(" FROM ")
                || line.contains(" INTO ")
                || line.contains(" SET ")
                || line.contains("PRAGMA ")
                || line.contains("CREATE "))
    };
    none("SQL stands in the store", places(&others, sql));
}

#[test]
fn sync_and_outbox_meet_only_in_the_store() {
    let engine = sources("src-tauri/engine/src", &["rs"]);
    let in_room = |source: &Source, room: &str| {
        source.path.starts_with(&format!("src-tauri/engine/src/{room}/"))
            || source.path == format!("src-tauri/engine/src/{room}.rs")
    };
    let imports = |line: &str, room: &str| {
        line.contains(&format!("crate::{room}::")) || line.contains(&format!("super::super::{room}::"))
    };
    let mut broken = Vec::new();
    for (room, other) in [("sync", "outbox"), ("outbox", "sync")] {
        for source in engine.iter().filter(|source| in_room(source, room)) {
            broken.extend(
                source
                    .shipped()
                    .filter(|(_, line)| imports(line, other))
                    .map(|(at, line)| format!("{}:{at}: {line}", source.path)),
            );
        }
    }
    none("sync and outbox never import each other", broken);
}

#[test]
fn only_the_doors_know_command() {
    let mut engine = sources("src-tauri/engine/src", &["rs"]);
    // Automation acts through the door as a user would.
    engine.retain(|source| {
        let inside = source.path.trim_start_matches("src-tauri/engine/src/");
        !inside.starts_with("command") && !inside.starts_with("automation") && inside != "lib.rs"
    });
    none("nobody imports command but the doors", places(&engine, |line| line.contains("crate::command")));
}

#[test]
fn only_the_app_knows_tauri() {
    let mut others = shipped_rust();
    others.retain(|source| !source.path.starts_with("src-tauri/src/") && source.path != "src-tauri/build.rs");
    none("Tauri stays in src-tauri/src", places(&others, |line| line.contains("tauri::") || line.contains("tauri_")));
    let mut pages = ui();
    pages.retain(|source| !source.path.starts_with("ui/src/engine/"));
    none("Tauri's modules stay in ui/src/engine", places(&pages, |line| line.contains("@tauri-apps/")));
}

#[test]
fn nothing_that_ships_reads_the_machines_clock_past_the_model() {
    let mut others = shipped_rust();
    others.retain(|source| source.path != "src-tauri/model/src/time.rs");
    let reads = |line: &str| {
        line.contains("SystemTime::now") || line.contains("Timestamp::now()") || line.contains("Zoned::now()")
    };
    none("time comes from model::Clock", places(&others, reads));
}

/// The feature a module belongs to, and the features it imports.
fn feature_imports() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut graph: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for source in ui().iter().filter(|source| !source.is_test()) {
        let Some(inside) = source.path.strip_prefix("ui/src/features/") else {
            continue;
        };
        let Some((feature, _)) = inside.split_once('/') else {
            continue;
        };
        for (number, line) in source.shipped() {
            let Some((_, module)) = line.split_once("from \"").or_else(|| line.split_once("import(\"")) else {
                continue;
            };
            let module = module.split('"').next().unwrap_or_default();
            let depth = inside.matches('/').count();
            let other = module
                .strip_prefix(&"../".repeat(depth))
                .or_else(|| module.split_once("features/").map(|(_, rest)| rest))
                .and_then(|rest| rest.split('/').next())
                .filter(|other| root().join("ui/src/features").join(other).is_dir() && *other != feature);
            if let Some(other) = other {
                graph
                    .entry(feature.to_owned())
                    .or_default()
                    .insert(other.to_owned(), format!("{}:{number}", source.path));
            }
        }
    }
    graph
}

#[test]
fn features_import_only_down_the_nouns() {
    let graph = feature_imports();
    // What a thing is part of may know it; never the other way round.
    let up = [
        ("message", "thread"),
        ("record", "column"),
        ("record", "table"),
        ("column", "view"),
        ("column", "table"),
        ("view", "table"),
        ("table", "base"),
    ];
    let mut broken = Vec::new();
    for (part, whole) in up {
        if let Some(place) = graph.get(part).and_then(|imports| imports.get(whole)) {
            broken.push(format!("{place}: {part} imports {whole}"));
        }
    }
    for start in graph.keys() {
        let mut seen = BTreeSet::new();
        let mut next: Vec<_> = graph[start].keys().cloned().collect();
        while let Some(feature) = next.pop() {
            if feature == *start {
                broken.push(format!("{start} is part of a circle of imports"));
                break;
            }
            if seen.insert(feature.clone()) {
                next.extend(graph.get(&feature).into_iter().flat_map(BTreeMap::keys).cloned());
            }
        }
    }
    none("features import only down the nouns", broken);
}

#[test]
fn no_file_outgrows_its_room() {
    let mut all = sources("src-tauri", &["rs"]);
    all.extend(sources("tests", &["rs"]));
    all.extend(ui());
    let long =
        all.iter().map(|source| (source.text.lines().count(), &source.path)).filter(|(lines, _)| *lines > LINES_MAX);
    none("split by noun", long.map(|(lines, path)| format!("{path}: {lines} lines")).collect());
}

#[test]
fn every_module_says_what_it_is() {
    let mut all = shipped_rust();
    all.extend(sources("tests", &["rs"]));
    all.retain(|source| source.path != "src-tauri/build.rs" && !source.text.starts_with("//!"));
    none("a Rust module begins with its header", all.into_iter().map(|source| source.path).collect());
}

#[test]
fn nothing_that_ships_unwraps() {
    none("input is never unwrapped", places(&shipped_rust(), |line| line.contains(".unwrap()")));
}

#[test]
fn nothing_is_unfinished_or_switched_off() {
    let mut all = sources("src-tauri", &["rs"]);
    all.extend(sources("tests", &["rs"]));
    all.extend(ui());
    // Put together here, so that this file does not name them.
    let marks = [
        "TO DO",
        "FIX ME",
        "todo !(",
        "unimplemented !(",
        "#[ig nore",
        "it .skip(",
        "test .skip(",
        "describe .skip(",
        "it .only(",
        "test .only(",
        "describe .only(",
        "dbg !(",
    ]
    .map(|mark| mark.replace(' ', ""));
    let mut broken = Vec::new();
    for source in &all {
        for (number, line) in source.text.lines().enumerate() {
            if marks.iter().any(|mark| line.contains(mark.as_str())) {
                broken.push(format!("{}:{}: {}", source.path, number + 1, line.trim()));
            }
        }
    }
    none("what lands is whole", broken);
}

#[test]
fn the_project_speaks_of_itself_alone() {
    let mut all = Vec::new();
    walk(&root(), &[], &mut all);
    // Made by tools: lock files, and the file by which a second checkout finds its repository.
    let made = [".git", "Cargo.lock", "ui/package-lock.json"];
    all.retain(|source| !made.contains(&source.path.as_str()));
    let machine = ["/wo rk/", "/tmp/w t/", "bash_ jobs", "/far m/", "land .sh"].map(|word| word.replace(' ', ""));
    let mut broken = Vec::new();
    for source in &all {
        for (number, line) in source.text.lines().enumerate() {
            if machine.iter().any(|word| {
                line.match_indices(word.as_str()).any(|(at, _)| {
                    !line[..at].ends_with(|before: char| before.is_alphanumeric() || "_./-".contains(before))
                })
            }) {
                broken.push(format!("{}:{}: {}", source.path, number + 1, line.trim()));
            }
        }
    }
    none("no path of somebody's machine", broken);
}

#[test]
fn banned_crates_are_not_in_the_tree() {
    let deny = fs::read_to_string(root().join("deny.toml")).unwrap();
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let banned: Vec<_> =
        deny.lines().filter_map(|line| line.trim().strip_prefix("{ name = \"")?.split('"').next()).collect();
    assert!(banned.contains(&"openssl"), "deny.toml bans nothing: {banned:?}");
    none(
        "see deny.toml",
        banned.into_iter().filter(|name| lock.contains(&format!("\nname = \"{name}\"\n"))).map(str::to_owned).collect(),
    );
}

#[test]
fn every_workspace_dependency_says_what_it_is_for() {
    let text = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let table = text.split("[workspace.dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let silent = table.lines().filter(|line| {
        line.contains('=') && !line.contains("path = ") && !line.trim_start().starts_with('#') && !line.contains(" # ")
    });
    none("a dependency has a reason", silent.map(str::to_owned).collect());
}

/// Without these `npm ci` fails on every other system than the one the lock was made on.
#[test]
fn the_lock_of_the_window_knows_the_packages_of_every_system() {
    let lock = fs::read_to_string(root().join("ui/package-lock.json")).unwrap();
    let lock: serde_json::Value = serde_json::from_str(&lock).unwrap();
    let packages = lock["packages"].as_object().unwrap();
    let mut missing = BTreeSet::new();
    for (path, package) in packages {
        for name in package["optionalDependencies"].as_object().into_iter().flat_map(|optional| optional.keys()) {
            let places = [format!("node_modules/{name}"), format!("{path}/node_modules/{name}")];
            if !places.iter().any(|place| packages.contains_key(place)) {
                missing.insert(name.clone());
            }
        }
    }
    none("optional packages that the lock lacks", missing.into_iter().collect());
}

#[test]
fn colours_stand_in_the_tokens_alone() {
    let mut pages = ui();
    pages.retain(|source| !source.is_test());
    // A palette is data that users choose from and the store keeps.
    let colour = |line: &str| {
        !line.contains("Colors = [")
            && line.match_indices('#').any(|(at, _)| {
                let digits = line[at + 1..].chars().take_while(char::is_ascii_hexdigit).count();
                let quoted = line[..at].ends_with(['"', '\'', '[']);
                quoted && [3, 6, 8].contains(&digits)
            })
    };
    none("a colour is a role of design/tokens.css", places(&pages, colour));
}
