//! Reads the operations of a service from its OpenAPI document, and finds the operation for a method and a path.

mod operation;

use std::collections::HashMap;

use http::Method;
use huaweicloud_openapi::Api;
use huaweicloud_openapi::validity::{Definitions, Strictness};
use serde_json::Value;

pub(crate) use operation::{Body, ListForm, Operation, Parameter, RequestPart};

use crate::Service;

/// The reason why the sandbox cannot use an OpenAPI document. `place` is the position of the problem in the document.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {reason}")]
pub(crate) struct DocumentError {
    pub service: &'static str,
    pub place: String,
    pub reason: String,
}

/// The operations of a service. The method `route` finds an operation by its HTTP method and path.
pub(crate) struct Document {
    pub service: Service,
    /// Whether every operation answers with its documented example, even if the operation has behaviour.
    pub examples_only: bool,
    router: matchit::Router<usize>,
    paths: Vec<HashMap<Method, Operation>>,
}

/// The result of the search for a path and a method.
pub(crate) enum Route<'a> {
    /// The operation, and the values of the path parameters in the order of the path. The values are still
    /// percent-encoded.
    Operation(&'a Operation, Vec<&'a str>),
    MethodNotAllowed(Vec<Method>),
    NotFound,
}

impl Document {
    pub fn load(service: Service, text: &str) -> Result<Self, DocumentError> {
        let broken = |place: &str, reason: String| DocumentError {
            service: service.name(),
            place: place.to_owned(),
            reason,
        };
        let root: Value = serde_json::from_str(text)
            .map_err(|error| broken("the document", format!("not JSON: {error}")))?;
        let api = Api::from_document(service.name(), &root)
            .map_err(|error| broken(&error.pointer, error.reason))?;
        let definitions = Definitions::new(&root, Strictness::Request);
        let validators = definitions
            .validators()
            .map_err(|reason| broken("/components/schemas", reason))?;
        let mut document = Self {
            service,
            examples_only: false,
            router: matchit::Router::new(),
            paths: Vec::new(),
        };
        let mut indexes = HashMap::new();
        for operation in &api.operations {
            let shape = shape(&operation.path);
            let index = *indexes.entry(shape.clone()).or_insert(document.paths.len());
            if index == document.paths.len() {
                document
                    .router
                    .insert(shape, index)
                    .map_err(|error| broken(&operation.path, error.to_string()))?;
                document.paths.push(HashMap::new());
            }
            let ready = Operation::new(&root, operation, &validators).map_err(|reason| {
                broken(&format!("{} {}", operation.method, operation.path), reason)
            })?;
            document.paths[index].insert(ready.method.clone(), ready);
        }
        Ok(document)
    }

    pub fn route<'a>(&'a self, method: &Method, path: &'a str) -> Route<'a> {
        let Ok(found) = self.router.at(path) else {
            return Route::NotFound;
        };
        let methods = &self.paths[*found.value];
        match methods.get(method) {
            Some(operation) => Route::Operation(
                operation,
                found.params.iter().map(|(_, value)| value).collect(),
            ),
            None => Route::MethodNotAllowed(methods.keys().cloned().collect()),
        }
    }

    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.paths.iter().flat_map(HashMap::values)
    }
}

/// Replaces the name of each path parameter by the number of its path segment. The reason: the router refuses two paths
/// that differ only in the names of their parameters.
fn shape(path: &str) -> String {
    let segment = |(index, segment): (usize, &str)| {
        if is_parameter(segment) {
            format!("{{p{index}}}")
        } else {
            segment.to_owned()
        }
    };
    path.split('/')
        .enumerate()
        .map(segment)
        .collect::<Vec<_>>()
        .join("/")
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{') && segment.ends_with('}')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Document {
        let mut paths = json!({
            "/v2/{project_id}/things/{thing_id}": {"get": "show_thing", "delete": "delete_thing"},
            "/v2/{project_id}/things/{other_id}/parts": {"get": "list_parts"},
            "/v2/{project_id}/things/summary": {"get": "show_summary"},
        });
        for (path, item) in paths.as_object_mut().expect("paths") {
            let names = path
                .split('/')
                .filter(|segment| is_parameter(segment))
                .map(|segment| &segment[1..segment.len() - 1]);
            let parameters: Vec<_> = names
                .map(|name| json!({"name": name, "in": "path", "schema": {"type": "string"}}))
                .collect();
            for operation in item.as_object_mut().expect("a path").values_mut() {
                *operation = json!({"operationId": operation, "parameters": parameters,
                    "responses": {"200": {"description": "ok"}}});
            }
        }
        Document::load(Service::Dcs, &json!({"paths": paths}).to_string()).expect("valid")
    }

    fn id(document: &Document, method: Method, path: &str) -> String {
        match document.route(&method, path) {
            Route::Operation(operation, values) => format!("{} {}", operation.id, values.join(",")),
            Route::MethodNotAllowed(_) => "405".into(),
            Route::NotFound => "404".into(),
        }
    }

    #[test]
    fn the_method_and_path_select_the_operation_and_fixed_segments_have_priority() {
        let document = document();
        assert_eq!(
            id(&document, Method::GET, "/v2/p/things/1"),
            "show_thing p,1"
        );
        assert_eq!(
            id(&document, Method::DELETE, "/v2/p/things/1"),
            "delete_thing p,1"
        );
        assert_eq!(
            id(&document, Method::GET, "/v2/p/things/summary"),
            "show_summary p"
        );
        assert_eq!(
            id(&document, Method::GET, "/v2/p/things/1/parts"),
            "list_parts p,1"
        );
        assert_eq!(
            id(&document, Method::GET, "/v2/p/things/a%2Fb"),
            "show_thing p,a%2Fb"
        );
        assert_eq!(id(&document, Method::POST, "/v2/p/things/1"), "405");
        assert_eq!(id(&document, Method::GET, "/v2/p/things/1/"), "404");
    }

    #[test]
    fn nested_objects_of_a_recursive_schema_are_checked() {
        let tree = json!({"type": "object", "properties": {
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
            "id": {"type": "integer"},
        }});
        let media = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Tree"}}});
        let document = json!({"components": {"schemas": {"Tree": tree}}, "paths": {"/trees": {"post": {
            "operationId": "create_tree", "requestBody": {"required": true, "content": media},
            "responses": {"204": {"description": "made"}}}}}});
        let document = Document::load(Service::Dcs, &document.to_string()).expect("valid");
        let operation = document.operations().next().expect("an operation");
        let validator = &operation.body.as_ref().expect("a body").validator;
        let deep = |id| json!({"children": [{"children": [{"id": id}]}]});
        assert!(validator.is_valid(&deep(json!(1))) && !validator.is_valid(&deep(json!("x"))));
    }

    #[test]
    fn the_error_names_the_position_of_the_problem() {
        let load = |text: &str| {
            Document::load(Service::Iam, text)
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default()
        };
        assert!(load("{").starts_with("the document: not JSON"));
        assert_eq!(load("{}"), "/paths: missing");
        let unresolved = json!({"paths": {"/a": {"get": {"operationId": "a", "parameters": [{"$ref": "#/components/parameters/X"}],
            "responses": {"200": {}}}}}});
        assert_eq!(
            load(&unresolved.to_string()),
            "/paths/~1a/get: #/components/parameters/X does not exist"
        );
    }
}
