//! From CEL's syntax tree to ours, checking types and names on the way.

use std::ops::Range;

use cel::{
    IdedExpr,
    common::ast::{CallExpr, Expr, LiteralValue, SourceInfo, operators},
    parser::{ParseErrors, Parser},
};

use crate::{
    condition::{
        Compared, ConditionFault,
        expression::{Arithmetic, Bool, Comparison, Fact, Int, REFERENCES, Text},
    },
    spelling::nearest,
};

type Used = Vec<(&'static str, Range<usize>)>;

/// Parses a condition whose words are already known to be in the subset.
pub(super) fn lower(
    source: &str,
    tokens: &[Range<usize>],
) -> Result<(Bool, Used, Vec<Compared>), ConditionFault> {
    let parser = Parser::new().max_recursion_depth(64).error_recovery_limit(4);
    let (tree, info) = parser
        .parse_with_source_info(source)
        .map_err(|errors| unexpected(source, tokens, &errors))?;
    let mut lowering = Lowering { source, info, used: Used::new(), compared: Vec::new() };
    let (typed, span) = lowering.expression(&tree)?;
    let root = typed.bool(&span).map_err(|fault| {
        fault.help("a condition compares something: write, for example, order.net >= 1000")
    })?;
    Ok((root, lowering.used, lowering.compared))
}

/// The first word that CEL's parser did not expect.
fn unexpected(source: &str, tokens: &[Range<usize>], errors: &ParseErrors) -> ConditionFault {
    let at = errors.errors.iter().find_map(|error| {
        let line = usize::try_from(error.pos.0).ok()?.checked_sub(1)?;
        let column = usize::try_from(error.pos.1).ok()?.checked_sub(1)?;
        let before: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
        let chars = source.get(before..)?.char_indices().map(|(index, _)| index);
        Some(chars.map(|index| before.saturating_add(index)).nth(column).unwrap_or(source.len()))
    });
    match at.and_then(|at| tokens.iter().find(|token| token.end > at)) {
        Some(token) => {
            let word = source.get(token.clone()).unwrap_or_default();
            match word.parse::<u64>() {
                Ok(number) if i64::try_from(number).is_err() => {
                    ConditionFault::new(token.clone(), format!("{word} is too large"))
                }
                _ => ConditionFault::new(token.clone(), format!("unexpected `{word}`")),
            }
        }
        None => ConditionFault::new(source.len()..source.len(), "the condition ends too early"),
    }
}

/// A node of ours, of a known type.
enum Typed {
    Bool(Bool),
    Int(Int),
    Text(Text),
}

impl Typed {
    fn name(&self) -> &'static str {
        match self {
            Self::Bool(_) => "true or false",
            Self::Int(_) => "a number",
            Self::Text(_) => "a string",
        }
    }

    fn bool(self, span: &Range<usize>) -> Result<Bool, ConditionFault> {
        match self {
            Self::Bool(bool) => Ok(bool),
            other => Err(mismatch(span, "true or false", &other)),
        }
    }

    fn int(self, span: &Range<usize>) -> Result<Int, ConditionFault> {
        match self {
            Self::Int(int) => Ok(int),
            other => Err(mismatch(span, "a number", &other)),
        }
    }
}

fn mismatch(span: &Range<usize>, expected: &str, found: &Typed) -> ConditionFault {
    ConditionFault::new(span.clone(), format!("expected {expected}, found {}", found.name()))
}

struct Lowering<'s> {
    source: &'s str,
    info: SourceInfo,
    used: Used,
    compared: Vec<Compared>,
}

type Lowered = Result<(Typed, Range<usize>), ConditionFault>;

