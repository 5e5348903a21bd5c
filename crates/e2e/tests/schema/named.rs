//! The allowed differences between a type and its component, and the reasons.

use serde_json::Value;

/// A keyword at one path that has different values in the component and in the type. A value is `None` if the keyword
/// is absent.
#[derive(Debug)]
pub struct Difference {
    pub place: String,
    pub key: String,
    pub document: Option<Value>,
    pub rust: Option<Value>,
    /// The use of the type: `answer`, `request`, `both`, or `option` for an enum.
    pub way: &'static str,
}

pub struct Named {
    pub name: &'static str,
    pub reason: &'static str,
    pub is: fn(&Difference) -> bool,
}

/// The allowed differences. With any other difference, the test fails.
pub const NAMED: [Named; 8] = [
    Named {
        name: "limits",
        reason: "some documented limits contradict documented examples, so only the server checks limits",
        is: |d| d.rust.is_none() && LIMITS.contains(&d.key.as_str()),
    },
    Named {
        name: "defaults",
        reason: "the client does not send an absent value, so the server uses its default",
        is: |d| d.key == "default" && d.rust.is_none(),
    },
    Named {
        name: "absent lists",
        reason: "if an answer has no list or map, the decoder makes an empty list or map",
        is: |d| {
            let empty = d
                .rust
                .as_ref()
                .is_some_and(|v| *v == empty_list() || *v == empty_map());
            d.key == "default" && d.document.is_none() && empty && received(d)
        },
    },
    Named {
        name: "nullable",
        reason: "the type allows null for each optional value, but the client never sends null",
        is: |d| d.key == "nullable" && (d.rust.is_some() || received(d)),
    },
    Named {
        name: "required of answers",
        reason: "if a field of an answer is missing, the client still returns the other fields",
        is: |d| d.key == "required" && d.rust.is_none() && received(d),
    },
    Named {
        name: "descriptions",
        reason: "rustdoc adds facts to the description in the document, such as the limits",
        is: |d| d.key == "description",
    },
    Named {
        name: "annotations",
        reason: "annotations are for the generator and the sandbox, and do not describe the JSON",
        is: |d| d.key.starts_with("x-") && d.rust.is_none(),
    },
    Named {
        name: "integer formats of enums",
        reason: "an undocumented enum value can be larger than the documented values",
        is: |d| d.way == "option" && d.key == "format" && d.rust.is_none(),
    },
];

const LIMITS: [&str; 7] = [
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "pattern",
];

fn received(difference: &Difference) -> bool {
    matches!(difference.way, "answer" | "both")
}

fn empty_list() -> Value {
    Value::Array(Vec::new())
}

fn empty_map() -> Value {
    Value::Object(serde_json::Map::new())
}
