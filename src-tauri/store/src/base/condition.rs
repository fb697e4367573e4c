//! Conditions as SQL: the second back end of `base::filter`.

use super::meta::{Col, Def};
use super::schema::ROW;
use base::Storage;
use base::column::Family;
use base::filter::{Condition, Relation, Sense, Test};
use model::{ColumnId, Error, Result};
use rusqlite::types::Value;

/// SQL with its parameters, in order.
#[derive(Default)]
pub(super) struct Sql {
    pub(super) text: String,
    pub(super) params: Vec<Value>,
}

/// SQL of what a condition sees of a column.
type Seen<'a> = dyn Fn(ColumnId) -> Result<String> + 'a;

/// A condition on a row of this name, without parameters: a part of the SQL of calculated columns, which
/// stands in statements that know nothing of it.
pub(super) fn literal(condition: &Condition, columns: &[Col], row: &str) -> Result<String> {
    let mut sql = Sql::default();
    sql.part(condition, &|id| {
        let column = columns.iter().find(|c| c.field.id == id);
        let column = column.ok_or_else(|| Error::not_found("A column of the condition was removed."))?;
        Ok(column.value_in(row))
    })?;
    let mut params = sql.params.iter();
    // No value below has a question mark of its own, so each is a place.
    Ok(sql.text.split('?').enumerate().fold(String::new(), |mut out, (at, piece)| {
        if at > 0 {
            out.push_str(&params.next().map_or_else(|| "NULL".to_owned(), quoted));
        }
        out.push_str(piece);
        out
    }))
}

/// A value as SQL writes it.
fn quoted(value: &Value) -> String {
    match value {
        Value::Integer(n) => n.to_string(),
        Value::Real(n) => format!("{n:?}"),
        Value::Text(text) => {
            let clean = text.replace('\'', "''").replace('\0', "").replace('?', "'||char(63)||'");
            // A row's name is put in where this character stands.
            format!("('{}')", clean.replace(ROW, ""))
        }
        // No condition compares with bytes.
        Value::Null | Value::Blob(_) => "NULL".into(),
    }
}

impl Sql {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn bind(&mut self, value: impl Into<Value>) {
        self.text.push('?');
        self.params.push(value.into());
    }

