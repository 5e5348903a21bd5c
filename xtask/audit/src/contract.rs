//! Reads contracts: OpenAPI 2 or 3 files in JSON from Huawei Cloud's API explorer, or from `scripts/sdk_models.py`.
//! Each operation in a contract becomes a [`Page`]. So the same code compares and drafts pages and contracts.

use serde_json::{Map, Value};

use super::page::{Choice, Field, FieldType, Location, Page, Range, Response, Values};
use super::view::resolved;
use transcript::{Document, Finding, Place, escape};

/// Returns the operations of a contract, in the order of the file.
///
/// # Errors
/// Returns a finding if the file is not JSON, or has no operations.
pub fn read_contract(file: &str, text: &str) -> Result<Vec<Page>, Box<Finding>> {
    let refused = |why: String| {
        let help = "use an OpenAPI 2 or 3 file in JSON; to make such a file from the official Python SDK, run xtask/audit/scripts/sdk_models.py";
        Box::new(Finding::new("page-unreadable", Place::top(file), why, help))
    };
    let value: Value =
        serde_json::from_str(text).map_err(|error| refused(format!("not JSON: {error}")))?;
    // The parser of transcripts (YAML files) also reads JSON, and finds line numbers. If it fails, each number is 1.
    let files = vec![(file.to_owned(), text.as_bytes().to_vec())];
    let placed = Document::from_files("contract", files).ok();
    let contract = Contract { value, placed };
    let pages = contract.pages();
    if pages.is_empty() {
        return Err(refused("the contract has no operations".to_owned()));
    }
    Ok(pages)
}

struct Contract {
    value: Value,
    placed: Option<Document>,
}

impl Contract {
    fn pages(&self) -> Vec<Page> {
        let mut pages = Vec::new();
        for (path, item) in self.map("/paths").into_iter().flatten() {
            let at = format!("/paths/{}", escape(path));
            for (method, operation) in item.as_object().into_iter().flatten() {
                if operation.get("responses").is_some() {
                    pages.push(self.page(method, path, &at));
                }
            }
        }
        pages
    }

    fn map(&self, pointer: &str) -> Option<&Map<String, Value>> {
        self.value.pointer(pointer)?.as_object()
    }

    fn text(&self, pointer: &str, key: &str) -> &str {
        let value = self.value.pointer(pointer).and_then(|value| value.get(key));
        value.and_then(Value::as_str).unwrap_or_default()
    }

    fn line(&self, pointer: &str) -> usize {
        self.placed
            .as_ref()
            .map_or(1, |document| document.place(pointer).line)
    }

    fn page(&self, method: &str, path: &str, item: &str) -> Page {
        let at = format!("{item}/{method}");
        let mut page = Page {
            contract: true,
            name: Some(self.text(&at, "operationId").to_owned()).filter(|name| !name.is_empty()),
            topic: self
                .value
                .pointer(&format!("{at}/tags/0"))
                .and_then(Value::as_str)
                .map(str::to_owned),
            method: method.to_uppercase(),
            path: self.text("", "basePath").trim_end_matches('/').to_owned() + path,
            line: self.line(&at),
            ..Page::default()
        };
        for list in [format!("{item}/parameters"), format!("{at}/parameters")] {
            let count = self
                .value
                .pointer(&list)
                .and_then(Value::as_array)
                .map_or(0, Vec::len);
            for index in 0..count {
                self.parameter(&format!("{list}/{index}"), &mut page);
            }
        }
        let body = resolved(&self.value, format!("{at}/requestBody"));
        if let Some(schema) = self.content(&body) {
            page.body = self.fields(&schema, &[]);
        }
        for (status, _) in self.map(&format!("{at}/responses")).into_iter().flatten() {
            let response = resolved(&self.value, format!("{at}/responses/{status}"));
            // In place of the success status, a contract can have the key `default`. Then `number` is 0.
            let number = status.parse().unwrap_or_default();
            let line = self.line(&response);
            if number > 0 {
                page.statuses.push((number, line));
            }
            let schema = self.content(&response);
            let mut fields = schema
                .map(|schema| self.fields(&schema, &[]))
                .unwrap_or_default();
            fields.iter_mut().for_each(forget_marks);
            if !fields.is_empty() {
                page.responses.push(Response {
                    status: number,
                    line,
                    fields,
                });
            }
        }
        page
    }

