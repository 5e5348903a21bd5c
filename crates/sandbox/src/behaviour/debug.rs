//! Implements `debug_rule`, the operation that tests a rule of LINK (ROMA Connect device integration) with sample data.
//!
//! The sandbox supports only a small subset of SQL in the expression of a rule. `select` names fields, `from` names a
//! topic, and `where` has comparisons that `and` and `or` connect.

use serde_json::{Map, Value, json};

use super::{Behaviour, Call, does};
use crate::answer::Answer;
use crate::problem::Problem;

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[("debug_rule", does(debug))];

const FORM: &str = "must have the form: select FIELD [as NAME], .. from 'TOPIC' [where FIELD = VALUE and ..]; also allowed: `*` for all fields, `or`, and the operators `<>` `!=` `<` `>` `<=` `>=`";
const OPERATORS: [&str; 7] = ["<=", ">=", "<>", "!=", "=", "<", ">"];

/// Tests a rule. If the data does not match the condition, the result is an empty string.
fn debug(call: &Call<'_>) -> Result<Answer, Problem> {
    let text = |name: &str| call.values.body[name].as_str().unwrap_or_default();
    let data: Map<String, Value> = serde_json::from_str(text("test_data")).map_err(|_| {
        Problem::invalid("test_data", "must be a string that contains a JSON object")
    })?;
    let wrong = || Problem::invalid("test_rule_express", FORM);
    let words = words(text("test_rule_express")).ok_or_else(wrong)?;
    let rule = Rule::new(&words).ok_or_else(wrong)?;
    let result = match rule.holds(&data) {
        true => Value::Object(rule.select(&data)).to_string(),
        false => String::new(),
    };
    Ok(Answer::ok(json!({"test_result": result})))
}

/// A token of an expression: a name or keyword, a sign (an operator, a comma or an asterisk), or a value.
#[derive(Debug, PartialEq)]
enum Word {
    Name(String),
    Sign(&'static str),
    Literal(Value),
}

impl Word {
    fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Name(name) if name.eq_ignore_ascii_case(keyword))
    }
}

/// Splits an expression into tokens.
///
/// Returns `None` if a closing quotation mark is missing, or if a character cannot begin a token.
fn words(mut rest: &str) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    loop {
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else {
            return Some(words);
        };
        let signs = OPERATORS.iter().chain(&[",", "*"]);
        if matches!(first, '\'' | '"') {
            let (text, after) = rest[1..].split_once(first)?;
            words.push(Word::Literal(json!(text)));
            rest = after;
        } else if let Some(sign) = signs.copied().find(|sign| rest.starts_with(sign)) {
            words.push(Word::Sign(sign));
            rest = &rest[sign.len()..];
        } else {
            let ends = |next: char| next.is_whitespace() || "<>!=,*'\"".contains(next);
            let (word, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
            if word.is_empty() {
                return None;
            }
            words.push(match serde_json::from_str::<Value>(word) {
                Ok(value) if !value.is_string() => Word::Literal(value),
                _ => Word::Name(word.to_owned()),
            });
            rest = after;
        }
    }
}

#[derive(Debug)]
struct Rule {
    /// For each field of the result: its name in the data, and its name in the result. If the list is empty, the result
    /// contains all data.
    fields: Vec<(String, String)>,
    /// The comparisons. `and` connects the comparisons of an inner list, and `or` connects the inner lists. If the
    /// outer list is empty, the condition is true.
    conditions: Vec<Vec<(String, &'static str, Value)>>,
}

impl Rule {
    fn new(words: &[Word]) -> Option<Self> {
        let from = words.iter().position(|word| word.is("from"))?;
        let (selected, after) = (words.get(1..from)?, words.get(from + 1..)?);
        let [Word::Literal(Value::String(_)), after @ ..] = after else {
            return None;
        };
        if !words[0].is("select") {
            return None;
        }
        let fields = match selected {
            [Word::Sign("*")] => Vec::new(),
            _ => selected
                .split(|word| *word == Word::Sign(","))
                .map(field)
                .collect::<Option<_>>()?,
        };
        let conditions = match after {
            [] => Vec::new(),
            [word, tests @ ..] if word.is("where") => tests
                .split(|word| word.is("or"))
                .map(|all| all.split(|word| word.is("and")).map(comparison).collect())
                .collect::<Option<_>>()?,
            _ => return None,
        };
        Some(Self { fields, conditions })
    }

    fn holds(&self, data: &Map<String, Value>) -> bool {
        let is_true = |(name, sign, value): &(String, &str, Value)| {
            data.get(name).is_some_and(|own| compare(own, sign, value))
        };
        self.conditions.is_empty() || self.conditions.iter().any(|all| all.iter().all(is_true))
    }

    /// Returns the result. If a field is missing in the data, the field is also missing in the result.
    fn select(&self, data: &Map<String, Value>) -> Map<String, Value> {
        if self.fields.is_empty() {
            return data.clone();
        }
        let fields = self.fields.iter();
        let fields =
            fields.filter_map(|(name, shown)| Some((shown.clone(), data.get(name)?.clone())));
        fields.collect()
    }
}

fn field(words: &[Word]) -> Option<(String, String)> {
    match words {
        [name] => Some((named(name)?, named(name)?)),
        [name, keyword, shown] if keyword.is("as") => Some((named(name)?, named(shown)?)),
        _ => None,
    }
}

/// Returns the name of a field. A field can have a number as its name, as in the documented `test_data`.
fn named(word: &Word) -> Option<String> {
    match word {
        Word::Name(name) => Some(name.clone()),
        Word::Literal(Value::String(name)) => Some(name.clone()),
        Word::Literal(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    }
}

fn comparison(words: &[Word]) -> Option<(String, &'static str, Value)> {
    match words {
        [name, Word::Sign(sign), Word::Literal(value)] if OPERATORS.contains(sign) => {
            Some((named(name)?, sign, value.clone()))
        }
        _ => None,
    }
}

/// Returns whether the comparison `own sign value` is true. If both `own` and `value` are numbers, or strings that
/// contain a number, the function compares numbers. Otherwise, it compares strings.
fn compare(own: &Value, sign: &str, value: &Value) -> bool {
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let number = |value: &Value| text(value).parse::<f64>().ok();
    let order = match (number(own), number(value)) {
        (Some(own), Some(value)) => own.partial_cmp(&value),
        _ => Some(text(own).cmp(&text(value))),
    };
    order.is_some_and(|order| match sign {
        "=" => order.is_eq(),
        "<" => order.is_lt(),
        ">" => order.is_gt(),
        "<=" => order.is_le(),
        ">=" => order.is_ge(),
        _ => order.is_ne(),
    })
}
