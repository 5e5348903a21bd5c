//! Kinds of keys of a document, and their names on a card.

/// The kind of an object's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// Keys of OpenAPI, or our extensions.
    Grammar,
    /// Names that the document chooses: of properties, statuses, examples.
    Names,
    /// Keys of a free value: an example, a default, an extension.
    Any,
}

impl Keys {
    /// The kind of the keys below a key.
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

/// Whether the key only explains. No card has such keys, because rewording does not change the contract.
pub fn is_wording(key: &str) -> bool {
    ["advice", "description", "summary", "x-enum-descriptions"].contains(&key)
}

/// Whether the value of a key has no keys of OpenAPI.
pub fn is_opaque(key: &str) -> bool {
    let is_value = matches!(key, "example" | "default" | "value" | "security");
    is_value || (key.starts_with("x-") && !["x-error-codes", "x-enum-varnames"].contains(&key))
}

/// The name of a key on a card.
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
