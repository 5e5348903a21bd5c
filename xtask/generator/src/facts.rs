//! Lists the limits and the default of a schema as short texts, for rustdoc.

use serde_json::Value;

/// The keywords that limit a value.
pub const LIMITS: [&str; 13] = [
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

/// Returns the ranges, the pattern and the default. If `is_mandatory` is true, the first string is `mandatory`. Omits
/// other limits, such as `multipleOf`.
pub fn fact_lines(schema: &Value, is_mandatory: bool) -> Vec<String> {
    let mut facts = Vec::new();
    if is_mandatory {
        facts.push("mandatory".to_owned());
    }
    facts
        .extend(range(schema, "minLength", "maxLength").map(|range| format!("{range} characters")));
    facts.extend(range(schema, "minimum", "maximum"));
    facts.extend(range(schema, "minItems", "maxItems").map(|range| format!("{range} items")));
    facts.extend(
        range(schema, "minProperties", "maxProperties").map(|range| format!("{range} entries")),
    );
    let pattern = schema.get("pattern").and_then(Value::as_str);
    facts.extend(pattern.map(|pattern| format!("pattern {}", code(pattern))));
    facts.extend(
        schema
            .get("default")
            .map(|default| format!("default `{default}`")),
    );
    facts
}

fn range(schema: &Value, from: &str, to: &str) -> Option<String> {
    match (schema.get(from), schema.get(to)) {
        (Some(from), Some(to)) => Some(format!("{from} to {to}")),
        (Some(from), None) => Some(format!("at least {from}")),
        (None, Some(to)) => Some(format!("at most {to}")),
        (None, None) => None,
    }
}

/// Returns a code span for a string that can contain single backticks.
fn code(text: &str) -> String {
    match text.contains('`') {
        true => format!("`` {text} ``"),
        false => format!("`{text}`"),
    }
}
