//! Lowering: changes a copy of the OpenAPI document, so that progenitor accepts the copy, and generates the right code.
//!
//! Each step of lowering is a function with a reason, and counts its changes. If a step changes nothing in any service,
//! `cargo xtask generate` (without a service name) returns an error ([`unused`]).

mod answers;
mod schemas;
mod words;

pub use schemas::ANY_JSON;
use serde_json::Value;

/// A step of lowering.
pub struct Step {
    /// The name of the step, for the error message if the step has no effect.
    pub name: &'static str,
    /// The reason for the step.
    pub reason: &'static str,
    apply: fn(&mut Value) -> usize,
}

/// The steps, in the order in which they are applied.
pub const STEPS: &[Step] = &[
    Step {
        name: "drop_error_answers",
        reason: "progenitor panics if two success answers, or two error answers, have different bodies \
                 (oxidecomputer/progenitor#344); core reads all error bodies itself; if only some success \
                 answers have a body, the type of the answer is an `Option`",
        apply: answers::drop_error_answers,
    },
    Step {
        name: "optional_answers",
        reason: "an answer can lack a field that the page calls mandatory, and the client must accept this answer",
        apply: answers::optional_answers,
    },
    Step {
        name: "drop_limits",
        reason: "progenitor turns limits into types that reject values outside the limits, but some documented limits \
                 contradict documented examples (ERRATA.md)",
        apply: schemas::drop_limits,
    },
    Step {
        name: "drop_defaults",
        reason: "progenitor's code sends a field with a default even if the caller did not set the field",
        apply: schemas::drop_defaults,
    },
    Step {
        name: "plain_strings",
        reason: "typify uses our Secret for `format: password` only if the schema has no limits and no extensions; \
                 for formats such as `date`, typify uses types that reject values in another form",
        apply: schemas::plain_strings,
    },
    Step {
        name: "plain_enumerations",
        reason: "typify's enums reject values that the page does not list; the module `enumerations` writes enums \
                 that accept these values",
        apply: schemas::plain_enumerations,
    },
    Step {
        name: "file_bodies",
        reason: "progenitor does not support `multipart/form-data`, so this step writes bytes; the pass `session` then \
                 replaces the bytes by an `Upload`",
        apply: answers::file_bodies,
    },
    Step {
        name: "drop_words",
        reason: "the pass `docs` replaces all comments; without descriptions, progenitor writes fewer comments",
        apply: words::drop_words,
    },
];

/// Applies every step. Returns the new document, and the number of changes of each step.
pub fn lower(document: &Value) -> (Value, Vec<usize>) {
    let mut lowered = document.clone();
    let counts = STEPS
        .iter()
        .map(|step| (step.apply)(&mut lowered))
        .collect();
    (lowered, counts)
}

/// Returns the steps that changed nothing in any of the documents.
pub fn unused(counts: &[Vec<usize>]) -> Vec<&'static Step> {
    let used = |index: usize| {
        counts
            .iter()
            .any(|of| of.get(index).is_some_and(|n| *n > 0))
    };
    STEPS
        .iter()
        .enumerate()
        .filter(|(index, _)| !used(*index))
        .map(|(_, step)| step)
        .collect()
}

/// Calls `visit` for every schema of the document. A schema is visited before its inner schemas.
///
/// Other values, such as `properties`, are not visited. So a step does not remove a property with the name `minimum`.
fn each_schema(document: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        schemas
            .values_mut()
            .for_each(|schema| within_schema(schema, visit));
    }
    beside_schemas(document, visit);
}

/// Visits the schemas of parameters, headers and media types, which are in the key `schema`.
fn beside_schemas(value: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                match key.as_str() {
                    "schema" => within_schema(inner, visit),
                    "schemas" | "example" | "examples" => {}
                    _ => beside_schemas(inner, visit),
                }
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| beside_schemas(item, visit)),
        _ => {}
    }
}

fn within_schema(schema: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    visit(schema);
    let Some(map) = schema.as_object_mut() else {
        return;
    };
    for (key, inner) in map {
        match (key.as_str(), inner) {
            ("properties", Value::Object(properties)) => {
                properties
                    .values_mut()
                    .for_each(|property| within_schema(property, visit));
            }
            ("allOf", Value::Array(parts)) => {
                parts.iter_mut().for_each(|part| within_schema(part, visit));
            }
            ("items" | "additionalProperties", inner) => within_schema(inner, visit),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
