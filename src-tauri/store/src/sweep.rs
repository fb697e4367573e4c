//! The sweep of content.db: contents that no message, draft or letter needs are removed, and the
//! file gives their room back.
//!
//! Owns: what counts as needed, and that nothing is removed which somebody is about to need: a
//! content is spared for [`SPARE_MS`] after it was last put, since its row is written after it.
//! Works in short transactions; a stop between any two leaves unused contents, never a row
//! without its content.
//! Look next: [`crate::content`] for what is stored, `engine/src/sweep.rs` for when this runs.

use crate::content::{ContentHash, ContentStore};
use crate::db::{Read, Store};
use crate::error::sql;
use model::Result;
use model::setting::Swept;
use rusqlite::Connection;
use std::collections::HashSet;

/// How long after it was put a content is spared, ms. A batch is committed within seconds.
pub const SPARE_MS: i64 = 10 * 60 * 1000;
/// Contents one transaction looks at.
const STEP: usize = 500;
/// Pages one step gives back to the system.
const PAGES: u32 = 1024;

/// Is any row left that needs this content?
fn needed(read: &impl Read, hash: &[u8]) -> Result<bool> {
    read.sql()
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM message WHERE content = ?1)
                OR EXISTS (SELECT 1 FROM draft_attachment WHERE content = ?1)
                OR EXISTS (SELECT 1 FROM submission WHERE content = ?1)",
        )
        .and_then(|mut s| s.query_row([hash], |r| r.get(0)))
        .map_err(sql)
}

struct Found {
    id: i64,
    hash: Vec<u8>,
}

/// The next contents after `after`: skeletons, or all others.
fn next(content: &Connection, skeletons: bool, after: i64) -> Result<Vec<Found>> {
    content
        .prepare_cached("SELECT id, hash FROM blob WHERE id > ?1 AND (codec & 2 <> 0) = ?2 ORDER BY id LIMIT ?3")
        .and_then(|mut s| {
            s.query_map((after, skeletons, STEP as i64), |r| Ok(Found { id: r.get(0)?, hash: r.get(1)? }))?.collect()
        })
        .map_err(sql)
}

/// Removes unused contents of a store and shrinks the file, until done or `stop` says so. Blocks.
///
/// # Errors
/// `Disk`, `Damaged`, `Busy` as SQLite gives them; what was removed stays removed.
pub fn sweep(store: &Store, stop: &dyn Fn() -> bool) -> Result<Swept> {
    let mut swept = Swept::default();
    let content = store.content();
    let before = store.now().0 - SPARE_MS;
    content.with_writer(|c| c.execute("DELETE FROM recent WHERE put_at < ?1", [before]).map(|_| ()).map_err(sql))?;
    // A skeleton goes before what it names: what only it named is unused then.
    let mut named: HashSet<[u8; 32]> = HashSet::new();
    remove_unneeded(store, true, &HashSet::new(), &mut swept, stop)?;
    let mut after = 0;
    loop {
        let page = content.with_writer(|c| next(c, true, after))?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for one in &page {
            named.extend(content.names(&one.hash)?.into_iter().map(|hash| hash.0));
        }
        if stop() {
            return Ok(swept);
        }
    }
    remove_unneeded(store, false, &named, &mut swept, stop)?;
    shrink(content, &mut swept, stop)?;
    Ok(swept)
}

fn remove_unneeded(
    store: &Store,
    skeletons: bool,
    named: &HashSet<[u8; 32]>,
    swept: &mut Swept,
    stop: &dyn Fn() -> bool,
) -> Result<()> {
    let content = store.content();
    let mut after = 0;
    while !stop() {
        let page = content.with_writer(|c| next(c, skeletons, after))?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.id;
        let unused: Vec<Found> = store.read_now(|r| {
            let mut unused = Vec::new();
            for one in page {
                let by_name = ContentHash::from_row(&one.hash).is_some_and(|hash| named.contains(&hash.0));
                if !by_name && !needed(r, &one.hash)? {
                    unused.push(one);
                }
            }
            Ok(unused)
        })?;
        if unused.is_empty() {
            continue;
        }
        let before = store.now().0 - SPARE_MS;
        content.with_writer(|c| {
            let tx = c.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(sql)?;
            for one in &unused {
                let recent: bool = tx
                    .prepare_cached("SELECT EXISTS (SELECT 1 FROM recent WHERE hash = ?1 AND put_at >= ?2)")
                    .and_then(|mut s| s.query_row((&one.hash, before), |r| r.get(0)))
                    .map_err(sql)?;
                if recent {
                    swept.spared += 1;
                    continue;
                }
                swept.removed += tx
                    .prepare_cached("DELETE FROM blob WHERE id = ?1")
                    .and_then(|mut s| s.execute([one.id]))
                    .map_err(sql)? as u32;
            }
            tx.commit().map_err(sql)
        })?;
    }
    Ok(())
}

/// Gives free pages back to the system, some at a time.
fn shrink(content: &ContentStore, swept: &mut Swept, stop: &dyn Fn() -> bool) -> Result<()> {
    let pragma =
        |c: &Connection, name: &str| c.query_row(&format!("PRAGMA {name}"), [], |r| r.get::<_, i64>(0)).map_err(sql);
    let page_bytes = content.with_writer(|c| pragma(c, "page_size"))?;
    loop {
        let (free, left) = content.with_writer(|c| {
            let free = pragma(c, "freelist_count")?;
            if free > 0 {
                let mut vacuum = c.prepare(&format!("PRAGMA incremental_vacuum({PAGES})")).map_err(sql)?;
                let mut rows = vacuum.query([]).map_err(sql)?;
                while rows.next().map_err(sql)?.is_some() {}
            }
            Ok((free, pragma(c, "freelist_count")?))
        })?;
        swept.freed_bytes += ((free - left).max(0) * page_bytes) as u64;
        // A file from before it could shrink keeps its free pages for what comes next.
        if left == 0 || left == free || stop() {
            swept.kept_bytes = (left * page_bytes) as u64;
            break;
        }
    }
    content.with_writer(|c| c.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(sql))
}
