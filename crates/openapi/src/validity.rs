//! Checks values against the schemas of a document with the `jsonschema` crate.
//!
//! A schema of OpenAPI 3.0 resembles a schema of JSON Schema draft 4, but has differences, such as `nullable`. This
//! module converts the schemas to draft 4.

use std::collections::HashMap;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::Location;
use jsonschema::{Draft, Keyword, Registry, ValidationError, Validator};
use serde_json::{Map, Value, json};

use crate::password_rule::PasswordRule;
use crate::reference::{escape, unescape};

/// The URI of the converted components, with the default scheme of `jsonschema`. With another scheme, `jsonschema`
/// would also compute a URI for each keyword. No caller uses these URIs.
const HOME: &str = "json-schema:///transcript";

const PASSWORD_RULE: &str = "x-password-rule";

/// How strictly a validator checks a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// For examples. If a schema has `properties` but no `additionalProperties`, unknown properties are errors. The
    /// validator checks the formats of strings.
    Example,
    /// For requests. Unknown properties are allowed, unless `additionalProperties` forbids them. The validator does not
    /// check the formats of strings.
    Request,
}

/// Checks that a regular expression is valid.
///
/// # Errors
/// The `jsonschema` crate cannot compile the expression.
pub fn check_pattern(pattern: &str) -> Result<(), String> {
    let compiled = jsonschema::options()
        .with_draft(Draft::Draft4)
        .offline()
        .build(&json!({"pattern": pattern}));
    compiled
        .map(drop)
        .map_err(|_| "the `jsonschema` crate cannot compile it".to_owned())
}

/// Whether a string is a date that exists, in the form `YYYY-MM-DD`.
pub fn is_date(text: &str) -> bool {
    let options = jsonschema::options().with_draft(Draft::Draft7).offline();
    let options = options.should_validate_formats(true);
    let date = options.build(&json!({"format": "date"}));
    // The `jsonschema` crate accepts a plus sign before a number of the date.
    !text.contains('+') && date.is_ok_and(|date| date.is_valid(&Value::from(text)))
}

/// All component schemas of a document, as JSON Schema.
pub struct Definitions {
    converted: Value,
    strictness: Strictness,
}

impl Definitions {
    /// Converts the component schemas of a document.
    pub fn new(document: &Value, strictness: Strictness) -> Self {
        let components = document.pointer("/components/schemas");
        let components = components.and_then(Value::as_object).into_iter().flatten();
        let converted =
            components.map(|(name, schema)| (name.clone(), convert(schema, strictness)));
        Self {
            converted: json!({"definitions": converted.collect::<Map<_, _>>()}),
            strictness,
        }
    }

    /// Prepares the compilation of schemas that refer to the components.
    ///
    /// # Errors
    /// A reference in the converted components is not a valid URI.
    pub fn validators(&self) -> Result<Validators<'_>, String> {
        let builder = Registry::new()
            .draft(Draft::Draft4)
            .add(HOME, &self.converted)
            .map_err(|error| error.to_string())?;
        Ok(Validators {
            registry: builder.prepare().map_err(|error| error.to_string())?,
            strictness: self.strictness,
            compiled: HashMap::new(),
        })
    }
}

/// Compiles the schemas of a document.
pub struct Validators<'d> {
    registry: Registry<'d>,
    strictness: Strictness,
    compiled: HashMap<String, Result<Validator, String>>,
}

impl Validators<'_> {
    /// Returns the validator of a schema, or the reason why the schema cannot be compiled. Compiles each schema once.
    pub fn cached(&mut self, schema: &Value) -> &Result<Validator, String> {
        let key = match schema.get("$ref").and_then(Value::as_str) {
            Some(target) => target.to_owned(),
            None => schema.to_string(),
        };
        if !self.compiled.contains_key(&key) {
            let compiled = self.compile(schema);
            self.compiled.insert(key.clone(), compiled);
        }
        &self.compiled[&key]
    }

    /// Compiles a schema of the document to a validator.
    ///
    /// # Errors
    /// The schema cannot be compiled.
    pub fn compile(&self, schema: &Value) -> Result<Validator, String> {
        let options = jsonschema::options().with_draft(Draft::Draft4).offline();
        let options = options
            .with_registry(&self.registry)
            .should_validate_formats(self.strictness == Strictness::Example)
            .with_keyword(PASSWORD_RULE, password_rule);
        let schema = convert(schema, self.strictness);
        options.build(&schema).map_err(|error| error.to_string())
    }
}

