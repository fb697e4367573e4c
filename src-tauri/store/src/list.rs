//! Lists of conversations and messages: pages of any scope, with exact totals.
//!
//! A page is found on narrow indexes alone; only its own rows are read whole.

use crate::account::json;
use crate::db::Read;
use crate::error::sql;
use crate::flag;
use crate::message::People;
use crate::search::{Conditions, Hit, Today, add, hits, newest};
use model::mailbox::MailboxRole;
use model::message::{
    Address, ListScope, ListSort, MessageListArgs, MessagePage, ThreadListArgs, ThreadPage, ThreadRow,
};
use model::{AccountId, Error, Result, ThreadId, Timestamp};
use std::collections::{HashMap, HashSet};

const THREADS_MAX: u32 = 500;
const MESSAGES_MAX: u32 = 1000;
const PEOPLE_MAX: usize = 4;

/// The mailboxes a scope names; `None` is all of them.
fn mailboxes(read: &impl Read, scope: &ListScope) -> Result<Option<Vec<i64>>> {
    if scope.mailbox_id.is_none() && scope.role.is_none() {
        return Ok(None);
    }
    let all = crate::mailbox::list(read, scope.account_id)?;
    Ok(Some(
        all.iter()
            .filter(|m| {
                scope.mailbox_id.is_none_or(|id| m.id == id) && scope.role.is_none_or(|role| m.role == Some(role))
            })
            .map(|m| m.id.0)
            .collect(),
    ))
}

/// The conditions of a scope on single messages.
fn conditions(read: &impl Read, scope: &ListScope, today: &Today) -> Result<Conditions> {
    let mut conditions = Conditions::default();
    if let Some(mailboxes) = mailboxes(read, scope)? {
        conditions.in_mailboxes(&mailboxes);
    } else if let Some(account) = scope.account_id {
        conditions.push(format!("m.account_id = {account}"));
    }
    if scope.unread {
        conditions.push(format!("m.flags & {} = 0", flag::SEEN));
    }
    if scope.flagged {
        conditions.push(format!("m.flags & {} <> 0", flag::FLAGGED));
    }
    if scope.has_attachments {
        conditions.push("m.has_attachments");
    }
    if let Some(query) = &scope.query {
        add(read, &mail::query::parse(query), today, &mut conditions)?;
    }
    Ok(conditions)
}

fn has_query(scope: &ListScope) -> bool {
    scope.query.as_deref().is_some_and(|q| !q.trim().is_empty())
}

/// A page of conversations.
pub fn threads(read: &impl Read, args: &ThreadListArgs, today: &Today) -> Result<ThreadPage> {
    let limit = args.limit.min(THREADS_MAX);
    if has_query(&args.scope) {
        return searched(read, args, limit, today);
    }
    let mailboxes = mailboxes(read, &args.scope)?;
    let mut filter = String::new();
    for (on, condition) in [
        (args.scope.unread, " AND unread > 0"),
        (args.scope.flagged, " AND flagged > 0"),
        (args.scope.has_attachments, " AND has_attachments > 0"),
    ] {
        if on {
            filter.push_str(condition);
        }
    }
    let page = match &mailboxes {
        Some(mailboxes) => in_mailboxes(read, mailboxes, &filter, args, limit)?,
        None => in_all(read, args.scope.account_id, &filter, args, limit)?,
    };
    let members = mailboxes.map_or(Members::All, |m| Members::Mailboxes(m.into_iter().collect()));
    let recipients = recipients_shown(read, &args.scope)?;
    let rows = page.threads.iter().map(|id| row(read, *id, &members, recipients)).filter_map(Result::transpose);
    Ok(ThreadPage { total: page.total, rows: rows.collect::<Result<_>>()? })
}

struct Page {
    total: u32,
    threads: Vec<i64>,
}

fn order(sort: ListSort) -> &'static str {
    match sort {
        ListSort::Newest => "last_at DESC, thread_id DESC",
        ListSort::Oldest => "last_at, thread_id",
        ListSort::From => "sort_from, last_at DESC, thread_id DESC",
        ListSort::Subject => "sort_subject, last_at DESC, thread_id DESC",
        ListSort::Largest => "size DESC, last_at DESC, thread_id DESC",
    }
}

