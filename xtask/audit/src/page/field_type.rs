//! Reads the types in the tables of a page.

use crate::markup::{is_made_of, without_bold};

/// A type as a page names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum FieldType {
    /// A string.
    String,
    /// A whole number.
    Integer,
    /// A whole number of 64 bits.
    Long,
    /// A number that can have a fraction.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A list of elements of one type.
    Array(Box<FieldType>),
    /// An object. The value is the name of its type, if the page states a name.
    Object(Option<String>),
    /// A map from names to values.
    Map,
    /// An unknown type, or no type.
    #[default]
    Unknown,
}

impl FieldType {
    /// Reads a table cell, such as `Array of ProductReferer objects`.
    pub fn parse(text: &str) -> FieldType {
        let text = without_bold(text).replace(['，', '＜', '＞'], " ");
        let text = text.trim().trim_end_matches(['.', ';']);
        list(text).unwrap_or_else(|| single(text))
    }

    /// Returns the `type` that a schema has for this type. Returns `None` for an unknown type.
    pub fn word(&self) -> Option<&'static str> {
        Some(match self {
            FieldType::String => "string",
            FieldType::Integer | FieldType::Long => "integer",
            FieldType::Number => "number",
            FieldType::Boolean => "boolean",
            FieldType::Array(_) => "array",
            FieldType::Object(_) | FieldType::Map => "object",
            FieldType::Unknown => return None,
        })
    }

    /// Returns the type of the innermost elements of a list or of nested lists. Returns any other type unchanged.
    pub fn innermost(&self) -> &FieldType {
        match self {
            FieldType::Array(element) => element.innermost(),
            other => other,
        }
    }

    /// Returns the name of an object type. For a list, returns the name of the element type.
    pub fn type_name(&self) -> Option<&str> {
        match self.innermost() {
            FieldType::Object(name) => name.as_deref(),
            _ => None,
        }
    }

    /// Returns whether this type, or the element type of a list, can have fields.
    pub fn may_have_fields(&self) -> bool {
        matches!(
            self.innermost(),
            FieldType::Object(_) | FieldType::Map | FieldType::Unknown
        )
    }
}

/// Returns whether a line contains only a type.
pub fn is_type(text: &str) -> bool {
    let text = text.trim();
    let words = text.split_whitespace().count();
    words <= 6 && !text.ends_with(['.', ':']) && FieldType::parse(text) != FieldType::Unknown
}

fn list(text: &str) -> Option<FieldType> {
    let lower = text.to_lowercase();
    let of = |prefix: &str| {
        let rest = lower.strip_prefix(prefix).map(str::len)?;
        text.get(text.len() - rest..)
    };
    let in_words = of("array of ").or(of("list of "));
    let mut brackets = ["array<", "list<", "array[", "list["].into_iter();
    let in_brackets = brackets.find_map(of);
    let in_brackets = in_brackets.map(|element| element.trim_end_matches(['>', ']']));
    let in_front = text.strip_suffix("[]").or(text.strip_suffix(" array"));
    let element = match in_words.or(in_brackets).or(in_front) {
        Some(element) => element_of(element),
        None if matches!(lower.as_str(), "array" | "list" | "jsonarray" | "set") => {
            FieldType::Unknown
        }
        None => return None,
    };
    Some(FieldType::Array(Box::new(element)))
}

/// Reads the type of list elements, such as `strings`, `X objects`, or `String`.
fn element_of(text: &str) -> FieldType {
    let text = text.trim();
    if let Some(inner) = list(text) {
        return inner;
    }
    match text.strip_suffix('s').map(single) {
        Some(kind) if kind != FieldType::Unknown => kind,
        _ => match single(text) {
            // `Array of ProductReferer` names an object type without the word `objects`.
            FieldType::Unknown if is_type_name(text) => FieldType::Object(Some(text.to_owned())),
            other => other,
        },
    }
}

fn single(text: &str) -> FieldType {
    let lower = text.trim().to_lowercase();
    match lower.as_str() {
        "string" | "char" | "uuid" => return FieldType::String,
        "integer" | "int" | "int32" | "short" | "integer(int32)" => return FieldType::Integer,
        "long" | "int64" | "integer(int64)" | "bigint" => return FieldType::Long,
        "float" | "double" | "number" | "bigdecimal" | "decimal" => return FieldType::Number,
        "boolean" | "bool" => return FieldType::Boolean,
        "object" | "dict" | "dictionary" | "json" | "jsonobject" | "json object" => {
            return FieldType::Object(None);
        }
        "map" => return FieldType::Map,
        // A map with keys that are not strings is an unknown type, because JSON has only string keys.
        _ if lower.replace(' ', "").starts_with("map<string,") => return FieldType::Map,
        _ if lower.starts_with("string(") => return FieldType::String,
        _ => {}
    }
    let name = lower.strip_suffix(" object").map(str::len);
    match name.and_then(|length| text.trim().get(..length)) {
        Some(name) if is_type_name(name) => FieldType::Object(Some(name.to_owned())),
        _ => FieldType::Unknown,
    }
}

fn is_type_name(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(|char: char| char.is_ascii_alphabetic()) && is_made_of(text, "_.-")
}

#[cfg(test)]
mod tests;
