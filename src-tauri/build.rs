//! Tauri's build step, run from a scratch folder so that it writes nothing into the repository.

use std::path::{Path, PathBuf};

/// The app's own commands; each needs an `allow-...` permission in capabilities/main.json.
const COMMANDS: &[&str] = &["door", "watch", "opened"];

fn main() {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets this"));
    let scratch = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets this")).join("tauri-build");
    std::fs::create_dir_all(&scratch).expect("the build folder is writable");
    std::fs::copy(root.join("Cargo.toml"), scratch.join("Cargo.toml")).expect("the manifest is there");

    // `generate_context!` needs the folder; a plain `cargo build` before `npm run build` gets a page that says so.
    let page = root.join("ui/dist/index.html");
    if !page.exists() {
        std::fs::create_dir_all(root.join("ui/dist")).expect("ui is writable");
        std::fs::write(&page, "<p>Run <code>make run</code>: it builds this page.</p>").expect("ui is writable");
    }
    for watched in ["ui/dist", "src-tauri/capabilities", "Cargo.toml"] {
        println!("cargo:rerun-if-changed={}", root.join(watched).display());
    }

    std::env::set_current_dir(&scratch).expect("the build folder exists");
    let attributes = tauri_build::Attributes::new()
        .config_path(root.join("tauri.conf.json"))
        .capabilities_path_pattern(leak(&root.join("src-tauri/capabilities/**/*.json")))
        .app_manifest(
            tauri_build::AppManifest::new()
                .commands(COMMANDS)
                // Without a pattern of its own tauri-build watches a relative path and rebuilds every time.
                .permissions_path_pattern(leak(&root.join("src-tauri/permissions/**/*.toml"))),
        );
    tauri_build::try_build(attributes).expect("tauri.conf.json and the capabilities are right");
}

fn leak(path: &Path) -> &'static str {
    Box::leak(path.display().to_string().into_boxed_str())
}
