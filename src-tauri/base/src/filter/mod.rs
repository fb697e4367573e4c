//! Filters: from the rules people set to conditions that know nothing of SQL.
//!
//! [`compile`] checks a [`FilterNode`] against the columns and turns words such as `today` into
//! bounds; the [`Condition`] is then asked of a record here ([`Condition::matches`]) or written as
//! SQL by `store::base`. One test holds both to the same answers.
//! Predicates are named as in SeaTable. Empty cells match only `is_empty` and the negative
//! predicates (`is_not`, `does_not_contain`, `not_equal`, `is_none_of`, `has_none_of`).

mod day;
mod eval;
mod person;

pub use day::{MODIFIERS, RANGE_MODIFIERS};

use crate::column::{Behaviour, Context, Family, Field};
use crate::text::fold;
use model::base::FilterNode;
use model::{ColumnId, Error, Phrase, Result, say};
use serde_json::Value as Json;

/// A checked filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Every one of these; true if there are none.
    All(Vec<Condition>),
    /// At least one of these.
    Any(Vec<Condition>),
    /// One test of one column.
    Test(ColumnId, Test),
}

/// A test of one cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// The cell is empty (true) or not (false).
    Empty(bool),
    /// Text, folded, holds this folded text.
    Contains(String, Sense),
    /// Text, folded, is this folded text.
    Is(String, Sense),
    /// A number stands in this relation to the value.
    Compare(Relation, f64),
    /// A stored whole number lies in `from <= cell < to`; a missing bound is open.
    Within(Option<i64>, Option<i64>, Sense),
    /// The option is one of these.
    OneOf(Vec<i64>, Sense),
    /// The list has at least one of these.
    HasAny(Vec<i64>, Sense),
    /// The list has all of these.
    HasAll(Vec<i64>),
    /// The list has all of these and nothing else.
    Exactly(Vec<i64>),
    /// Text, folded, is one of these folded texts.
    AnyText(Vec<String>, Sense),
    /// The list of texts has at least one of these, folded.
    HasAnyText(Vec<String>, Sense),
    /// The list of texts has all of these, folded.
    HasAllTexts(Vec<String>),
    /// The list of texts has all of these and nothing else, folded.
    ExactlyTexts(Vec<String>),
    /// The box is checked (true) or not (false; an empty cell is not).
    Checked(bool),
}

/// Whether a test is meant as said or the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// As said; empty cells do not match.
    Positive,
    /// The opposite; empty cells match.
    Negative,
}

/// How two numbers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// =
    Equal,
    /// ≠, and empty cells
    NotEqual,
    /// <
    Less,
    /// ≤
    LessOrEqual,
    /// >
    Greater,
    /// ≥
    GreaterOrEqual,
}

impl Condition {
    /// The columns it looks at.
    pub fn columns(&self) -> Vec<ColumnId> {
        match self {
            Self::All(items) | Self::Any(items) => {
                let mut ids: Vec<_> = items.iter().flat_map(Self::columns).collect();
                ids.sort_unstable();
                ids.dedup();
                ids
            }
            Self::Test(id, _) => vec![*id],
        }
    }

    /// True where it lets every record through.
    pub fn is_trivial(&self) -> bool {
        matches!(self, Self::All(items) if items.iter().all(Self::is_trivial))
    }
}

