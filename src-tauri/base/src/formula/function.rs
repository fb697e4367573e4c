//! The table of functions: names as in SeaTable, whatever their case.

use super::Type;
use super::parse::Expr;
use model::base::FormulaFunction;
use model::{Phrase, say};

/// A function.
#[derive(Debug, PartialEq)]
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) least: usize,
    pub(super) most: usize,
    /// What it yields; `None`: what its branches do.
    pub(super) result: Option<Type>,
    /// As it is written.
    written: &'static str,
    /// What it takes, in words.
    takes: &'static str,
    /// Where a chooser shows it.
    category: &'static str,
    /// A formula over a number {A}, a text {B} and a date {C}.
    example: &'static str,
}

impl Function {
    const fn doc(
        mut self,
        written: &'static str,
        takes: &'static str,
        category: &'static str,
        example: &'static str,
    ) -> Self {
        self.written = written;
        self.takes = takes;
        self.category = category;
        self.example = example;
        self
    }

    /// How many values it takes, in words.
    pub(super) fn takes(&self) -> Phrase {
        let name = self.name;
        match (self.least, self.most) {
            (0, 0) => say!("{name}() takes no value.", name),
            (1, 1) => say!("{name}() takes one value.", name),
            (a, b) if a == b => say!("{name}() takes {count} values.", name, count = a),
            (1, MANY) => say!("{name}() takes at least one value.", name),
            (a, MANY) => say!("{name}() takes at least {count} values.", name, count = a),
            (least, most) => say!("{name}() takes {least} to {most} values.", name, least, most),
        }
    }
}

const MANY: usize = usize::MAX;

const fn f(name: &'static str, least: usize, most: usize, result: Type) -> Function {
    Function { name, least, most, result: Some(result), written: "", takes: "", category: "", example: "" }
}

const fn branch(name: &'static str, least: usize, most: usize) -> Function {
    Function { name, least, most, result: None, written: "", takes: "", category: "", example: "" }
}

use Type::{Date, Flag, Number, Text};

