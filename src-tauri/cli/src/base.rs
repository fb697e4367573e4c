//! `tabella base`, `table` and `record`.

use crate::args::{BaseAccountVerb, BaseVerb, RecordVerb, TableVerb};
use crate::output::{Output, columns};
use crate::profile::ask;
use engine::Engine;
use model::base::{
    Base, BaseAct, BaseCopyArgs, BaseCreateArgs, BaseRef, Column, ColumnType, FilterNode, ImportFileArgs, Imported,
    RecordAddArgs, RecordListArgs, RecordPage, RecordRef, RecordRefs, RecordUpdateArgs, RecordValues, Table,
};
use model::exchange::{BaseAccount, BindAccountArgs, ExportArgs, ExportFormat, Exported, OpenArgs, UnbindAccountArgs};
use model::message::MessagePage;
use model::setting::Nothing;
use model::{ColumnId, Error, RecordId, Result, ViewId, say};
use serde_json::Value;
use std::collections::BTreeMap;

/// The base of this name or id.
pub async fn find(engine: &Engine, wanted: &str) -> Result<Base> {
    let list: Vec<Base> = ask(engine, "base.list", &Nothing {}).await?;
    let base = list.into_iter().find(|b| b.name.eq_ignore_ascii_case(wanted) || b.id.0 == wanted).ok_or_else(|| {
        Error::not_found(say!("There is no base “{wanted}”.", wanted)).remedy("`tabella base list` shows them.")
    })?;
    base.error.clone().map_or(Ok(base), Err)
}

/// The table of this name or id in a base.
pub fn find_table(base: &Base, wanted: &str) -> Result<Table> {
    let id = wanted.parse::<i64>().ok();
    base.tables.iter().find(|t| t.name.eq_ignore_ascii_case(wanted) || Some(t.id.0) == id).cloned().ok_or_else(|| {
        Error::not_found(say!("The base has no table “{wanted}”.", wanted)).remedy("`tabella table list` shows them.")
    })
}

/// The column of this name in a table.
pub fn find_column<'a>(table: &'a Table, wanted: &str) -> Result<&'a Column> {
    table.columns.iter().find(|c| c.name.eq_ignore_ascii_case(wanted)).ok_or_else(|| {
        Error::not_found(say!("The table has no column “{wanted}”.", wanted)).remedy("`tabella table show` lists them.")
    })
}

/// The view of this name in a table.
pub fn find_view(table: &Table, wanted: &str) -> Result<ViewId> {
    table
        .views
        .iter()
        .find(|v| v.name.eq_ignore_ascii_case(wanted))
        .map(|v| v.id)
        .ok_or_else(|| Error::not_found(say!("The table has no view “{wanted}”.", wanted)))
}

/// `Column predicate value`, several joined by ` and `. Select options are given by name.
pub fn filter(table: &Table, text: &str) -> Result<FilterNode> {
    let items = text.split(" and ").map(|rule| rule_of(table, rule.trim())).collect::<Result<Vec<_>>>()?;
    Ok(FilterNode::Group { all: true, items })
}

fn rule_of(table: &Table, text: &str) -> Result<FilterNode> {
    // The longest name wins, so that `City code` is not read as `City`.
    let column = table
        .columns
        .iter()
        .filter(|c| text.strip_prefix(c.name.as_str()).is_some_and(|rest| rest.starts_with(' ')))
        .max_by_key(|c| c.name.len())
        .ok_or_else(|| Error::invalid(say!("“{text}” does not begin with a column's name.", text)))?;
    let rest = text[column.name.len()..].trim_start();
    let (predicate, value) = rest.split_once(' ').unwrap_or((rest, ""));
    let value = match column.kind {
        ColumnType::Number | ColumnType::Rating | ColumnType::Duration => {
            value.parse::<f64>().map_or_else(|_| Value::from(value), Value::from)
        }
        ColumnType::Checkbox => Value::from(matches!(value, "true" | "yes" | "1")),
        ColumnType::SingleSelect | ColumnType::MultipleSelect => option(column, value)?,
        _ if value.is_empty() => Value::Null,
        _ => Value::from(value),
    };
    Ok(FilterNode::Rule { column: column.id, predicate: predicate.to_owned(), value, modifier: None })
}

fn option(column: &Column, name: &str) -> Result<Value> {
    if name.is_empty() {
        return Ok(Value::Null);
    }
    column
        .settings
        .get("options")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .find(|o| o.get("name").and_then(Value::as_str).is_some_and(|n| n.eq_ignore_ascii_case(name)))
        .and_then(|o| o.get("id").cloned())
        .ok_or_else(|| Error::not_found(say!("Column “{column}” has no option “{name}”.", column = column.name, name)))
}