    fn list<T: Clone + Into<Value>>(&mut self, values: &[T]) {
        self.push("(");
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                self.push(",");
            }
            self.bind(value.clone());
        }
        self.push(")");
    }

    /// Appends a condition on the records of `def`.
    pub(super) fn condition(&mut self, condition: &Condition, def: &Def) -> Result<()> {
        self.part(condition, &|id| Ok(def.column(id)?.expression()))
    }

    fn part(&mut self, condition: &Condition, of: &Seen<'_>) -> Result<()> {
        match condition {
            Condition::All(items) => self.group(items, of, " AND ", "1"),
            Condition::Any(items) => self.group(items, of, " OR ", "0"),
            Condition::Test(column, test) => {
                self.test(test, &of(*column)?);
                Ok(())
            }
        }
    }

    fn group(&mut self, items: &[Condition], of: &Seen<'_>, joint: &str, empty: &str) -> Result<()> {
        if items.is_empty() {
            self.push(empty);
            return Ok(());
        }
        self.push("(");
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.push(joint);
            }
            self.part(item, of)?;
        }
        self.push(")");
        Ok(())
    }

    fn test(&mut self, test: &Test, c: &str) {
        let not = |sense: Sense| if sense == Sense::Negative { "NOT " } else { "" };
        match test {
            Test::Empty(true) => self.push(&format!("{c} IS NULL")),
            Test::Empty(false) => self.push(&format!("{c} IS NOT NULL")),
            Test::Checked(wanted) => self.push(&format!("coalesce({c},0) {} 0", if *wanted { "<>" } else { "=" })),
            Test::Contains(needle, sense) => {
                self.push(&format!("{}coalesce(instr(fold({c}),", not(*sense)));
                self.bind(needle.clone());
                self.push(")>0,0)");
            }
            Test::Is(wanted, sense) => {
                self.push(&format!("{}coalesce(fold({c})=", not(*sense)));
                self.bind(wanted.clone());
                self.push(",0)");
            }
            Test::Compare(relation, value) => {
                let sign = match relation {
                    Relation::Equal => "=",
                    Relation::NotEqual => " IS NOT ",
                    Relation::Less => "<",
                    Relation::LessOrEqual => "<=",
                    Relation::Greater => ">",
                    Relation::GreaterOrEqual => ">=",
                };
                self.push(&format!("coalesce({c}{sign}"));
                self.bind(*value);
                self.push(",0)");
            }
            Test::Within(from, to, sense) => {
                self.push(&format!("{}({c} IS NOT NULL", not(*sense)));
                for (sign, bound) in [(">=", from), ("<", to)] {
                    if let Some(bound) = bound {
                        self.push(&format!(" AND {c}{sign}"));
                        self.bind(*bound);
                    }
                }
                self.push(")");
            }
            Test::OneOf(ids, sense) => {
                self.push(&format!("{}coalesce({c} IN ", not(*sense)));
                self.list(ids);
                self.push(",0)");
            }
            Test::HasAny(ids, sense) => {
                self.push(&format!("{}EXISTS (SELECT 1 FROM json_each({c}) WHERE value IN ", not(*sense)));
                self.list(ids);
                self.push(")");
            }
            Test::AnyText(names, sense) => {
                self.push(&format!("{}coalesce(fold({c}) IN ", not(*sense)));
                self.list(names);
                self.push(",0)");
            }
            Test::HasAnyText(names, sense) => {
                self.push(&format!("{}EXISTS (SELECT 1 FROM json_each({c}) WHERE fold(value) IN ", not(*sense)));
                self.list(names);
                self.push(")");
            }
            Test::HasAll(ids) => self.has_all(c, "value", ids, false),
            Test::Exactly(ids) => self.has_all(c, "value", ids, true),
            Test::HasAllTexts(names) => self.has_all(c, "fold(value)", names, false),
            Test::ExactlyTexts(names) => self.has_all(c, "fold(value)", names, true),
        }
    }

    /// `item` is SQL of what is compared of each value of the list.
    fn has_all<T: Clone + Ord + Into<Value>>(&mut self, c: &str, item: &str, values: &[T], exactly: bool) {
        let mut wanted = values.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        if wanted.is_empty() {
            self.push("0");
            return;
        }
        self.push(&format!("((SELECT count(DISTINCT {item}) FROM json_each({c}) WHERE {item} IN "));
        self.list(&wanted);
        self.push(&format!(")={}", wanted.len()));
        if exactly {
            self.push(&format!(" AND (SELECT count(DISTINCT {item}) FROM json_each({c}))={}", wanted.len()));
        }
        self.push(")");
    }

    /// Appends "this text stands in one of these columns", as a person sees them.
    pub(super) fn search<'a>(&mut self, text: &str, columns: impl Iterator<Item = &'a Col>) {
        let needle = base::text::fold(text.trim());
        self.push("(0");
        for column in columns {
            let c = column.expression();
            match (column.field.behaviour.family(), column.field.behaviour.storage()) {
                (_, Storage::Nothing) => {}
                (Family::Text | Family::Person | Family::Persons, _) | (Family::Presence, Storage::Json) => {
                    self.push(&format!(" OR instr(fold({c}),"));
                    self.bind(needle.clone());
                    self.push(")>0");
                }
                (Family::Number, _) => {
                    if let Ok(base::Cell::Number(n)) = column.field.behaviour.parse(text) {
                        self.push(&format!(" OR {c}="));
                        self.bind(n);
                    }
                    self.push(&format!(" OR instr(printf('%!.15g',{c}),"));
                    self.bind(needle.clone());
                    self.push(")>0");
                }
                (Family::Date, _) => {
                    self.push(&format!(" OR instr(strftime('%Y-%m-%d %H:%M|%d.%m.%Y|%d/%m/%Y',{c},'unixepoch'),"));
                    self.bind(needle.clone());
                    self.push(")>0");
                }
                (Family::OneOption | Family::ManyOptions, storage) => {
                    let Some(options) = column.field.behaviour.options() else { continue };
                    let ids: Vec<i64> = options
                        .ids()
                        .into_iter()
                        .filter(|id| options.name(*id).is_some_and(|n| base::text::fold(n).contains(&needle)))
                        .collect();
                    if ids.is_empty() {
                        continue;
                    }
                    self.push(" OR ");
                    let one_of = if storage == Storage::List {
                        Test::HasAny(ids, Sense::Positive)
                    } else {
                        Test::OneOf(ids, Sense::Positive)
                    };
                    self.test(&one_of, &c);
                }
                (Family::Moment | Family::Flag | Family::Presence, _) => {}
            }
        }
        self.push(")");
    }
}
