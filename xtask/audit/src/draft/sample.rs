//! Examples where the page has none that could be sent.

use serde_json::{Map, Value};

use crate::page::{Field, FieldType};
use huaweicloud_openapi::name_rules::sounds_secret;

/// An object with a value for each field.
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

fn number(field: &Field) -> i64 {
    let from = field.values.printed.from.unwrap_or(1).max(1);
    let to = field.values.printed.to.unwrap_or(from);
    i64::try_from(from.min(to)).unwrap_or(1)
}

fn text(field: &Field) -> String {
    let mut text = match sounds_secret(&field.name) {
        true => "Example#2023".to_owned(),
        false => "example".to_owned(),
    };
    let length = |limit: Option<i128>| limit.and_then(|limit| usize::try_from(limit).ok());
    let least = length(field.values.printed.from)
        .unwrap_or_default()
        .min(200);
    while text.len() < least {
        text.push_str("-2023");
    }
    // Everything here is ASCII.
    text.truncate(
        length(field.values.printed.to)
            .unwrap_or(text.len())
            .max(least),
    );
    text
}
