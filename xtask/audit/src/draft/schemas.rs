//! Makes components from the tables of a page. The components belong to a draft: YAML that a person completes.

use serde_json::{Map, Value, json};

use super::names;
use crate::page::{Choice, Field, FieldType};
use crate::view::View;
use huaweicloud_openapi::name_rules::{component_problem, is_moment, sounds_secret};
use transcript::Document;

/// The placeholder for a string that a person must write.
pub const TODO: &str = "TODO";

/// The components of a draft.
pub struct Schemas<'a> {
    document: &'a Document,
    /// The subject of the operation, such as `Device`. If a component name is not free, the subject becomes a prefix.
    noun: String,
    /// The suffix of the names of inner objects: `Request` in a request body, otherwise empty.
    suffix: &'static str,
    /// The new components. A body comes before its inner objects.
    pub made: Map<String, Value>,
}

impl<'a> Schemas<'a> {
    pub fn new(document: &'a Document, noun: String) -> Self {
        Schemas {
            document,
            noun,
            suffix: "",
            made: Map::new(),
        }
    }

    /// Makes the component of a body, or reuses a component with these fields. Returns the name of the component.
    pub fn body(&mut self, name: &str, fields: &[Field], request: bool) -> String {
        self.suffix = if request { "Request" } else { "" };
        if !request && self.has(name, fields) {
            return name.to_owned();
        }
        if let Some(known) = self.same(fields) {
            return known;
        }
        let name = self.free(name);
        // This `null` reserves the position of the body before its inner objects.
        self.made.insert(name.clone(), Value::Null);
        let object = self.object(fields);
        self.made.insert(name.clone(), object);
        name
    }

    /// Returns whether the service already has a type with this name and all these fields.
    fn has(&self, name: &str, fields: &[Field]) -> bool {
        let pointer = format!("/components/schemas/{name}");
        View::at(self.document, pointer).is_some_and(|view| holds(&view, fields, 0))
    }

    /// Returns the name of a type with exactly these fields, if there are several. Requests and answers share no types.
    fn same(&self, fields: &[Field]) -> Option<String> {
        let known = self.document.value.pointer("/components/schemas");
        let mut names = known.and_then(Value::as_object)?.keys();
        let found = names.find(|name| {
            let request = name.ends_with("Request");
            let view = View::at(self.document, format!("/components/schemas/{name}"));
            let marks = |view: &View<'_>| {
                fields
                    .iter()
                    .all(|field| view.requires(&field.name) == (field.mandatory == Some(true)))
            };
            let alike = |view: &View<'_>| {
                view.fields().len() == fields.len() && holds(view, fields, 0) && marks(view)
            };
            fields.len() > 1
                && request == (self.suffix == "Request")
                && view.is_some_and(|view| alike(&view))
        });
        found.cloned()
    }

    fn object(&mut self, fields: &[Field]) -> Value {
        let mut object = json!({"type": "object", "description": TODO});
        let required: Vec<&str> = fields
            .iter()
            .filter(|field| field.mandatory == Some(true))
            .map(|field| field.name.as_str())
            .collect();
        if !required.is_empty() {
            object["required"] = json!(required);
        }
        let mut properties = Map::new();
        for field in fields {
            let mut schema = self.schema(field);
            describe(field, &mut schema);
            properties.insert(field.name.clone(), Value::Object(schema));
        }
        object["properties"] = Value::Object(properties);
        object
    }

    /// Makes the schema of a field or parameter, without its description.
    pub fn schema(&mut self, field: &Field) -> Map<String, Value> {
        let mut schema = self.kind(field, &field.kind);
        let reference = schema.remove("$ref");
        if let Some(reference) = reference {
            schema.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
        } else if let Some(default) = default(field) {
            schema.insert("default".to_owned(), default);
        }
        if field.values.null && field.kind == FieldType::String && !schema.contains_key("allOf") {
            schema.insert("nullable".to_owned(), json!(true));
        }
        schema
    }

    fn kind(&mut self, field: &Field, kind: &FieldType) -> Map<String, Value> {
        let schema = match kind {
            FieldType::Array(element) => {
                let items = self.kind(field, element);
                json!({"type": "array", "items": items})
            }
            FieldType::String | FieldType::Integer | FieldType::Long
                if !field.values.options.is_empty() =>
            {
                json!({"$ref": self.options(field, kind)})
            }
            FieldType::Object(_) | FieldType::Map | FieldType::Unknown
                if !field.fields.is_empty() =>
            {
                json!({"$ref": self.part(field, kind)})
            }
            FieldType::Object(_) | FieldType::Map => {
                json!({"#": "TODO: which fields does this object have?", "type": "object", "additionalProperties": {"type": "string"}})
            }
            FieldType::Integer | FieldType::Long => integer(field, kind),
            FieldType::Number => json!({"type": "number", "format": "double"}),
            FieldType::Boolean => json!({"type": "boolean"}),
            FieldType::String => string(field),
            FieldType::Unknown => json!({"#": "TODO: which type?", "type": "string"}),
        };
        match schema {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }

    /// Returns a reference to the component of an inner object. Reuses a component of the service with the same fields
    /// (at least two), or a component of the draft with the same name and content.
    fn part(&mut self, field: &Field, kind: &FieldType) -> String {
        if let Some(known) = self.same(&field.fields) {
            return reference(&known);
        }
        let named = kind.type_name().unwrap_or(&field.name);
        let object = self.object(&field.fields);
        let name = format!(
            "{}{}",
            names::pascal(named.rsplit('.').next().unwrap_or(named)),
            self.suffix
        );
        if self.made.get(&name) == Some(&object) {
            return reference(&name);
        }
        let name = self.free(&name);
        self.made.insert(name.clone(), object);
        reference(&name)
    }

    /// Returns a reference to the component of a set of options. Reuses an existing component with the same options.
    fn options(&mut self, field: &Field, kind: &FieldType) -> String {
        let values: Vec<Value> = field
            .values
            .options
            .iter()
            .map(|choice| option(choice, kind))
            .collect();
        let known = self
            .document
            .value
            .pointer("/components/schemas")
            .and_then(Value::as_object);
        let same = |schema: &Value| {
            let listed = schema.get("enum").and_then(Value::as_array);
            listed == Some(&values) && names::agree(&field.values.options, schema)
        };
        let mut all = known.into_iter().flatten().chain(&self.made);
        if let Some((name, _)) = all.find(|(_, schema)| same(schema)) {
            return reference(name);
        }
        let name = self.free(&names::pascal(&field.name));
        let mut schema = json!({"type": kind.word()});
        if kind.word() == Some("integer") {
            schema["format"] = json!("int32");
        }
        schema["description"] = json!(TODO);
        schema["enum"] = json!(values);
        schema["x-enum-varnames"] = json!(names::variants(&field.values.options));
        schema["x-enum-descriptions"] = json!(vec![TODO; values.len()]);
        self.made.insert(name.clone(), schema);
        reference(&name)
    }

    /// Returns `name`, or a longer name if `name` is used in the service or the draft, or if lint forbids `name`.
    fn free(&self, name: &str) -> String {
        let known = self.document.value.pointer("/components/schemas");
        let taken = |name: &str| {
            self.made.contains_key(name)
                || known.is_some_and(|known| known.get(name).is_some())
                || component_problem(name).is_some()
        };
        let candidates = [
            name.to_owned(),
            format!("{}{name}", self.noun),
            format!("{}{name}Detail", self.noun),
        ];
        let free = candidates.iter().find(|name| !taken(name)).cloned();
        free.unwrap_or_else(|| format!("{}{name}{}", self.noun, self.made.len()))
    }
}

