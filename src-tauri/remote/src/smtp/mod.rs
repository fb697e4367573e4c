//! SMTP submission (RFC 5321, 6409): one letter, every recipient with its own result, at most once.
//!
//! Owns: the dialogue and the moment that can't be taken back: the final dot, written only after the
//! ledger has noted it. Refuses: retrying; what is uncertain is told as uncertain.
//! Look next: `dialogue` for the conversation, `reply` for what answers mean.

mod dialogue;
mod reply;

pub(crate) use dialogue::Dialogue;

use crate::access::Access;
use crate::contract::{Letter, PhaseLog, RecipientOutcome, Submit, SubmitError, Submitted};
use async_trait::async_trait;
use dialogue::limited;
use lettre::Address;
use lettre::transport::smtp::commands::{Mail, Rcpt};
use lettre::transport::smtp::extension::{MailBodyParameter, MailParameter};
use model::{Error, ErrorCode, Result, say};
use reply::{Reply, refusal};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// For the answer to the final dot (RFC 5321, section 4.5.3.2.6).
const FINAL: Duration = Duration::from_mins(10);
/// How long that answer is still waited for after a cancel: without it nobody knows.
const FINAL_AFTER_CANCEL: Duration = Duration::from_secs(5);
/// A connection unused for longer is not used again.
const KEEP: Duration = Duration::from_secs(50);
/// Recipients sent ahead of their replies.
const AHEAD: usize = 50;

type Outcome<T> = std::result::Result<T, SubmitError>;

/// The outgoing server of an account.
pub struct SmtpSubmit {
    access: Access,
    files_sent_copy: bool,
    open: Mutex<Option<(Dialogue, Instant)>>,
}

impl SmtpSubmit {
    /// The adapter of an account; connects when it is first needed.
    pub fn new(access: Access) -> Self {
        let files_sent_copy = crate::discover::files_sent_copy(&access.server.host);
        Self { access, files_sent_copy, open: Mutex::new(None) }
    }

    async fn transfer(
        &self,
        dialogue: &mut Dialogue,
        letter: &Letter,
        log: &dyn PhaseLog,
        cancel: &CancellationToken,
    ) -> Outcome<Submitted> {
        let host = dialogue.host.clone();
        let envelope =
            limited(&host, Duration::from_mins(15), cancel, async { Ok(self.envelope(dialogue, letter).await) });
        let mut outcomes = envelope.await.map_err(SubmitError::Before)??;
        let body = dot_stuffed(&letter.bytes);
        let data = limited(&host, Duration::from_hours(2), cancel, async {
            let reply = dialogue.command("DATA").await?;
            if reply.code == 354 {
                dialogue.write_raw(&body).await?;
            }
            Ok(reply)
        });
        let reply = data.await.map_err(SubmitError::Before)?;
        if reply.code != 354 {
            settle_all(&mut outcomes, &reply);
            return Err(SubmitError::Refused(refusal(&host, &reply), submitted(outcomes, &reply)));
        }
        if cancel.is_cancelled() {
            return Err(SubmitError::Before(crate::net::cancelled()));
        }
        log.handing_over().await.map_err(SubmitError::Before)?;
        // From here on nobody but the server knows whether the letter is on its way.
        let last = async {
            dialogue.write_raw(b".\r\n").await?;
            dialogue.reply_within(FINAL).await
        };
        let patience = async {
            cancel.cancelled().await;
            tokio::time::sleep(FINAL_AFTER_CANCEL).await;
        };
        let reply = tokio::select! {
            biased;
            done = last => done.map_err(uncertain)?,
            () = patience => return Err(uncertain(crate::net::cancelled())),
        };
        settle_all(&mut outcomes, &reply);
        let done = submitted(outcomes, &reply);
        if reply.is_ok() { Ok(done) } else { Err(SubmitError::Refused(refusal(&host, &reply), done)) }
    }