/// The page's query over one or more mailboxes; `?1` is the limit, `?2` the offset.
pub(crate) fn page_sql(mailboxes: &[i64], filter: &str, sort: ListSort) -> String {
    let order = order(sort);
    let one = |mailbox: &i64| {
        format!(
            "SELECT thread_id, last_at, sort_from, sort_subject, size FROM thread_mailbox WHERE mailbox_id = {mailbox}{filter} ORDER BY {order}"
        )
    };
    match mailboxes {
        [mailbox] => {
            let columns = format!("SELECT thread_id FROM thread_mailbox WHERE mailbox_id = {mailbox}{filter}");
            format!("{columns} ORDER BY {order} LIMIT ?1 OFFSET ?2")
        }
        many => {
            let each: Vec<String> = many.iter().map(|m| format!("SELECT * FROM ({} LIMIT ?1 + ?2)", one(m))).collect();
            format!("SELECT thread_id FROM ({}) ORDER BY {order} LIMIT ?1 OFFSET ?2", each.join(" UNION ALL "))
        }
    }
}

fn in_mailboxes(read: &impl Read, mailboxes: &[i64], filter: &str, args: &ThreadListArgs, limit: u32) -> Result<Page> {
    if mailboxes.is_empty() {
        return Ok(Page { total: 0, threads: Vec::new() });
    }
    let list = mailboxes.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    let total = read
        .sql()
        .prepare_cached(&format!("SELECT count(*) FROM thread_mailbox WHERE mailbox_id IN ({list}){filter}"))
        .and_then(|mut s| s.query_row([], |r| r.get(0)))
        .map_err(sql)?;
    let threads = read
        .sql()
        .prepare_cached(&page_sql(mailboxes, filter, args.sort))
        .and_then(|mut s| s.query_map((limit, args.offset), |r| r.get(0))?.collect())
        .map_err(sql)?;
    Ok(Page { total, threads })
}

fn in_all(
    read: &impl Read,
    account: Option<AccountId>,
    filter: &str,
    args: &ThreadListArgs,
    limit: u32,
) -> Result<Page> {
    let whose = account.map_or_else(String::new, |a| format!(" AND account_id = {a}"));
    let (total, page) = if filter.is_empty() && matches!(args.sort, ListSort::Newest | ListSort::Oldest) {
        let direction = if args.sort == ListSort::Newest { "DESC" } else { "ASC" };
        (
            format!("SELECT count(*) FROM thread WHERE messages > 0{whose}"),
            format!(
                "SELECT id FROM thread WHERE messages > 0{whose} ORDER BY last_at {direction}, id {direction} LIMIT ?1 OFFSET ?2"
            ),
        )
    } else {
        let inner = format!(
            "SELECT tm.thread_id, max(tm.last_at) AS last_at, max(tm.unread) AS unread, max(tm.flagged) AS flagged,
                max(tm.has_attachments) AS has_attachments, max(tm.size) AS size, min(tm.sort_from) AS sort_from,
                min(tm.sort_subject) AS sort_subject
             FROM thread_mailbox tm JOIN thread t ON t.id = tm.thread_id WHERE 1{whose} GROUP BY tm.thread_id"
        );
        (
            format!("SELECT count(*) FROM ({inner}) WHERE 1{filter}"),
            format!("SELECT thread_id FROM ({inner}) WHERE 1{filter} ORDER BY {} LIMIT ?1 OFFSET ?2", order(args.sort)),
        )
    };
    let total = read.sql().prepare_cached(&total).and_then(|mut s| s.query_row([], |r| r.get(0))).map_err(sql)?;
    let threads = read
        .sql()
        .prepare_cached(&page)
        .and_then(|mut s| s.query_map((limit, args.offset), |r| r.get(0))?.collect())
        .map_err(sql)?;
    Ok(Page { total, threads })
}

/// Which messages of a conversation belong to the list.
enum Members {
    All,
    Mailboxes(HashSet<i64>),
    Hits(HashMap<i64, HashSet<i64>>),
}

