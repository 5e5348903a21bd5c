//! Drafts the parameters and the pagination of an operation.

use huaweicloud_openapi::name_rules::is_moment;
use serde_json::{Map, Value, json};

use super::Drafter;
use super::schemas::{Schemas, TODO};
use crate::compare::is_everywhere;
use crate::page::{Field, FieldType, Location};

impl Drafter<'_> {
    /// Returns the parameters of the operation. A parameter that the service already shares becomes a reference.
    pub(super) fn parameters(&self, schemas: &mut Schemas<'_>) -> Vec<Value> {
        let mut parameters = Vec::new();
        let in_path = self.page.path.split('/').filter_map(|segment| {
            segment
                .strip_prefix('{')
                .and_then(|name| name.strip_suffix('}'))
        });
        for name in in_path {
            let documented = self
                .page
                .parameters
                .iter()
                .find(|(_, field)| field.name == name);
            let known = self.shared_parameter(name, "path");
            parameters.push(known.unwrap_or_else(|| {
                let unknown = Field {
                    name: name.to_owned(),
                    ..Field::default()
                };
                let field = documented.map_or(&unknown, |(_, field)| field);
                parameter(field, "path", true, schemas)
            }));
        }
        for (place, field) in &self.page.parameters {
            let place_word = place.word();
            let wanted = *place == Location::Query
                || (*place == Location::Header && !is_everywhere(self.document, &field.name));
            if wanted {
                let known = self.shared_parameter(&field.name, place_word);
                let required = field.mandatory == Some(true);
                parameters
                    .push(known.unwrap_or_else(|| parameter(field, place_word, required, schemas)));
            }
        }
        parameters
    }

    /// Returns a reference to the shared parameter with this name and location, if the service has such a parameter.
    fn shared_parameter(&self, name: &str, place: &str) -> Option<Value> {
        let shared = self
            .document
            .value
            .pointer("/components/parameters")?
            .as_object()?;
        let found = shared
            .iter()
            .find(|(_, parameter)| parameter["name"] == name && parameter["in"] == place);
        found.map(|(component, _)| json!({"$ref": format!("#/components/parameters/{component}")}))
    }

    /// Adds `x-pagination`, if the page has the query parameters `limit` and `offset`, and a list in the answer.
    pub(super) fn pagination(&self, about: &mut Map<String, Value>) {
        let has = |name: &str| {
            let mut all = self.page.parameters.iter();
            all.any(|(place, field)| *place == Location::Query && field.name == name)
        };
        let answer = self
            .page
            .responses
            .iter()
            .find(|answer| (200..300).contains(&answer.status));
        let fields = answer.map_or(&[][..], |answer| &answer.fields);
        let items = fields
            .iter()
            .find(|field| matches!(field.kind, FieldType::Array(_)));
        // An answer with status 204 has no body, so pagination is not possible.
        let empty = self.page.statuses.iter().any(|(status, _)| *status == 204);
        let Some(items) = items.filter(|_| has("limit") && has("offset") && !empty) else {
            return;
        };
        let mut paging = json!({"#": "TODO: does `offset` count elements or pages, and is the first value 0?", "style": "offset", "limit": "limit", "offset": "offset", "items": items.name});
        let counts = |field: &&Field| {
            let name = field.name.to_lowercase();
            let total = ["total", "count", "num"]
                .iter()
                .any(|word| name.contains(word));
            total && matches!(field.kind, FieldType::Integer | FieldType::Long)
        };
        if let Some(total) = fields.iter().find(counts) {
            paging["total"] = json!(total.name);
        }
        paging["start"] = json!(0);
        about.insert("x-pagination".to_owned(), paging);
    }
}

/// Returns whether a parameter can have the type of a field: a scalar or, in the query, a list of scalars.
fn is_plain(field: &Field, place: &str) -> bool {
    let scalar = |kind: &FieldType| {
        !matches!(
            kind,
            FieldType::Object(_) | FieldType::Map | FieldType::Array(_)
        )
    };
    let list = |kind: &FieldType| {
        matches!(kind, FieldType::Array(element) if scalar(element)) && place == "query"
    };
    field.fields.is_empty() && (scalar(&field.kind) || list(&field.kind))
}

fn parameter(field: &Field, place: &str, required: bool, schemas: &mut Schemas<'_>) -> Value {
    let schema = match is_plain(field, place) {
        true => schemas.schema(field),
        false => Map::from_iter([
            (
                "#".to_owned(),
                json!("TODO: which type? A parameter cannot have the type that the page states."),
            ),
            ("type".to_owned(), json!("string")),
        ]),
    };
    let mut parameter = json!({"name": field.name, "in": place});
    if required {
        parameter["required"] = json!(true);
    }
    let moment = is_moment(&field.name);
    let text = if moment { "TODO: unit and zone." } else { TODO };
    parameter["description"] = json!(text);
    parameter["schema"] = Value::Object(schema);
    parameter
}