static TABLE: &[Function] = &[
    branch("if", 2, 3).doc("if", "condition, then, [else]", "logic", "if({A} > 10, 'big', 'small')"),
    branch("ifs", 2, MANY).doc(
        "ifs",
        "condition, value, ...",
        "logic",
        "ifs({A} > 10, 'big', {A} > 5, 'middle', true, 'small')",
    ),
    branch("switch", 3, MANY).doc(
        "switch",
        "value, case, result, ..., [else]",
        "logic",
        "switch({B}, 'Open', 1, 'Paid', 2, 0)",
    ),
    branch("iferror", 2, 2).doc("ifError", "value, otherwise", "logic", "ifError(1 / {A}, 0)"),
    f("and", 1, MANY, Flag).doc("and", "condition, ...", "logic", "and({A} > 1, {A} < 9)"),
    f("or", 1, MANY, Flag).doc("or", "condition, ...", "logic", "or({A} < 1, {A} > 9)"),
    f("xor", 1, MANY, Flag).doc("xor", "condition, ...", "logic", "xor({A} > 1, {A} > 9)"),
    f("not", 1, 1, Flag).doc("not", "condition", "logic", "not({A} > 1)"),
    f("isempty", 1, 1, Flag).doc("isEmpty", "value", "logic", "isEmpty({B})"),
    f("abs", 1, 1, Number).doc("abs", "number", "number", "abs(-3)"),
    f("average", 1, MANY, Number).doc("average", "number, ...", "list", "average({A}, 2, 3)"),
    f("ceiling", 1, 2, Number).doc("ceiling", "number, [step]", "number", "ceiling({A}, 0.5)"),
    f("count", 1, MANY, Number).doc("count", "value, ...", "list", "count({A}, 2)"),
    f("counta", 1, MANY, Number).doc("counta", "value, ...", "list", "counta({A}, {B})"),
    f("countall", 1, MANY, Number).doc("countall", "value, ...", "list", "countall({A}, {B})"),
    f("countblank", 1, MANY, Number).doc("countblank", "value, ...", "list", "countblank({A}, {B})"),
    f("even", 1, 1, Number).doc("even", "number", "number", "even({A})"),
    f("exp", 1, 1, Number).doc("exp", "number", "number", "exp(1)"),
    f("floor", 1, 2, Number).doc("floor", "number, [step]", "number", "floor({A}, 10)"),
    f("int", 1, 1, Number).doc("int", "number", "number", "int({A})"),
    f("ln", 1, 1, Number).doc("ln", "number", "number", "ln(10)"),
    f("log", 1, 2, Number).doc("log", "number, [base]", "number", "log(8, 2)"),
    f("max", 1, MANY, Number).doc("max", "number, ...", "list", "max({A}, 0)"),
    f("min", 1, MANY, Number).doc("min", "number, ...", "list", "min({A}, 100)"),
    f("mod", 2, 2, Number).doc("mod", "number, divisor", "number", "mod({A}, 7)"),
    f("odd", 1, 1, Number).doc("odd", "number", "number", "odd({A})"),
    f("power", 2, 2, Number).doc("power", "number, exponent", "number", "power({A}, 2)"),
    f("round", 1, 2, Number).doc("round", "number, [digits]", "number", "round({A}, 2)"),
    f("rounddown", 1, 2, Number).doc("rounddown", "number, [digits]", "number", "rounddown({A}, 1)"),
    f("roundup", 1, 2, Number).doc("roundup", "number, [digits]", "number", "roundup({A}, 1)"),
    f("sign", 1, 1, Number).doc("sign", "number", "number", "sign({A})"),
    f("sqrt", 1, 1, Number).doc("sqrt", "number", "number", "sqrt(16)"),
    f("sum", 1, MANY, Number).doc("sum", "number, ...", "list", "sum({A}, 2, 3)"),
    f("value", 1, 1, Number).doc("value", "text", "number", "value('12,50')"),
    f("concatenate", 1, MANY, Text).doc("concatenate", "text, ...", "text", "concatenate({B}, ' ', {A})"),
    f("join", 1, 2, Text).doc("join", "list, [separator]", "list", "join({B}, ' / ')"),
    f("exact", 2, 2, Flag).doc("exact", "text, text", "text", "exact({B}, 'Open')"),
    f("find", 2, 3, Number).doc("find", "part, text, [start]", "text", "find('n', {B})"),
    f("left", 1, 2, Text).doc("left", "text, [count]", "text", "left({B}, 3)"),
    f("len", 1, 1, Number).doc("len", "text", "text", "len({B})"),
    f("lower", 1, 1, Text).doc("lower", "text", "text", "lower({B})"),
    f("mid", 3, 3, Text).doc("mid", "text, start, count", "text", "mid({B}, 2, 3)"),
    f("rept", 2, 2, Text).doc("rept", "text, count", "text", "rept('*', 3)"),
    f("replace", 4, 4, Text).doc("replace", "text, start, count, new", "text", "replace({B}, 1, 1, 'X')"),
    f("right", 1, 2, Text).doc("right", "text, [count]", "text", "right({B}, 3)"),
    f("search", 2, 3, Number).doc("search", "part, text, [start]", "text", "search('N', {B})"),
    f("startswith", 2, 2, Flag).doc("startsWith", "text, start", "text", "startsWith({B}, 'O')"),
    f("substitute", 3, 4, Text).doc("substitute", "text, old, new, [which]", "text", "substitute({B}, ' ', '-')"),
    f("text", 1, 2, Text).doc("text", "value, [format]", "text", "text({C}, 'DD.MM.YYYY')"),
    f("trim", 1, 1, Text).doc("trim", "text", "text", "trim({B})"),
    f("upper", 1, 1, Text).doc("upper", "text", "text", "upper({B})"),
    f("date", 3, 3, Date).doc("date", "year, month, day", "date", "date(2026, 12, 24)"),
    f("dateadd", 3, 3, Date).doc("dateAdd", "date, number, unit", "date", "dateAdd({C}, 14, 'days')"),
    f("datedif", 2, 3, Number).doc("dateDif", "start, end, [unit]", "date", "dateDif({C}, today(), 'D')"),
    f("day", 1, 1, Number).doc("day", "date", "date", "day({C})"),
    f("eomonth", 2, 2, Date).doc("eomonth", "date, months", "date", "eomonth({C}, 0)"),
    f("hour", 1, 1, Number).doc("hour", "date", "date", "hour({C})"),
    f("hours", 2, 2, Number).doc("hours", "start, end", "date", "hours({C}, now())"),
    f("isodate", 1, 1, Text).doc("isodate", "date", "date", "isodate({C})"),
    f("isomonth", 1, 1, Text).doc("isomonth", "date", "date", "isomonth({C})"),
    f("isoweeknum", 1, 1, Number).doc("isoweeknum", "date", "date", "isoweeknum({C})"),
    f("minute", 1, 1, Number).doc("minute", "date", "date", "minute({C})"),
    f("minutes", 2, 2, Number).doc("minutes", "start, end", "date", "minutes({C}, now())"),
    f("month", 1, 1, Number).doc("month", "date", "date", "month({C})"),
    f("months", 2, 2, Number).doc("months", "start, end", "date", "months({C}, today())"),
    f("networkdays", 2, 2, Number).doc("networkdays", "start, end", "date", "networkdays({C}, today())"),
    f("now", 0, 0, Date).doc("now", "", "date", "now()"),
    f("second", 1, 1, Number).doc("second", "date", "date", "second({C})"),
    f("startofweek", 1, 1, Date).doc("startofweek", "date", "date", "startofweek({C})"),
    f("today", 0, 0, Date).doc("today", "", "date", "today()"),
    f("weekday", 1, 1, Number).doc("weekday", "date", "date", "weekday({C})"),
    f("year", 1, 1, Number).doc("year", "date", "date", "year({C})"),
    f("add", 2, 2, Number).doc("add", "number, number", "number", "add({A}, 1)"),
    f("subtract", 2, 2, Number).doc("subtract", "number, number", "number", "subtract({A}, 1)"),
    f("multiply", 2, 2, Number).doc("multiply", "number, number", "number", "multiply({A}, 2)"),
    f("divide", 2, 2, Number).doc("divide", "number, divisor", "number", "divide({A}, 2)"),
    f("product", 1, MANY, Number).doc("product", "number, ...", "list", "product({A}, 2, 3)"),
    f("equal", 2, 2, Flag).doc("equal", "value, value", "logic", "equal({A}, 5)"),
    f("unequal", 2, 2, Flag).doc("unequal", "value, value", "logic", "unequal({A}, 5)"),
    f("greater", 2, 2, Flag).doc("greater", "value, value", "logic", "greater({A}, 5)"),
    f("lessthan", 2, 2, Flag).doc("lessThan", "value, value", "logic", "lessThan({A}, 5)"),
    f("greatereq", 2, 2, Flag).doc("greaterEq", "value, value", "logic", "greaterEq({A}, 5)"),
    f("lesseq", 2, 2, Flag).doc("lessEq", "value, value", "logic", "lessEq({A}, 5)"),
    f("pi", 0, 0, Number).doc("pi", "", "number", "pi() * power({A}, 2)"),
    f("e", 0, 0, Number).doc("e", "", "number", "power(e(), 2)"),
    f("lg", 1, 1, Number).doc("lg", "number", "number", "lg(1000)"),
    f("large", 2, MANY, Number).doc("large", "number, ..., which", "list", "large({A}, 7, 9, 2)"),
    f("small", 2, MANY, Number).doc("small", "number, ..., which", "list", "small({A}, 7, 9, 2)"),
    f("countitems", 1, 1, Number).doc("countItems", "list", "list", "countItems({B})"),
    f("t", 1, 1, Text).doc("t", "value", "text", "t({B})"),
    f("country", 1, 1, Text).doc("country", "place", "text", "country({B})"),
    f("datetimeformat", 2, 2, Text).doc("datetimeFormat", "date, format", "date", "datetimeFormat({C}, 'D. M. YYYY')"),
    f("quarter", 1, 1, Number).doc("quarter", "date", "date", "quarter({C})"),
    f("weeknum", 1, 2, Number).doc("weeknum", "date, [first day]", "date", "weeknum({C})"),
    f("days", 2, 2, Number).doc("days", "end, start", "date", "days(today(), {C})"),
];

/// A function by name.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    let lower = name.to_lowercase();
    TABLE.iter().find(|f| f.name == lower)
}

/// All functions, for editors.
pub fn catalogue() -> Vec<FormulaFunction> {
    let listed = |f: &Function| FormulaFunction {
        name: f.written.to_owned(),
        signature: format!("{}({})", f.written, f.takes),
        category: f.category.to_owned(),
        example: f.example.to_owned(),
    };
    TABLE.iter().map(listed).collect()
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
