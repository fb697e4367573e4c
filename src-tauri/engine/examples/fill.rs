//! Fills a profile from a folder of raw messages, as a first sync would, and tells what it cost:
//! `cargo run --release -p engine --example fill -- PROFILE FOLDER [SEARCH ...]`.

use async_trait::async_trait;
use engine::{Engine, Options};
use model::account::AccountKind;
use model::mailbox::MailboxRole;
use model::message::Flags;
use model::{Result, Timestamp};
use remote::contract::{
    Act, ActDone, Arrived, Batch, Content, Local, Progress, PullScope, Remote, RemoteKey, RemoteMailbox, Woken,
};
use std::path::{Path, PathBuf};
use std::time::Instant;
use tokio_util::sync::CancellationToken;

const BATCH: usize = 200;

struct Folder(Vec<PathBuf>);

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.parent().is_some_and(|p| p.ends_with("cur") || p.ends_with("new")) {
            files.push(path);
        }
    }
}

#[async_trait]
impl Remote for Folder {
    async fn pull(&self, local: &dyn Local, _: &PullScope, _: &CancellationToken) -> Result<()> {
        let mailbox = RemoteMailbox {
            key: "INBOX".into(),
            path: "INBOX".into(),
            role: Some(MailboxRole::Inbox),
            selectable: true,
            messages: Some(self.0.len() as u32),
        };
        local.mailboxes(vec![mailbox]).await?;
        for (at, files) in self.0.chunks(BATCH).enumerate() {
            let mut batch = Batch { mailbox: "INBOX".into(), cursor: Some(at.to_string()), ..Batch::default() };
            batch.progress = Some(Progress { done: (at * BATCH) as u32, total: self.0.len() as u32 });
            for (n, file) in files.iter().enumerate() {
                let raw = std::fs::read(file).map_err(|e| model::Error::internal(&e))?;
                let uid = (self.0.len() - at * BATCH - n).to_string();
                batch.arrived.push(Arrived {
                    key: uid,
                    mailboxes: vec!["INBOX".into()],
                    flags: Flags { seen: n % 7 != 0, flagged: n % 50 == 0, ..Flags::default() },
                    received_at: Timestamp(1_795_363_200_000 - ((at * BATCH + n) as i64) * 60_000),
                    size: raw.len() as u64,
                    content: Content::Whole(raw),
                    provider_thread: None,
                });
            }
            local.apply(batch).await?;
        }
        Ok(())
    }
    async fn wait(&self, _: u32, _: &CancellationToken) -> Result<Woken> {
        Ok(Woken::Elapsed)
    }
    async fn act(&self, _: &Act, _: &CancellationToken) -> Result<ActDone> {
        Ok(ActDone::default())
    }
    async fn fetch(&self, _: &str, _: &str, _: &CancellationToken) -> Result<Option<Vec<u8>>> {
        Ok(None)
    }
    async fn find(&self, _: &str, _: &str, _: &CancellationToken) -> Result<Vec<RemoteKey>> {
        Ok(Vec::new())
    }
    async fn close(&self) {}
}

fn proc_value(file: &str, name: &str) -> String {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines().find(|l| l.starts_with(name)).unwrap_or_default().to_owned()
}

/// User and system time of this process, in clock ticks of 10 ms.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks: f64 = stat
        .rsplit(") ")
        .next()
        .unwrap_or_default()
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|t| t.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let (profile, folder) = (args.next().unwrap_or_default(), args.next().unwrap_or_default());
    let engine = Engine::open(Options::new(&profile)).await?;
    let account = engine
        .store()
        .write(|w| {
            store::account::insert(
                w,
                &store::account::NewAccount {
                    name: "fill".into(),
                    email: "user1@lab.test".into(),
                    kind: AccountKind::Imap,
                    sender_name: String::new(),
                    imap: None,
                    smtp: None,
                    ca_pem: None,
                    since_at: None,
                    sign_in: None,
                    bulk_imap: false,
                },
            )
        })
        .await;
    if let Ok(account) = account {
        let mut files = Vec::new();
        collect(Path::new(&folder), &mut files);
        files.sort();
        let began = Instant::now();
        let report =
            engine::sync::round_over(&engine, account, &Folder(files), false, &CancellationToken::new()).await?;
        println!("{report:?}: {:.1} s wall, {:.1} s CPU", began.elapsed().as_secs_f64(), cpu_seconds());
        println!("{}", proc_value("/proc/self/status", "VmHWM"));
        for file in ["mail.db", "mail.db-wal", "content.db", "content.db-wal"] {
            let size = std::fs::metadata(Path::new(&profile).join(file)).map_or(0, |m| m.len());
            println!("{file}: {} MB", size / 1_000_000);
        }
    }
    println!("{:?}", engine.store().read(|r| store::mailbox::check_counts(r)).await?);
    for query in args {
        for round in 0..2 {
            let began = Instant::now();
            let args = serde_json::json!({"scope": {"query": query}, "limit": 50});
            let page = engine.call("thread.list", args).await?;
            println!("{query} {round}: {} in {:.1} ms", page["total"], began.elapsed().as_secs_f64() * 1000.0);
        }
    }
    Ok(())
}
