//! What the ledger owes besides handing letters over: evidence for the uncertain ones, and the copy in
//! Sent of those accepted.

use crate::content::ContentHash;
use crate::db::{Read, WriteTx};
use crate::error::sql;
use crate::submission::set_uncertain;
use model::submission::SubmissionState;
use model::{AccountId, Noun, Result, SubmissionId, Timestamp};
use rusqlite::OptionalExtension;

/// An uncertain letter whose evidence is to be sought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    /// The letter.
    pub id: SubmissionId,
    /// Its Message-ID.
    pub message_id: String,
    /// Searches so far.
    pub searches: u32,
    /// When it became uncertain.
    pub since_at: Timestamp,
    /// What the try left at the provider.
    pub provider_ref: Option<String>,
    /// An earlier try served some recipients: a copy in Sent proves nothing for the others.
    pub served_before: bool,
}

/// The uncertain letter whose search is due.
pub fn evidence_due(read: &impl Read, account: AccountId, now: Timestamp) -> Result<Option<Sought>> {
    read.sql()
        .prepare_cached(
            "SELECT id, message_id, evidence, state_at, provider_ref,
                    EXISTS (SELECT 1 FROM submission_recipient WHERE submission_id = s.id
                        AND state IN ('accepted', 'bounced', 'replied'))
             FROM submission s WHERE account_id = ?1 AND state = 'uncertain' AND retry_at <= ?2 ORDER BY retry_at LIMIT 1",
        )
        .and_then(|mut s| {
            s.query_row((account.0, now.0), |r| {
                Ok(Sought {
                    id: SubmissionId(r.get(0)?),
                    message_id: r.get(1)?,
                    searches: r.get(2)?,
                    since_at: Timestamp(r.get(3)?),
                    provider_ref: r.get(4)?,
                    served_before: r.get(5)?,
                })
            })
            .optional()
        })
        .map_err(sql)
}

/// The letter was found where only a sent one can be.
pub fn evidence_found(write: &mut WriteTx<'_>, id: SubmissionId) -> Result<()> {
    let changed = write
        .sql()
        .execute(
            "UPDATE submission SET filed = 1, file_at = NULL, evidence = evidence + 1 WHERE id = ?1 AND state = 'uncertain'",
            [id.0],
        )
        .map_err(sql)?;
    if changed > 0 {
        set_uncertain(write, id, SubmissionState::Accepted)?;
    }
    Ok(())
}

/// The provider itself holds the letter, unsent: it goes out with the next try.
pub fn evidence_unsent(write: &mut WriteTx<'_>, id: SubmissionId) -> Result<()> {
    let changed = write
        .sql()
        .execute("UPDATE submission SET evidence = evidence + 1 WHERE id = ?1 AND state = 'uncertain'", [id.0])
        .map_err(sql)?;
    if changed > 0 {
        set_uncertain(write, id, SubmissionState::Queued)?;
    }
    Ok(())
}

/// The letter was not found, or nobody could look; the next search is at `next_at`, if there is one.
pub fn evidence_missing(
    write: &mut WriteTx<'_>,
    id: SubmissionId,
    counts: bool,
    next_at: Option<Timestamp>,
) -> Result<()> {
    write
        .sql()
        .execute(
            "UPDATE submission SET evidence = evidence + ?2, retry_at = ?3 WHERE id = ?1 AND state = 'uncertain'",
            (id.0, counts, next_at.map(|t| t.0)),
        )
        .map_err(sql)?;
    write.changed(Noun::Submission, Some(id));
    Ok(())
}

/// A letter whose Sent copy is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfiled {
    /// The letter.
    pub id: SubmissionId,
    /// Its Message-ID.
    pub message_id: String,
    /// Its bytes.
    pub content: ContentHash,
    /// When it was accepted.
    pub sent_at: Timestamp,
    /// Tries so far.
    pub attempts: u32,
}

/// The letter whose Sent copy is due.
pub fn filing_due(read: &impl Read, account: AccountId, now: Timestamp) -> Result<Option<Unfiled>> {
    read.sql()
        .prepare_cached(
            "SELECT id, message_id, content, state_at, file_attempts FROM submission
             WHERE account_id = ?1 AND file_at <= ?2 ORDER BY file_at LIMIT 1",
        )
        .and_then(|mut s| {
            s.query_row((account.0, now.0), |r| {
                let hash: Vec<u8> = r.get(2)?;
                Ok(Unfiled {
                    id: SubmissionId(r.get(0)?),
                    message_id: r.get(1)?,
                    content: ContentHash::from_row(&hash).unwrap_or(ContentHash([0; 32])),
                    sent_at: Timestamp(r.get(3)?),
                    attempts: r.get(4)?,
                })
            })
            .optional()
        })
        .map_err(sql)
}

/// The Sent copy is in place.
pub fn filed(write: &mut WriteTx<'_>, id: SubmissionId) -> Result<()> {
    write.sql().execute("UPDATE submission SET filed = 1, file_at = NULL WHERE id = ?1", [id.0]).map_err(sql)?;
    write.changed(Noun::Submission, Some(id));
    Ok(())
}

/// The Sent copy could not be stored; it is tried again at `next_at`.
pub fn filing_failed(write: &mut WriteTx<'_>, id: SubmissionId, next_at: Timestamp) -> Result<()> {
    write
        .sql()
        .execute(
            "UPDATE submission SET file_attempts = file_attempts + 1, file_at = ?2 WHERE id = ?1",
            (id.0, next_at.0),
        )
        .map_err(sql)?;
    Ok(())
}

/// When evidence is next to be sought or a Sent copy to be stored.
pub fn next_errand_at(read: &impl Read, account: AccountId) -> Result<Option<Timestamp>> {
    read.sql()
        .query_row(
            "SELECT min(at) FROM (
                SELECT min(retry_at) AS at FROM submission WHERE account_id = ?1 AND state = 'uncertain'
                UNION ALL SELECT min(file_at) FROM submission WHERE account_id = ?1 AND file_at IS NOT NULL)",
            [account.0],
            |r| r.get::<_, Option<i64>>(0),
        )
        .map(|at| at.map(Timestamp))
        .map_err(sql)
}
