//! Accounts, identities, sealed secrets and the state of sync.

use crate::db::{Read, WriteTx};
use crate::error::{self, sql};
use model::account::{
    Account, AccountKind, AccountUpdateArgs, Identity, ProbeReport, ServerSettings, SyncPhase, SyncState,
};
use model::{AccountId, Error, ErrorCode, IdentityId, Noun, Result, Timestamp};
use rusqlite::{OptionalExtension, Row};
use serde::de::DeserializeOwned;

/// Colours given to accounts and bases in turn.
pub const PALETTE: [&str; 8] = ["#3b6fd8", "#1f9d76", "#c2542d", "#8a52c7", "#b8860b", "#c43d6b", "#2a8fa8", "#6b7280"];

/// A new account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Unique name.
    pub name: String,
    /// Main address.
    pub email: String,
    /// Kind.
    pub kind: AccountKind,
    /// Display name.
    pub sender_name: String,
    /// Incoming server.
    pub imap: Option<ServerSettings>,
    /// Outgoing server.
    pub smtp: Option<ServerSettings>,
    /// Own certificate authorities, PEM.
    pub ca_pem: Option<String>,
    /// Start date.
    pub since_at: Option<Timestamp>,
    /// Whose sign-in it lives by, where it does.
    pub sign_in: Option<SignedIn>,
    /// The letters of a first sync are read by IMAP.
    pub bulk_imap: bool,
}

/// A sign-in by OAuth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Name of the provider.
    pub provider: String,
    /// The person who signed in.
    pub person: String,
    /// The shared mailbox that the account is, where it is one.
    pub shared_mailbox: Option<String>,
}

const COLUMNS: &str = "id, name, email, kind, sender_name, imap, smtp, ca_pem IS NOT NULL, color, position,
    paused, since_at, sync_minutes, sync_phase, sync_done, sync_total, sync_mailbox,
    (SELECT count(*) FROM set_aside s JOIN mailbox m ON m.id = s.mailbox_id WHERE m.account_id = account.id),
    sync_ok_at, sync_error, probe, provider, bulk_imap";

fn kind_name(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Imap => "imap",
        AccountKind::Gmail => "gmail",
        AccountKind::Microsoft => "microsoft",
        AccountKind::Sandbox => "sandbox",
    }
}

fn kind_of(name: &str) -> AccountKind {
    match name {
        "gmail" => AccountKind::Gmail,
        "microsoft" => AccountKind::Microsoft,
        "sandbox" => AccountKind::Sandbox,
        _ => AccountKind::Imap,
    }
}

/// Reads a JSON column; what does not parse reads as absent.
pub(crate) fn json<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<T>> {
    Ok(row.get::<_, Option<String>>(index)?.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Writes a JSON column.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::internal(&e))
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: AccountId(row.get(0)?),
        name: row.get(1)?,
        email: row.get(2)?,
        kind: kind_of(&row.get::<_, String>(3)?),
        provider: row.get(21)?,
        sender_name: row.get(4)?,
        imap: json(row, 5)?,
        smtp: json(row, 6)?,
        bulk_imap: row.get(22)?,
        own_ca: row.get(7)?,
        color: row.get(8)?,
        position: row.get(9)?,
        paused: row.get(10)?,
        since_at: row.get::<_, Option<i64>>(11)?.map(Timestamp),
        sync_minutes: row.get(12)?,
        sync: SyncState {
            phase: if row.get(10)? { SyncPhase::Paused } else { SyncPhase::parse(&row.get::<_, String>(13)?) },
            done: row.get(14)?,
            total: row.get(15)?,
            mailbox: row.get(16)?,
            unreadable: row.get(17)?,
            ok_at: row.get::<_, Option<i64>>(18)?.map(Timestamp),
            error: json(row, 19)?,
        },
        probe: json(row, 20)?,
        identities: Vec::new(),
    })
}

