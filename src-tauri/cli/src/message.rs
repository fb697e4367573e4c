//! `tabella mailbox`, `message`, `thread` and `search`.

use crate::account;
use crate::args::{MailboxVerb, MessageVerb, ThreadVerb};
use crate::files;
use crate::output::{Output, columns, time};
use crate::profile::ask;
use crate::send::instant;
use engine::Engine;
use model::mailbox::{Mailbox, MailboxListArgs, MailboxRole};
use model::message::{
    ActArgs, FlagArgs, KeywordArgs, ListScope, MailResyncArgs, MailResynced, Message, MessageBody, MessageListArgs,
    MessagePage, MessageRef, MoveArgs, SaveAttachmentArgs, SavedFiles, Selection, SnoozeArgs, Thread, ThreadListArgs,
    ThreadPage, ThreadRef, Undoable,
};
use model::{AccountId, Error, MessageId, Result, ThreadId, say};
use serde::Serialize;
use std::io::Write as _;
use std::path::Path;

async fn account_id(engine: &Engine, wanted: Option<&str>) -> Result<Option<AccountId>> {
    Ok(match wanted {
        Some(name) => Some(account::find(engine, name).await?.id),
        None => None,
    })
}

async fn mailboxes(engine: &Engine, account_id: Option<AccountId>) -> Result<Vec<Mailbox>> {
    ask(engine, "mailbox.list", &MailboxListArgs { account_id }).await
}

async fn find_mailbox(engine: &Engine, account_id: Option<AccountId>, wanted: &str) -> Result<Mailbox> {
    let id = wanted.parse::<i64>().ok();
    let list = mailboxes(engine, account_id).await?;
    let mut found: Vec<Mailbox> = list
        .into_iter()
        .filter(|m| {
            m.path.eq_ignore_ascii_case(wanted) || Some(m.id.0) == id || m.role.is_some_and(|r| r.as_str() == wanted)
        })
        .collect();
    match found.len() {
        1 => found.pop().ok_or_else(|| Error::internal("one mailbox expected")),
        0 => Err(Error::not_found(say!("There is no mailbox “{wanted}”.", wanted))
            .remedy("`tabella mailbox list` shows them.")),
        _ => Err(Error::invalid(say!("Several accounts have a mailbox “{wanted}”.", wanted))
            .remedy("Name the account too, or the mailbox's id.")),
    }
}

/// `tabella mailbox`
pub async fn mailbox(engine: &Engine, out: &Output, verb: MailboxVerb) -> Result<()> {
    let MailboxVerb::List { account } = verb;
    let list = mailboxes(engine, account_id(engine, account.as_deref()).await?).await?;
    out.show(&list, |list| {
        let mut rows = vec![["ID", "ACCOUNT", "PATH", "ROLE", "MESSAGES", "UNREAD"].map(String::from).to_vec()];
        rows.extend(list.iter().map(|m| {
            vec![
                m.id.to_string(),
                m.account_id.to_string(),
                m.path.clone(),
                m.role.map(MailboxRole::as_str).unwrap_or_default().to_owned(),
                m.messages.to_string(),
                m.unread.to_string(),
            ]
        }));
        columns(&rows)
    })
}

fn table(rows: &[Message]) -> String {
    let mut lines = vec![["ID", "DATE", "FROM", "SUBJECT"].map(String::from).to_vec()];
    lines.extend(rows.iter().map(|m| {
        let from = if m.from.name.is_empty() { &m.from.email } else { &m.from.name };
        vec![m.id.to_string(), time(m.date_at), from.clone(), m.subject.clone()]
    }));
    columns(&lines)
}

/// A message as `message show` gives it.
#[derive(Serialize)]
struct Shown {
    id: MessageId,
    subject: String,
    from: model::message::Address,
    to: Vec<model::message::Address>,
    cc: Vec<model::message::Address>,
    date: String,
    message_id: String,
    text: String,
    html: Option<String>,
    attachments: Vec<model::message::Attachment>,
    mailboxes: Vec<String>,
    flags: Vec<&'static str>,
    keywords: Vec<String>,
}

fn flag_names(message: &Message) -> Vec<&'static str> {
    let f = message.flags;
    [(f.seen, "seen"), (f.flagged, "flagged"), (f.answered, "answered"), (f.forwarded, "forwarded"), (f.draft, "draft")]
        .into_iter()
        .filter_map(|(set, name)| set.then_some(name))
        .collect()
}