/// The predicates of a family, in the order a chooser shows them.
pub fn predicates(family: Family) -> &'static [&'static str] {
    match family {
        Family::Text => {
            &["contains", "does_not_contain", "is", "is_not", IS_CURRENT_USER_ID, "is_empty", "is_not_empty"]
        }
        Family::Person => &["contains", "does_not_contain", "is", "is_not", INCLUDE_ME, "is_empty", "is_not_empty"],
        Family::Number => {
            &["equal", "not_equal", "less", "greater", "less_or_equal", "greater_or_equal", "is_empty", "is_not_empty"]
        }
        Family::Date | Family::Moment => &[
            "is",
            "is_not",
            "is_before",
            "is_after",
            "is_on_or_before",
            "is_on_or_after",
            "is_within",
            "is_empty",
            "is_not_empty",
        ],
        Family::OneOption => &["is", "is_not", "is_any_of", "is_none_of", "is_empty", "is_not_empty"],
        Family::ManyOptions => &["has_any_of", "has_all_of", "has_none_of", "is_exactly", "is_empty", "is_not_empty"],
        Family::Persons => {
            &["has_any_of", "has_all_of", "has_none_of", "is_exactly", INCLUDE_ME, "is_empty", "is_not_empty"]
        }
        Family::Flag => &["is"],
        Family::Presence => &["is_empty", "is_not_empty"],
    }
}

/// The person or one of the persons is whoever looks.
pub const INCLUDE_ME: &str = "include_me";
/// The text is the name or an address of whoever looks; SeaTable compares with an id, which nobody has here.
pub const IS_CURRENT_USER_ID: &str = "is_current_user_ID";

/// True for a rule on whoever looks, which has no value of its own.
pub fn asks_for_me(predicate: &str) -> bool {
    matches!(predicate, INCLUDE_ME | IS_CURRENT_USER_ID)
}

/// How deep groups may nest.
const MAX_DEPTH: usize = 16;

/// Checks a filter against the columns. A rule that has no value yet lets every record through, so
/// that a grid does not go blank while a rule is being typed.
pub fn compile(node: &FilterNode, fields: &[&Field], context: &Context) -> Result<Condition> {
    compile_at(node, fields, context, 0)
}

fn compile_at(node: &FilterNode, fields: &[&Field], context: &Context, depth: usize) -> Result<Condition> {
    if depth > MAX_DEPTH {
        return Err(Error::invalid("This filter has groups nested too deeply.").remedy("Use fewer groups in groups."));
    }
    match node {
        FilterNode::Group { all, items } => {
            let items = items.iter().map(|n| compile_at(n, fields, context, depth + 1)).collect::<Result<Vec<_>>>()?;
            Ok(match (all, items.is_empty()) {
                // "Any of nothing" would hide everything; an empty group is no wish at all.
                (true, _) | (_, true) => Condition::All(items),
                // A rule without a value is no wish, so it does not open an "any" either.
                _ => {
                    let wishes: Vec<_> = items.into_iter().filter(|c| !c.is_trivial()).collect();
                    if wishes.is_empty() { Condition::All(Vec::new()) } else { Condition::Any(wishes) }
                }
            })
        }
        FilterNode::Rule { column, predicate, value, modifier } => {
            let field = fields.iter().find(|f| f.id == *column).ok_or_else(|| {
                Error::not_found("A filter names a column that does not exist any more.")
                    .remedy("Remove that rule from the filter.")
            })?;
            let family = field.behaviour.family();
            if !predicates(family).contains(&predicate.as_str()) {
                return Err(Error::invalid(say!(
                    "The column “{name}” has no filter “{predicate}”.",
                    name = field.name,
                    predicate
                ))
                .remedy("Remove that rule from the filter.")
                .detail(predicates(family).join(", ")));
            }
            let test = rule(&*field.behaviour, predicate, value, modifier.as_deref(), context).map_err(|why| {
                Error::invalid(say!("The filter of “{name}” can't be used: {why}", name = field.name, why))
            })?;
            Ok(test.map_or(Condition::All(Vec::new()), |test| Condition::Test(*column, test)))
        }
    }
}