/// `tabella base`
pub async fn run(engine: &Engine, out: &Output, verb: BaseVerb) -> Result<()> {
    match verb {
        BaseVerb::List => {
            let list: Vec<Base> = ask(engine, "base.list", &Nothing {}).await?;
            out.show(&list, |list| {
                let mut rows = vec![["ID", "NAME", "TABLES"].map(String::from).to_vec()];
                rows.extend(list.iter().map(|b| {
                    let tables = b.tables.iter().map(|t| t.name.clone()).collect::<Vec<_>>().join(", ");
                    vec![b.id.to_string(), b.name.clone(), b.error.as_ref().map_or(tables, ToString::to_string)]
                }));
                columns(&rows)
            })
        }
        BaseVerb::Create { name } => {
            let base: Base = ask(engine, "base.create", &BaseCreateArgs { name }).await?;
            out.show(&base, |b| b.id.to_string())
        }
        BaseVerb::Import { file, name } => {
            let args = ImportFileArgs {
                path: absolute(&file),
                bytes: None,
                base: None,
                name,
                delimiter: None,
                encoding: None,
                header: None,
                types: None,
                tables: None,
                into: None,
                ticket: None,
            };
            let imported: Imported = ask(engine, "base.import_file", &args).await?;
            out.show(&imported, |i| format!("{} record(s) in base {}", i.records, i.base))
        }
        BaseVerb::Open { file } => {
            let opened: Base = ask(engine, "base.open", &OpenArgs { path: absolute(&file) }).await?;
            out.show(&opened, |base| format!("{}  {}", base.id, base.name))
        }
        BaseVerb::Export { base, file, table, view, files, read_only, delimiter, no_bom } => {
            let base = find(engine, &base).await?;
            let format = format(&file)?;
            let table = match table {
                Some(name) => Some(find_table(&base, &name)?),
                // A text file holds one table: of a base with one table it can only be that one.
                None if format == ExportFormat::Csv => base.tables.first().filter(|_| base.tables.len() == 1).cloned(),
                None => None,
            };
            let args = ExportArgs {
                view: view.as_deref().zip(table.as_ref()).map(|(v, t)| find_view(t, v)).transpose()?,
                table: table.map(|t| t.id),
                base: base.id,
                format,
                path: absolute(&file),
                files,
                read_only,
                bom: Some(!no_bom),
                delimiter,
                ticket: None,
            };
            let exported: Exported = ask(engine, "base.export", &args).await?;
            out.show(&exported, |e| {
                let mut lines = vec![format!("{} record(s) of {} table(s) in {}", e.records, e.tables, e.path)];
                lines.extend(e.notes.iter().map(|note| note.text.clone()));
                lines.join("\n")
            })
        }
        BaseVerb::Account { verb } => accounts(engine, out, verb).await,
        BaseVerb::Copy { base, name } => {
            let id = find(engine, &base).await?.id;
            let copy: Base = ask(engine, "base.copy", &BaseCopyArgs { id, name }).await?;
            out.show(&copy, |b| b.id.to_string())
        }
        BaseVerb::Remove { base, yes } => {
            let list: Vec<Base> = ask(engine, "base.list", &Nothing {}).await?;
            let found = list
                .into_iter()
                .find(|b| b.name.eq_ignore_ascii_case(&base) || b.id.0 == base)
                .ok_or_else(|| Error::not_found(say!("There is no base “{base}”.", base)))?;
            if !yes {
                return Err(Error::invalid(say!("This removes the base “{name}” and its file.", name = found.name))
                    .remedy("Say --yes to do it."));
            }
            let _: Nothing = ask(engine, "base.remove", &BaseRef { id: found.id }).await?;
            Ok(())
        }
    }
}

/// `tabella base account`
async fn accounts(engine: &Engine, out: &Output, verb: BaseAccountVerb) -> Result<()> {
    let list: Vec<BaseAccount> = match verb {
        BaseAccountVerb::List { base } => {
            let id = find(engine, &base).await?.id;
            ask(engine, "base.accounts", &BaseRef { id }).await?
        }
        BaseAccountVerb::Bind { base, name, account } => {
            let base = find(engine, &base).await?.id;
            let account = Some(crate::account::find(engine, &account).await?.id);
            vec![ask(engine, "base.bind_account", &BindAccountArgs { base, name, account, add: false }).await?]
        }
        BaseAccountVerb::Unbind { base, name } => {
            let base = find(engine, &base).await?.id;
            ask(engine, "base.unbind_account", &UnbindAccountArgs { base, name }).await?
        }
    };
    out.show(&list, |list| {
        let mut rows = vec![["NAME", "ACCOUNT"].map(String::from).to_vec()];
        rows.extend(
            list.iter().map(|a| vec![a.name.clone(), a.account_name.clone().unwrap_or_else(|| "-".to_owned())]),
        );
        columns(&rows)
    })
}

