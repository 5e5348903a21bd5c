//! Classifies the keys of a document, and defines their names on a card. A card lists the facts of one part of a document.

/// The kind of the keys of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// Keys of OpenAPI, the names of our extensions, and the keys inside `x-error-codes`.
    Grammar,
    /// Keys that the author of a document chooses, such as names of properties, names of examples, and statuses.
    Names,
    /// Keys inside an example, a default, or another value that cards show without an interpretation.
    Any,
}

impl Keys {
    /// Returns the kind of the keys inside the value of `key`. The argument `self` is the kind of `key`.
    pub fn below(self, key: &str) -> Keys {
        match (self, key) {
            (Keys::Any, _) => Keys::Any,
            (Keys::Names, _) => Keys::Grammar,
            (Keys::Grammar, key) if is_opaque(key) => Keys::Any,
            (_, "properties" | "responses" | "headers") => Keys::Names,
            (_, "content" | "examples" | "variables") => Keys::Names,
            (Keys::Grammar, _) => Keys::Grammar,
        }
    }
}

/// Returns whether the value of a key is only an explanation. Cards omit explanations, because they are not part of the
/// API.
pub fn is_wording(key: &str) -> bool {
    ["advice", "description", "summary", "x-enum-descriptions"].contains(&key)
}

/// Returns whether a card shows the value of a key without an interpretation. Then the keys inside the value are
/// [`Keys::Any`].
pub fn is_opaque(key: &str) -> bool {
    let is_value = matches!(key, "example" | "default" | "value" | "security");
    is_value || (key.starts_with("x-") && !["x-error-codes", "x-enum-varnames"].contains(&key))
}

/// Returns the name of a key on a card.
pub fn label(key: &str) -> &str {
    match key {
        "required" => "mandatory",
        "requestBody" => "request",
        "externalDocs" => "page",
        "examples" => "example",
        "enum" => "option",
        key => key,
    }
}
