//! Drafts the answers of an operation. The operation contains each success answer, and refers to shared error answers.

use serde_json::{Map, Value, json};

use super::schemas::{Schemas, TODO};
use super::{Drafter, content, sample};
use crate::page::Field;
use transcript::OperationRef;

impl<'a> Drafter<'a> {
    /// Returns the responses of the operation, and the new shared responses for the components.
    pub(super) fn responses(
        &self,
        answer: &str,
        schemas: &mut Schemas<'_>,
    ) -> (Map<String, Value>, Map<String, Value>) {
        let (mut responses, mut components) = (Map::new(), Map::new());
        let mut statuses: Vec<u16> = self
            .page
            .statuses
            .iter()
            .map(|(status, _)| *status)
            .collect();
        statuses.extend(self.page.responses.iter().map(|answer| answer.status));
        if !statuses.iter().any(|status| (200..300).contains(status)) {
            statuses.push(200);
        }
        statuses.retain(|status| *status >= 200);
        statuses.sort_unstable();
        statuses.dedup();
        let mut bodies = 0;
        for status in statuses {
            let response = if status >= 300 {
                self.error(status, schemas, &mut components)
            } else {
                let fields = self.fields(status).filter(|_| bodies == 0);
                bodies += usize::from(fields.is_some());
                self.success(status, answer, fields, schemas)
            };
            responses.insert(status.to_string(), response);
        }
        (responses, components)
    }

    fn fields(&self, status: u16) -> Option<&'a [Field]> {
        let answer = self
            .page
            .responses
            .iter()
            .find(|answer| answer.status == status)?;
        Some(answer.fields.as_slice()).filter(|fields| !fields.is_empty())
    }

    fn success(
        &self,
        status: u16,
        name: &str,
        fields: Option<&[Field]>,
        schemas: &mut Schemas<'_>,
    ) -> Value {
        let mut response = json!({"description": TODO});
        if let Some(fields) = fields {
            let name = schemas.body(name, fields, false);
            response["content"] = self.content(&name, self.printed(status), fields);
        }
        response
    }

    fn printed(&self, status: u16) -> Option<&'a Value> {
        let mut examples = self
            .page
            .response_examples
            .iter()
            .filter(|(known, _)| *known == status);
        examples.find_map(|(_, example)| example.value.as_ref().ok())
    }

    /// Returns a reference to a shared response for an error status. If the service has no shared response for this
    /// status, adds a response with the error schema of the service to `components`.
    fn error(
        &self,
        status: u16,
        schemas: &mut Schemas<'_>,
        components: &mut Map<String, Value>,
    ) -> Value {
        let key = status.to_string();
        let used =
            |operation: OperationRef<'a>| operation.value.get("responses")?.get(&key)?.get("$ref");
        let mut operations = self.document.operations();
        if let Some(reference) = operations.find_map(used) {
            return json!({"$ref": reference});
        }
        let name = reason(status);
        let shared = self
            .document
            .value
            .pointer("/components/responses")
            .and_then(Value::as_object);
        if shared.is_none_or(|shared| !shared.contains_key(&name)) {
            let schema = shared.into_iter().flatten().find_map(|(_, response)| {
                response
                    .pointer("/content/application~1json/schema/$ref")?
                    .as_str()
            });
            let fields = self.fields(status).unwrap_or_default();
            let schema = match schema.and_then(|schema| schema.rsplit('/').next()) {
                Some(schema) => schema.to_owned(),
                None => schemas.body("ServiceError", fields, false),
            };
            let given = self.printed(status);
            let mut example = given.cloned().unwrap_or_else(|| sample::object(fields));
            self.keep_known(&schema, &mut example);
            components.insert(
                name.clone(),
                json!({"description": TODO, "content": content(&schema, &example, None)}),
            );
        }
        json!({"$ref": format!("#/components/responses/{name}")})
    }

    /// Removes from an example the fields that the service's error schema does not have.
    fn keep_known(&self, schema: &str, example: &mut Value) {
        let pointer = format!("/components/schemas/{schema}/properties");
        let known = self
            .document
            .value
            .pointer(&pointer)
            .and_then(Value::as_object);
        if let (Some(known), Value::Object(example)) = (known, example) {
            example.retain(|key, _| known.contains_key(key));
        }
    }
}

/// Returns the name of a shared response for a status, such as `NotFound` for 404.
fn reason(status: u16) -> String {
    let name = match status {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        409 => "Conflict",
        413 => "TooLarge",
        429 => "TooManyRequest",
        500 => "InternalError",
        503 => "Unavailable",
        other => return format!("Status{other}"),
    };
    name.to_owned()
}
