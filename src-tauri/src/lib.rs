//! The app: the only Rust that knows Tauri.
//!
//! Owns: the window, the one command into the door and the changes out of it ([`bridge`]), the
//! scheme that serves bodies and images ([`part`]), and what a desktop expects ([`start`],
//! notifications, `mailto:`).
//! Refuses: any decision about mail or bases. The engine makes them, behind `Engine::call`.

mod bridge;
mod notify;
mod part;
mod start;

use engine::Engine;
use std::process::ExitCode;
use tauri::webview::NewWindowResponse;
use tauri::{Manager, RunEvent, WebviewWindowBuilder};
use tauri_plugin_opener::OpenerExt;

/// Runs the window until it is closed.
pub fn run() -> ExitCode {
    if let Some(code) = start::restart_without_gpu() {
        return code;
    }
    let runtime =
        match tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(engine::STACK_BYTES).build() {
            Ok(runtime) => runtime,
            Err(error) => return start::give_up(&error),
        };
    tauri::async_runtime::set(runtime.handle().clone());
    let profile = start::profile();
    start::log_to(&profile);
    let engine = match runtime.block_on(Engine::open(engine::Options::new(&profile))) {
        Ok(engine) => engine,
        Err(error) => return start::give_up(&error),
    };
    let app = match build(engine.clone()) {
        Ok(app) => app,
        Err(error) => return start::give_up(&error),
    };
    {
        let _inside = runtime.enter();
        engine.start();
    }
    app.run(move |_app, event| {
        if let RunEvent::Exit = event {
            runtime.block_on(engine.stop());
        }
    });
    ExitCode::SUCCESS
}

fn build(engine: Engine) -> tauri::Result<tauri::App> {
    let parts = engine.clone();
    let mut builder = tauri::Builder::default();
    if !start::automated() {
        // First of all plugins: a second start hands over what it is to open and ends.
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, arguments, folder| {
            bridge::open_arguments(app, &arguments, folder.as_ref());
        }));
        builder = builder.plugin(tauri_plugin_window_state::Builder::default().build());
    }
    builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_opener::init())
        .manage(engine)
        .manage(bridge::Opened::from_arguments())
        .register_asynchronous_uri_scheme_protocol("mail", move |_context, request, responder| {
            let engine = parts.clone();
            tauri::async_runtime::spawn(async move {
                responder.respond(part::answer(&engine, &request).await);
            });
        })
        .invoke_handler(tauri::generate_handler![bridge::door, bridge::watch, bridge::opened])
        .setup(|app| {
            let config = app.config().app.windows.first().cloned().ok_or("tauri.conf.json has no window")?;
            let opener = app.handle().clone();
            WebviewWindowBuilder::from_config(app.handle(), &config)?
                // A link in a mail asks for a new window: it opens in the system's browser instead.
                .on_new_window(move |url, _features| {
                    if matches!(url.scheme(), "http" | "https") {
                        let _ = opener.opener().open_url(url.as_str(), None::<&str>);
                    }
                    NewWindowResponse::Deny
                })
                .on_navigation(part::may_navigate)
                .build()?;
            notify::watch(app.handle().clone(), app.state::<Engine>().inner().clone());
            Ok(())
        })
        .build(tauri::generate_context!())
}
