//! Letter templates.

use crate::db::{Read, WriteTx};
use crate::error::{sql, taken};
use model::template::{Template, TemplatePutArgs};
use model::{Error, Noun, Result, TemplateId, Timestamp};
use rusqlite::{OptionalExtension, Row};

const COLUMNS: &str = "id, name, subject, html, text, updated_at";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Template> {
    Ok(Template {
        id: TemplateId(row.get(0)?),
        name: row.get(1)?,
        subject: row.get(2)?,
        html: row.get(3)?,
        text: row.get(4)?,
        updated_at: Timestamp(row.get(5)?),
    })
}

/// All templates by name.
pub fn list(read: &impl Read) -> Result<Vec<Template>> {
    let mut statement = read
        .sql()
        .prepare_cached(&format!("SELECT {COLUMNS} FROM template ORDER BY name COLLATE NOCASE"))
        .map_err(sql)?;
    statement.query_map([], from_row).and_then(Iterator::collect).map_err(sql)
}

/// One template.
pub fn get(read: &impl Read, id: TemplateId) -> Result<Template> {
    read.sql()
        .prepare_cached(&format!("SELECT {COLUMNS} FROM template WHERE id = ?1"))
        .and_then(|mut s| s.query_row([id.0], from_row).optional())
        .map_err(sql)?
        .ok_or_else(|| Error::not_found("This template is no longer there."))
}

/// Makes or replaces the template of this id, or else of this name.
///
/// # Errors
/// `Conflict` where a renamed template would take another one's name.
pub fn put(write: &mut WriteTx<'_>, args: &TemplatePutArgs) -> Result<TemplateId> {
    let name = args.name.trim();
    let named: Option<i64> = write
        .sql()
        .query_row("SELECT id FROM template WHERE name = ?1", [name], |r| r.get(0))
        .optional()
        .map_err(sql)?;
    let now = write.now().0;
    let id = match (args.id, named) {
        (Some(id), Some(other)) if id.0 != other => {
            return Err(taken(name));
        }
        (Some(id), _) => {
            get(write, id)?;
            Some(id.0)
        }
        (None, named) => named,
    };
    let id = if let Some(id) = id {
        write
            .sql()
            .execute(
                "UPDATE template SET name = ?2, subject = ?3, html = ?4, text = ?5, updated_at = ?6 WHERE id = ?1",
                (id, name, &args.subject, &args.html, &args.text, now),
            )
            .map_err(sql)?;
        id
    } else {
        write
            .sql()
            .execute(
                "INSERT INTO template (name, subject, html, text, updated_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                (name, &args.subject, &args.html, &args.text, now),
            )
            .map_err(sql)?;
        write.sql().last_insert_rowid()
    };
    write.changed(Noun::Template, Some(id));
    Ok(TemplateId(id))
}

/// Removes a template; runs that began with it keep their own copy.
pub fn remove(write: &mut WriteTx<'_>, id: TemplateId) -> Result<()> {
    get(write, id)?;
    write.sql().execute("DELETE FROM template WHERE id = ?1", [id.0]).map_err(sql)?;
    write.changed(Noun::Template, Some(id));
    Ok(())
}