fn searched(read: &impl Read, args: &ThreadListArgs, limit: u32, today: &Today) -> Result<ThreadPage> {
    let found = hits(read, &conditions(read, &args.scope, today)?)?;
    // The newest hit of each conversation, in order.
    let mut seen: HashSet<i64> = HashSet::with_capacity(found.len());
    let mut newest: Vec<Hit> = found.iter().filter(|hit| seen.insert(hit.thread)).copied().collect();
    sort_hits(read, &mut newest, args.sort)?;
    let total = newest.len() as u32;
    let page: Vec<Hit> = newest.into_iter().skip(args.offset as usize).take(limit as usize).collect();
    let wanted: HashSet<i64> = page.iter().map(|hit| hit.thread).collect();
    let mut members: HashMap<i64, HashSet<i64>> = HashMap::new();
    for hit in found.iter().filter(|hit| wanted.contains(&hit.thread)) {
        members.entry(hit.thread).or_default().insert(hit.message);
    }
    let members = Members::Hits(members);
    let recipients = recipients_shown(read, &args.scope)?;
    let rows = page.iter().map(|hit| row(read, hit.thread, &members, recipients)).filter_map(Result::transpose);
    Ok(ThreadPage { total, rows: rows.collect::<Result<_>>()? })
}

/// Orders hits that come newest first.
fn sort_hits(read: &impl Read, hits: &mut Vec<Hit>, sort: ListSort) -> Result<()> {
    let column = match sort {
        ListSort::Newest => return Ok(()),
        ListSort::Oldest => {
            hits.reverse();
            return Ok(());
        }
        ListSort::From => "sort_from",
        ListSort::Subject => "sort_subject",
        ListSort::Largest => "printf('%020d', 9000000000000000000 - size)",
    };
    let mut look = read.sql().prepare_cached(&format!("SELECT {column} FROM message WHERE id = ?1")).map_err(sql)?;
    let mut keyed: Vec<(String, Hit)> = Vec::with_capacity(hits.len());
    for hit in hits.iter() {
        keyed.push((look.query_row([hit.message], |r| r.get(0)).map_err(sql)?, *hit));
    }
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    *hits = keyed.into_iter().map(|(_, hit)| hit).collect();
    Ok(())
}

/// True for lists of what we wrote: they show whom we wrote to.
fn recipients_shown(read: &impl Read, scope: &ListScope) -> Result<bool> {
    let role = match (scope.role, scope.mailbox_id) {
        (Some(role), _) => Some(role),
        (None, Some(id)) => crate::mailbox::get(read, id)?.role,
        (None, None) => None,
    };
    Ok(matches!(role, Some(MailboxRole::Sent | MailboxRole::Drafts)))
}

struct One {
    id: i64,
    account: i64,
    subject: String,
    from: Address,
    date_at: i64,
    flags: i64,
    snippet: String,
    has_attachments: bool,
    size: i64,
    people: Option<People>,
    mailboxes: Vec<i64>,
    snoozed_until: Option<i64>,
}

fn row(read: &impl Read, thread: i64, members: &Members, recipients: bool) -> Result<Option<ThreadRow>> {
    let messages: Vec<One> = read
        .sql()
        .prepare_cached(
            "SELECT m.id, m.account_id, m.subject, m.from_name, m.from_email, m.date_at, m.flags, m.snippet,
                m.has_attachments, m.size, CASE WHEN ?2 THEN m.people END,
                (SELECT json_group_array(p.mailbox_id) FROM placement p WHERE p.message_id = m.id AND p.mailbox_id IS NOT NULL),
                (SELECT max(s.until_at) FROM placement p JOIN snooze s ON s.placement_id = p.id AND s.ended_by IS NULL
                 WHERE p.message_id = m.id)
             FROM message m WHERE m.thread_id = ?1 ORDER BY m.date_at, m.id",
        )
        .and_then(|mut s| {
            s.query_map((thread, recipients), |r| {
                Ok(One {
                    id: r.get(0)?,
                    account: r.get(1)?,
                    subject: r.get(2)?,
                    from: Address { name: r.get(3)?, email: r.get(4)? },
                    date_at: r.get(5)?,
                    flags: r.get(6)?,
                    snippet: r.get(7)?,
                    has_attachments: r.get(8)?,
                    size: r.get(9)?,
                    people: json(r, 10)?,
                    mailboxes: json(r, 11)?.unwrap_or_default(),
                    snoozed_until: r.get(12)?,
                })
            })?
            .collect()
        })
        .map_err(sql)?;
    let shown: Vec<One> = messages.into_iter().filter(|m| !m.mailboxes.is_empty()).collect();
    let belongs = |m: &&One| match members {
        Members::All => true,
        Members::Mailboxes(wanted) => m.mailboxes.iter().any(|id| wanted.contains(id)),
        Members::Hits(hits) => hits.get(&thread).is_some_and(|h| h.contains(&m.id)),
    };
    let here: Vec<&One> = shown.iter().filter(belongs).collect();
    let Some(newest) = here.last() else { return Ok(None) };
    let mut people: Vec<Address> = Vec::new();
    let mut meet = |address: &Address| {
        if people.len() < PEOPLE_MAX && !people.iter().any(|p| p.email.eq_ignore_ascii_case(&address.email)) {
            people.push(address.clone());
        }
    };
    if recipients {
        for one in here.iter().filter_map(|m| m.people.as_ref()) {
            one.to.iter().chain(&one.cc).chain(&one.bcc).for_each(&mut meet);
        }
    } else {
        for one in &shown {
            meet(&one.from);
        }
    }
    let count = |bit: i64, set: bool| here.iter().filter(|m| (m.flags & bit != 0) == set).count() as u32;
    Ok(Some(ThreadRow {
        id: ThreadId(thread),
        account_id: AccountId(newest.account),
        subject: newest.subject.clone(),
        people,
        snippet: newest.snippet.clone(),
        last_at: Timestamp(newest.date_at),
        messages: shown.len() as u32,
        matching: here.len() as u32,
        unread: count(flag::SEEN, false),
        flagged: count(flag::FLAGGED, true) > 0,
        answered: count(flag::ANSWERED, true) > 0,
        has_attachments: here.iter().any(|m| m.has_attachments),
        has_draft: shown.iter().any(|m| m.flags & flag::DRAFT != 0),
        snoozed_until: here.iter().filter_map(|m| m.snoozed_until).max().map(Timestamp),
        size: here.iter().map(|m| m.size.max(0) as u64).max().unwrap_or(0),
    }))
}

