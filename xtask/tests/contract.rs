//! One contract card for each operation, and one for the service, kept beside the crate that they are about.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

#[test]
fn contracts() {
    for service in transcript::services(root()).unwrap() {
        let document = transcript::load(root(), &service).unwrap();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(format!("../../crates/{service}/snapshots"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            for id in cards::operation_ids(&document.value) {
                let card = cards::card(&document.value, &id).unwrap();
                insta::assert_snapshot!(format!("contract_{id}"), card);
            }
            insta::assert_snapshot!("service", cards::service(&document.value));
        });
    }
}

/// A card whose operation is gone would go on promising it.
#[test]
fn every_card_has_its_operation() {
    for service in transcript::services(root()).unwrap() {
        let document = transcript::load(root(), &service).unwrap();
        let known: BTreeSet<String> = cards::operation_ids(&document.value)
            .iter()
            .map(|id| format!("contract_{id}.snap"))
            .collect();
        let folder = root().join("crates").join(&service).join("snapshots");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let orphan =
                name.starts_with("contract_") && name.ends_with(".snap") && !known.contains(&name);
            assert!(
                !orphan,
                "crates/{service}/snapshots/{name} has no operation any more; remove it"
            );
        }
    }
}

/// Forms that the transcripts do not have, or not all at once.
#[test]
fn a_card_shows_whatever_a_document_says() {
    let document = json!({
        "security": [{"b": ["read"], "a": []}],
        "components": {
            "securitySchemes": {"a": {"type": "http", "scheme": "basic", "description": "d"}},
            "schemas": {
                "Node": {"type": "object", "required": ["next"], "properties": {"next": {"allOf": [{"$ref": "#/components/schemas/Node"}], "x-new": {"k": [2, 1]}}}},
                "Size": {"type": "integer", "format": "int32", "enum": [10, 9], "x-enum-varnames": ["Ten", "Nine"], "x-enum-descriptions": ["d", "d"]},
            },
        },
        "paths": {"/nodes": {"summary": "s", "post": {
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
operation                                id                          create_node
operation                                method                      POST
operation                                path                        /nodes
operation                                retry                       unsafe, by its method
operation                                deprecated                  true
operation                                x-waiter.failure[]          ERROR
operation                                x-waiter.field              status
operation                                x-waiter.success[]          RUNNING
operation                                security                    a and b (read)
security a                               scheme                      basic
security a                               type                        http
query size                               mandatory                   no
query size                               schema                      Size
query size                               type                        integer
query size                               format                      int32
query size                               maximum                     12
query size                               option                      9 Nine
query size                               option                      10 Ten
query size                               example big                 10
request                                  mandatory                   no
request application/json                 content                     application/json
request application/json                 schema                      Node
request application/json                 type                        object
request application/json next            mandatory                   yes
request application/json next            schema                      Node
request application/json next            x-new.k[]                   1
request application/json next            x-new.k[]                   2
request application/json example         next                        {}
request text/plain                       content                     text/plain
request text/plain                       type                        string
204                                      content                     none
default                                  content                     application/json
default                                  oneOf[0].type               \"string\"
";
    assert_eq!(cards::card(&document, "create_node").unwrap(), expected);
    assert!(cards::card(&document, "show_node").is_err());
}

#[test]
fn a_reference_that_leads_nowhere_has_no_card() {
    let document = json!({"paths": {"/a": {"get": {"operationId": "a", "responses": {"200": {"$ref": "#/components/responses/Gone"}}}}}});
    let error = cards::card(&document, "a").unwrap_err();
    assert_eq!(
        error.to_string(),
        "#/components/responses/Gone leads nowhere"
    );
}