    fn parameter(&self, at: &str, page: &mut Page) {
        let at = resolved(&self.value, at.to_owned());
        let schema = format!("{at}/schema");
        let place = match self.text(&at, "in") {
            "path" => Location::Path,
            "query" => Location::Query,
            "header" => Location::Header,
            _ => {
                page.body = self.fields(&schema, &[]);
                return;
            }
        };
        let own = if self.value.pointer(&schema).is_some() {
            &schema
        } else {
            &at
        };
        let required = self.value.pointer(&format!("{at}/required")) == Some(&Value::Bool(true));
        let field = self.field(self.text(&at, "name"), own, required, &[]);
        page.parameters.push((place, field));
    }

    /// Returns the JSON pointer of the schema of a JSON body, or `None` if there is no JSON body.
    fn content(&self, at: &str) -> Option<String> {
        let schema = format!("{at}/schema");
        if self.value.pointer(&schema).is_some() {
            return Some(schema);
        }
        let media = self.map(&format!("{at}/content"))?;
        let json = media.keys().find(|name| name.contains("json"))?;
        Some(format!("{at}/content/{}/schema", escape(json)))
    }

    /// Returns the fields of an object or of the elements of a list, including the fields in `allOf`. If a type
    /// contains itself, the inner occurrence of the type has no fields.
    fn fields(&self, schema: &str, above: &[&str]) -> Vec<Field> {
        let at = resolved(&self.value, schema.to_owned());
        let Some(map) = self.map(&at).filter(|_| !above.contains(&at.as_str())) else {
            return Vec::new();
        };
        let above = [above, &[at.as_str()]].concat();
        let parts = map
            .get("allOf")
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        let parts = (0..parts).map(|part| format!("{at}/allOf/{part}"));
        let mut fields: Vec<Field> = parts.flat_map(|part| self.fields(&part, &above)).collect();
        let required = map.get("required").and_then(Value::as_array);
        for (name, _) in self.map(&format!("{at}/properties")).into_iter().flatten() {
            let must = required.is_some_and(|names| names.iter().any(|known| known == name));
            let schema = format!("{at}/properties/{}", escape(name));
            fields.push(self.field(name, &schema, must, &above));
        }
        if fields.is_empty() && map.contains_key("items") {
            return self.fields(&format!("{at}/items"), &above);
        }
        fields
    }

    fn field(&self, name: &str, schema: &str, mandatory: bool, above: &[&str]) -> Field {
        let at = resolved(&self.value, schema.to_owned());
        let kind = self.kind(&at);
        Field {
            line: self.line(schema),
            name: name.to_owned(),
            mandatory: Some(mandatory),
            values: self.values(&at),
            fields: if kind.may_have_fields() {
                self.fields(&at, above)
            } else {
                Vec::new()
            },
            kind,
            ..Field::default()
        }
    }

    fn kind(&self, at: &str) -> FieldType {
        match (self.text(at, "type"), self.text(at, "format")) {
            ("string", _) => FieldType::String,
            ("integer", "int64") => FieldType::Long,
            ("integer", _) => FieldType::Integer,
            ("number", _) => FieldType::Number,
            ("boolean", _) => FieldType::Boolean,
            ("array", _) => FieldType::Array(Box::new(self.kind(&self.items(at)))),
            _ if self.map(&format!("{at}/additionalProperties")).is_some() => FieldType::Map,
            ("object", _) => FieldType::Object(None),
            _ if self.map(&format!("{at}/properties")).is_some() => FieldType::Object(None),
            _ => FieldType::Unknown,
        }
    }

    fn items(&self, at: &str) -> String {
        resolved(&self.value, format!("{at}/items"))
    }

    /// Returns limits, options and default of a schema. If a list has no limits, uses the limits of its elements.
    fn values(&self, at: &str) -> Values {
        let get = |key: &str| self.value.pointer(&format!("{at}/{key}"));
        let limit = |keys: [&str; 3]| keys.into_iter().find_map(get)?.as_i64().map(i128::from);
        let text = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        let listed = get("enum").and_then(Value::as_array).into_iter().flatten();
        let options = listed.map(|value| Choice {
            value: text(value),
            meaning: String::new(),
        });
        let within = match self.text(at, "type") {
            "array" => self.values(&self.items(at)),
            _ => Values::default(),
        };
        let printed = Range {
            from: limit(["minimum", "minLength", "minItems"]),
            to: limit(["maximum", "maxLength", "maxItems"]),
        };
        Values {
            printed: if printed.is_empty() {
                within.printed
            } else {
                printed
            },
            options: options.chain(within.options).collect(),
            default: get("default").filter(|value| !value.is_null()).map(text),
            ..Values::default()
        }
    }
}

/// Forgets whether a field of an answer and its inner fields are mandatory. So the audit does not compare this fact.
fn forget_marks(field: &mut Field) {
    field.mandatory = None;
    field.fields.iter_mut().for_each(forget_marks);
}
