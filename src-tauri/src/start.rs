//! Before the window: profile, log, and the graphics of machines without a GPU.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// True under WebDriver: no single instance, no remembered window place.
pub fn automated() -> bool {
    std::env::var_os("TAURI_AUTOMATION").is_some()
}

/// The profile's folder: `--profile DIR`, TABELLA_PROFILE, or the OS's data folder.
pub fn profile() -> PathBuf {
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--profile"
            && let Some(folder) = arguments.next()
        {
            return folder.into();
        }
    }
    match std::env::var_os("TABELLA_PROFILE").filter(|folder| !folder.is_empty()) {
        Some(folder) => folder.into(),
        None => engine::default_profile(),
    }
}

/// Writes the log to `profile/log/tabella.log`, the last one kept beside it.
pub fn log_to(profile: &Path) {
    let folder = profile.join("log");
    let file = folder.join("tabella.log");
    let opened = std::fs::create_dir_all(&folder).and_then(|()| {
        if file.exists() {
            std::fs::rename(&file, folder.join("tabella.old.log"))?;
        }
        std::fs::File::create(&file)
    });
    if let Ok(opened) = opened {
        let filter = tracing_subscriber::EnvFilter::try_from_env("TABELLA_LOG")
            .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
        let _ = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_ansi(false)
            .with_writer(std::sync::Mutex::new(opened))
            .try_init();
    }
}

/// Says why the window can't be shown.
pub fn give_up(error: &dyn std::fmt::Display) -> ExitCode {
    eprintln!("Tabella can't start: {error}");
    ExitCode::FAILURE
}

/// On Linux without a GPU, WebKitGTK's DMABUF renderer is 2.5 to 4 times slower than drawing in
/// memory. It reads its switch once, from the environment, so the program starts itself anew with it.
#[cfg(target_os = "linux")]
pub fn restart_without_gpu() -> Option<ExitCode> {
    use std::os::unix::process::CommandExt;
    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    let gpu = std::fs::read_dir("/dev/dri")
        .is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("renderD")));
    if gpu || std::env::var_os(SWITCH).is_some() {
        return None;
    }
    let program = std::env::current_exe().ok()?;
    let error = std::process::Command::new(program).args(std::env::args_os().skip(1)).env(SWITCH, "1").exec();
    Some(give_up(&error))
}

/// Other systems draw with their own web views.
#[cfg(not(target_os = "linux"))]
pub fn restart_without_gpu() -> Option<ExitCode> {
    None
}
