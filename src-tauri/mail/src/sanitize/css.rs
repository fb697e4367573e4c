//! Styles of letters: parsed, filtered, written anew.

use super::{Context, colour, list};
use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, ParseError, Parser, ParserState, QualifiedRuleParser,
    RuleBodyItemParser, RuleBodyParser, StyleSheetParser, ToCss, Token, serialize_identifier, serialize_string,
};
use std::fmt::Write;

const SHEET_MAX_BYTES: usize = 512 * 1024;
const BLOCKS_MAX: usize = 16;

/// A `style` attribute.
pub(super) fn declarations(style: &str, context: &Context<'_>) -> String {
    if style.len() > 64 * 1024 {
        return String::new();
    }
    let mut parser = Parser::new(style);
    body(&mut parser, context)
}

/// A style sheet.
pub(super) fn sheet(css: &str, context: &Context<'_>) -> String {
    let css = css.trim().trim_start_matches("<!--").trim_end_matches("-->");
    let css = css.get(..css.len().min(SHEET_MAX_BYTES)).unwrap_or_default();
    let mut parser = Parser::new(css);
    let mut rules = Rules { context, depth: 0 };
    let mut out = String::new();
    for rule in StyleSheetParser::new(&mut parser, &mut rules).flatten() {
        out.push_str(&rule);
    }
    // No text of a letter may end the style element.
    if out.contains('<') { out.replace('<', "\\3c ") } else { out }
}

fn body(parser: &mut Parser<'_>, context: &Context<'_>) -> String {
    let mut declarations = Declarations { context };
    let mut out = String::new();
    for declaration in RuleBodyParser::new(parser, &mut declarations).flatten() {
        if !out.is_empty() {
            out.push(';');
        }
        out.push_str(&declaration);
    }
    out
}

struct Declarations<'a> {
    context: &'a Context<'a>,
}

fn refuse<T>() -> Result<T, ParseError<()>> {
    Err(ParseError::custom(()))
}

impl<'i> DeclarationParser<'i> for Declarations<'_> {
    type Declaration = String;
    type Error = ();

    fn parse_value(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
        _start: &ParserState,
    ) -> Result<String, ParseError<()>> {
        let property = name.to_ascii_lowercase();
        if !list::property(&property) {
            return refuse();
        }
        let mut value = String::new();
        Value { property: &property, context: self.context, colour: None }.write(input, &mut value, 0)?;
        let value = value.trim();
        if value.is_empty() || !allowed_value(&property, value) {
            return refuse();
        }
        Ok(format!("{property}:{value}"))
    }
}

impl AtRuleParser<'_> for Declarations<'_> {
    type Prelude = ();
    type AtRule = String;
    type Error = ();
}

impl QualifiedRuleParser<'_> for Declarations<'_> {
    type Prelude = ();
    type QualifiedRule = String;
    type Error = ();
}

impl RuleBodyItemParser<'_, String, ()> for Declarations<'_> {
    fn parse_declarations(&self) -> bool {
        true
    }

    fn parse_qualified(&self) -> bool {
        false
    }
}

fn allowed_value(property: &str, value: &str) -> bool {
    let word = value.split('!').next().unwrap_or_default().trim().to_ascii_lowercase();
    match property {
        "position" => matches!(word.as_str(), "static" | "relative" | "absolute" | "initial" | "inherit"),
        "z-index" => word == "auto" || word.parse::<i32>().is_ok_and(|level| (-10..=100).contains(&level)),
        "display" => !word.contains("run-in"),
        _ => true,
    }
}

struct Value<'a> {
    property: &'a str,
    context: &'a Context<'a>,
    /// Inside a colour function.
    colour: Option<()>,
}