/// All accounts in their order, with identities.
pub fn list(read: &impl Read) -> Result<Vec<Account>> {
    let mut statement =
        read.sql().prepare_cached(&format!("SELECT {COLUMNS} FROM account ORDER BY position, id")).map_err(sql)?;
    let mut accounts: Vec<Account> = statement.query_map([], from_row).and_then(Iterator::collect).map_err(sql)?;
    for account in &mut accounts {
        account.identities = identities(read, account.id)?;
    }
    Ok(accounts)
}

/// One account.
pub fn get(read: &impl Read, id: AccountId) -> Result<Account> {
    let mut account = read
        .sql()
        .prepare_cached(&format!("SELECT {COLUMNS} FROM account WHERE id = ?1"))
        .and_then(|mut s| s.query_row([id.0], from_row).optional())
        .map_err(sql)?
        .ok_or_else(|| Error::not_found("This account is no longer there."))?;
    account.identities = identities(read, id)?;
    Ok(account)
}

/// The identities of an account, the main one first.
pub fn identities(read: &impl Read, id: AccountId) -> Result<Vec<Identity>> {
    let mut statement = read
        .sql()
        .prepare_cached(
            "SELECT id, account_id, name, email, main, provided FROM identity WHERE account_id = ?1 ORDER BY main DESC, id",
        )
        .map_err(sql)?;
    statement
        .query_map([id.0], |r| {
            Ok(Identity {
                id: IdentityId(r.get(0)?),
                account_id: AccountId(r.get(1)?),
                name: r.get(2)?,
                email: r.get(3)?,
                main: r.get(4)?,
                provided: r.get(5)?,
            })
        })
        .and_then(Iterator::collect)
        .map_err(sql)
}

/// Adds an account with its main identity.
///
/// # Errors
/// `Conflict` where the name is taken.
pub fn insert(write: &mut WriteTx<'_>, new: &NewAccount) -> Result<AccountId> {
    check_name(write, &new.name, None)?;
    let now = write.now().0;
    let count: i64 = write.sql().query_row("SELECT count(*) FROM account", [], |r| r.get(0)).map_err(sql)?;
    let color = PALETTE[count as usize % PALETTE.len()];
    let imap = new.imap.as_ref().map(to_json).transpose()?;
    let smtp = new.smtp.as_ref().map(to_json).transpose()?;
    write
        .sql()
        .execute(
            "INSERT INTO account (name, email, kind, sender_name, color, position, imap, smtp, ca_pem, since_at, created_at,
                 provider, signed_in_as, shared_mailbox, bulk_imap)
             VALUES (?1, ?2, ?3, ?4, ?5, (SELECT coalesce(max(position), 0) + 1 FROM account), ?6, ?7, ?8, ?9, ?10,
                 ?11, ?12, ?13, ?14)",
            rusqlite::params![
                new.name, new.email, kind_name(new.kind), new.sender_name, color, imap, smtp,
                new.ca_pem, new.since_at.map(|t| t.0), now,
                new.sign_in.as_ref().map(|s| &s.provider), new.sign_in.as_ref().map(|s| &s.person),
                new.sign_in.as_ref().and_then(|s| s.shared_mailbox.as_ref()), new.bulk_imap
            ],
        )
        .map_err(sql)?;
    let id = AccountId(write.sql().last_insert_rowid());
    write
        .sql()
        .execute(
            "INSERT INTO identity (account_id, name, email, main) VALUES (?1, ?2, ?3, 1)",
            (id.0, &new.sender_name, &new.email),
        )
        .map_err(sql)?;
    write.changed(Noun::Account, Some(id));
    Ok(id)
}

