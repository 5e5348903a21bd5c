//! Checks values against schemas, by the semantics of OpenAPI 3.0, with the `jsonschema` crate.
//!
//! OpenAPI 3.0's schemas are those of JSON Schema draft 4 with `nullable` and formats of its own; what differs is converted. Objects are
//! closed here: an example with a property that the schema lacks is a misspelling.

use std::collections::HashMap;

use jsonschema::paths::Location;
use jsonschema::{Draft, Keyword, Registry, ValidationError, Validator};
use serde_json::{Map, Value, json};

use super::index::Index;
use super::password::PasswordRule;
use transcript::escape;

/// Where the converted components live while they are compiled: at an address of jsonschema's own scheme. Of any other it would
/// work out the address of every part of every schema, for reports that nobody reads.
const HOME: &str = "json-schema:///transcript";

/// Why a regular expression is none, if so.
pub(super) fn check_pattern(pattern: &str) -> Result<(), String> {
    let compiled = jsonschema::options()
        .with_draft(Draft::Draft4)
        .offline()
        .build(&json!({"pattern": pattern}));
    compiled
        .map(drop)
        .map_err(|_| "no engine can compile it".to_owned())
}

/// Compiles each component once.
pub(super) struct Validators<'r> {
    registry: &'r Registry<'r>,
    compiled: HashMap<String, Result<Validator, String>>,
}

/// All schemas of the document, converted.
pub(super) fn definitions(index: &Index<'_>) -> Value {
    let schemas = index
        .components("schemas")
        .map(|(name, schema)| (name.clone(), convert(schema)));
    json!({"definitions": schemas.collect::<Map<_, _>>()})
}

/// A registry that holds the definitions.
///
/// # Errors
/// When they cannot be a JSON Schema at all.
pub(super) fn registry(definitions: &Value) -> Result<Registry<'_>, String> {
    let builder = Registry::new()
        .draft(Draft::Draft4)
        .add(HOME, definitions)
        .map_err(|error| error.to_string())?;
    builder.prepare().map_err(|error| error.to_string())
}

impl<'r> Validators<'r> {
    pub fn new(registry: &'r Registry<'r>) -> Self {
        Self {
            registry,
            compiled: HashMap::new(),
        }
    }

    /// The validator of a schema as the document writes it.
    pub fn of(&mut self, schema: &Value) -> &Result<Validator, String> {
        let key = match schema.get("$ref").and_then(Value::as_str) {
            Some(target) => target.to_owned(),
            None => schema.to_string(),
        };
        let registry = self.registry;
        self.compiled
            .entry(key)
            .or_insert_with(|| compile(registry, &convert(schema)))
    }
}

fn compile(registry: &Registry<'_>, schema: &Value) -> Result<Validator, String> {
    let options = jsonschema::options().with_draft(Draft::Draft4).offline();
    let options = options
        .with_registry(registry)
        .should_validate_formats(true)
        .with_keyword("x-password-rule", password_rule);
    options.build(schema).map_err(|error| error.to_string())
}

/// To JSON Schema draft 4.
fn convert(schema: &Value) -> Value {
    let Some(object) = schema.as_object() else {
        return schema.clone();
    };
    if let Some(target) = object.get("$ref").and_then(Value::as_str) {
        let name = target
            .strip_prefix("#/components/schemas/")
            .unwrap_or(target);
        return json!({"$ref": format!("{HOME}#/definitions/{}", name)});
    }
    let mut out = Map::new();
    for (key, value) in object {
        if let Some(value) = convert_key(object, key, value) {
            out.insert(key.clone(), value);
        }
    }
    if object.contains_key("properties") && !object.contains_key("additionalProperties") {
        out.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
    if let Some((low, high)) = integer_range(object) {
        out.entry("minimum").or_insert(low);
        out.entry("maximum").or_insert(high);
    }
    if object.get("nullable") == Some(&Value::Bool(true)) {
        nullable(out)
    } else {
        Value::Object(out)
    }
}

fn convert_key(object: &Map<String, Value>, key: &str, value: &Value) -> Option<Value> {
    match key {
        "properties" => {
            let properties = value
                .as_object()?
                .iter()
                .map(|(name, schema)| (name.clone(), convert(schema)));
            Some(Value::Object(properties.collect()))
        }
        "allOf" => Some(value.as_array()?.iter().map(convert).collect()),
        "items" | "additionalProperties" => Some(convert(value)),
        // An empty list is not allowed in draft 4.
        "required" if value.as_array().is_none_or(Vec::is_empty) => None,
        "enum" if value.as_array().is_none_or(Vec::is_empty) => None,
        "format" if object.get("type").and_then(Value::as_str) != Some("string") => None,
        // Reported where it stands, as a rule of its own.
        "x-password-rule" if PasswordRule::parse(value).is_err() => None,
        "pattern"
            if value
                .as_str()
                .is_none_or(|pattern| check_pattern(pattern).is_err()) =>
        {
            None
        }
        "type" | "format" | "required" | "enum" | "x-password-rule" | "pattern" => {
            Some(value.clone())
        }
        "minimum" | "maximum" | "multipleOf" => value.is_number().then(|| value.clone()),
        "exclusiveMinimum" | "exclusiveMaximum" | "uniqueItems" => {
            value.is_boolean().then(|| value.clone())
        }
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
            value.is_u64().then(|| value.clone())
        }
        _ => None,
    }
}

/// What the format of an integer adds.
fn integer_range(object: &Map<String, Value>) -> Option<(Value, Value)> {
    match object.get("format")?.as_str()? {
        "int32" => Some((i32::MIN.into(), i32::MAX.into())),
        "int64" => Some((i64::MIN.into(), i64::MAX.into())),
        _ => None,
    }
}

fn nullable(mut schema: Map<String, Value>) -> Value {
    if schema.contains_key("allOf") || schema.contains_key("enum") {
        return json!({"anyOf": [{"type": "null"}, schema]});
    }
    if let Some(name) = schema.remove("type") {
        schema.insert("type".to_owned(), json!([name, "null"]));
    }
    Value::Object(schema)
}

struct Password(PasswordRule);

fn password_rule<'a>(
    _: &'a Map<String, Value>,
    value: &'a Value,
    _: Location,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    match PasswordRule::parse(value) {
        Ok(rule) => Ok(Box::new(Password(rule))),
        Err(message) => Err(ValidationError::custom(message)),
    }
}

impl<'i> Keyword<'i> for Password {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        let Some(password) = instance.as_str() else {
            return Ok(());
        };
        self.0.check(password).map_err(ValidationError::custom)
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        instance
            .as_str()
            .is_none_or(|password| self.0.check(password).is_ok())
    }
}

/// What is wrong with a value: pointer below it, message.
pub(super) fn problems(validator: &Validator, value: &Value) -> Vec<(String, String)> {
    validator
        .iter_errors(value)
        .flat_map(|error| problem(&error))
        .collect()
}

fn problem(error: &ValidationError<'_>) -> Vec<(String, String)> {
    use jsonschema::error::ValidationErrorKind as Kind;
    let path = error.instance_path().as_str();
    match error.kind() {
        Kind::AdditionalProperties { unexpected } => {
            let each = unexpected.iter().map(|name| {
                (
                    format!("{path}/{}", escape(name)),
                    format!("the schema has no property `{name}`"),
                )
            });
            each.collect()
        }
        // The value itself stands in the file, and may be long.
        _ => vec![(path.to_owned(), error.masked().to_string())],
    }
}
