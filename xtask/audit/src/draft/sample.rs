//! Makes examples for pages without examples, and corrects examples that contradict the tables of their page.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::page::{Field, FieldType};
use huaweicloud_openapi::name_rules::sounds_secret;

/// Makes an object with a value for each field.
pub fn object(fields: &[Field]) -> Value {
    let entries = fields
        .iter()
        .map(|field| (field.name.clone(), value(field, &field.kind)));
    Value::Object(entries.collect::<Map<String, Value>>())
}

fn value(field: &Field, kind: &FieldType) -> Value {
    let first = field
        .values
        .options
        .first()
        .map(|choice| choice.value.as_str());
    match kind {
        FieldType::Array(element) => Value::Array(vec![value(field, element)]),
        FieldType::Object(_) | FieldType::Map if field.fields.is_empty() => {
            Value::Object(Map::new())
        }
        FieldType::Object(_) | FieldType::Map => object(&field.fields),
        FieldType::Integer | FieldType::Long => {
            let option = first.and_then(|value| value.parse::<i64>().ok());
            Value::from(option.unwrap_or_else(|| number(field)))
        }
        FieldType::Number => Value::from(number(field)),
        FieldType::Boolean => Value::from(true),
        FieldType::Unknown if !field.fields.is_empty() => object(&field.fields),
        FieldType::String | FieldType::Unknown => {
            Value::from(first.map_or_else(|| text(field), str::to_owned))
        }
    }
}

/// Corrects an example by the tables of its page. Adds wrong fields, and mandatory fields that are missing, to `notes`.
pub fn fitted(given: &Value, fields: &[Field], notes: &mut BTreeSet<String>) -> Value {
    let Value::Object(given) = given else {
        return object(fields);
    };
    let mut fit = Map::new();
    for (key, value) in given {
        match fields.iter().find(|field| field.name == *key) {
            Some(field) if value.is_null() && field.values.null => {
                fit.insert(key.clone(), Value::Null);
            }
            Some(field) => {
                let value = fitted_value(field, &field.kind, value, notes);
                fit.extend(value.map(|value| (key.clone(), value)));
            }
            None => {
                notes.insert(key.clone());
            }
        }
    }
    for field in fields.iter().filter(|field| field.mandatory == Some(true)) {
        if !fit.contains_key(&field.name) {
            notes.insert(field.name.clone());
            fit.insert(field.name.clone(), value(field, &field.kind));
        }
    }
    Value::Object(fit)
}

/// Returns the given value, if the value obeys the tables. Otherwise, converts the value, or makes a new value. Returns
/// `None` if the conversion fails, and the page does not say whether the field is mandatory.
fn fitted_value(
    field: &Field,
    kind: &FieldType,
    given: &Value,
    notes: &mut BTreeSet<String>,
) -> Option<Value> {
    match (kind, given) {
        (FieldType::Array(element), Value::Array(items)) => {
            let items = items
                .iter()
                .filter_map(|item| fitted_value(field, element, item, notes));
            return Some(Value::Array(items.collect()));
        }
        (FieldType::Object(_) | FieldType::Map | FieldType::Unknown, Value::Object(_)) => {
            return Some(match field.fields.is_empty() {
                true => given.clone(),
                false => fitted(given, &field.fields, notes),
            });
        }
        _ => {}
    }
    let options = &field.values.options;
    let listed =
        |text: &str| options.is_empty() || options.iter().any(|choice| choice.value == text);
    let range = field.values.certain();
    let within = |value: i128| {
        range.from.is_none_or(|from| from <= value) && range.to.is_none_or(|to| value <= to)
    };
    let long = |text: &str| i128::try_from(text.chars().count()).is_ok_and(within);
    let fits = match (kind, given) {
        (FieldType::String | FieldType::Unknown, Value::String(text)) => {
            listed(text) && long(text) && !is_masked(field, text)
        }
        (FieldType::Integer | FieldType::Long, Value::Number(number)) => {
            number.as_i64().is_some_and(|number| within(number.into()))
                && listed(&number.to_string())
        }
        (FieldType::Number, Value::Number(_)) | (FieldType::Boolean, Value::Bool(_)) => true,
        _ => false,
    };
    if fits {
        return Some(given.clone());
    }
    notes.insert(field.name.clone());
    match (kind, given) {
        (FieldType::String, Value::Number(_) | Value::Bool(_))
            if listed(&given.to_string()) && long(&given.to_string()) =>
        {
            Some(Value::from(given.to_string()))
        }
        (FieldType::Integer | FieldType::Long, Value::String(text))
            if text.parse::<i64>().is_ok() =>
        {
            text.parse::<i64>().ok().map(Value::from)
        }
        _ => field.mandatory.map(|_| value(field, kind)),
    }
}

/// Returns whether the page hides a secret: the value of a secret field repeats one character, such as `******`.
fn is_masked(field: &Field, text: &str) -> bool {
    let mut chars = text.chars().map(|char| char.to_ascii_lowercase());
    let first = chars.next();
    sounds_secret(&field.name) && chars.all(|char| Some(char) == first)
}

fn number(field: &Field) -> i64 {
    let from = field.values.certain().from.unwrap_or(1).max(1);
    let to = field.values.certain().to.unwrap_or(from);
    i64::try_from(from.min(to)).unwrap_or(1)
}

fn text(field: &Field) -> String {
    let mut text = match sounds_secret(&field.name) {
        true => "Example#2023".to_owned(),
        false => "example".to_owned(),
    };
    let length = |limit: Option<i128>| limit.and_then(|limit| usize::try_from(limit).ok());
    let least = length(field.values.certain().from)
        .unwrap_or_default()
        .min(200);
    while text.len() < least {
        text.push_str("-2023");
    }
    // The string has only ASCII characters, so it can be cut at any byte.
    text.truncate(
        length(field.values.certain().to)
            .unwrap_or(text.len())
            .max(least),
    );
    text
}
