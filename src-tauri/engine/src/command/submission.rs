//! Commands of the noun `submission`.

use crate::Engine;
use crate::outbox::ledger::{self, Freeze};
use crate::outbox::{check, letter};
use mail::compose::{Outgoing, Part};
use model::account::{Account, AccountScope, Identity};
use model::draft::DraftKind;
use model::message::Address;
use model::setting::Nothing;
use model::submission::{
    Cancelled, ComposeArgs, SendArgs, SettleArgs, Submission, SubmissionListArgs, SubmissionPage, SubmissionRef,
};
use model::{Error, ErrorCode, Result, SubmissionId, Timestamp, say};

/// A letter can be ordered at most this far ahead.
const SEND_AHEAD_SECONDS: i64 = 5 * 366 * 24 * 3600;

/// `submission.send`
pub(crate) async fn send(engine: &Engine, args: SendArgs) -> Result<Submission> {
    let material = letter::material(engine, args.draft_id).await?;
    let now = engine.store().now();
    let send_at = if let Some(at) = args.send_at {
        future(at, now)?
    } else {
        let settings = engine.store().read(|r| store::setting::get(r)).await?;
        now.plus_seconds(i64::from(settings.undo_seconds))
    };
    let warnings = check::check(engine, material.clone()).await?;
    if let Some(error) = check::forbidding(&warnings) {
        return Err(error);
    }
    let message_id = letter::new_message_id(&material.sender.email)?;
    let draft = &material.draft;
    let original = draft.original.and_then(|id| {
        let kind = match draft.kind {
            DraftKind::New => return None,
            DraftKind::Reply => "reply",
            DraftKind::ReplyAll => "reply_all",
            DraftKind::Forward => "forward",
        };
        Some((id, kind))
    });
    let freeze = Freeze {
        account: draft.account_id,
        outgoing: letter::outgoing(&material, message_id, send_at),
        send_at,
        draft: Some(args.draft_id),
        original,
        provider_thread: material.ancestry.provider_thread.clone(),
    };
    let id = ledger::freeze(engine, freeze).await?;
    fetch(engine, id).await
}

/// `submission.compose`
pub(crate) async fn compose(engine: &Engine, args: ComposeArgs) -> Result<Submission> {
    let accounts = engine.store().read(|r| store::account::list(r)).await?;
    let (account, identity) = sender(&accounts, &args.from)?;
    let now = engine.store().now();
    let send_at = args.send_at.map_or(Ok(now), |at| future(at, now))?;
    let mut attachments = Vec::with_capacity(args.attach.len());
    for path in args.attach {
        let (filename, mime, bytes) = super::draft::read_file(path).await?;
        attachments.push(Part { filename, mime, content_id: None, bytes });
    }
    let text = args.text.unwrap_or_else(|| args.html.as_deref().map(mail::text::html_to_text).unwrap_or_default());
    let outgoing = Outgoing {
        from: Address { name: identity.name.clone(), email: identity.email.clone() },
        reply_to: addresses(&args.reply_to)?,
        to: addresses(&args.to)?,
        cc: addresses(&args.cc)?,
        bcc: addresses(&args.bcc)?,
        subject: args.subject,
        date: send_at,
        message_id: letter::new_message_id(&identity.email)?,
        html: args.html.map(|html| letter::document(&html)),
        text,
        attachments,
        ..Outgoing::default()
    };
    let size = outgoing.attachments.iter().map(|a| a.bytes.len() as u64).sum::<u64>() * 4 / 3;
    if let Some(limit) = check::size_limit(engine, account.id).await?
        && size > limit
    {
        return Err(check::too_large(size, limit));
    }
    let freeze = Freeze { account: account.id, outgoing, send_at, draft: None, original: None, provider_thread: None };
    let id = ledger::freeze(engine, freeze).await?;
    fetch(engine, id).await
}

/// `submission.list`
pub(crate) async fn list(engine: &Engine, args: SubmissionListArgs) -> Result<SubmissionPage> {
    engine.store().read(move |r| store::submission::list(r, &args)).await
}

/// `submission.get`
pub(crate) async fn get(engine: &Engine, args: SubmissionRef) -> Result<Submission> {
    fetch(engine, args.id).await
}

/// `submission.cancel`
pub(crate) async fn cancel(engine: &Engine, args: SubmissionRef) -> Result<Cancelled> {
    let draft_id = engine.store().write_durable(move |w| store::submission::cancel(w, args.id)).await?;
    Ok(Cancelled { draft_id })
}

/// `submission.retry`
pub(crate) async fn retry(engine: &Engine, args: SubmissionRef) -> Result<Submission> {
    engine
        .store()
        .write_durable(move |w| {
            store::submission::retry(w, args.id)?;
            store::submission::get(w, args.id)
        })
        .await
}

/// `submission.settle`
pub(crate) async fn settle(engine: &Engine, args: SettleArgs) -> Result<Submission> {
    engine
        .store()
        .write_durable(move |w| {
            store::submission::settle(w, args.id, args.sent)?;
            store::submission::get(w, args.id)
        })
        .await
}

/// `submission.pause`
pub(crate) async fn pause(engine: &Engine, args: AccountScope) -> Result<Nothing> {
    engine
        .store()
        .write_durable(move |w| {
            args.id.map(|id| store::account::get(w, id)).transpose()?;
            store::submission::pause(w, args.id)
        })
        .await?;
    Ok(Nothing {})
}

/// `submission.resume`
pub(crate) async fn resume(engine: &Engine, args: AccountScope) -> Result<Nothing> {
    engine
        .store()
        .write_durable(move |w| {
            args.id.map(|id| store::account::get(w, id)).transpose()?;
            store::submission::resume(w, args.id)
        })
        .await?;
    Ok(Nothing {})
}

async fn fetch(engine: &Engine, id: SubmissionId) -> Result<Submission> {
    engine.store().read(move |r| store::submission::get(r, id)).await
}

fn future(at: Timestamp, now: Timestamp) -> Result<Timestamp> {
    if at.0 > now.plus_seconds(SEND_AHEAD_SECONDS).0 {
        return Err(Error::invalid("A letter can be sent at most five years ahead."));
    }
    Ok(Timestamp(at.0.max(now.0)))
}

/// The account and identity of an address or an account's name.
fn sender<'a>(accounts: &'a [Account], from: &str) -> Result<(&'a Account, &'a Identity)> {
    let wanted = mail::address::normal(&mail::address::parse_one(from).email);
    let of_address = accounts
        .iter()
        .flat_map(|a| a.identities.iter().map(move |i| (a, i)))
        .find(|(_, i)| mail::address::normal(&i.email) == wanted);
    let of_name = || {
        accounts
            .iter()
            .find(|a| a.name.eq_ignore_ascii_case(from.trim()))
            .and_then(|a| a.identities.iter().find(|i| i.main).map(|i| (a, i)))
    };
    of_address.or_else(of_name).ok_or_else(|| {
        Error::new(ErrorCode::NotFound, say!("No account or sender is called “{from}”.", from))
            .remedy("`tabella account list` shows them.")
    })
}

fn addresses(typed: &[String]) -> Result<Vec<Address>> {
    let mut list = Vec::new();
    for text in typed {
        for address in mail::address::parse_list(text) {
            if !mail::address::validate(&address.email) {
                return Err(Error::invalid(say!("“{text}” is not a mail address.", text = address.email))
                    .remedy("Correct it or take it out."));
            }
            list.push(address);
        }
    }
    Ok(list)
}