/// `tabella message`
pub async fn run(engine: &Engine, out: &Output, verb: MessageVerb) -> Result<()> {
    match verb {
        MessageVerb::List { account, mailbox, limit, count } => {
            let account_id = account_id(engine, account.as_deref()).await?;
            let mailbox_id = match mailbox {
                Some(name) => Some(find_mailbox(engine, account_id, &name).await?.id),
                None => None,
            };
            let scope = ListScope { account_id, mailbox_id, ..ListScope::default() };
            list(engine, out, scope, limit, count).await
        }
        MessageVerb::Show { id, text, html, raw, headers } => {
            let id = MessageId(id);
            if raw {
                let bytes = engine.raw(id).await?;
                return std::io::stdout().write_all(&bytes).map_err(|e| Error::internal(&e));
            }
            let message: Message = ask(engine, "message.get", &MessageRef { id }).await?;
            let body: MessageBody = ask(engine, "message.body", &MessageRef { id }).await?;
            let only = if text {
                Some(body.text.clone())
            } else if html {
                Some(body.html.clone().unwrap_or_default())
            } else if headers {
                Some(body.headers.clone())
            } else {
                None
            };
            if let Some(only) = only {
                return out.show(&only, Clone::clone);
            }
            let names = mailboxes(engine, Some(message.account_id)).await?;
            let shown = Shown {
                id,
                flags: flag_names(&message),
                keywords: message.keywords.clone(),
                mailboxes: names.into_iter().filter(|m| message.mailbox_ids.contains(&m.id)).map(|m| m.path).collect(),
                subject: message.subject,
                from: message.from,
                to: message.to,
                cc: message.cc,
                date: message.date_at.to_rfc3339(),
                message_id: message.message_id,
                text: body.text,
                html: body.html,
                attachments: message.attachments,
            };
            out.show(&shown, |s| {
                let people = |list: &[model::message::Address]| {
                    list.iter().map(|a| a.email.clone()).collect::<Vec<_>>().join(", ")
                };
                format!(
                    "Subject: {}\nFrom: {} <{}>\nTo: {}\nDate: {}\nIn: {}\n\n{}",
                    s.subject,
                    s.from.name,
                    s.from.email,
                    people(&s.to),
                    s.date,
                    s.mailboxes.join(", "),
                    s.text
                )
            })
        }
        MessageVerb::Attachments { id, save } => {
            let id = MessageId(id);
            if let Some(folder) = save {
                let args = SaveAttachmentArgs { id, part: None, path: folder.display().to_string() };
                let saved: SavedFiles = ask(engine, "message.save_attachment", &args).await?;
                return out.show(&saved, |s| s.paths.join("\n"));
            }
            let message: Message = ask(engine, "message.get", &MessageRef { id }).await?;
            out.show(&message.attachments, |list| {
                let mut rows = vec![["PART", "NAME", "TYPE", "BYTES"].map(String::from).to_vec()];
                rows.extend(
                    list.iter()
                        .map(|a| vec![a.part.to_string(), a.filename.clone(), a.mime.clone(), a.size.to_string()]),
                );
                columns(&rows)
            })
        }
        MessageVerb::Flag { ids_and_flags } => {
            let mut args = FlagArgs::default();
            for word in ids_and_flags {
                if let Ok(id) = word.parse() {
                    args.selection.messages.push(MessageId(id));
                    continue;
                }
                let (value, name) = match (word.strip_prefix('+'), word.strip_prefix('-')) {
                    (Some(name), _) => (true, name),
                    (_, Some(name)) => (false, name),
                    _ => return Err(Error::invalid(say!("“{word}” is neither an id nor a flag like +seen.", word))),
                };
                match name {
                    "seen" => args.seen = Some(value),
                    "flagged" => args.flagged = Some(value),
                    "answered" => args.answered = Some(value),
                    _ => {
                        return Err(Error::invalid(say!("There is no flag “{name}”.", name))
                            .remedy("Flags are seen, flagged, answered."));
                    }
                }
            }
            act(engine, out, "message.flag", &args).await
        }
        MessageVerb::Keyword { ids, add, remove } => {
            let selection = Selection { messages: ids.into_iter().map(MessageId).collect(), ..Selection::default() };
            act(engine, out, "message.keyword", &KeywordArgs { selection, add, remove }).await
        }
        MessageVerb::Move { ids_and_mailbox } => {
            let Some((name, ids)) = ids_and_mailbox.split_last() else {
                return Err(Error::invalid("Name the messages and the mailbox."));
            };
            let ids = ids
                .iter()
                .map(|id| {
                    id.parse().map(MessageId).map_err(|_| Error::invalid(say!("“{id}” is not a message id.", id)))
                })
                .collect::<Result<Vec<_>>>()?;
            let Some(first) = ids.first() else { return Err(Error::invalid("Name at least one message.")) };
            let message: Message = ask(engine, "message.get", &MessageRef { id: *first }).await?;
            let mailbox_id = find_mailbox(engine, Some(message.account_id), name).await?.id;
            let selection = Selection { messages: ids, ..Selection::default() };
            act(engine, out, "message.move_to", &MoveArgs { selection, mailbox_id }).await
        }
        MessageVerb::Archive { ids } => act(engine, out, "message.archive", &act_args(ids)).await,
        MessageVerb::Delete { ids } => act(engine, out, "message.delete", &act_args(ids)).await,
        MessageVerb::Resync { ids } => {
            let selection = Some(act_args(ids).selection);
            let args = MailResyncArgs { scope: ListScope::default(), selection, ticket: None };
            let done: MailResynced = ask(engine, "message.resync", &args).await?;
            out.show(&done, |d| {
                format!(
                    "{} compared, {} fetched again, {} gone, {} on no server",
                    d.messages, d.mended, d.gone, d.local
                )
            })
        }
        MessageVerb::Import { account, mailbox, path } => {
            let account_id = account::find(engine, &account).await?.id;
            let mailbox = find_mailbox(engine, Some(account_id), &mailbox).await?;
            files::import(engine, out, mailbox.id, &path).await
        }
        MessageVerb::Export { account, mailbox, search, format, path } => {
            let account_id = account_id(engine, account.as_deref()).await?;
            let mailbox_id = match mailbox {
                Some(name) => Some(find_mailbox(engine, account_id, &name).await?.id),
                None => None,
            };
            let scope = ListScope { account_id, mailbox_id, query: search, ..ListScope::default() };
            files::export(engine, out, scope, format, &path).await
        }
    }
}

