//! Commands of the noun `draft`.

use crate::Engine;
use crate::outbox::{check as warnings, letter};
use base64::Engine as _;
use mail::parse::Parsed;
use model::account::{Account, Identity};
use model::draft::{
    Draft, DraftAttachArgs, DraftCreateArgs, DraftDetachArgs, DraftKind, DraftRef, DraftSaveArgs, DraftWarning,
};
use model::message::{Address, MessageRef};
use model::setting::Nothing;
use model::{AccountId, DraftAttachmentId, DraftId, Error, ErrorCode, IdentityId, MessageId, Result, Timestamp, say};
use store::draft::{Ancestry, NewAttachment, NewDraft};

/// A file larger than this is no attachment.
const FILE_MAX_BYTES: u64 = 256 * 1024 * 1024;

/// `draft.list`
pub(crate) async fn list(engine: &Engine, _args: Nothing) -> Result<Vec<Draft>> {
    engine.store().read(|r| store::draft::list(r)).await
}

/// `draft.get`
pub(crate) async fn get(engine: &Engine, args: DraftRef) -> Result<Draft> {
    engine.store().read(move |r| store::draft::get(r, args.id)).await
}

/// `draft.create`
pub(crate) async fn create(engine: &Engine, args: DraftCreateArgs) -> Result<Draft> {
    let accounts = engine.store().read(|r| store::account::list(r)).await?;
    let original = match (args.kind, args.original) {
        (DraftKind::New, _) => None,
        (_, Some(id)) => Some(Original::read(engine, id).await?),
        (_, None) => return Err(Error::invalid("An answer or forward needs the message it belongs to.")),
    };
    let sender = sender(&accounts, args.identity_id, original.as_ref())?;
    let own: Vec<String> = accounts.iter().flat_map(|a| &a.identities).map(|i| i.email.clone()).collect();
    let mut draft = Draft {
        id: DraftId(0),
        account_id: sender.account_id,
        identity_id: sender.id,
        kind: args.kind,
        original: args.original.filter(|_| original.is_some()),
        to: args.to,
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: args.subject.unwrap_or_default(),
        html: None,
        text: args.text.unwrap_or_default(),
        quote: original.is_some(),
        attachments: Vec::new(),
        updated_at: Timestamp(0),
    };
    draft.html = Some(if draft.text.is_empty() { String::new() } else { mail::text::text_to_html(&draft.text) });
    let mut ancestry = Ancestry::default();
    let mut files = Vec::new();
    if let Some(original) = &original {
        let parsed = &original.parsed;
        if parsed.html.is_none() {
            // Plain text is answered in plain text.
            draft.html = None;
        }
        match args.kind {
            DraftKind::Reply | DraftKind::ReplyAll => {
                let recipients = if args.kind == DraftKind::Reply {
                    mail::reply::reply_recipients(parsed, &own)
                } else {
                    mail::reply::reply_all_recipients(parsed, &own)
                };
                draft.to.extend(recipients.to);
                draft.cc = recipients.cc;
                draft.subject = mail::reply::reply_subject(&parsed.subject);
                ancestry.provider_thread.clone_from(&original.provider_thread);
            }
            _ => {
                draft.subject = mail::reply::forward_subject(&parsed.subject);
                files = original.files();
            }
        }
        (ancestry.in_reply_to, ancestry.references) = mail::reply::reply_references(parsed);
        if args.kind == DraftKind::Forward {
            ancestry.in_reply_to = None;
        }
    }
    keep(engine, NewDraft { draft, ancestry }, files, None).await
}