impl Value<'_> {
    fn turns(&self) -> bool {
        self.context.turn_colours && self.colour.is_none() && list::takes_colour(self.property)
    }

    fn write(&mut self, input: &mut Parser<'_>, out: &mut String, depth: usize) -> Result<(), ParseError<()>> {
        if depth > BLOCKS_MAX {
            return refuse();
        }
        while let Ok(token) = input.next_including_whitespace() {
            let token = token.clone();
            match &token {
                Token::Ident(word) => match colour::named(word) {
                    Some(rgb) if self.turns() => out.push_str(&colour::css(colour::turned(rgb))),
                    _ => {
                        let _ = serialize_identifier(word, out);
                    }
                },
                Token::Hash(digits) | Token::IDHash(digits) => match colour::hex(digits) {
                    Some((rgb, alpha)) if self.turns() => {
                        out.push_str(&colour::css(colour::turned(rgb)));
                        out.push_str(&alpha);
                    }
                    Some(_) => {
                        let _ = write!(out, "#{}", digits.to_ascii_lowercase());
                    }
                    None => return refuse(),
                },
                Token::Number { .. } | Token::Percentage { .. } | Token::Dimension { .. } => {
                    let _ = token.to_css(out);
                }
                Token::QuotedString(text) => {
                    if !matches!(
                        self.property,
                        "font-family"
                            | "font"
                            | "content"
                            | "quotes"
                            | "list-style"
                            | "list-style-type"
                            | "grid-template-areas"
                            | "font-feature-settings"
                    ) {
                        return refuse();
                    }
                    let _ = serialize_string(text, out);
                }
                Token::UnquotedUrl(address) => self.image(address, out)?,
                Token::Function(name) => {
                    let name = name.to_ascii_lowercase();
                    if name == "url" {
                        let address = input.parse_nested_block(|block| -> Result<String, ParseError<()>> {
                            Ok(block.expect_string()?.to_string())
                        })?;
                        self.image(&address, out)?;
                        continue;
                    }
                    if !list::function(&name) {
                        return refuse();
                    }
                    let colour = matches!(name.as_str(), "rgb" | "rgba");
                    let start = out.len();
                    out.push_str(&name);
                    out.push('(');
                    let outer = self.colour;
                    if colour {
                        self.colour = Some(());
                    }
                    let inner = input.parse_nested_block(|block| self.write(block, out, depth + 1));
                    self.colour = outer;
                    inner?;
                    out.push(')');
                    if colour && self.turns() {
                        turn_function(out, start);
                    }
                }
                Token::ParenthesisBlock => {
                    out.push('(');
                    input.parse_nested_block(|block| self.write(block, out, depth + 1))?;
                    out.push(')');
                }
                Token::SquareBracketBlock => {
                    out.push('[');
                    input.parse_nested_block(|block| self.write(block, out, depth + 1))?;
                    out.push(']');
                }
                Token::Comma => out.push(','),
                Token::WhiteSpace(_) => out.push(' '),
                Token::Delim(sign @ ('/' | '+' | '-' | '*' | '!')) => out.push(*sign),
                _ => return refuse(),
            }
        }
        Ok(())
    }

    fn image(&self, address: &str, out: &mut String) -> Result<(), ParseError<()>> {
        if !list::takes_image(self.property) {
            return refuse();
        }
        match self.context.image(address) {
            Some(served) => {
                out.push_str("url(");
                let _ = serialize_string(&served, out);
                out.push(')');
            }
            None => out.push_str("none"),
        }
        Ok(())
    }
}

/// `rgb(1, 2, 3)` written at `start` becomes its counterpart, with its alpha.
fn turn_function(out: &mut String, start: usize) {
    let written = out.get(start..).unwrap_or_default();
    let inner = written.split_once('(').map(|(_, inner)| inner.trim_end_matches(')')).unwrap_or_default();
    let parts: Vec<&str> = inner.split([',', ' ', '/']).filter(|part| !part.is_empty()).collect();
    let channel = |part: Option<&&str>| -> Option<u8> {
        let part = part?;
        let value = match part.strip_suffix('%') {
            Some(percent) => percent.parse::<f32>().ok()? * 2.55,
            None => part.parse::<f32>().ok()?,
        };
        Some(value.clamp(0.0, 255.0).round() as u8)
    };
    let (Some(r), Some(g), Some(b)) = (channel(parts.first()), channel(parts.get(1)), channel(parts.get(2))) else {
        return;
    };
    let (r, g, b) = colour::turned((r, g, b));
    let alpha = parts
        .get(3)
        .filter(|alpha| alpha.trim_end_matches('%').parse::<f32>().is_ok())
        .map_or(String::new(), |alpha| format!(",{alpha}"));
    let turned = format!("rgba({r},{g},{b}{})", if alpha.is_empty() { ",1".to_owned() } else { alpha });
    out.truncate(start);
    out.push_str(&turned);
}

struct Rules<'a> {
    context: &'a Context<'a>,
    depth: usize,
}