fn check_name(write: &WriteTx<'_>, name: &str, except: Option<AccountId>) -> Result<()> {
    if name.trim().is_empty() {
        return Err(Error::invalid("The account needs a name."));
    }
    let taken: bool = write
        .sql()
        .query_row(
            "SELECT EXISTS (SELECT 1 FROM account WHERE name = ?1 AND id IS NOT ?2)",
            (name, except.map(|i| i.0)),
            |r| r.get(0),
        )
        .map_err(sql)?;
    if taken {
        return Err(error::taken(name));
    }
    Ok(())
}

/// Changes what is given; the rest stays, secrets too.
pub fn update(write: &mut WriteTx<'_>, id: AccountId, change: &AccountUpdateArgs) -> Result<()> {
    get(write, id)?;
    if let Some(name) = &change.name {
        check_name(write, name, Some(id))?;
        set(write, id, "name", name.trim())?;
    }
    if let Some(sender) = &change.sender_name {
        set(write, id, "sender_name", sender)?;
        write
            .sql()
            .execute("UPDATE identity SET name = ?2 WHERE account_id = ?1 AND main", (id.0, sender))
            .map_err(sql)?;
    }
    if let Some(color) = &change.color {
        if color.len() != 7 || !color.starts_with('#') || !color[1..].bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Error::invalid("A colour is written like #3b6fd8."));
        }
        set(write, id, "color", color)?;
    }
    if let Some(position) = change.position {
        set(write, id, "position", position)?;
    }
    if let Some(paused) = change.paused {
        set(write, id, "paused", paused)?;
    }
    if let Some(since) = change.since_at {
        set(write, id, "since_at", since.map(|t| t.0))?;
    }
    if let Some(minutes) = change.sync_minutes {
        if !(1..=1440).contains(&minutes) {
            return Err(Error::invalid("The interval is between 1 and 1440 minutes."));
        }
        set(write, id, "sync_minutes", minutes)?;
    }
    if let Some(imap) = &change.imap {
        set(write, id, "imap", to_json(imap)?)?;
    }
    if let Some(smtp) = &change.smtp {
        set(write, id, "smtp", to_json(smtp)?)?;
    }
    if let Some(pem) = &change.ca_pem {
        set(write, id, "ca_pem", (!pem.is_empty()).then_some(pem))?;
    }
    if let Some(bulk) = change.bulk_imap {
        set(write, id, "bulk_imap", bulk)?;
    }
    write.changed(Noun::Account, Some(id));
    Ok(())
}

fn set(write: &WriteTx<'_>, id: AccountId, column: &'static str, value: impl rusqlite::ToSql) -> Result<()> {
    write
        .sql()
        .prepare_cached(&format!("UPDATE account SET {column} = ?2 WHERE id = ?1"))
        .and_then(|mut s| s.execute((id.0, value)))
        .map_err(sql)?;
    Ok(())
}

/// The account's own certificate authorities, PEM.
pub fn ca_pem(read: &impl Read, id: AccountId) -> Result<Option<String>> {
    read.sql().query_row("SELECT ca_pem FROM account WHERE id = ?1", [id.0], |r| r.get(0)).map_err(sql)
}

/// Whose sign-in by OAuth the account lives by; `None` where it has a password, or needs none.
pub fn signed_in(read: &impl Read, id: AccountId) -> Result<Option<SignedIn>> {
    read.sql()
        .query_row(
            "SELECT provider, coalesce(signed_in_as, email), shared_mailbox FROM account
             WHERE id = ?1 AND provider IS NOT NULL",
            [id.0],
            |r| Ok(SignedIn { provider: r.get(0)?, person: r.get(1)?, shared_mailbox: r.get(2)? }),
        )
        .optional()
        .map_err(sql)
}