    /// MAIL and RCPT: the outcome of each recipient so far; at least one is accepted.
    async fn envelope(&self, dialogue: &mut Dialogue, letter: &Letter) -> Outcome<Vec<RecipientOutcome>> {
        let before = SubmitError::Before;
        let host = dialogue.host.clone();
        let mut commands = vec![mail_command(dialogue, letter).map_err(before)?];
        for to in &letter.recipients {
            commands.push(line(&Rcpt::new(envelope_address(to).map_err(before)?, Vec::new())));
        }
        let ahead = if dialogue.extensions.pipelining { AHEAD } else { 1 };
        let mut replies: Vec<Reply> = Vec::with_capacity(commands.len());
        for part in commands.chunks(ahead) {
            dialogue.write_raw(format!("{}\r\n", part.join("\r\n")).as_bytes()).await.map_err(before)?;
            for _ in part {
                let reply = dialogue.reply().await.map_err(before)?;
                if reply.code == 421 {
                    return Err(before(refusal(&host, &reply)));
                }
                replies.push(reply);
            }
            if replies.first().is_some_and(|mail| !mail.is_ok()) {
                break;
            }
        }
        let mut replies = replies.into_iter();
        let mail = replies.next().unwrap_or_default();
        if !mail.is_ok() {
            let error = refusal(&host, &mail);
            if mail.is_later() || matches!(error.code, ErrorCode::SignIn) {
                return Err(before(error));
            }
            let outcomes = letter.recipients.iter().map(|to| outcome(to, &mail)).collect();
            return Err(SubmitError::Refused(error, submitted(outcomes, &mail)));
        }
        let replies: Vec<Reply> = replies.collect();
        let outcomes: Vec<RecipientOutcome> =
            letter.recipients.iter().zip(&replies).map(|(to, reply)| outcome(to, reply)).collect();
        if outcomes.iter().any(|outcome| outcome.accepted == Some(true)) {
            return Ok(outcomes);
        }
        let told = replies.iter().find(|reply| reply.is_later()).or(replies.first()).cloned().unwrap_or_default();
        Err(SubmitError::Refused(refusal(&host, &told), submitted(outcomes, &told)))
    }
}

fn uncertain(error: Error) -> SubmitError {
    SubmitError::Uncertain(error)
}

fn mail_command(dialogue: &Dialogue, letter: &Letter) -> Result<String> {
    let offers = &dialogue.extensions;
    let size = letter.bytes.len() as u64;
    if let Some(limit) = offers.size
        && size > limit
    {
        return Err(Error::new(
            ErrorCode::TooLarge,
            say!(
                "The letter has {size} MB, {host} takes at most {limit} MB.",
                size = megabytes(size),
                host = dialogue.host,
                limit = megabytes(limit)
            ),
        )
        .remedy("Send fewer or smaller attachments."));
    }
    let mut parameters = Vec::new();
    if offers.size.is_some() {
        parameters.push(MailParameter::Size(letter.bytes.len()));
    }
    if !letter.bytes.is_ascii() && offers.eight_bit {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let international = std::iter::once(&letter.from).chain(&letter.recipients).any(|a| !wire_address(a).is_ascii());
    if international {
        if !offers.utf8 {
            return Err(Error::new(
                ErrorCode::Refused,
                say!("{host} can't send to addresses in other scripts.", host = dialogue.host),
            )
            .remedy("Use an address with Latin letters before the @."));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    Ok(line(&Mail::new(Some(envelope_address(&letter.from)?), parameters)))
}

/// A command as one line, without its end.
fn line(command: &impl std::fmt::Display) -> String {
    command.to_string().trim_end().to_owned()
}

/// An address of the envelope, checked by its grammar (RFC 5321, section 4.1.2).
fn envelope_address(address: &str) -> Result<Address> {
    wire_address(address)
        .parse()
        .map_err(|_| Error::invalid(say!("“{text}” is not a mail address.", text = address.escape_debug().to_string())))
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}

/// An address as the envelope wants it: the domain in ASCII (RFC 5891).
fn wire_address(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) if !domain.is_ascii() => {
            let ascii = idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_owned());
            format!("{local}@{ascii}")
        }
        _ => address.to_owned(),
    }
}

fn check(letter: &Letter) -> Result<()> {
    if letter.recipients.is_empty() {
        return Err(Error::invalid("The letter has no recipients."));
    }
    for address in std::iter::once(&letter.from).chain(&letter.recipients) {
        envelope_address(address)?;
    }
    Ok(())
}

fn outcome(to: &str, reply: &Reply) -> RecipientOutcome {
    let accepted = if reply.is_ok() {
        Some(true)
    } else if reply.is_later() {
        None
    } else {
        Some(false)
    };
    RecipientOutcome { email: to.to_owned(), accepted, code: Some(reply.code), answer: reply.answer() }
}

