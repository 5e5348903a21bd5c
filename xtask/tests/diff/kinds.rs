//! Documents in which something is of another kind than OpenAPI says: refused with the place, or compared; never a panic, and
//! never taken for empty in silence.

use diff::{Store, compare};
use serde_json::{Value, json};
use transcript::Document;

use super::documents::yaml;

fn load(value: &Value) -> Result<Store, String> {
    let text = format!("{value:#}").into_bytes();
    let document = Document::foreign("", vec![("api.json".to_owned(), text)]);
    let document = document.map_err(|findings| format!("{findings:?}"))?;
    Store::new(document).map_err(|error| error.to_string())
}

/// A document with something of everything.
fn rich() -> Value {
    let mut document = yaml(
        "{openapi: 3.0.3, info: {title: Things, version: '1'}, tags: [{name: a}], security: [{token: []}], \
         servers: [{url: 'https://{r}', variables: {r: {default: a, enum: [a]}}}], \
         paths: {/things: {parameters: [{name: p, in: query, required: true, schema: {type: integer, minimum: 1}}], \
         post: {operationId: make, tags: [a], deprecated: true, security: [{oauth: [read]}], \
         parameters: [{name: id, in: header, content: {text/plain: {schema: {type: string}}}}, {$ref: '#/components/parameters/P'}], \
         requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}, example: {a: 1}, \
         encoding: {a: {style: form}}}}}, \
         responses: {'200': {headers: {H: {schema: {type: string}}}, content: {application/json: {schema: {type: array, \
         items: {$ref: '#/components/schemas/Thing'}}}}, links: {l: {operationId: make}}}, default: {$ref: '#/components/responses/R'}}, \
         callbacks: {done: {'{$request.body#/a}': {post: {requestBody: {content: {a/b: {schema: {type: string}}}}, responses: {}}}}}}}}}",
    );
    document["components"] = yaml(
        "{schemas: {Thing: {type: object, required: [a], properties: {a: {type: string, maxLength: 5, enum: [x, y], nullable: true}, \
         b: {allOf: [{$ref: '#/components/schemas/Thing'}], readOnly: true}, c: {oneOf: [{type: string}, {type: integer}], \
         discriminator: {propertyName: k, mapping: {m: Thing}}}}, additionalProperties: {not: {type: string}}}}, \
         responses: {R: {description: d}}, parameters: {P: {name: q, in: query, schema: {type: string, x-password-rule: {minLength: 1}}}}, \
         securitySchemes: {token: {type: apiKey, in: header, name: t}, oauth: {type: oauth2, flows: {implicit: {scopes: {read: r}}}}}}",
    );
    document
}

/// Pointers of all nodes, the document itself aside.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let entries: Vec<(String, &Value)> = match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    for (key, value) in entries {
        let at = format!("{at}/{}", transcript::escape(&key));
        pointers(value, &at, found);
        found.push(at);
    }
}

#[test]
fn whatever_stands_anywhere_is_refused_or_compared() {
    let base = rich();
    let store = load(&base).unwrap();
    let mut places = Vec::new();
    pointers(&base, "", &mut places);
    let strange = [
        json!(null),
        json!(true),
        json!(5),
        json!("x"),
        json!([]),
        json!({}),
        json!([5]),
        json!({"$ref": 5}),
    ];
    let mut refused = 0;
    for place in &places {
        for value in &strange {
            let mut changed = base.clone();
            *changed.pointer_mut(place).unwrap() = value.clone();
            if changed == base {
                continue;
            }
            match load(&changed) {
                Err(error) => {
                    refused += 1;
                    assert!(error.starts_with("api.json:"), "{place} = {value}: {error}");
                }
                Ok(other) => {
                    for (base, head) in [(&store, &other), (&other, &store)] {
                        let found = compare(base, head);
                        assert!(!found.changes.is_empty(), "{place} = {value} is silent");
                    }
                }
            }
        }
    }
    assert!(refused > places.len(), "{refused} of {}", places.len());
}

#[test]
fn a_wrong_kind_is_told_with_its_place_and_what_is_expected() {
    let cases = [
        (
            "/paths",
            "5",
            "`paths` is a number where a mapping is expected",
        ),
        (
            "/paths",
            "[]",
            "`paths` is a list where a mapping is expected",
        ),
        (
            "/paths/~1things",
            "x",
            "`/things` is a text where a mapping is expected",
        ),
        (
            "/paths/~1things/post",
            "[]",
            "`post` is a list where a mapping is expected",
        ),
        (
            "/paths/~1things/parameters",
            "{}",
            "`parameters` is a mapping where a list is expected",
        ),
        (
            "/paths/~1things/parameters/0/schema",
            "5",
            "`schema` is a number where a mapping is expected",
        ),
        (
            "/paths/~1things/post/responses",
            "x",
            "`responses` is a text where a mapping is expected",
        ),
        (
            "/components/schemas/Thing/required",
            "true",
            "`required` is true or false where a list is expected",
        ),
        (
            "/components/schemas/Thing/properties/a/type",
            "{}",
            "`type` is a mapping where a text or a list is expected",
        ),
        (
            "/components/schemas/Thing/properties/a",
            "true",
            "`a` is true or false where a mapping is expected",
        ),
        (
            "/components/schemas",
            "{$ref: schemas.yaml}",
            "`$ref` is a text where a mapping is expected",
        ),
        (
            "/components/parameters/P",
            "{$ref: 5}",
            "`$ref` is a number where a text is expected",
        ),
    ];
    for (place, text, message) in cases {
        let mut document = rich();
        *document.pointer_mut(place).unwrap() = yaml(text);
        let error = load(&document).unwrap_err();
        assert!(error.contains(message), "{place} = {text}: {error}");
    }
}

#[test]
fn what_can_be_compared_all_the_same_is_a_warning() {
    let cases = [
        (
            "/paths/~1things/parameters",
            "~",
            "`parameters` is empty, and counts as missing",
        ),
        (
            "/components/schemas/Thing/properties/a/maxLength",
            "'5'",
            "`maxLength` is a text where a number is expected",
        ),
        (
            "/paths/~1things/post/deprecated",
            "'true'",
            "`deprecated` is a text where true or false is expected",
        ),
    ];
    let base = load(&rich()).unwrap();
    for (place, text, message) in cases {
        let mut document = rich();
        *document.pointer_mut(place).unwrap() = yaml(text);
        let warnings = compare(&base, &load(&document).unwrap()).warnings;
        let warnings: Vec<String> = warnings.into_iter().collect();
        assert!(warnings.join("\n").contains(message), "{warnings:?}");
    }
    // Since OpenAPI 3.1 this is a schema.
    let mut document = rich();
    document["openapi"] = json!("3.1.0");
    document["components"]["schemas"]["Thing"]["properties"]["a"] = json!(true);
    assert!(load(&document).is_ok());
}
