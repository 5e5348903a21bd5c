//! Finds values for the arguments of an operation. If the document contains no value for a parameter, this module makes
//! a value of the documented type.

#![allow(
    dead_code,
    reason = "each test program uses only a part of this module"
)]

use huaweicloud_core::Upload;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

/// The arguments of one call.
#[derive(Clone)]
pub struct Given {
    /// The name of the example of the body. The string is empty if there is no example, or if the example has no name.
    pub example: String,
    mandatory: Map<String, Value>,
    optional: Map<String, Value>,
    pub body: Option<Value>,
}

impl Given {
    /// Returns the arguments of one call for each example of the body. If there is no example, returns the arguments of
    /// one call without a body.
    pub fn of(document: &Value, operation: &Value) -> Vec<Given> {
        let (mandatory, optional) = parameters(document, operation);
        let content = operation["requestBody"]["content"].as_object();
        let content = content.into_iter().flat_map(Map::values);
        let mut bodies: Vec<(String, Option<Value>)> = content
            .flat_map(examples)
            .map(|(name, value)| (name, Some(value.clone())))
            .collect();
        if bodies.is_empty() {
            bodies.push((String::new(), None));
        }
        bodies
            .into_iter()
            .map(|(example, body)| Given {
                example,
                mandatory: mandatory.clone(),
                optional: optional.clone(),
                body,
            })
            .collect()
    }

    /// Returns these arguments without the optional parameters.
    pub fn sparing(&self) -> Given {
        Given {
            optional: Map::new(),
            ..self.clone()
        }
    }

    /// Returns whether there is an optional parameter.
    pub fn has_optional(&self) -> bool {
        !self.optional.is_empty()
    }

    pub fn parameter<'a, T: Argument<'a>>(&'a self, name: &str) -> T {
        T::take(&self.mandatory[name])
    }

    /// Converts all parameters to `T`. If `T` is a struct, it ignores parameters that are not its fields, such as path
    /// parameters.
    pub fn params<T: DeserializeOwned>(&self) -> T {
        let all = self.mandatory.iter().chain(&self.optional);
        let all = all.map(|(name, value)| (name.clone(), value.clone()));
        T::deserialize(&Value::Object(all.collect())).unwrap()
    }

    pub fn body<'a, T: Argument<'a>>(&'a self) -> T {
        T::take(self.body.as_ref().unwrap())
    }

    /// Returns the only part of a form as an upload.
    pub fn file(&self) -> Upload {
        let parts = self.body.as_ref().unwrap().as_object().unwrap();
        let text = parts.values().next().unwrap().as_str().unwrap();
        Upload::from_bytes("example.csv", text.to_owned())
    }
}

/// An argument of a client method: a mandatory parameter or a body. The argument is a scalar, or a reference to a
/// string, a list or another type.
pub trait Argument<'a>: Sized {
    fn take(value: &'a Value) -> Self;
}

macro_rules! scalars {
    ($($scalar:ty),*) => {
        $(impl<'a> Argument<'a> for $scalar {
            fn take(value: &'a Value) -> Self {
                Deserialize::deserialize(value).unwrap()
            }
        })*
    };
}

scalars!(bool, f32, f64, i32, i64, &'a str);

impl<'a, T: DeserializeOwned> Argument<'a> for &'a T {
    fn take(value: &'a Value) -> Self {
        // The test never frees this memory. A test has only a few arguments, so the loss is small.
        Box::leak(Box::new(T::deserialize(value).unwrap()))
    }
}

impl<'a, T: DeserializeOwned> Argument<'a> for &'a [T] {
    fn take(value: &'a Value) -> Self {
        Vec::leak(Vec::deserialize(value).unwrap())
    }
}

/// Returns the examples of a media type with their names. The name of `example` is empty.
pub fn examples(content: &Value) -> Vec<(String, &Value)> {
    let many = content["examples"].as_object().into_iter().flatten();
    let one = content.get("example").map(|value| (String::new(), value));
    let many = many.map(|(name, example)| (name.clone(), &example["value"]));
    one.into_iter().chain(many).collect()
}

/// Returns the operations of a document, sorted by their ids.
pub fn documented(document: &Value) -> Vec<(&str, &Value)> {
    let items = document["paths"].as_object().unwrap().values();
    let operations = items.flat_map(|item| item.as_object().unwrap().values());
    let named = operations.filter_map(|value| Some((value["operationId"].as_str()?, value)));
    let mut named: Vec<_> = named.collect();
    named.sort_by_key(|(id, _)| *id);
    named
}

/// Returns the target of a reference. If the value is not a reference, returns the value itself.
pub fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

/// Returns a value for each parameter. The first map contains the mandatory parameters. The second map contains the
/// optional parameters.
fn parameters(document: &Value, operation: &Value) -> (Map<String, Value>, Map<String, Value>) {
    let (mut mandatory, mut optional) = (Map::new(), Map::new());
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let parameter = resolve(document, parameter);
        let into = match parameter["required"] == true {
            true => &mut mandatory,
            false => &mut optional,
        };
        let name = parameter["name"].as_str().unwrap();
        let documented = parameter.get("example").cloned();
        let value = documented.unwrap_or_else(|| value(document, &parameter["schema"], name));
        into.insert(name.to_owned(), value);
    }
    (mandatory, optional)
}

/// Returns the example of a schema, or its first enum value. If the schema has neither, the function makes a value of
/// the documented type. For a string, this value is the name of the parameter with `-` in place of `_`.
fn value(document: &Value, schema: &Value, name: &str) -> Value {
    let schema = resolve(document, schema);
    if let Some(part) = schema.pointer("/allOf/0") {
        return value(document, part, name);
    }
    let given = [schema.get("example"), schema.pointer("/enum/0")];
    if let Some(given) = given.into_iter().flatten().next() {
        return given.clone();
    }
    match schema["type"].as_str() {
        Some("integer") => schema["minimum"].as_i64().unwrap_or(1).max(1).into(),
        Some("number") => json!(1.5),
        Some("boolean") => true.into(),
        Some("array") => json!([value(document, &schema["items"], name)]),
        _ => name.replace('_', "-").into(),
    }
}