impl Lowering<'_> {
    /// Where a node's own word is; for a call that is its operator.
    fn span(&self, node: &IdedExpr) -> Range<usize> {
        let known = self.info.offset_for(node.id).map(|(start, last)| {
            let start = usize::try_from(start).unwrap_or_default();
            start..usize::try_from(last).unwrap_or_default().saturating_add(1)
        });
        known.filter(|span| self.source.get(span.clone()).is_some()).unwrap_or(0..self.source.len())
    }

    fn expression(&mut self, node: &IdedExpr) -> Lowered {
        let span = self.span(node);
        match &node.expr {
            Expr::Literal(literal) => self.literal(literal, span),
            Expr::Ident(_) | Expr::Select(_) => self.reference(node, span),
            Expr::Call(call) => self.call(call, span),
            _ => Err(ConditionFault::new(span, "this is not part of a condition")),
        }
    }

    fn literal(&self, literal: &LiteralValue, span: Range<usize>) -> Lowered {
        let typed = match literal {
            LiteralValue::Boolean(value) => Typed::Bool(Bool::Literal(*value.inner())),
            LiteralValue::Int(value) => Typed::Int(Int::Literal(*value.inner())),
            LiteralValue::String(value) => Typed::Text(Text::Literal(value.inner().to_owned())),
            _ => {
                let word = self.source.get(span.clone()).unwrap_or_default();
                return Err(ConditionFault::new(
                    span,
                    format!("`{word}` is not part of a condition"),
                ));
            }
        };
        Ok((typed, span))
    }

    /// `order.net` and its like: always one word, so its whole name stands in the source.
    fn reference(&mut self, node: &IdedExpr, own: Range<usize>) -> Lowered {
        let mut root = node;
        while let Expr::Select(select) = &root.expr {
            root = &select.operand;
        }
        let start = self.span(root).start;
        let rest = self.source.get(start..).unwrap_or_default();
        let length = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
            .unwrap_or(rest.len());
        let name = rest.get(..length).unwrap_or_default();
        let span = start..start.saturating_add(length);
        if own.end > span.end {
            return Err(ConditionFault::new(own, "this is not part of a condition"));
        }
        let Some((known, fact)) = REFERENCES.iter().find(|(known, _)| *known == name) else {
            return Err(unknown(name, span));
        };
        self.used.push((known, span.clone()));
        let typed = match fact {
            Fact::Int(fact) => Typed::Int(Int::Fact(*fact)),
            Fact::Text(fact) => Typed::Text(Text::Fact(*fact)),
        };
        Ok((typed, span))
    }

    fn call(&mut self, call: &CallExpr, operator: Range<usize>) -> Lowered {
        let name = call.func_name.as_str();
        match (name, call.args.as_slice(), &call.target) {
            (operators::CONDITIONAL, [test, yes, no], None) => self.conditional(test, yes, no),
            (operators::LOGICAL_NOT, [inner], None) => {
                let (inner, span) = self.expression(inner)?;
                let inner = inner.bool(&span)?;
                Ok((Typed::Bool(Bool::Not(Box::new(inner))), operator.start..span.end))
            }
            (operators::NEGATE, [inner], None) => {
                let (inner, span) = self.expression(inner)?;
                let inner = inner.int(&span)?;
                Ok((Typed::Int(Int::Negative(Box::new(inner))), operator.start..span.end))
            }
            (operators::IN, [item, list], None) => self.membership(item, list),
            (_, [left, right], None) => self.binary(name, left, right, operator),
            _ => Err(ConditionFault::new(operator, "a condition has no functions")),
        }
    }

    fn conditional(&mut self, test: &IdedExpr, yes: &IdedExpr, no: &IdedExpr) -> Lowered {
        let (test, test_span) = self.expression(test)?;
        let test = test.bool(&test_span)?;
        let (yes, _) = self.expression(yes)?;
        let (no, span) = self.expression(no)?;
        let typed = match (yes, no) {
            (Typed::Bool(yes), Typed::Bool(no)) => Typed::Bool(Bool::If(Box::new((test, yes, no)))),
            (Typed::Int(yes), Typed::Int(no)) => Typed::Int(Int::If(Box::new((test, yes, no)))),
            (Typed::Text(yes), Typed::Text(no)) => Typed::Text(Text::If(Box::new((test, yes, no)))),
            (yes, no) => return Err(mismatch(&span, yes.name(), &no)),
        };
        Ok((typed, test_span.start..span.end))
    }

    fn membership(&mut self, item: &IdedExpr, list: &IdedExpr) -> Lowered {
        let (item, span) = self.expression(item)?;
        let Expr::List(elements) = &list.expr else {
            return Err(ConditionFault::new(self.span(list), "`in` needs a list")
                .help("write, for example, order.weekday in [6, 7]"));
        };
        let mut end = self.span(list).end;
        let (mut integers, mut texts) = (Vec::new(), Vec::new());
        for element in &elements.elements {
            let (element, here) = self.expression(element)?;
            end = here.end;
            match (&item, element) {
                (Typed::Int(_), Typed::Int(Int::Literal(value))) => integers.push(value),
                (Typed::Text(text), Typed::Text(Text::Literal(value))) => {
                    self.compare(text, &value, &here);
                    texts.push(value);
                }
                (_, Typed::Int(Int::Literal(_)) | Typed::Text(Text::Literal(_))) => {
                    return Err(ConditionFault::new(
                        here,
                        format!("the list is compared with {}", item.name()),
                    ));
                }
                _ => {
                    return Err(ConditionFault::new(here, "a list holds plain numbers or strings"));
                }
            }
        }
        let typed = match item {
            Typed::Bool(_) => return Err(mismatch(&span, "a number or a string", &item)),
            _ if elements.elements.is_empty() => {
                return Err(ConditionFault::new(
                    self.span(list),
                    "the list is empty: nothing is in it",
                ));
            }
            Typed::Int(item) => Bool::IntegerIn(Box::new(item), integers),
            Typed::Text(item) => Bool::TextIn(item, texts),
        };
        Ok((Typed::Bool(typed), span.start..end.saturating_add(1).min(self.source.len())))
    }

    fn binary(
        &mut self,
        name: &str,
        left: &IdedExpr,
        right: &IdedExpr,
        operator: Range<usize>,
    ) -> Lowered {
        let (left, left_span) = self.expression(left)?;
        let (right, right_span) = self.expression(right)?;
        let span = left_span.start..right_span.end;
        let logical = |left: Typed, right: Typed| -> Result<Box<(Bool, Bool)>, ConditionFault> {
            Ok(Box::new((left.bool(&left_span)?, right.bool(&right_span)?)))
        };
        let arithmetic = match name {
            operators::LOGICAL_AND => {
                return Ok((Typed::Bool(Bool::And(logical(left, right)?)), span));
            }
            operators::LOGICAL_OR => {
                return Ok((Typed::Bool(Bool::Or(logical(left, right)?)), span));
            }
            operators::ADD => Some(Arithmetic::Add),
            operators::SUBSTRACT => Some(Arithmetic::Subtract),
            operators::MULTIPLY => Some(Arithmetic::Multiply),
            operators::DIVIDE => Some(Arithmetic::Divide),
            operators::MODULO => Some(Arithmetic::Remainder),
            _ => None,
        };
        if let Some(arithmetic) = arithmetic {
            let sides = Box::new((left.int(&left_span)?, right.int(&right_span)?));
            return Ok((Typed::Int(Int::Arithmetic(arithmetic, sides)), span));
        }
        if let (Typed::Text(text), Typed::Text(Text::Literal(literal))) = (&left, &right) {
            self.compare(text, literal, &right_span);
        }
        if let (Typed::Text(Text::Literal(literal)), Typed::Text(text)) = (&left, &right) {
            self.compare(text, literal, &left_span);
        }
        let compared = compare(name, left, right, &operator, &right_span)?;
        Ok((Typed::Bool(compared), span))
    }

    /// Remembers that a reference is compared with a literal.
    fn compare(&mut self, text: &Text, literal: &str, offset: &Range<usize>) {
        let Text::Fact(fact) = text else { return };
        if let Some((reference, _)) =
            REFERENCES.iter().find(|(_, known)| *known == Fact::Text(*fact))
        {
            self.compared.push(Compared {
                reference,
                literal: literal.to_owned(),
                offset: offset.clone(),
            });
        }
    }
}

