//! From a schema of OpenAPI 3.0 to a JSON Schema validator.

use jsonschema::{Draft, Keyword, ValidationError, Validator};
use serde_json::{Map, Value, json};

use crate::password::Rule;

/// The extension that holds a password's rule.
pub(super) const PASSWORD_RULE: &str = "x-password-rule";

/// Deeper than any request of ours; a schema that refers to itself ends here.
const DEEPEST: usize = 32;

/// What a `$ref` names, or the value itself.
pub(super) fn resolve<'a>(root: &'a Value, value: &'a Value) -> Result<&'a Value, String> {
    match value["$ref"].as_str() {
        Some(reference) => {
            let found = reference
                .strip_prefix('#')
                .and_then(|pointer| root.pointer(pointer));
            found.ok_or_else(|| format!("{reference} does not exist"))
        }
        None => Ok(value),
    }
}

/// The schema as a JSON Schema (draft 4, which OpenAPI 3.0 builds on) without references, so that it stands alone.
pub(super) fn inline(root: &Value, schema: &Value) -> Result<Value, String> {
    inline_at(root, schema, 0)
}

fn inline_at(root: &Value, schema: &Value, depth: usize) -> Result<Value, String> {
    if depth > DEEPEST {
        return Err(format!(
            "a schema that refers to itself ({}) cannot be checked in a request",
            schema["$ref"]
        ));
    }
    let schema = resolve(root, schema)?;
    let mut out = Map::new();
    for (key, value) in schema.as_object().into_iter().flatten() {
        if let Some(value) = inline_keyword(root, key, value, depth)? {
            out.insert(key.clone(), value);
        }
    }
    limit_integer(&mut out, schema["format"].as_str());
    Ok(if schema["nullable"] == true {
        or_null(out)
    } else {
        Value::Object(out)
    })
}

/// None for what says nothing about validity.
fn inline_keyword(
    root: &Value,
    key: &str,
    value: &Value,
    depth: usize,
) -> Result<Option<Value>, String> {
    let nested = |value: &Value| inline_at(root, value, depth + 1);
    Ok(match (key, value) {
        ("properties", Value::Object(properties)) => {
            let inlined = properties
                .iter()
                .map(|(name, property)| Ok((name.clone(), nested(property)?)));
            Some(Value::Object(inlined.collect::<Result<_, String>>()?))
        }
        ("allOf" | "anyOf" | "oneOf", Value::Array(schemas)) => {
            Some(schemas.iter().map(nested).collect::<Result<_, _>>()?)
        }
        ("items" | "not" | "additionalProperties", Value::Object(_)) => Some(nested(value)?),
        (
            "type"
            | "enum"
            | "required"
            | "pattern"
            | "additionalProperties"
            | "uniqueItems"
            | "multipleOf"
            | PASSWORD_RULE,
            _,
        ) => Some(value.clone()),
        (limit, _)
            if limit.starts_with("min")
                || limit.starts_with("max")
                || limit.starts_with("exclusive") =>
        {
            Some(value.clone())
        }
        _ => None,
    })
}

/// `format` is a limit for integers.
fn limit_integer(schema: &mut Map<String, Value>, format: Option<&str>) {
    let (least, most) = match format {
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Some("int64") => (i64::MIN, i64::MAX),
        _ => return,
    };
    schema.entry("minimum").or_insert_with(|| json!(least));
    schema.entry("maximum").or_insert_with(|| json!(most));
}

fn or_null(schema: Map<String, Value>) -> Value {
    json!({"anyOf": [{"type": "null"}, schema]})
}

/// The type of an inlined schema; that of its only part where it is a reference with a description.
pub(super) fn kind(schema: &Value) -> &str {
    let own = schema["type"].as_str();
    own.unwrap_or_else(|| schema["allOf"].get(0).map_or("string", kind))
}

pub(super) fn validator(schema: &Value) -> Result<Validator, String> {
    let options = jsonschema::options()
        .with_draft(Draft::Draft4)
        .should_validate_formats(false);
    options
        .with_keyword(PASSWORD_RULE, password_rule)
        .build(schema)
        .map_err(|error| error.to_string())
}

pub(super) fn rule(value: &Value) -> Result<Rule, String> {
    serde_json::from_value(value.clone()).map_err(|error| format!("{PASSWORD_RULE}: {error}"))
}

struct PasswordRule(Rule);

impl<'i> Keyword<'i> for PasswordRule {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        let Some(password) = instance.as_str() else {
            return Ok(());
        };
        self.0.check(password).map_err(ValidationError::custom)
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.validate(instance).is_ok()
    }
}

fn password_rule<'a>(
    _: &'a Map<String, Value>,
    value: &'a Value,
    _: jsonschema::paths::Location,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    rule(value)
        .map(|rule| Box::new(PasswordRule(rule)) as Box<dyn for<'i> Keyword<'i>>)
        .map_err(ValidationError::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(root: &Value, schema: &Value, instance: &Value) -> bool {
        validator(&inline(root, schema).expect("inlined"))
            .expect("valid")
            .is_valid(instance)
    }

    #[test]
    fn references_nullable_and_formats_are_kept() {
        let root = json!({"components": {"schemas": {"Kind": {"type": "integer", "format": "int32", "enum": [0, 1]}}}});
        let schema = json!({"type": "object", "required": ["kind"], "properties": {
            "kind": {"allOf": [{"$ref": "#/components/schemas/Kind"}], "description": "d", "nullable": true},
            "id": {"type": "integer", "format": "int64"},
        }});
        assert!(accepts(&root, &schema, &json!({"kind": 1, "id": i64::MAX})));
        assert!(accepts(
            &root,
            &schema,
            &json!({"kind": null, "unknown": true})
        ));
        assert!(!accepts(&root, &schema, &json!({"kind": 2})));
        assert!(!accepts(&root, &schema, &json!({})));
        assert!(!accepts(
            &root,
            &schema,
            &json!({"kind": 1, "id": u64::MAX})
        ));
    }

    #[test]
    fn password_rules_are_enforced() {
        let schema = json!({"type": "string", "x-password-rule":
            {"minLength": 8, "maxLength": 32, "classes": ["digit", "upper", "lower"], "minClasses": 3}});
        assert!(accepts(&json!({}), &schema, &json!("Abcdefg1")));
        assert!(!accepts(&json!({}), &schema, &json!("abcdefg1")));
    }

    #[test]
    fn what_refers_to_itself_is_refused() {
        let root = json!({"components": {"schemas": {"Tree": {"properties": {"child": {"$ref": "#/components/schemas/Tree"}}}}}});
        let error = inline(&root, &json!({"$ref": "#/components/schemas/Tree"})).unwrap_err();
        assert!(error.contains("refers to itself"), "{error}");
    }
}
