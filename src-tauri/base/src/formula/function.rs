//! The table of functions: names as in SeaTable, whatever their case.

use super::Type;
use super::parse::Expr;

/// A function.
#[derive(Debug, PartialEq)]
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) least: usize,
    pub(super) most: usize,
    /// What it yields; `None`: what its branches do.
    pub(super) result: Option<Type>,
}

impl Function {
    pub(super) fn takes(&self) -> String {
        match (self.least, self.most) {
            (0, 0) => "nothing".into(),
            (a, b) if a == b => format!("{a} value{}", if a == 1 { "" } else { "s" }),
            (a, MANY) => format!("at least {a} value{}", if a == 1 { "" } else { "s" }),
            (a, b) => format!("{a} to {b} values"),
        }
    }
}

const MANY: usize = usize::MAX;

const fn f(name: &'static str, least: usize, most: usize, result: Type) -> Function {
    Function { name, least, most, result: Some(result) }
}

const fn branch(name: &'static str, least: usize, most: usize) -> Function {
    Function { name, least, most, result: None }
}

use Type::{Date, Flag, Number, Text};

static TABLE: &[Function] = &[
    branch("if", 2, 3),
    branch("ifs", 2, MANY),
    branch("switch", 3, MANY),
    branch("iferror", 2, 2),
    f("and", 1, MANY, Flag),
    f("or", 1, MANY, Flag),
    f("xor", 1, MANY, Flag),
    f("not", 1, 1, Flag),
    f("isempty", 1, 1, Flag),
    f("abs", 1, 1, Number),
    f("average", 1, MANY, Number),
    f("ceiling", 1, 2, Number),
    f("count", 1, MANY, Number),
    f("counta", 1, MANY, Number),
    f("countall", 1, MANY, Number),
    f("countblank", 1, MANY, Number),
    f("even", 1, 1, Number),
    f("exp", 1, 1, Number),
    f("floor", 1, 2, Number),
    f("int", 1, 1, Number),
    f("ln", 1, 1, Number),
    f("log", 1, 2, Number),
    f("max", 1, MANY, Number),
    f("min", 1, MANY, Number),
    f("mod", 2, 2, Number),
    f("odd", 1, 1, Number),
    f("power", 2, 2, Number),
    f("round", 1, 2, Number),
    f("rounddown", 1, 2, Number),
    f("roundup", 1, 2, Number),
    f("sign", 1, 1, Number),
    f("sqrt", 1, 1, Number),
    f("sum", 1, MANY, Number),
    f("value", 1, 1, Number),
    f("concatenate", 1, MANY, Text),
    f("exact", 2, 2, Flag),
    f("find", 2, 3, Number),
    f("left", 1, 2, Text),
    f("len", 1, 1, Number),
    f("lower", 1, 1, Text),
    f("mid", 3, 3, Text),
    f("rept", 2, 2, Text),
    f("replace", 4, 4, Text),
    f("right", 1, 2, Text),
    f("search", 2, 3, Number),
    f("startswith", 2, 2, Flag),
    f("substitute", 3, 4, Text),
    f("text", 1, 2, Text),
    f("trim", 1, 1, Text),
    f("upper", 1, 1, Text),
    f("date", 3, 3, Date),
    f("dateadd", 3, 3, Date),
    f("datedif", 2, 3, Number),
    f("day", 1, 1, Number),
    f("eomonth", 2, 2, Date),
    f("hour", 1, 1, Number),
    f("hours", 2, 2, Number),
    f("isodate", 1, 1, Text),
    f("isomonth", 1, 1, Text),
    f("isoweeknum", 1, 1, Number),
    f("minute", 1, 1, Number),
    f("minutes", 2, 2, Number),
    f("month", 1, 1, Number),
    f("months", 2, 2, Number),
    f("networkdays", 2, 2, Number),
    f("now", 0, 0, Date),
    f("second", 1, 1, Number),
    f("startofweek", 1, 1, Date),
    f("today", 0, 0, Date),
    f("weekday", 1, 1, Number),
    f("year", 1, 1, Number),
];

/// A function by name.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    let lower = name.to_lowercase();
    TABLE.iter().find(|f| f.name == lower)
}

/// The names of all functions, for editors.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|f| f.name)
}

/// The values a branching function may yield.
pub(super) fn branches<'a>(function: &Function, args: &'a [Expr]) -> Box<dyn Iterator<Item = &'a Expr> + 'a> {
    let odd_end = args.len().is_multiple_of(2);
    match function.name {
        "if" => Box::new(args.iter().skip(1)),
        "ifs" => Box::new(args.iter().skip(1).step_by(2)),
        // switch(value, case, result, ..., else): results stand at 2, 4, ...; an even count has an else.
        "switch" => Box::new(args.iter().skip(2).step_by(2).chain(args.last().filter(|_| odd_end))),
        _ => Box::new(args.iter()),
    }
}