/// What to write, by the end of the file's name.
fn format(file: &std::path::Path) -> Result<ExportFormat> {
    match file.extension().map(|e| e.to_string_lossy().to_lowercase()).as_deref() {
        Some("xlsx") => Ok(ExportFormat::Xlsx),
        Some("csv" | "tsv" | "txt") => Ok(ExportFormat::Csv),
        Some("json") => Ok(ExportFormat::Json),
        Some("sqlite" | "sqlite3" | "db") => Ok(ExportFormat::Sqlite),
        Some("dtable") => Ok(ExportFormat::Dtable),
        Some("base") => Ok(ExportFormat::Base),
        _ => Err(Error::invalid(say!("“{file}” does not say what to write.", file = file.display()))
            .remedy("End its name in .base, .dtable, .xlsx, .csv, .json or .sqlite.")),
    }
}

fn absolute(path: &std::path::Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()).display().to_string()
}

/// `tabella table`
pub async fn table(engine: &Engine, out: &Output, verb: TableVerb) -> Result<()> {
    match verb {
        TableVerb::List { base } => out.show(&find(engine, &base).await?.tables, |tables| {
            columns(&tables.iter().map(|t| vec![t.id.to_string(), t.name.clone()]).collect::<Vec<_>>())
        }),
        TableVerb::Show { base, table } => {
            let table = find_table(&find(engine, &base).await?, &table)?;
            out.show(&table, |t| {
                let mut rows = vec![["ID", "COLUMN", "TYPE"].map(String::from).to_vec()];
                rows.extend(t.columns.iter().map(|c| {
                    let kind = serde_json::to_value(c.kind)
                        .ok()
                        .and_then(|k| k.as_str().map(String::from))
                        .unwrap_or_default();
                    vec![c.id.to_string(), c.name.clone(), kind]
                }));
                let mut views = vec![["ID", "VIEW", "KIND", ""].map(String::from).to_vec()];
                views.extend(t.views.iter().map(|v| {
                    let kind = serde_json::to_value(v.kind)
                        .ok()
                        .and_then(|k| k.as_str().map(String::from))
                        .unwrap_or_default();
                    let private = v.settings.get("private").and_then(Value::as_bool) == Some(true);
                    vec![v.id.to_string(), v.name.clone(), kind, if private { "private".into() } else { String::new() }]
                }));
                format!("{}\n{}", columns(&rows), columns(&views))
            })
        }
    }
}

