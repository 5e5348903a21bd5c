//! What the keys of a document are, and how a card calls them.

/// What the keys of an object are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// Keys of OpenAPI, or of ours.
    Grammar,
    /// Names that the document gives: of properties, statuses, examples.
    Names,
    /// Whatever a value has: an example, a default, an extension.
    Any,
}

impl Keys {
    /// What the keys are below one of these.
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

/// Whether the key explains and promises nothing, so that no card has it: rewording is no change of the contract.
pub fn is_wording(key: &str) -> bool {
    ["advice", "description", "summary", "x-enum-descriptions"].contains(&key)
}

/// Whether the value of a key has no keys of OpenAPI.
pub fn is_opaque(key: &str) -> bool {
    let is_value = matches!(key, "example" | "default" | "value" | "security");
    is_value || (key.starts_with("x-") && !["x-error-codes", "x-enum-varnames"].contains(&key))
}

/// How a card calls a key.
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