/// One rule; `None` where its value is still missing.
fn rule(
    of: &dyn Behaviour,
    predicate: &str,
    value: &Json,
    modifier: Option<&str>,
    context: &Context,
) -> Result<Option<Test>, Phrase> {
    match predicate {
        "is_empty" => return Ok(Some(Test::Empty(true))),
        "is_not_empty" => return Ok(Some(Test::Empty(false))),
        // Where nobody is known by any name, that is nobody.
        INCLUDE_ME if of.family() == Family::Persons => {
            return Ok(Some(Test::HasAnyText(context.me.clone(), Sense::Positive)));
        }
        INCLUDE_ME | IS_CURRENT_USER_ID => return Ok(Some(Test::AnyText(context.me.clone(), Sense::Positive))),
        _ => {}
    }
    match of.family() {
        Family::Text => text_rule(predicate, value),
        Family::Number => number_rule(of, predicate, value),
        Family::Date => day::rule(predicate, value, modifier, context, false),
        Family::Moment => day::rule(predicate, value, modifier, context, true),
        Family::OneOption | Family::ManyOptions => option_rule(of, predicate, value),
        Family::Flag => Ok(Some(Test::Checked(match value {
            Json::Bool(b) => *b,
            Json::String(s) => s == "true" || s == "1",
            other => other.as_i64() == Some(1),
        }))),
        Family::Person => person::one(predicate, value),
        Family::Persons => person::several(predicate, value),
        Family::Presence => Ok(None),
    }
}

fn text_rule(predicate: &str, value: &Json) -> Result<Option<Test>, Phrase> {
    let text = match value {
        Json::String(s) => s.trim().to_owned(),
        Json::Null => String::new(),
        Json::Number(n) => n.to_string(),
        _ => return Err(say!("its value must be text.")),
    };
    if text.is_empty() {
        return Ok(None);
    }
    let folded = fold(&text);
    Ok(Some(match predicate {
        "contains" => Test::Contains(folded, Sense::Positive),
        "does_not_contain" => Test::Contains(folded, Sense::Negative),
        "is" => Test::Is(folded, Sense::Positive),
        _ => Test::Is(folded, Sense::Negative),
    }))
}

fn number_rule(of: &dyn Behaviour, predicate: &str, value: &Json) -> Result<Option<Test>, Phrase> {
    let number = match value {
        Json::Null => return Ok(None),
        Json::Number(n) => n.as_f64(),
        // Typed as in a cell: 50 % in a percent column, 1:30 in a duration.
        Json::String(s) if s.trim().is_empty() => return Ok(None),
        Json::String(s) => of.parse(s).map_err(|m| m.phrase())?.as_f64(),
        _ => None,
    };
    let number = number.ok_or_else(|| say!("its value must be a number."))?;
    let relation = match predicate {
        "equal" => Relation::Equal,
        "not_equal" => Relation::NotEqual,
        "less" => Relation::Less,
        "less_or_equal" => Relation::LessOrEqual,
        "greater" => Relation::Greater,
        _ => Relation::GreaterOrEqual,
    };
    Ok(Some(Test::Compare(relation, number)))
}

fn option_rule(of: &dyn Behaviour, predicate: &str, value: &Json) -> Result<Option<Test>, Phrase> {
    let options = of.options().ok_or_else(|| say!("it has no options."))?;
    let wanted: Vec<&Json> = match value {
        Json::Null => Vec::new(),
        Json::Array(list) => list.iter().collect(),
        Json::String(s) if s.is_empty() => Vec::new(),
        one => vec![one],
    };
    if wanted.is_empty() {
        return Ok(None);
    }
    // An option that was removed since matches nothing, and leaves the others standing.
    let ids: Vec<i64> = wanted.into_iter().filter_map(|v| options.find(v)).collect();
    Ok(Some(match predicate {
        "is" | "is_any_of" => Test::OneOf(ids, Sense::Positive),
        "is_not" | "is_none_of" => Test::OneOf(ids, Sense::Negative),
        "has_any_of" => Test::HasAny(ids, Sense::Positive),
        "has_none_of" => Test::HasAny(ids, Sense::Negative),
        "has_all_of" => Test::HasAll(ids),
        _ => Test::Exactly(ids),
    }))
}

#[cfg(test)]
mod tests;