/// `draft.open`
pub(crate) async fn open(engine: &Engine, args: MessageRef) -> Result<Draft> {
    let original = Original::read(engine, args.id).await?;
    let account = original.account_id;
    let message_id = original.parsed.message_id.clone();
    if !message_id.is_empty() {
        let known = {
            let message_id = message_id.clone();
            engine.store().read(move |r| store::draft::by_copy(r, account, &message_id)).await?
        };
        if let Some(id) = known {
            return get(engine, DraftRef { id }).await;
        }
    }
    let accounts = engine.store().read(|r| store::account::list(r)).await?;
    let parsed = &original.parsed;
    let from = mail::address::normal(&parsed.from.email);
    let sender = accounts
        .iter()
        .filter(|a| a.id == account)
        .flat_map(|a| &a.identities)
        .find(|i| mail::address::normal(&i.email) == from)
        .or_else(|| main_identity(&accounts, Some(account)))
        .ok_or_else(no_account)?;
    let html = parsed.html.as_deref().map(letter::editable);
    let text = parsed.text.clone().unwrap_or_default();
    let draft = Draft {
        id: DraftId(0),
        account_id: account,
        identity_id: sender.id,
        kind: if parsed.in_reply_to.is_empty() { DraftKind::New } else { DraftKind::Reply },
        original: None,
        to: parsed.to.clone(),
        cc: parsed.cc.clone(),
        bcc: parsed.bcc.clone(),
        subject: parsed.subject.clone(),
        html,
        text,
        quote: false,
        attachments: Vec::new(),
        updated_at: Timestamp(0),
    };
    let ancestry = Ancestry {
        in_reply_to: parsed.in_reply_to.first().cloned(),
        references: parsed.references.clone(),
        provider_thread: original.provider_thread.clone(),
    };
    let mut files = original.files();
    files.extend(original.inline_images());
    keep(engine, NewDraft { draft, ancestry }, files, Some(message_id).filter(|id| !id.is_empty())).await
}

/// `draft.save`
pub(crate) async fn save(engine: &Engine, args: DraftSaveArgs) -> Result<Draft> {
    let mut args = args;
    if let Some(html) = &args.html {
        args.text = mail::text::html_to_text(html);
    }
    args.subject = mail::compose::clean_line(&args.subject);
    engine
        .store()
        .write(move |w| {
            store::draft::save(w, &args)?;
            store::draft::get(w, args.id)
        })
        .await
}

/// `draft.attach`
pub(crate) async fn attach(engine: &Engine, args: DraftAttachArgs) -> Result<Draft> {
    let (id, inline) = (args.id, args.inline);
    let file = match (args.path, args.bytes) {
        (Some(path), None) => read_file(path).await?,
        (None, Some(pasted)) => {
            let bytes = base64::engine::general_purpose::STANDARD
                .decode(pasted.base64.as_bytes())
                .map_err(|e| Error::invalid("The pasted file is not base64.").detail(e))?;
            let mime = if pasted.mime.is_empty() { mime_of(&pasted.filename) } else { pasted.mime };
            (pasted.filename, mime, bytes)
        }
        _ => return Err(Error::invalid("A file is named either by its path or by its content.")),
    };
    engine.store().read(move |r| store::draft::get(r, id)).await?;
    let attachment = store_file(engine, file, inline).await?;
    engine
        .store()
        .write(move |w| {
            store::draft::attach(w, id, &attachment)?;
            store::draft::get(w, id)
        })
        .await
}

/// `draft.detach`
pub(crate) async fn detach(engine: &Engine, args: DraftDetachArgs) -> Result<Draft> {
    engine
        .store()
        .write(move |w| {
            store::draft::detach(w, args.id, args.attachment_id)?;
            store::draft::get(w, args.id)
        })
        .await
}

/// `draft.check`
pub(crate) async fn check(engine: &Engine, args: DraftRef) -> Result<Vec<DraftWarning>> {
    let material = letter::material(engine, args.id).await?;
    warnings::check(engine, material).await
}

/// `draft.discard`
pub(crate) async fn discard(engine: &Engine, args: DraftRef) -> Result<Nothing> {
    engine.store().write(move |w| store::draft::discard(w, args.id)).await?;
    Ok(Nothing {})
}

/// `draft.restore`
pub(crate) async fn restore(engine: &Engine, args: DraftRef) -> Result<Draft> {
    engine.store().write(move |w| store::draft::restore(w, args.id)).await
}