/// The answer to the whole letter holds for everyone whose address was accepted.
fn settle_all(outcomes: &mut [RecipientOutcome], reply: &Reply) {
    for entry in outcomes.iter_mut().filter(|outcome| outcome.accepted == Some(true)) {
        *entry = outcome(&entry.email, reply);
    }
}

fn submitted(recipients: Vec<RecipientOutcome>, reply: &Reply) -> Submitted {
    Submitted { recipients, answer: reply.answer(), provider_ref: None }
}

/// The message with CRLF line ends, dots doubled at the begin of lines, and a line end at its end.
fn dot_stuffed(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 64 + 2);
    let lines = raw.strip_suffix(b"\n").unwrap_or(raw);
    for line in lines.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.first() == Some(&b'.') {
            out.push(b'.');
        }
        out.extend_from_slice(line);
        out.extend_from_slice(b"\r\n");
    }
    out
}

#[async_trait]
impl Submit for SmtpSubmit {
    async fn submit(&self, letter: &Letter, log: &dyn PhaseLog, cancel: &CancellationToken) -> Outcome<Submitted> {
        check(letter).map_err(SubmitError::Before)?;
        let mut open = self.open.lock().await;
        let kept = open.take().filter(|(_, used)| used.elapsed() < KEEP);
        let mut reused = kept.is_some();
        let mut dialogue = match kept {
            Some((dialogue, _)) => dialogue,
            None => Dialogue::open(&self.access, cancel).await.map_err(SubmitError::Before)?,
        };
        loop {
            let done = self.transfer(&mut dialogue, letter, log, cancel).await;
            match done {
                // A kept connection may have been closed meanwhile: nothing was handed over yet.
                Err(SubmitError::Before(error)) if reused && error.code.is_transient() && !cancel.is_cancelled() => {
                    tracing::debug!(%error, "the kept connection was over");
                    reused = false;
                    dialogue = Dialogue::open(&self.access, cancel).await.map_err(SubmitError::Before)?;
                }
                Ok(done) => {
                    *open = Some((dialogue, Instant::now()));
                    return Ok(done);
                }
                Err(SubmitError::Refused(error, outcomes)) => {
                    // The next letter starts afresh on the same connection.
                    let reset =
                        limited(&self.access.server.host, Duration::from_secs(20), cancel, dialogue.command("RSET"));
                    if reset.await.is_ok_and(|reply| reply.is_ok()) {
                        *open = Some((dialogue, Instant::now()));
                    }
                    return Err(SubmitError::Refused(error, outcomes));
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn size_limit(&self, cancel: &CancellationToken) -> Result<Option<u64>> {
        let mut open = self.open.lock().await;
        if let Some((dialogue, _)) = open.as_ref() {
            return Ok(dialogue.extensions.size);
        }
        let dialogue = Dialogue::open(&self.access, cancel).await?;
        let size = dialogue.extensions.size;
        *open = Some((dialogue, Instant::now()));
        Ok(size)
    }

    fn files_sent_copy(&self) -> bool {
        self.files_sent_copy
    }

    async fn close(&self) {
        if let Some((dialogue, _)) = self.open.lock().await.take() {
            dialogue.quit().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_doubled_and_lines_end_in_crlf() {
        assert_eq!(dot_stuffed(b".a\r\n..b\nc\n.\n"), b"..a\r\n...b\r\nc\r\n..\r\n");
        assert_eq!(dot_stuffed(b"no end"), b"no end\r\n");
        assert_eq!(dot_stuffed(b"\r\n\r\n"), b"\r\n\r\n");
    }

    #[test]
    fn an_address_can_never_carry_a_second_command() {
        let letter = |to: &str| Letter {
            from: "a@example.org".into(),
            recipients: vec![to.into()],
            bytes: Vec::new(),
            message_id: String::new(),
            bcc: Vec::new(),
            provider_thread: None,
            provider_ref: None,
        };
        for evil in ["b@example.org>\r\nDATA", "b@example.org\n", "<b@example.org>", "b c@example.org", "", "nobody"] {
            assert_eq!(check(&letter(evil)).unwrap_err().code, ErrorCode::Invalid, "{evil:?}");
        }
        assert!(check(&letter("b+c@example.org")).is_ok());
    }

    #[test]
    fn a_domain_in_another_script_goes_out_in_ascii() {
        assert_eq!(wire_address("info@bücher.example"), "info@xn--bcher-kva.example");
    }
}