/// The account signs in through a provider from now on, at its servers, or by a password again (`None`, at the
/// servers it has). Its mail and its places stay.
pub fn set_sign_in(
    write: &mut WriteTx<'_>,
    id: AccountId,
    through: Option<(&SignedIn, Option<&ServerSettings>, Option<&ServerSettings>)>,
) -> Result<()> {
    if let Some((_, imap, smtp)) = through {
        set(write, id, "imap", imap.map(to_json).transpose()?)?;
        set(write, id, "smtp", smtp.map(to_json).transpose()?)?;
    }
    set(write, id, "provider", through.map(|(s, ..)| &s.provider))?;
    set(write, id, "signed_in_as", through.map(|(s, ..)| &s.person))?;
    set(write, id, "probe", None::<String>)?;
    write.changed(Noun::Account, Some(id));
    Ok(())
}

/// Stores what a probe found.
pub fn set_probe(write: &mut WriteTx<'_>, id: AccountId, report: &ProbeReport) -> Result<()> {
    set(write, id, "probe", to_json(report)?)?;
    write.changed(Noun::Account, Some(id));
    Ok(())
}

/// What sync says of itself; `None` keeps a value.
#[derive(Clone, Debug, Default)]
pub struct SyncUpdate {
    /// New phase.
    pub phase: Option<SyncPhase>,
    /// Done and total of the round.
    pub progress: Option<(u32, u32)>,
    /// Mailbox being worked on; `Some(None)` clears it.
    pub mailbox: Option<Option<String>>,
    /// Everything is in step as of now.
    pub ok: bool,
    /// Why it stands still; `Some(None)` clears it.
    pub error: Option<Option<Error>>,
}

/// Records how far sync has come.
pub fn set_sync(write: &mut WriteTx<'_>, id: AccountId, update: &SyncUpdate) -> Result<()> {
    if let Some(phase) = update.phase {
        set(write, id, "sync_phase", phase.as_str())?;
    }
    if let Some((done, total)) = update.progress {
        set(write, id, "sync_done", done)?;
        set(write, id, "sync_total", total)?;
    }
    if let Some(mailbox) = &update.mailbox {
        set(write, id, "sync_mailbox", mailbox)?;
    }
    if update.ok {
        let now = write.now().0;
        set(write, id, "sync_ok_at", now)?;
    }
    if let Some(error) = &update.error {
        set(write, id, "sync_error", error.as_ref().map(to_json).transpose()?)?;
    }
    write.changed(Noun::SyncState, Some(id));
    Ok(())
}

/// Asks whoever syncs this account for a round now; a `full` one trusts no cursor.
pub fn want_sync(write: &mut WriteTx<'_>, id: AccountId, full: bool) -> Result<()> {
    get(write, id)?;
    let now = write.now().0;
    write
        .sql()
        .prepare_cached("UPDATE account SET sync_wanted_at = ?2, sync_full = max(sync_full, ?3) WHERE id = ?1")
        .and_then(|mut s| s.execute((id.0, now, full)))
        .map_err(sql)?;
    write.changed(Noun::SyncState, Some(id));
    Ok(())
}

/// Whether a round was asked for.
pub fn sync_wanted(read: &impl Read, id: AccountId) -> Result<bool> {
    read.sql()
        .prepare_cached("SELECT sync_wanted_at IS NOT NULL FROM account WHERE id = ?1")
        .and_then(|mut s| s.query_row([id.0], |r| r.get(0)).optional())
        .map(|wanted| wanted.unwrap_or(false))
        .map_err(sql)
}

/// Takes the wish for a round: true where a full one was asked for.
pub fn take_sync_wish(write: &mut WriteTx<'_>, id: AccountId) -> Result<bool> {
    let full = write
        .sql()
        .prepare_cached("SELECT sync_full FROM account WHERE id = ?1")
        .and_then(|mut s| s.query_row([id.0], |r| r.get(0)).optional())
        .map_err(sql)?
        .unwrap_or(false);
    write
        .sql()
        .prepare_cached("UPDATE account SET sync_wanted_at = NULL, sync_full = 0 WHERE id = ?1")
        .and_then(|mut s| s.execute([id.0]))
        .map_err(sql)?;
    Ok(full)
}

/// Messages that one step of a removal takes: other writers wait for no more.
const REMOVAL_STEP: i64 = 500;