impl<'i> QualifiedRuleParser<'i> for Rules<'_> {
    type Prelude = String;
    type QualifiedRule = String;
    type Error = ();

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<String, ParseError<()>> {
        let mut selector = String::new();
        prelude(input, &mut selector, 0)?;
        if selector.contains("tabella-") { refuse() } else { Ok(selector.trim().to_owned()) }
    }

    fn parse_block(
        &mut self,
        selector: String,
        _start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<String, ParseError<()>> {
        let body = body(input, self.context);
        Ok(if body.is_empty() || selector.is_empty() { String::new() } else { format!("{selector}{{{body}}}\n") })
    }
}

impl<'i> AtRuleParser<'i> for Rules<'_> {
    type Prelude = String;
    type AtRule = String;
    type Error = ();

    fn parse_prelude(&mut self, name: CowRcStr<'i>, input: &mut Parser<'i>) -> Result<String, ParseError<()>> {
        let name = name.to_ascii_lowercase();
        if self.depth > 4 || !matches!(name.as_str(), "media" | "supports") {
            return refuse();
        }
        let mut condition = String::new();
        prelude(input, &mut condition, 0)?;
        Ok(format!("@{name} {}", scheme(condition.trim(), self.context.dark)))
    }

    fn parse_block(
        &mut self,
        head: String,
        _start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<String, ParseError<()>> {
        let mut inner = Rules { context: self.context, depth: self.depth + 1 };
        let mut out = String::new();
        for rule in RuleBodyParser::new(input, &mut inner).flatten() {
            out.push_str(&rule);
        }
        Ok(if out.is_empty() { String::new() } else { format!("{head}{{\n{out}}}\n") })
    }
}

impl DeclarationParser<'_> for Rules<'_> {
    type Declaration = String;
    type Error = ();
}

impl RuleBodyItemParser<'_, String, ()> for Rules<'_> {
    fn parse_declarations(&self) -> bool {
        false
    }

    fn parse_qualified(&self) -> bool {
        true
    }
}

/// The window's choice decides, not the system's.
fn scheme(condition: &str, dark: bool) -> String {
    let (always, never) = ("(min-width:0px)", "(max-width:0px)");
    let mut out = condition.to_owned();
    for (wanted, holds) in [("dark", dark), ("light", !dark)] {
        for form in [
            format!("(prefers-color-scheme:{wanted})"),
            format!("(prefers-color-scheme: {wanted})"),
            format!("(prefers-color-scheme : {wanted})"),
        ] {
            out = out.replace(&form, if holds { always } else { never });
        }
    }
    out
}

/// Selectors and conditions: nothing in them can load anything, so tokens pass but for blocks of
/// braces and damaged ones.
fn prelude(input: &mut Parser<'_>, out: &mut String, depth: usize) -> Result<(), ParseError<()>> {
    if depth > BLOCKS_MAX {
        return refuse();
    }
    while let Ok(token) = input.next_including_whitespace() {
        let token = token.clone();
        match &token {
            Token::Ident(word) => {
                let _ = serialize_identifier(word, out);
            }
            Token::WhiteSpace(_) => out.push(' '),
            Token::Comma => out.push(','),
            Token::Colon => out.push(':'),
            Token::Delim(sign @ ('.' | '*' | '>' | '+' | '~' | '|' | '=' | '-')) => out.push(*sign),
            Token::Hash(_)
            | Token::IDHash(_)
            | Token::QuotedString(_)
            | Token::Number { .. }
            | Token::Percentage { .. }
            | Token::Dimension { .. }
            | Token::IncludeMatch
            | Token::DashMatch
            | Token::PrefixMatch
            | Token::SuffixMatch
            | Token::SubstringMatch => {
                let _ = token.to_css(out);
            }
            Token::ParenthesisBlock => {
                out.push('(');
                input.parse_nested_block(|block| prelude(block, out, depth + 1))?;
                out.push(')');
            }
            Token::SquareBracketBlock => {
                out.push('[');
                input.parse_nested_block(|block| prelude(block, out, depth + 1))?;
                out.push(']');
            }
            Token::Function(name)
                if matches!(
                    name.to_ascii_lowercase().as_str(),
                    "not"
                        | "is"
                        | "where"
                        | "has"
                        | "nth-child"
                        | "nth-last-child"
                        | "nth-of-type"
                        | "nth-last-of-type"
                        | "lang"
                        | "dir"
                        | "host"
                        | "selector"
                ) =>
            {
                let _ = serialize_identifier(name, out);
                out.push('(');
                input.parse_nested_block(|block| prelude(block, out, depth + 1))?;
                out.push(')');
            }
            _ => return refuse(),
        }
    }
    Ok(())
}