/// One of the six comparisons, in terms of three.
fn compare(
    name: &str,
    left: Typed,
    right: Typed,
    operator: &Range<usize>,
    right_span: &Range<usize>,
) -> Result<Bool, ConditionFault> {
    let (comparison, swap, negate) = match name {
        operators::EQUALS => (Comparison::Equal, false, false),
        operators::NOT_EQUALS => (Comparison::Equal, false, true),
        operators::LESS => (Comparison::Less, false, false),
        operators::LESS_EQUALS => (Comparison::LessOrEqual, false, false),
        operators::GREATER => (Comparison::Less, true, false),
        operators::GREATER_EQUALS => (Comparison::LessOrEqual, true, false),
        _ => return Err(ConditionFault::new(operator.clone(), "a condition has no functions")),
    };
    let ordered = comparison != Comparison::Equal;
    let bool = match (left, right) {
        (Typed::Int(left), Typed::Int(right)) if swap => {
            Bool::Integers(comparison, Box::new((right, left)))
        }
        (Typed::Int(left), Typed::Int(right)) => {
            Bool::Integers(comparison, Box::new((left, right)))
        }
        (Typed::Text(left), Typed::Text(right)) if !ordered => Bool::Texts(Box::new((left, right))),
        (Typed::Bool(left), Typed::Bool(right)) if !ordered => Bool::Equal(Box::new((left, right))),
        (Typed::Text(_), Typed::Text(_)) => {
            return Err(ConditionFault::new(operator.clone(), "strings have no order here")
                .help("compare them with == or !=, or with `in` and a list; for \"gold or higher\" set `tier`"));
        }
        (Typed::Bool(_), Typed::Bool(_)) => {
            return Err(ConditionFault::new(operator.clone(), "true and false have no order"));
        }
        (left, right) => {
            let message = format!("{} cannot be compared with {}", left.name(), right.name());
            return Err(ConditionFault::new(right_span.clone(), message));
        }
    };
    Ok(if negate { Bool::Not(Box::new(bool)) } else { bool })
}

fn unknown(name: &str, span: Range<usize>) -> ConditionFault {
    let names = || REFERENCES.iter().map(|(known, _)| *known);
    let by_field = names().find(|known| known.split('.').nth(1) == Some(name));
    let help = match by_field.or_else(|| nearest(name, names())) {
        Some(known) => format!("did you mean {known}?"),
        None => format!("a condition may use {}", names().collect::<Vec<_>>().join(", ")),
    };
    ConditionFault::new(span, format!("unknown name `{name}`")).help(help)
}