/// Returns whether a schema has all given fields, with the same types and with all inner fields.
fn holds(view: &View<'_>, fields: &[Field], depth: usize) -> bool {
    let known = view.fields();
    fields.iter().all(|field| {
        let own = known.iter().find(|(name, _)| *name == field.name);
        own.is_some_and(|(_, own)| {
            let inner = own.element().unwrap_or_else(|| own.clone());
            let typed = field
                .kind
                .word()
                .is_none_or(|word| own.kind() == Some(word));
            typed
                && (field.fields.is_empty()
                    || (depth < 12 && holds(&inner, &field.fields, depth + 1)))
        })
    })
}

fn reference(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

fn describe(field: &Field, schema: &mut Map<String, Value>) {
    let moment = schema.get("type") == Some(&json!("integer"));
    let text = match moment && is_moment(&field.name) {
        true => "TODO: unit and zone.",
        false => TODO,
    };
    schema.insert("description".to_owned(), json!(text));
}

fn string(field: &Field) -> Value {
    let mut schema = json!({"type": "string"});
    if sounds_secret(&field.name) {
        schema["format"] = json!("password");
    }
    limits(&mut schema, field, "minLength", "maxLength");
    schema
}

fn integer(field: &Field, kind: &FieldType) -> Value {
    let name = field.name.to_lowercase();
    let small = field
        .values
        .certain()
        .to
        .is_some_and(|to| to <= i128::from(i32::MAX));
    let id = name == "id" || name.ends_with("_id") || name.ends_with("id");
    let wide = kind == &FieldType::Long || id || is_moment(&name) || !small;
    let mut schema = json!({"type": "integer", "format": if wide { "int64" } else { "int32" }});
    limits(&mut schema, field, "minimum", "maximum");
    schema
}

fn limits(schema: &mut Value, field: &Field, from: &str, to: &str) {
    let range = field.values.certain();
    for (key, limit) in [(from, range.from), (to, range.to)] {
        if let Some(limit) = limit.and_then(|limit| i64::try_from(limit).ok()) {
            schema[key] = json!(limit);
        }
    }
}

fn default(field: &Field) -> Option<Value> {
    let text = field.values.default.as_deref()?;
    match field.kind {
        FieldType::String if !sounds_secret(&field.name) => Some(json!(text)),
        FieldType::Integer | FieldType::Long => text.parse::<i64>().ok().map(Value::from),
        FieldType::Boolean => text.to_lowercase().parse::<bool>().ok().map(Value::from),
        _ => None,
    }
}

fn option(choice: &Choice, kind: &FieldType) -> Value {
    match kind {
        FieldType::Integer | FieldType::Long => {
            choice.value.parse::<i64>().map_or(Value::Null, Value::from)
        }
        _ => json!(choice.value),
    }
}
