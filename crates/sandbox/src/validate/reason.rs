use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;

use crate::openapi::Place;
use crate::problem::Violation;

pub(super) fn violation(error: &ValidationError<'_>) -> Violation {
    let mut path: Vec<String> = error
        .instance_path()
        .as_str()
        .split('/')
        .skip(1)
        .map(unescape)
        .collect();
    if let Kind::Required { property } = error.kind() {
        path.extend(property.as_str().map(str::to_owned));
    }
    let parameter = if path.is_empty() {
        "body".to_owned()
    } else {
        path.join(".")
    };
    Violation {
        place: Place::Body,
        parameter,
        reason: of(error),
        password_rule: matches!(error.kind(), Kind::Custom { .. }),
    }
}

/// The reason in words of ours: the validator's own text repeats the value, which may be a secret.
pub(super) fn of(error: &ValidationError<'_>) -> String {
    match error.kind() {
        Kind::Required { .. } => "must not be null".into(),
        Kind::MinLength { limit } => format!("must have at least {limit} characters"),
        Kind::MaxLength { limit } => format!("must have at most {limit} characters"),
        Kind::Minimum { limit } => format!("must be at least {limit}"),
        Kind::Maximum { limit } => format!("must be at most {limit}"),
        Kind::MinItems { limit } => format!("must have at least {limit} items"),
        Kind::MaxItems { limit } => format!("must have at most {limit} items"),
        Kind::Pattern { pattern } => format!("must match {pattern}"),
        Kind::Enum { options } => format!("must be one of {options}"),
        Kind::Type { kind } => format!("must be of type {}", types(kind)),
        Kind::Custom { message, .. } => message.clone(),
        _ => format!("breaks the limit {}", error.kind().keyword()),
    }
}

fn types(kind: &jsonschema::error::TypeKind) -> String {
    use jsonschema::error::TypeKind;
    match kind {
        TypeKind::Single(single) => single.to_string(),
        TypeKind::Multiple(set) => set
            .iter()
            .map(|single| single.to_string())
            .collect::<Vec<_>>()
            .join(" or "),
    }
}

/// A segment of a JSON pointer as text.
fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}