impl Engine {
    /// Media type and bytes of a draft's file, for the composer's images.
    ///
    /// # Errors
    /// `NotFound` where the draft or its file is gone.
    pub async fn draft_file(&self, draft: DraftId, file: DraftAttachmentId) -> Result<(String, Vec<u8>)> {
        let store = self.store().clone();
        let found = store
            .read(move |r| Ok(store::draft::files(r, draft)?.into_iter().find(|(f, _)| f.id == file)))
            .await?
            .ok_or_else(|| Error::not_found("This file is no longer in the draft."))?;
        let bytes = tokio::task::spawn_blocking(move || store.content().get(found.1))
            .await
            .map_err(|e| Error::internal(&e))??;
        Ok((found.0.mime, bytes))
    }
}

/// What a draft takes from a message.
struct Original {
    account_id: AccountId,
    provider_thread: Option<String>,
    raw: Vec<u8>,
    parsed: Parsed,
}

type File = (String, String, Vec<u8>, Option<String>);

impl Original {
    async fn read(engine: &Engine, id: MessageId) -> Result<Self> {
        let row = engine
            .store()
            .read(move |r| store::draft::original(r, id))
            .await?
            .ok_or_else(|| Error::not_found("The message to be answered is no longer there."))?;
        let raw = engine.raw(id).await?;
        let (raw, parsed) = tokio::task::spawn_blocking(move || {
            let parsed = mail::parse::parse(&raw);
            (raw, parsed)
        })
        .await
        .map_err(|e| Error::internal(&e))?;
        Ok(Self { account_id: row.account_id, provider_thread: row.provider_thread, raw, parsed })
    }

    fn files(&self) -> Vec<File> {
        self.parts(|attachment| !attachment.inline)
            .into_iter()
            .map(|(name, mime, bytes, _)| (name, mime, bytes, None))
            .collect()
    }

    fn inline_images(&self) -> Vec<File> {
        self.parts(|attachment| attachment.inline && attachment.content_id.is_some())
    }

    fn parts(&self, wanted: impl Fn(&model::message::Attachment) -> bool) -> Vec<File> {
        self.parsed
            .attachments
            .iter()
            .filter(|attachment| wanted(attachment))
            .filter_map(|attachment| {
                let (mime, filename, bytes) = mail::parse::part(&self.raw, attachment.part)?;
                Some((filename, mime, bytes, attachment.content_id.clone()))
            })
            .collect()
    }
}

async fn keep(engine: &Engine, new: NewDraft, files: Vec<File>, copy: Option<String>) -> Result<Draft> {
    let store = engine.store().clone();
    let blobs = store.clone();
    let files = tokio::task::spawn_blocking(move || {
        let hashes = blobs.content().put_all(&files.iter().map(|f| f.2.as_slice()).collect::<Vec<_>>())?;
        Ok::<_, Error>(
            files
                .into_iter()
                .zip(hashes)
                .map(|((filename, mime, bytes, content_id), content)| NewAttachment {
                    filename,
                    mime,
                    size: bytes.len() as u64,
                    content_id,
                    content,
                })
                .collect::<Vec<_>>(),
        )
    })
    .await
    .map_err(|e| Error::internal(&e))??;
    store
        .write(move |w| {
            let account = new.draft.account_id;
            let id = store::draft::insert(w, &new)?;
            for file in &files {
                store::draft::attach(w, id, file)?;
            }
            if let Some(message_id) = copy {
                store::draft::adopt_copy(w, account, id, &message_id)?;
                store::draft::copied(w, id, &message_id, w.now())?;
            }
            store::draft::get(w, id)
        })
        .await
}

/// The sender by rule: the one asked for; else the address the original was sent to, or from; else
/// the account's own address; for a new letter the first account's.
fn sender<'a>(accounts: &'a [Account], asked: Option<IdentityId>, original: Option<&Original>) -> Result<&'a Identity> {
    if let Some(id) = asked {
        return accounts
            .iter()
            .flat_map(|a| &a.identities)
            .find(|i| i.id == id)
            .ok_or_else(|| Error::not_found("This sender is no longer there."));
    }
    let Some(original) = original else {
        return main_identity(accounts, None).ok_or_else(no_account);
    };
    let parsed = &original.parsed;
    let named: Vec<String> = parsed
        .to
        .iter()
        .chain(&parsed.cc)
        .chain(&parsed.bcc)
        .chain(std::iter::once(&parsed.from))
        .map(|a: &Address| mail::address::normal(&a.email))
        .collect();
    accounts
        .iter()
        .filter(|a| a.id == original.account_id)
        .flat_map(|a| &a.identities)
        .filter_map(|i| named.iter().position(|n| *n == mail::address::normal(&i.email)).map(|at| (at, i)))
        .min_by_key(|(at, _)| *at)
        .map(|(_, identity)| identity)
        .or_else(|| main_identity(accounts, Some(original.account_id)))
        .ok_or_else(no_account)
}

