//! Compares the snapshot files `contract_*` of each service crate with the transcripts (OpenAPI YAML files). A
//! snapshot file contains cards. A card lists the facts of one operation, of one component or of the service.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "card_mutations/difference.rs"]
mod difference;
#[path = "../../crates/e2e/tests/support/snapshots.rs"]
mod snapshots;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::json;
use snapshots::Snapshots;
use transcript::Edit;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn folder(service: &str) -> PathBuf {
    root().join("crates").join(service).join("snapshots")
}

#[test]
fn the_cards_agree_with_the_transcripts() {
    let mut snapshots = Snapshots::default();
    for service in transcript::services(root()).unwrap() {
        let document = transcript::load(root(), &service).unwrap();
        for (file, text) in cards::files(&document.value) {
            let name = format!("contract_{file}");
            snapshots.compare(&folder(&service), &name, || {
                insta::assert_snapshot!(name.as_str(), text);
            });
        }
    }
}

/// If a chapter is removed, its snapshot file must be removed, too.
#[test]
fn each_service_has_exactly_the_expected_contract_snapshots() {
    for service in transcript::services(root()).unwrap() {
        let document = transcript::load(root(), &service).unwrap();
        let files = cards::files(&document.value).into_keys();
        let known: BTreeSet<String> = files.map(|file| format!("contract_{file}.snap")).collect();
        let found = std::fs::read_dir(folder(&service)).unwrap();
        let found = found.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let found: BTreeSet<String> = found
            .filter(|name| name.starts_with("contract_") && name.ends_with(".snap"))
            .collect();
        assert_eq!(
            found, known,
            "crates/{service}/snapshots: for each removed chapter, remove the file contract_<chapter>.snap"
        );
    }
}

/// The document has constructs, and combinations of constructs, that the transcripts do not have.
#[test]
fn the_cards_show_all_facts_of_a_document() {
    let document = json!({
        "security": [{"b": ["read"], "a": []}],
        "components": {
            "securitySchemes": {"a": {"type": "http", "scheme": "basic", "description": "d"}},
            "schemas": {
                "Node": {"type": "object", "required": ["next"], "properties": {"next": {"allOf": [{"$ref": "#/components/schemas/Node"}], "x-new": {"k": [2, 1]}}}},
                "Size": {"type": "integer", "format": "int32", "enum": [10, 9], "x-enum-varnames": ["Ten", "Nine"], "x-enum-descriptions": ["d", "d"]},
            },
        },
        "paths": {"/nodes": {"post": {
            "operationId": "create_node",
            "x-waiter": {"field": "status", "success": ["RUNNING"], "failure": ["ERROR"]},
            "deprecated": true,
            "parameters": [{"name": "size", "in": "query", "schema": {"allOf": [{"$ref": "#/components/schemas/Size"}], "maximum": 12}, "examples": {"big": {"value": 10}}}],
            "requestBody": {"content": {"text/plain": {"schema": {"type": "string"}}, "application/json": {"schema": {"$ref": "#/components/schemas/Node"}, "example": {"next": {}}}}},
            "responses": {
                "204": {"description": "d"},
                "default": {"description": "d", "content": {"application/json": {"schema": {"oneOf": [{"type": "string"}]}}}},
            },
        }}},
    });
    let expected = "\
== common
operation create_node: POST /nodes
    create_node deprecated                       true
    create_node x-waiter.failure[]               ERROR
    create_node x-waiter.field                   status
    create_node x-waiter.success[]               RUNNING
    create_node query size                       Size, maximum 12, example big 10
    create_node request application/json         Node, application/json
    create_node request application/json example.next {}
    create_node request text/plain               string, text/plain
    create_node 204                              no content
    create_node default                          any, oneOf[0].type string, application/json

type Node: object; used by Node.next, create_node request
    Node.next                                    Node, mandatory, x-new.k[] 1, x-new.k[] 2

type Size: integer int32; used by create_node size
    Size option                                  9 Nine
    Size option                                  10 Ten
== service
service
    service security                             a and b (read)

securityScheme a: scheme basic, type http
";
    let files = cards::files(&document);
    let all: Vec<String> = files
        .iter()
        .map(|(file, text)| format!("== {file}\n{text}"))
        .collect();
    assert_eq!(all.concat(), expected);
}

/// Applies an edit to a copy of a service's transcript. Returns the numbers of changed snapshot files, of removed
/// lines, and of new lines.
fn moved(service: &str, edit: &Edit) -> (usize, usize, usize) {
    let document = transcript::load(root(), service).unwrap();
    let mut changed = document.value.clone();
    edit.apply(&mut changed).unwrap();
    let (before, after) = (cards::files(&document.value), cards::files(&changed));
    let mut total = (0, 0, 0);
    for (file, old) in before {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let (old, new) = (lines(&old), lines(&after[&file]));
        let (gone, come) = difference::difference(&old, &new);
        total.0 += usize::from(old != new);
        total.1 += gone.len();
        total.2 += come.len();
    }
    total
}

/// Only one snapshot file changes, even if many operations use the changed schema or response.
#[test]
fn a_change_of_a_component_or_an_operation_changes_one_snapshot_file() {
    let insert = |pointer: &str, value| Edit::Insert {
        pointer: pointer.to_owned(),
        at: usize::MAX,
        value,
    };
    let field = json!({"type": "string", "description": "d", "maxLength": 9});
    let field = insert("/components/schemas/Instance/properties/shard_count", field);
    assert_eq!(moved("dcs", &field), (1, 0, 1));
    let pointer = "/components/schemas/LinkError/properties/error_code/maxLength".to_owned();
    let limit = Edit::Set {
        pointer,
        value: json!(65),
    };
    assert_eq!(moved("roma-link", &limit), (1, 1, 1));
    let example = json!({"value": {"error_code": "c", "error_msg": "m", "request_id": "i"}});
    let content = "/components/responses/BadRequest/content/application~1json";
    let example = insert(&format!("{content}/examples/another"), example);
    assert_eq!(moved("roma-link", &example), (1, 0, 3));
    let status = json!({"$ref": "#/components/responses/NotFound"});
    let path = "/paths/~1v2~1{project_id}~1link~1instances~1{instance_id}~1devices";
    let status = insert(&format!("{path}/get/responses/404"), status);
    assert_eq!(moved("roma-link", &status), (1, 0, 1));
}