/// The first of what removes an account: it neither syncs nor sends nor can sign in any more.
pub fn begin_removal(write: &mut WriteTx<'_>, id: AccountId) -> Result<()> {
    get(write, id)?;
    let tx = write.sql();
    tx.execute("UPDATE account SET paused = 1 WHERE id = ?1", [id.0])
        .and_then(|_| tx.execute("DELETE FROM secret WHERE owner = ?1", [owner(id)]))
        .map_err(sql)?;
    write.changed(Noun::Account, Some(id));
    Ok(())
}

/// Removes some of an account's messages; false where none is left. Where the program ends
/// between two steps the account is still there, paused, with what is left of its mail.
pub fn remove_messages(write: &mut WriteTx<'_>, id: AccountId) -> Result<bool> {
    let tx = write.sql();
    let some: Vec<i64> = tx
        .prepare_cached("SELECT id FROM message WHERE account_id = ?1 LIMIT ?2")
        .and_then(|mut s| s.query_map((id.0, REMOVAL_STEP), |r| r.get(0))?.collect())
        .map_err(sql)?;
    for message in &some {
        tx.prepare_cached("DELETE FROM message_text WHERE rowid = ?1")
            .and_then(|mut s| s.execute([message]))
            .and_then(|_| tx.prepare_cached("DELETE FROM message WHERE id = ?1"))
            .and_then(|mut s| s.execute([message]))
            .map_err(sql)?;
    }
    if !some.is_empty() {
        write.changed(Noun::Mailbox, None::<i64>);
        write.changed(Noun::Message, None::<i64>);
    }
    Ok(!some.is_empty())
}

/// Removes an account with its mail, drafts and letters; its contents become unused blobs.
pub fn remove(write: &mut WriteTx<'_>, id: AccountId) -> Result<()> {
    get(write, id)?;
    let tx = write.sql();
    tx.execute("DELETE FROM message_text WHERE rowid IN (SELECT id FROM message WHERE account_id = ?1)", [id.0])
        .and_then(|_| tx.execute("DELETE FROM message WHERE account_id = ?1", [id.0]))
        .and_then(|_| tx.execute("DELETE FROM secret WHERE owner = ?1", [owner(id)]))
        .and_then(|_| tx.execute("DELETE FROM account WHERE id = ?1", [id.0]))
        .map_err(sql)?;
    for noun in [Noun::Account, Noun::Mailbox, Noun::Message, Noun::Draft, Noun::Submission] {
        write.changed(noun, None::<i64>);
    }
    Ok(())
}

/// The owner of an account's secrets.
pub fn owner(id: AccountId) -> String {
    format!("account:{id}")
}

/// Stores a sealed secret.
pub fn put_secret(write: &mut WriteTx<'_>, owner: &str, field: &str, sealed: &[u8]) -> Result<()> {
    let now = write.now().0;
    write
        .sql()
        .execute(
            "INSERT INTO secret (owner, field, sealed, set_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (owner, field) DO UPDATE SET sealed = ?3, set_at = ?4",
            (owner, field, sealed, now),
        )
        .map_err(sql)?;
    Ok(())
}

/// A sealed secret and when it was set.
pub fn secret(read: &impl Read, owner: &str, field: &str) -> Result<Option<(Vec<u8>, Timestamp)>> {
    read.sql()
        .query_row("SELECT sealed, set_at FROM secret WHERE owner = ?1 AND field = ?2", (owner, field), |r| {
            Ok((r.get(0)?, Timestamp(r.get(1)?)))
        })
        .optional()
        .map_err(sql)
}

/// Forgets a secret.
pub fn remove_secret(write: &mut WriteTx<'_>, owner: &str, field: &str) -> Result<()> {
    write.sql().execute("DELETE FROM secret WHERE owner = ?1 AND field = ?2", (owner, field)).map_err(sql)?;
    Ok(())
}