fn main_identity(accounts: &[Account], account: Option<AccountId>) -> Option<&Identity> {
    accounts.iter().filter(|a| account.is_none_or(|id| a.id == id)).flat_map(|a| &a.identities).find(|i| i.main)
}

fn no_account() -> Error {
    Error::new(ErrorCode::NotFound, "There is no account to write from.").remedy("Add an account first.")
}

/// Reads a file for an attachment: name, media type, bytes.
pub(crate) async fn read_file(path: String) -> Result<(String, String, Vec<u8>)> {
    tokio::task::spawn_blocking(move || {
        let disk = |e: std::io::Error| {
            let code = if e.kind() == std::io::ErrorKind::NotFound { ErrorCode::NotFound } else { ErrorCode::Disk };
            Error::new(code, say!("{path} can't be read.", path))
                .remedy("Check that it is there and may be read.")
                .detail(e)
        };
        let meta = std::fs::metadata(&path).map_err(disk)?;
        if !meta.is_file() {
            return Err(
                Error::invalid(say!("{path} is not a file.", path)).remedy("Folders can be sent as an archive.")
            );
        }
        if meta.len() > FILE_MAX_BYTES {
            return Err(Error::new(ErrorCode::TooLarge, say!("{path} is larger than 256 MB.", path))
                .remedy("No mail server takes that; send it as a link."));
        }
        let bytes = std::fs::read(&path).map_err(disk)?;
        let name = std::path::Path::new(&path)
            .file_name()
            .map_or_else(|| "file".to_owned(), |n| n.to_string_lossy().into_owned());
        let mime = mime_of(&name);
        Ok((name, mime, bytes))
    })
    .await
    .map_err(|e| Error::internal(&e))?
}

async fn store_file(engine: &Engine, file: (String, String, Vec<u8>), inline: bool) -> Result<NewAttachment> {
    let (filename, mime, bytes) = file;
    if inline && !mime.starts_with("image/") {
        return Err(Error::invalid("Only images can stand inside the text.").remedy("Attach it as a file."));
    }
    let store = engine.store().clone();
    tokio::task::spawn_blocking(move || {
        let content = store.content().put(&bytes)?;
        let id = crate::random::hex::<12>()?;
        Ok(NewAttachment {
            filename: mail::parse::safe_filename(&filename),
            mime,
            size: bytes.len() as u64,
            content_id: inline.then(|| format!("{id}@tabella")),
            content,
        })
    })
    .await
    .map_err(|e| Error::internal(&e))?
}

/// The media type of a file name's ending.
pub(crate) fn mime_of(filename: &str) -> String {
    let ending = filename.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    match ending.as_str() {
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" | "jpe" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        "bmp" => "image/bmp",
        "tif" | "tiff" => "image/tiff",
        "heic" => "image/heic",
        "txt" | "log" | "md" => "text/plain",
        "csv" => "text/csv",
        "html" | "htm" => "text/html",
        "ics" => "text/calendar",
        "vcf" => "text/vcard",
        "xml" => "application/xml",
        "json" => "application/json",
        "zip" => "application/zip",
        "gz" | "tgz" => "application/gzip",
        "7z" => "application/x-7z-compressed",
        "rar" => "application/vnd.rar",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ppt" => "application/vnd.ms-powerpoint",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt" => "application/vnd.oasis.opendocument.text",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "rtf" => "application/rtf",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "wav" => "audio/wav",
        "mp4" => "video/mp4",
        "mov" => "video/quicktime",
        "webm" => "video/webm",
        "p7s" => "application/pkcs7-signature",
        "asc" => "application/pgp-signature",
        _ => "application/octet-stream",
    }
    .to_owned()
}