fn convert(schema: &Value, strictness: Strictness) -> Value {
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
        if let Some(value) = convert_key(object, key, value, strictness) {
            out.insert(key.clone(), value);
        }
    }
    let closed = strictness == Strictness::Example;
    if closed && object.contains_key("properties") && !object.contains_key("additionalProperties") {
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

fn convert_key(
    object: &Map<String, Value>,
    key: &str,
    value: &Value,
    strictness: Strictness,
) -> Option<Value> {
    let convert = |schema: &Value| convert(schema, strictness);
    match key {
        "properties" => {
            let all = value.as_object()?.iter();
            let all = all.map(|(name, schema)| (name.clone(), convert(schema)));
            Some(Value::Object(all.collect()))
        }
        "allOf" => Some(value.as_array()?.iter().map(convert).collect()),
        "items" | "additionalProperties" => Some(convert(value)),
        // JSON Schema draft 4 does not allow an empty list for these keys.
        "required" | "enum" if value.as_array().is_none_or(Vec::is_empty) => None,
        // Lint reports options of a wrong type. If this function kept `enum`, lint could also report correct examples.
        "enum" if !options_fit(object, value) => None,
        "format" if object.get("type").and_then(Value::as_str) != Some("string") => None,
        // A rule of lint reports an invalid password rule.
        PASSWORD_RULE if PasswordRule::parse(value).is_err() => None,
        "pattern" => {
            let pattern = value.as_str()?;
            check_pattern(pattern).is_ok().then(|| pattern.into())
        }
        "type" | "format" | "required" | "enum" | PASSWORD_RULE => Some(value.clone()),
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

fn options_fit(object: &Map<String, Value>, options: &Value) -> bool {
    let mut options = options.as_array().into_iter().flatten();
    match object.get("type").and_then(Value::as_str) {
        Some("string") => options.all(Value::is_string),
        Some("integer") => options.all(Value::is_i64),
        _ => true,
    }
}

/// The limits of an integer with the format `int32` or `int64`.
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

/// A limit that a value does not satisfy. The struct does not contain the value, because the value can be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenLimit {
    /// The JSON pointer of the value. If a property is missing, the pointer that the property would have.
    pub pointer: String,
    /// The limit in words, such as `must be at least 1`.
    pub reason: String,
    /// Whether the value is a password that does not satisfy its `x-password-rule`.
    pub password_rule: bool,
}

impl BrokenLimit {
    /// The names and indexes on the path to the value.
    pub fn path(&self) -> Vec<String> {
        let segments = self.pointer.split('/').skip(1);
        segments
            .map(|segment| unescape(segment).into_owned())
            .collect()
    }
}

/// Returns all limits that a value does not satisfy.
pub fn problems(validator: &Validator, value: &Value) -> Vec<BrokenLimit> {
    validator
        .iter_errors(value)
        .flat_map(|error| problem(&error))
        .collect()
}

fn problem(error: &ValidationError<'_>) -> Vec<BrokenLimit> {
    let path = error.instance_path().as_str();
    let below = |name: &str| format!("{path}/{}", escape(name));
    let problem = |pointer: String, reason: String| BrokenLimit {
        pointer,
        reason,
        password_rule: matches!(error.kind(), ValidationErrorKind::Custom { .. }),
    };
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let each = unexpected.iter();
            each.map(|name| problem(below(name), format!("the schema has no property `{name}`")))
                .collect()
        }
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![problem(below(name), reason(error))]
        }
        _ => vec![problem(path.to_owned(), reason(error))],
    }
}

/// Describes the limit in our own words, because the message of `jsonschema` contains the value. For a missing
/// property, the text `must not be null` is from a documented error message of ROMA Connect LINK.
fn reason(error: &ValidationError<'_>) -> String {
    use ValidationErrorKind as Limit;
    match error.kind() {
        Limit::Required { .. } => "must not be null".into(),
        Limit::MinLength { limit } => format!("must have at least {limit} characters"),
        Limit::MaxLength { limit } => format!("must have at most {limit} characters"),
        Limit::Minimum { limit } => format!("must be at least {limit}"),
        Limit::Maximum { limit } => format!("must be at most {limit}"),
        Limit::MinItems { limit } => format!("must have at least {limit} items"),
        Limit::MaxItems { limit } => format!("must have at most {limit} items"),
        Limit::Pattern { pattern } => format!("must match {pattern}"),
        Limit::Enum { options } => format!("must be one of {options}"),
        Limit::Format { format } => format!("must be of format {format}"),
        Limit::Type {
            kind: TypeKind::Single(single),
        } => format!("must be of type {single}"),
        Limit::Type {
            kind: TypeKind::Multiple(set),
        } => {
            let types: Vec<String> = set.iter().map(|single| single.to_string()).collect();
            format!("must be of type {}", types.join(" or "))
        }
        Limit::Custom { message, .. } => message.clone(),
        _ => format!("breaks the limit {}", error.kind().keyword()),
    }
}

#[cfg(test)]
mod tests;
