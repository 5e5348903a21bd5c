//! What the column of types says.

use crate::markup::without_bold;

/// A type as a page names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A whole number of 64 bits.
    Long,
    /// A number with a fraction.
    Number,
    /// True or false.
    Boolean,
    /// A list of something.
    Array(Box<Kind>),
    /// An object, by the name of its type where the page names one.
    Object(Option<String>),
    /// Any names with values of one type.
    Map,
    /// Something else, or nothing.
    #[default]
    Unknown,
}

impl Kind {
    /// Reads a cell: `Array of ProductReferer objects`.
    pub fn read(text: &str) -> Kind {
        let text = without_bold(text).replace(['，', '＜', '＞'], " ");
        let text = text.trim().trim_end_matches(['.', ';']);
        list(text).unwrap_or_else(|| single(text))
    }

    /// The type of a schema.
    pub fn word(&self) -> Option<&'static str> {
        Some(match self {
            Kind::String => "string",
            Kind::Integer | Kind::Long => "integer",
            Kind::Number => "number",
            Kind::Boolean => "boolean",
            Kind::Array(_) => "array",
            Kind::Object(_) | Kind::Map => "object",
            Kind::Unknown => return None,
        })
    }

    /// What a list holds; anything else itself.
    pub fn innermost(&self) -> &Kind {
        match self {
            Kind::Array(element) => element.innermost(),
            other => other,
        }
    }

    /// The name of the object's type, here or in a list.
    pub fn type_name(&self) -> Option<&str> {
        match self.innermost() {
            Kind::Object(name) => name.as_deref(),
            _ => None,
        }
    }

    /// Whether a table may say more about it.
    pub fn may_have_fields(&self) -> bool {
        matches!(
            self.innermost(),
            Kind::Object(_) | Kind::Map | Kind::Unknown
        )
    }
}

/// Whether a line is a type and nothing else.
pub fn is_type(text: &str) -> bool {
    let text = text.trim();
    let words = text.split_whitespace().count();
    words <= 6 && !text.ends_with(['.', ':']) && Kind::read(text) != Kind::Unknown
}

fn list(text: &str) -> Option<Kind> {
    let lower = text.to_lowercase();
    let of = |prefix: &str| {
        let rest = lower.strip_prefix(prefix).map(str::len)?;
        text.get(text.len() - rest..)
    };
    if let Some(element) = of("array of ").or(of("list of ")) {
        return Some(Kind::Array(Box::new(element_of(element))));
    }
    if let Some(element) = of("array<")
        .or(of("list<"))
        .or(of("array["))
        .or(of("list["))
    {
        let element = element.trim_end_matches(['>', ']']);
        return Some(Kind::Array(Box::new(element_of(element))));
    }
    if let Some(element) = text.strip_suffix("[]").or(text.strip_suffix(" array")) {
        return Some(Kind::Array(Box::new(element_of(element))));
    }
    matches!(lower.as_str(), "array" | "list" | "jsonarray" | "set")
        .then(|| Kind::Array(Box::new(Kind::Unknown)))
}

/// `strings`, `X objects`, `String`.
fn element_of(text: &str) -> Kind {
    let text = text.trim();
    if let Some(inner) = list(text) {
        return inner;
    }
    match text.strip_suffix('s').map(single) {
        Some(kind) if kind != Kind::Unknown => kind,
        _ => match single(text) {
            // `Array of ProductReferer` names a type.
            Kind::Unknown if is_type_name(text) => Kind::Object(Some(text.to_owned())),
            other => other,
        },
    }
}

fn single(text: &str) -> Kind {
    let lower = text.trim().to_lowercase();
    match lower.as_str() {
        "string" | "char" | "uuid" => return Kind::String,
        "integer" | "int" | "int32" | "short" | "integer(int32)" => return Kind::Integer,
        "long" | "int64" | "integer(int64)" | "bigint" => return Kind::Long,
        "float" | "double" | "number" | "bigdecimal" | "decimal" => return Kind::Number,
        "boolean" | "bool" => return Kind::Boolean,
        "object" | "dict" | "dictionary" | "json" | "jsonobject" | "json object" => {
            return Kind::Object(None);
        }
        _ => {}
    }
    if lower.starts_with("map<") || lower == "map" || lower.starts_with("string(") {
        return if lower.starts_with("map") {
            Kind::Map
        } else {
            Kind::String
        };
    }
    let name = lower.strip_suffix(" object").map(str::len);
    match name.and_then(|length| text.trim().get(..length)) {
        Some(name) if is_type_name(name) => Kind::Object(Some(name.to_owned())),
        _ => Kind::Unknown,
    }
}

fn is_type_name(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(|char: char| char.is_ascii_alphabetic())
        && text
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || matches!(char, '_' | '.' | '-'))
}

#[cfg(test)]
mod tests {
    use super::{Kind, is_type};

    fn array(kind: Kind) -> Kind {
        Kind::Array(Box::new(kind))
    }

    #[test]
    fn types_are_read_as_pages_write_them() {
        let object = |name: &str| Kind::Object(Some(name.to_owned()));
        for (text, kind) in [
            ("String", Kind::String),
            ("Long", Kind::Long),
            ("boolean", Kind::Boolean),
            ("Float", Kind::Number),
            ("Object", Kind::Object(None)),
            ("Map<String,String>", Kind::Map),
            ("ProductReferer object", object("ProductReferer")),
            ("Array of strings", array(Kind::String)),
            ("Array of integers", array(Kind::Integer)),
            ("Array of Objects", array(Kind::Object(None))),
            ("Array of Statuses objects", array(object("Statuses"))),
            ("List<String>", array(Kind::String)),
            ("Array", array(Kind::Unknown)),
            ("Array of Array of strings", array(array(Kind::String))),
            ("AnyType", Kind::Unknown),
            ("", Kind::Unknown),
        ] {
            assert_eq!(Kind::read(text), kind, "{text}");
        }
    }

    #[test]
    fn a_sentence_is_no_type() {
        assert!(is_type("Array of strings") && is_type("Authentication object"));
        assert!(
            !is_type("Tag.") && !is_type("Name of the object that was created by the user object")
        );
    }
}
