//! The development door: the real engine over HTTP on loopback, so that the UI can be looked at in a
//! browser (`npm --prefix ui run dev` forwards here). Not part of any release.
//!
//! `door-server PROFILE [PORT]` answers `POST /door` {name, args}, `GET /changes` (server-sent events)
//! and `GET /mail/...` as the window's scheme does.

use anyhow::{Context, Result};
use engine::part::PartRequest;
use engine::{Engine, Options};
use std::convert::Infallible;
use std::fmt::Write as _;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

#[tokio::main]
async fn main() -> Result<Infallible> {
    let mut arguments = std::env::args().skip(1);
    let profile = arguments.next().context("usage: door-server PROFILE [PORT]")?;
    let port: u16 = arguments.next().map_or(Ok(5184), |p| p.parse())?;
    let mut options = Options::new(profile);
    options.passphrase = std::env::var("TABELLA_PASSPHRASE").ok();
    let engine = Engine::open(options).await?;
    engine.start();
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    eprintln!("door on http://127.0.0.1:{port}");
    loop {
        let (stream, _) = listener.accept().await?;
        let engine = engine.clone();
        tokio::spawn(async move {
            if let Err(error) = serve(engine, stream).await {
                eprintln!("{error:#}");
            }
        });
    }
}

/// One request a connection: enough for development, and nothing to get wrong.
async fn serve(engine: Engine, stream: TcpStream) -> Result<()> {
    let mut stream = BufReader::new(stream);
    let mut first = String::new();
    stream.read_line(&mut first).await?;
    let mut words = first.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
    let (mut length, mut range) = (0, None);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 || line.trim().is_empty() {
            break;
        }
        match line.split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.trim().parse()?,
            Some((name, value)) if name.eq_ignore_ascii_case("range") => range = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let path = target.split('?').next().unwrap_or_default();
    match (method.as_str(), path) {
        ("POST", "/door") => {
            let call: serde_json::Value = serde_json::from_slice(&body)?;
            let name = call["name"].as_str().unwrap_or_default();
            let answer = match engine.call(name, call["args"].clone()).await {
                Ok(value) => serde_json::json!({ "ok": value }),
                Err(error) => serde_json::json!({ "error": error }),
            };
            respond(&mut stream, "200 OK", &["Content-Type: application/json".into()], answer.to_string().as_bytes())
                .await
        }
        ("GET", "/changes") => {
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\r\n")
                .await?;
            let mut changes = engine.changes();
            while let Ok(batch) = changes.recv().await {
                let mut event = String::from("data: ");
                event.push_str(&serde_json::to_string(&*batch)?);
                event.push_str("\n\n");
                stream.write_all(event.as_bytes()).await?;
                stream.flush().await?;
            }
            Ok(())
        }
        ("GET", path) if path.starts_with("/mail/") => {
            let request = PartRequest::parse(&target["/mail/".len()..]);
            let part = match request {
                Ok(request) => engine.part_in(request, range.as_deref()).await,
                Err(error) => Err(error),
            };
            match part {
                Ok(part) => {
                    let headers: Vec<String> =
                        part.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                    let status = match part.status {
                        206 => "206 Partial Content",
                        416 => "416 Range Not Satisfiable",
                        _ => "200 OK",
                    };
                    respond(&mut stream, status, &headers, &part.bytes).await
                }
                Err(error) => {
                    respond(
                        &mut stream,
                        "404 Not Found",
                        &["Content-Type: text/plain".into()],
                        error.message.as_bytes(),
                    )
                    .await
                }
            }
        }
        _ => respond(&mut stream, "404 Not Found", &[], b"").await,
    }
}

async fn respond(stream: &mut BufReader<TcpStream>, status: &str, headers: &[String], body: &[u8]) -> Result<()> {
    let mut head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n", body.len());
    for header in headers {
        write!(head, "{header}\r\n")?;
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    stream.flush().await?;
    Ok(())
}