/// A cell as people read it; option ids become names.
fn shown(column: Option<&Column>, value: &Value) -> String {
    let name = |id: &Value| {
        column
            .and_then(|c| c.settings.get("options"))
            .and_then(Value::as_array)
            .and_then(|options| options.iter().find(|o| o.get("id") == Some(id)))
            .and_then(|o| o.get("name").and_then(Value::as_str))
            .map_or_else(|| plain(id), String::from)
    };
    match (column.map(|c| c.kind), value) {
        (Some(ColumnType::SingleSelect), id) => name(id),
        (Some(ColumnType::MultipleSelect), Value::Array(ids)) => ids.iter().map(name).collect::<Vec<_>>().join(", "),
        (_, value) => plain(value),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A cell for CSV (RFC 4180); what a spreadsheet would run as a formula is defused.
fn csv_cell(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err() {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn cells(table: &Table, given: &[String]) -> Result<BTreeMap<ColumnId, Value>> {
    given
        .iter()
        .map(|pair| {
            let (name, value) =
                pair.split_once('=').ok_or_else(|| Error::invalid(say!("“{pair}” is not COLUMN=VALUE.", pair)))?;
            let value = if value.is_empty() { Value::Null } else { Value::from(value) };
            Ok((find_column(table, name)?.id, value))
        })
        .collect()
}

/// `tabella record`
pub async fn record(engine: &Engine, out: &Output, verb: RecordVerb) -> Result<()> {
    match verb {
        RecordVerb::List { base, table, view, filter: text, limit, csv } => {
            let base = find(engine, &base).await?;
            let table = find_table(&base, &table)?;
            let mut args = RecordListArgs {
                base: base.id,
                table: table.id,
                view: view.as_deref().map(|v| find_view(&table, v)).transpose()?,
                filter: text.as_deref().map(|t| filter(&table, t)).transpose()?,
                search: None,
                sorts: None,
                offset: 0,
                limit: limit.min(1000),
            };
            let mut page: RecordPage = ask(engine, "record.list", &args).await?;
            while (page.rows.len() as u32) < limit.min(page.total) {
                args.offset = page.rows.len() as u32;
                let more: RecordPage = ask(engine, "record.list", &args).await?;
                if more.rows.is_empty() {
                    break;
                }
                page.rows.extend(more.rows);
            }
            page.rows.truncate(limit as usize);
            let by_id = |id: &ColumnId| table.columns.iter().find(|c| c.id == *id);
            let heading: Vec<String> =
                page.columns.iter().map(|id| by_id(id).map_or_else(String::new, |c| c.name.clone())).collect();
            let texts = |row: &model::base::RecordRow| -> Vec<String> {
                row.cells.iter().zip(&page.columns).map(|(v, id)| shown(by_id(id), v)).collect()
            };
            if csv {
                let mut lines = vec![heading.iter().map(|h| csv_cell(h)).collect::<Vec<_>>().join(",")];
                lines.extend(
                    page.rows.iter().map(|r| texts(r).iter().map(|t| csv_cell(t)).collect::<Vec<_>>().join(",")),
                );
                print!("{}\r\n", lines.join("\r\n"));
                return Ok(());
            }
            if out.json {
                let rows: Vec<Value> = page
                    .rows
                    .iter()
                    .map(|row| {
                        let mut object = serde_json::Map::new();
                        object.insert("id".into(), row.id.0.into());
                        for ((value, id), name) in row.cells.iter().zip(&page.columns).zip(&heading) {
                            let value = match by_id(id).map(|c| c.kind) {
                                Some(ColumnType::SingleSelect | ColumnType::MultipleSelect) => {
                                    Value::from(shown(by_id(id), value))
                                }
                                _ => value.clone(),
                            };
                            object.insert(name.clone(), value);
                        }
                        Value::Object(object)
                    })
                    .collect();
                return out.show(&rows, |_| String::new());
            }
            let mut rows = vec![std::iter::once("ID".to_owned()).chain(heading.clone()).collect::<Vec<_>>()];
            rows.extend(
                page.rows.iter().map(|r| std::iter::once(r.id.to_string()).chain(texts(r)).collect::<Vec<_>>()),
            );
            println!("{}", columns(&rows).trim_end());
            Ok(())
        }
        RecordVerb::Add { base, table, cells: given } => {
            let base = find(engine, &base).await?;
            let table = find_table(&base, &table)?;
            let args = RecordAddArgs { base: base.id, table: table.id, records: vec![cells(&table, &given)?] };
            let act: BaseAct = ask(engine, "record.add", &args).await?;
            out.show(&act, |a| a.records.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        }
        RecordVerb::Update { base, table, record, cells: given } => {
            let base = find(engine, &base).await?;
            let table = find_table(&base, &table)?;
            let records = vec![RecordValues { id: RecordId(record), cells: cells(&table, &given)? }];
            let act: BaseAct =
                ask(engine, "record.update", &RecordUpdateArgs { base: base.id, table: table.id, records }).await?;
            out.show(&act, |_| String::new())
        }
        RecordVerb::Delete { base, table, records } => {
            let base = find(engine, &base).await?;
            let table = find_table(&base, &table)?;
            let records = records.into_iter().map(RecordId).collect();
            let act: BaseAct =
                ask(engine, "record.remove", &RecordRefs { base: base.id, table: table.id, records }).await?;
            out.show(&act, |_| String::new())
        }
        RecordVerb::Mail { base, table, record } => {
            let base = find(engine, &base).await?;
            let table = find_table(&base, &table)?;
            let args = RecordRef { base: base.id, table: table.id, record: RecordId(record) };
            let page: MessagePage = ask(engine, "record.mail", &args).await?;
            out.show(&page.rows, |rows| {
                columns(
                    &rows
                        .iter()
                        .map(|m| vec![m.id.to_string(), m.from.email.clone(), m.subject.clone()])
                        .collect::<Vec<_>>(),
                )
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_in_a_cell_is_defused_in_csv_and_a_negative_number_is_not() {
        assert_eq!(csv_cell("=1+1"), "'=1+1");
        assert_eq!(csv_cell("-12.5"), "-12.5");
        assert_eq!(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
