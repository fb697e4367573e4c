//! Bodies, attachments and images over the scheme `mail:` (`http://mail.localhost` on Windows).
//!
//! Owns: carrying an answer of the engine to the web view, headers and all, and what the window may
//! navigate to. A body comes with its own policy: an opaque origin, no sources but this scheme's
//! pictures, and one script of ours known by a nonce.

use engine::Engine;
use engine::part::PartRequest;
use tauri::Url;
use tauri::http::{Request, Response, StatusCode, header};

/// Answers one request of the scheme.
pub async fn answer(engine: &Engine, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let address = request.uri().path_and_query().map_or("/", |p| p.as_str());
    let part = match PartRequest::parse(address) {
        Ok(wanted) => {
            let range = request.headers().get(header::RANGE).and_then(|range| range.to_str().ok());
            engine.part_in(wanted, range).await
        }
        Err(error) => Err(error),
    };
    match part {
        Ok(part) => {
            let mut response = Response::builder().status(part.status);
            for (name, value) in &part.headers {
                response = response.header(name, value);
            }
            response.body(part.bytes).unwrap_or_default()
        }
        Err(error) => Response::builder()
            .status(if error.code == model::ErrorCode::NotFound {
                StatusCode::NOT_FOUND
            } else {
                StatusCode::INTERNAL_SERVER_ERROR
            })
            .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
            .header(header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'")
            .body(error.message.into_bytes())
            .unwrap_or_default(),
    }
}

/// The window shows our own page and mail frames; nothing else is ever navigated to.
pub fn may_navigate(url: &Url) -> bool {
    match url.scheme() {
        "tauri" | "mail" | "about" => true,
        "http" | "https" => {
            let host = url.host_str().unwrap_or_default();
            host == "tauri.localhost"
                || host == "mail.localhost"
                || (cfg!(debug_assertions) && url.port() == Some(5183))
        }
        _ => false,
    }
}
