//! Documents in several files: what they refer to is compared, and placed where it stands.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

const MAIN: &str = "openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /a: {$ref: 'paths/a.yaml'}
  /b:
    get:
      responses:
        '200': {$ref: '#/components/responses/Many'}
components:
  responses:
    Many: {$ref: 'parts.yaml#/responses/Many'}
  schemas:
    Name: {type: string, maxLength: 5}
";

const PATH: &str = "post:
  requestBody: {$ref: '../parts.yaml#/bodies/Thing'}
  responses: {'204': {description: Done.}}
  callbacks:
    done: {$ref: '../parts.yaml#/callbacks/Done'}
";

const PARTS: &str = "bodies:
  Thing:
    content:
      application/vnd.things+json; version=1:
        schema: {$ref: '#/components/schemas/Thing'}
responses:
  Many:
    description: Many.
    content:
      application/json:
        schema:
          type: array
          items: {$ref: '#/components/schemas/Thing'}
callbacks:
  Done:
    '{$request.body#/url}':
      post:
        requestBody:
          content:
            application/json:
              schema: {$ref: 'main.yaml#/components/schemas/Name'}
        responses: {}
components:
  schemas:
    Thing:
      type: object
      properties:
        name: {$ref: '#/components/schemas/Name'}
        parent: {$ref: 'parts.yaml#/components/schemas/Thing'}
        other: {$ref: 'https://example.com/other.yaml#/Other'}
    Name: {type: string, maxLength: 7}
";

fn write(folder: &Path, side: &str, edit: (&str, &str)) -> String {
    for (name, text) in [
        ("main.yaml", MAIN),
        ("paths/a.yaml", PATH),
        ("parts.yaml", PARTS),
    ] {
        let path = folder.join(side).join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text.replace(edit.0, edit.1)).unwrap();
    }
    format!("{side}/main.yaml")
}

/// `rule operation location` of each change, and the warnings.
fn changes(edit: (&str, &str)) -> (Vec<String>, String) {
    let folder = tempfile::tempdir().unwrap();
    let old = write(folder.path(), "old", ("", ""));
    let new = write(folder.path(), "new", edit);
    let mut command = Command::cargo_bin("xtask").unwrap();
    let command = command.current_dir(folder.path());
    let output = command
        .args(["diff", &old, &new, "--format", "json"])
        .output()
        .unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    let rows: Vec<Value> =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{err}"));
    let rows = rows.iter().map(|row| {
        let text = |key: &str| row[key].as_str().unwrap_or("-").to_owned();
        format!(
            "{} {} {}",
            text("rule"),
            text("operation"),
            text("location")
        )
    });
    (rows.collect(), err)
}

#[test]
fn a_component_of_another_file_is_not_that_of_the_same_name_here() {
    let (found, err) = changes(("maxLength: 7", "maxLength: 6"));
    let expected = [
        "request-property-max-length-decreased POST /a new/parts.yaml:31",
        "response-property-max-length-decreased GET /b new/parts.yaml:31",
    ];
    assert_eq!(found, expected, "{err}");
    assert!(
        err.contains(
            "`https://example.com/other.yaml#/Other` is an address, and nothing is fetched"
        ),
        "{err}"
    );
}

#[test]
fn a_file_may_refer_back() {
    let (found, _) = changes(("maxLength: 5", "maxLength: 6"));
    assert_eq!(
        found,
        ["response-body-max-length-increased POST /a new/main.yaml:13"]
    );
}

#[test]
fn media_types_and_wording_of_other_files_are_not_silent() {
    let (found, _) = changes(("version=1", "version=2"));
    assert_eq!(
        found[0],
        "request-body-media-type-name-changed POST /a new/parts.yaml:4"
    );
    let (found, _) = changes(("description: Many.", "description: All."));
    assert_eq!(found, ["description-changed - new/parts.yaml:8"]);
}

#[test]
fn a_file_that_is_gone_is_named() {
    let (found, err) = changes(("'paths/a.yaml'", "'paths/b.yaml'"));
    assert!(
        found[0].starts_with("api-removed-without-deprecation POST /a old/paths/a.yaml:"),
        "{found:?}"
    );
    assert!(
        err.contains("new/paths/b.yaml: what it has is not compared"),
        "{err}"
    );
}