/// A page of single messages.
pub fn messages(read: &impl Read, args: &MessageListArgs, today: &Today) -> Result<MessagePage> {
    let limit = args.limit.min(MESSAGES_MAX);
    let scope = &args.scope;
    let plain = !has_query(scope) && !scope.unread && !scope.flagged && !scope.has_attachments;
    if plain
        && matches!(args.sort, ListSort::Newest | ListSort::Oldest)
        && let Some([mailbox]) = mailboxes(read, scope)?.as_deref()
    {
        return of_mailbox(read, *mailbox, args, limit);
    }
    let conditions = conditions(read, scope, today)?;
    if args.sort == ListSort::Newest {
        let (total, page) = newest(read, &conditions, args.offset as usize, limit as usize)?;
        return Ok(MessagePage { total, rows: crate::message::get_all(read, &page)? });
    }
    let mut found = hits(read, &conditions)?;
    sort_hits(read, &mut found, args.sort)?;
    let page: Vec<i64> = found.iter().skip(args.offset as usize).take(limit as usize).map(|hit| hit.message).collect();
    Ok(MessagePage { total: found.len() as u32, rows: crate::message::get_all(read, &page)? })
}

fn of_mailbox(read: &impl Read, mailbox: i64, args: &MessageListArgs, limit: u32) -> Result<MessagePage> {
    let total = read
        .sql()
        .prepare_cached(
            "SELECT count(*) FROM (SELECT DISTINCT date_at, message_id FROM placement WHERE mailbox_id = ?1)",
        )
        .and_then(|mut s| s.query_row([mailbox], |r| r.get(0)))
        .map_err(sql)?;
    let direction = if args.sort == ListSort::Newest { "DESC" } else { "ASC" };
    let page: Vec<i64> = read
        .sql()
        .prepare_cached(&format!(
            "SELECT DISTINCT message_id, date_at FROM placement WHERE mailbox_id = ?1
             ORDER BY date_at {direction}, message_id {direction} LIMIT ?2 OFFSET ?3"
        ))
        .and_then(|mut s| s.query_map((mailbox, limit, args.offset), |r| r.get(0))?.collect())
        .map_err(sql)?;
    Ok(MessagePage { total, rows: crate::message::get_all(read, &page)? })
}

/// One conversation with its messages, oldest first.
pub fn thread(read: &impl Read, id: ThreadId) -> Result<model::message::Thread> {
    let messages = crate::message::of_thread(read, id)?;
    let last = messages.last().ok_or_else(|| Error::not_found("This conversation is no longer there."))?;
    Ok(model::message::Thread { id, account_id: last.account_id, subject: last.subject.clone(), messages })
}