fn act_args(ids: Vec<i64>) -> ActArgs {
    let messages = ids.into_iter().map(MessageId).collect();
    ActArgs { selection: Selection { messages, ..Selection::default() } }
}

fn conversations(ids: Vec<i64>) -> Selection {
    Selection { threads: ids.into_iter().map(ThreadId).collect(), ..Selection::default() }
}

/// Acts here, then on the server where it can be reached; what can't be now stays owed.
async fn act<A: Serialize>(engine: &Engine, out: &Output, name: &str, args: &A) -> Result<()> {
    let done: Undoable = ask(engine, name, args).await?;
    engine.replay_operations().await;
    out.show(&done, |d| format!("{} message(s)", d.messages))
}

async fn list(engine: &Engine, out: &Output, scope: ListScope, limit: u32, count: bool) -> Result<()> {
    let limit = if count { 0 } else { limit };
    let args = MessageListArgs { scope, limit, ..MessageListArgs::default() };
    show(out, &ask(engine, "message.list", &args).await?, count)
}

fn show(out: &Output, page: &MessagePage, count: bool) -> Result<()> {
    if count {
        return out.show(&page.total, ToString::to_string);
    }
    out.show(&page.rows, |rows| table(rows))
}

/// `tabella search`
pub fn search(profile: &Path, out: &Output, query: &str, limit: u32, count: bool) -> Result<()> {
    let limit = if count { 0 } else { limit };
    let scope = ListScope { query: Some(query.to_owned()), ..ListScope::default() };
    let args = MessageListArgs { scope, limit, ..MessageListArgs::default() };
    show(out, &engine::question::messages(profile, &args)?, count)
}

/// `tabella thread`
pub async fn thread(engine: &Engine, out: &Output, verb: ThreadVerb) -> Result<()> {
    match verb {
        ThreadVerb::List { account, limit } => {
            let account_id = account_id(engine, account.as_deref()).await?;
            let scope = ListScope { account_id, role: Some(MailboxRole::Inbox), ..ListScope::default() };
            let args = ThreadListArgs { scope, limit, ..ThreadListArgs::default() };
            let page: ThreadPage = ask(engine, "thread.list", &args).await?;
            out.show(&page.rows, |rows| {
                let mut lines = vec![["ID", "DATE", "MESSAGES", "SUBJECT"].map(String::from).to_vec()];
                lines.extend(
                    rows.iter()
                        .map(|t| vec![t.id.to_string(), time(t.last_at), t.messages.to_string(), t.subject.clone()]),
                );
                columns(&lines)
            })
        }
        ThreadVerb::Show { id } => {
            let thread: Thread = ask(engine, "thread.get", &ThreadRef { id: ThreadId(id) }).await?;
            out.show(&thread, |t| table(&t.messages))
        }
        ThreadVerb::Snooze { ids, until } => {
            let args = SnoozeArgs { selection: conversations(ids), until: instant(&until)? };
            act(engine, out, "thread.snooze", &args).await
        }
        ThreadVerb::Unsnooze { ids } => {
            act(engine, out, "thread.unsnooze", &ActArgs { selection: conversations(ids) }).await
        }
    }
}