/// Adds or changes an identity.
pub fn save_identity(write: &mut WriteTx<'_>, args: &model::account::IdentitySaveArgs) -> Result<IdentityId> {
    get(write, args.account_id)?;
    let id = if let Some(id) = args.id {
        let changed = write
            .sql()
            .execute(
                "UPDATE identity SET name = ?3, email = CASE WHEN main THEN email ELSE ?4 END WHERE id = ?1 AND account_id = ?2",
                (id.0, args.account_id.0, &args.name, &args.email),
            )
            .map_err(sql)?;
        if changed == 0 {
            return Err(Error::not_found("This sender is no longer there."));
        }
        id
    } else {
        write
            .sql()
            .execute(
                "INSERT INTO identity (account_id, name, email) VALUES (?1, ?2, ?3)",
                (args.account_id.0, &args.name, &args.email),
            )
            .map_err(sql)?;
        IdentityId(write.sql().last_insert_rowid())
    };
    write.changed(Noun::Account, Some(args.account_id));
    Ok(id)
}

/// Removes an identity that is not the account's own address.
pub fn remove_identity(write: &mut WriteTx<'_>, id: IdentityId) -> Result<()> {
    let gone = write.sql().execute("DELETE FROM identity WHERE id = ?1 AND NOT main", [id.0]).map_err(sql)?;
    if gone == 0 {
        return Err(Error::new(ErrorCode::Conflict, "The account's own address can't be removed."));
    }
    write.changed(Noun::Account, None::<i64>);
    Ok(())
}

/// Takes over the aliases that the provider names: new ones come, those it names no longer go, and what
/// was entered by hand stays.
pub fn sync_identities(write: &mut WriteTx<'_>, id: AccountId, named: &[(String, String)]) -> Result<()> {
    let have = identities(write, id)?;
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    for old in have.iter().filter(|i| i.provided && !i.main) {
        if !named.iter().any(|(_, email)| same(email, &old.email)) {
            write.sql().execute("DELETE FROM identity WHERE id = ?1", [old.id.0]).map_err(sql)?;
        }
    }
    for (name, email) in named {
        match have.iter().find(|i| same(&i.email, email)) {
            None => {
                write
                    .sql()
                    .execute(
                        "INSERT INTO identity (account_id, name, email, provided) VALUES (?1, ?2, ?3, 1)",
                        (id.0, name, email),
                    )
                    .map_err(sql)?;
            }
            // A name given here is the user's own.
            Some(old) if old.name.is_empty() && !name.is_empty() => {
                write.sql().execute("UPDATE identity SET name = ?2 WHERE id = ?1", (old.id.0, name)).map_err(sql)?;
                if old.main {
                    set(write, id, "sender_name", name)?;
                }
            }
            Some(_) => {}
        }
    }
    write.changed(Noun::Account, Some(id));
    Ok(())
}

/// Asks whoever syncs this account to end its round: what is fetched stays, the rest comes with the next round.
pub fn stop_sync(write: &mut WriteTx<'_>, id: AccountId) -> Result<()> {
    set(write, id, "sync_wanted_at", None::<i64>)?;
    set(write, id, "sync_stop", true)?;
    write.changed(Noun::SyncState, Some(id));
    Ok(())
}

/// Whether somebody asked for the end of the round.
pub fn sync_stop(read: &impl Read, id: AccountId) -> Result<bool> {
    read.sql()
        .prepare_cached("SELECT sync_stop FROM account WHERE id = ?1")
        .and_then(|mut s| s.query_row([id.0], |r| r.get(0)).optional())
        .map(|stop| stop.unwrap_or(false))
        .map_err(sql)
}

/// A round begins: an end that was asked for before is done with.
pub fn forget_sync_stop(write: &mut WriteTx<'_>, id: AccountId) -> Result<()> {
    set(write, id, "sync_stop", false)
}
