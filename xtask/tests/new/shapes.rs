//! Provides a chapter that contains each shape (kind of value) at every position at which lint accepts the shape.
//!
//! The shapes must cover the grammar of transcripts (`huaweicloud_openapi::grammar`). If the grammar allows a new type,
//! schema key or string format, a test fails. To fix the test, add a shape. If a new key makes no new shape, add the
//! key to the list `explains` instead.

use std::collections::BTreeSet;
use std::path::Path;

use audit::draft::yaml;
use huaweicloud_openapi::grammar::{FORMATS, ObjectKind, Shape, TYPES};
use huaweicloud_openapi::{Api, Content, ParameterLocation, SchemaForm};
use serde_json::{Map, Value, json};
use transcript::{Document, Finding};

use crate::layers;

/// The positions at which a document can have a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The whole answer.
    Answer,
    /// The whole body of a request.
    Body,
    /// A property of a type, in requests and in answers.
    Property,
    Query,
    Header,
    Path,
}

const PLACES: [Place; 6] = [
    Place::Answer,
    Place::Body,
    Place::Property,
    Place::Query,
    Place::Header,
    Place::Path,
];

/// A kind of value, such as a list of strings.
pub struct Kind {
    pub name: String,
    schema: Value,
    example: Value,
    /// The Rust type, if the value is a whole answer or a whole body.
    rust: String,
    /// The positions at which lint refuses this kind.
    refused: Vec<Place>,
}

/// The positions of parameters. At these positions, lint refuses objects, maps, most lists, and schemas without a fixed
/// JSON type.
const NO_LINE: [Place; 3] = [Place::Query, Place::Header, Place::Path];

pub fn component(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn kinds() -> Vec<Kind> {
    use Place::{Answer, Body, Header, Path, Property, Query};
    let text = json!({"type": "string"});
    let long = json!({"type": "integer", "format": "int64"});
    let any = json!({"additionalProperties": true});
    let secret = json!({"type": "string", "format": "password"});
    let (option, bulb) = (component("Mode"), component("Bulb"));
    let list = |items: &Value| json!({"type": "array", "items": items});
    let map = |values: &Value| json!({"type": "object", "additionalProperties": values});
    let free = map(&json!(true));
    let shines = json!({"name": "example"});
    let free_value = json!({"a": [1, "x", null, {"b": true}], "c": null});
    let tree =
        json!({"name": "root", "twig": {"name": "twig"}, "twigs": [{"twigs": [{"name": "leaf"}]}]});
    let json_map = "BTreeMap<String, Json>";
    let mut kinds = Vec::new();
    let mut add = |name: &str, schema: &Value, example: Value, rust: &str, refused: &[Place]| {
        kinds.push(Kind {
            name: name.to_owned(),
            schema: schema.clone(),
            example,
            rust: rust.to_owned(),
            refused: refused.to_vec(),
        });
    };
    add("text", &text, json!("example"), "String", &[]);
    for (kind, formats) in FORMATS {
        for format in formats {
            let (example, rust, refused): (Value, &str, &[Place]) = match (kind, *format) {
                ("integer", "int32") => (json!(7), "i32", &[]),
                ("integer", _) => (json!(7), "i64", &[]),
                ("number", "float") => (json!(0.5), "f32", &[]),
                ("number", _) => (json!(0.5), "f64", &[]),
                (_, "password") => (json!("Planted-secret"), "Secret", &[Query, Path]),
                (_, "date") => (json!("2024-01-31"), "String", &[]),
                (_, "date-time") => (json!("2024-01-31T01:02:03Z"), "String", &[]),
                (_, "uuid") => (json!("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"), "String", &[]),
                (_, "uri") => (json!("https://example.com/a"), "String", &[]),
                (_, "email") => (json!("a@example.com"), "String", &[]),
                (_, "ipv4") => (json!("192.0.2.1"), "String", &[]),
                (_, "ipv6") => (json!("2001:db8::1"), "String", &[]),
                (_, "byte") => (json!("YQ=="), "String", &[]),
                // The code after this loop adds the kind `file`.
                (_, "binary") => continue,
                other => panic!("no kind has the format {other:?}"),
            };
            let schema = json!({"type": kind, "format": format});
            let name = format.replace('-', "_");
            add(&name, &schema, example, rust, refused);
        }
    }
    let file = json!({"type": "string", "format": "binary"});
    let elsewhere = [Body, Property, Query, Header, Path];
    add(
        "file",
        &file,
        json!("id,name\n7,pump\n"),
        "Download",
        &elsewhere,
    );
    add(
        "flag",
        &json!({"type": "boolean"}),
        json!(true),
        "bool",
        &[],
    );
    add("option", &option, json!("on"), "Mode", &[]);
    add("level", &component("Level"), json!(1), "Level", &[]);
    // If a whole body is an object, the name of its type must end in `Request`. So lint refuses `Bulb` and `Tree` as a
    // whole body. At the position `Property`, `with_kind` makes bodies whose type name ends in `Request`.
    let object = [&NO_LINE[..], &[Body]].concat();
    add("object", &bulb, shines.clone(), "Bulb", &object);
    add("tree", &component("Tree"), tree.clone(), "Tree", &object);
    add(
        "trees",
        &list(&component("Tree")),
        json!([tree]),
        "Vec<Tree>",
        &NO_LINE,
    );
    let in_query = [Header, Path];
    add(
        "texts",
        &list(&text),
        json!(["example"]),
        "Vec<String>",
        &in_query,
    );
    add("longs", &list(&long), json!([7]), "Vec<i64>", &in_query);
    add(
        "options",
        &list(&option),
        json!(["on"]),
        "Vec<Mode>",
        &in_query,
    );
    add(
        "objects",
        &list(&bulb),
        json!([shines]),
        "Vec<Bulb>",
        &NO_LINE,
    );
    add(
        "secrets",
        &list(&secret),
        json!(["Planted-secret"]),
        "Vec<Secret>",
        &NO_LINE,
    );
    add(
        "nested",
        &list(&list(&long)),
        json!([[7]]),
        "Vec<Vec<i64>>",
        &NO_LINE,
    );
    add(
        "maps",
        &list(&map(&text)),
        json!([{"key": "x"}]),
        "Vec<BTreeMap<String, String>>",
        &NO_LINE,
    );
    add(
        "map",
        &map(&text),
        json!({"key": "example"}),
        "BTreeMap<String, String>",
        &NO_LINE,
    );
    add(
        "map_of_objects",
        &map(&bulb),
        json!({"key": shines}),
        "BTreeMap<String, Bulb>",
        &NO_LINE,
    );
    add(
        "map_of_lists",
        &map(&list(&text)),
        json!({"key": ["x"]}),
        "BTreeMap<String, Vec<String>>",
        &NO_LINE,
    );
    add(
        "map_of_maps",
        &map(&map(&long)),
        json!({"a": {"b": 7}}),
        "BTreeMap<String, BTreeMap<String, i64>>",
        &NO_LINE,
    );
    add(
        "map_of_secrets",
        &map(&secret),
        json!({"key": "Planted-secret"}),
        "BTreeMap<String, Secret>",
        &NO_LINE,
    );
    add("free_map", &free, free_value.clone(), json_map, &NO_LINE);
    add(
        "free_maps",
        &list(&free),
        json!([free_value]),
        "Vec<BTreeMap<String, Json>>",
        &NO_LINE,
    );
    add(
        "map_of_any",
        &map(&any),
        free_value.clone(),
        json_map,
        &NO_LINE,
    );
    add("any", &any, free_value.clone(), "Json", &NO_LINE);
    add(
        "any_list",
        &list(&any),
        json!([1, null, ["x"]]),
        "Vec<Json>",
        &NO_LINE,
    );
    add(
        "named_text",
        &component("Label"),
        json!("example"),
        "String",
        &[],
    );
    add(
        "named_list",
        &component("BulbList"),
        json!([shines]),
        "Vec<Bulb>",
        &NO_LINE,
    );
    add(
        "named_map",
        &component("BulbMap"),
        json!({"a": [shines]}),
        "BTreeMap<String, Vec<Bulb>>",
        &NO_LINE,
    );
    add(
        "named_any",
        &component("Detail"),
        free_value,
        json_map,
        &NO_LINE,
    );
    // Kinds that lint refuses at all positions.
    let everywhere = [Answer, Body, Property, Query, Header, Path];
    for (name, schema) in [
        ("typeless", json!({"nullable": true})),
        ("closed", map(&json!(false))),
        ("bare_object", json!({"type": "object"})),
        (
            "unnamed_object",
            json!({"type": "object", "properties": {"a": {"type": "string", "description": "A."}}}),
        ),
        ("bare_list", json!({"type": "array"})),
        ("unknown_type", json!({"type": "file"})),
        ("endless", component("Endless")),
        ("endless_list", component("EndlessList")),
        ("either", json!({"oneOf": [text, long]})),
    ] {
        add(name, &schema, json!({}), "", &everywhere);
    }
    kinds
}

fn at(place: Place) -> impl Iterator<Item = Kind> {
    let allowed = move |kind: &Kind| !kind.refused.contains(&place);
    kinds().into_iter().filter(allowed)
}

/// Returns a schema with a description. If the schema is a reference, the description needs `allOf`.
fn described(schema: &Value) -> Value {
    let mut described = match schema.get("$ref") {
        Some(_) => json!({"allOf": [schema]}),
        None => schema.clone(),
    };
    described["description"] = json!("A value.");
    described
}

pub fn operation(id: &str, rest: &Value) -> Value {
    let mut operation = json!({
        "operationId": id,
        "x-huawei-operation-id": pascal(id),
        "summary": "A shape",
        "description": "Has a shape.",
        "tags": ["shapes"],
        "x-source": "Made up for a test.",
        "x-retry": "unsafe",
    });
    for (key, value) in rest.as_object().into_iter().flatten() {
        operation[key] = value.clone();
    }
    let responses = operation["responses"].as_object_mut().unwrap();
    for (status, name) in [("400", "BadRequest"), ("500", "InternalError")] {
        let shared = json!({"$ref": format!("#/components/responses/{name}")});
        responses.insert(status.to_owned(), shared);
    }
    operation
}

/// Converts `show_answer_text` to `ShowAnswerText`.
fn pascal(id: &str) -> String {
    let words = id.split('_').filter(|word| word.is_ascii());
    let capital = |word: &str| {
        word.get(..1).unwrap_or_default().to_uppercase() + word.get(1..).unwrap_or_default()
    };
    words.map(capital).collect()
}

fn success(kind: &Kind) -> Value {
    let media_type = match kind.name.as_str() {
        "file" => "text/csv",
        _ => "application/json",
    };
    let media = json!({"schema": kind.schema, "example": kind.example});
    json!({"description": "The shape.", "content": {media_type: media}})
}

pub fn project() -> Value {
    json!({"$ref": "#/components/parameters/ProjectId"})
}

/// Returns a path with an operation that has a value of this kind at this position. At the position `Property`, also
/// adds the types of the request and the answer to `schemas`.
fn with_kind(kind: &Kind, place: Place, schemas: &mut Map<String, Value>) -> (String, Value) {
    let name = &kind.name;
    let path = format!("/v1/{{project_id}}/shapes/{place:?}/{name}").to_lowercase();
    let path = path.replace('_', "-").replace("project-id", "project_id");
    let nothing = json!({"204": {"description": "Done."}});
    let parameter = |location: &str, required: bool| {
        let need = if required { "mandatory" } else { "optional" };
        let wire = match location {
            "header" => format!("X-{need}-{name}").replace('_', "-"),
            _ => format!("{need}_{name}"),
        };
        json!({"name": wire, "in": location, "required": required, "description": "A value.", "schema": kind.schema, "example": kind.example})
    };
    let (method, path, verb, rest) = match place {
        Place::Answer => {
            let rest = json!({"parameters": [project()], "responses": {"200": success(kind)}});
            ("get", path, "show", rest)
        }
        Place::Body => {
            let media =
                json!({"application/json": {"schema": kind.schema, "example": kind.example}});
            let body = json!({"required": true, "description": "A shape.", "content": media});
            let rest =
                json!({"parameters": [project()], "requestBody": body, "responses": nothing});
            ("post", path, "send", rest)
        }
        Place::Property => {
            let (mut fields, mut example) = (Map::new(), Map::new());
            for need in ["mandatory", "optional"] {
                fields.insert(format!("{need}_{name}"), described(&kind.schema));
                example.insert(format!("{need}_{name}"), kind.example.clone());
            }
            let object = json!({"type": "object", "description": "A shape.", "properties": fields});
            let mut request = object.clone();
            request["required"] = json!([format!("mandatory_{name}")]);
            let (sent, answered) = (
                pascal(&format!("create_{name}_request")),
                pascal(&format!("{name}_shape")),
            );
            let media = |name: &str| json!({"application/json": {"schema": component(name), "example": example}});
            let body =
                json!({"required": true, "description": "A shape.", "content": media(&sent)});
            let answer = json!({"201": {"description": "The shape.", "content": media(&answered)}});
            schemas.insert(sent, request);
            schemas.insert(answered, object);
            let rest = json!({"parameters": [project()], "requestBody": body, "responses": answer});
            ("post", path, "create", rest)
        }
        Place::Query | Place::Header => {
            let location = format!("{place:?}").to_lowercase();
            let both = [true, false].map(|required| parameter(&location, required));
            let parameters = [&[project()], &both[..]].concat();
            let rest = json!({"parameters": parameters, "responses": nothing});
            ("post", path, "set", rest)
        }
        Place::Path => {
            let parameters = json!([project(), parameter("path", true)]);
            let path = format!("{path}/{{mandatory_{name}}}");
            let rest = json!({"parameters": parameters, "responses": nothing});
            ("post", path, "start", rest)
        }
    };
    let id = format!("{verb}_{place:?}_{name}").to_lowercase();
    (path, json!({method: operation(&id, &rest)}))
}

/// Returns a path with an operation that answers with a value of this kind, or with an empty body.
fn maybe(kind: &Kind) -> (String, Value) {
    let id = format!("check_maybe_{}", kind.name);
    let mut responses = json!({"200": success(kind)});
    responses["204"] = json!({"description": "There is nothing."});
    let rest = json!({"parameters": [project()], "responses": responses});
    let path = format!(
        "/v1/{{project_id}}/shapes/maybe/{}",
        kind.name.replace('_', "-")
    );
    (path, json!({"get": operation(&id, &rest)}))
}

fn is_maybe(kind: &Kind) -> bool {
    ["text", "file", "object", "objects", "map", "any", "option"].contains(&kind.name.as_str())
}

/// Returns the components that the kinds refer to. The caller adds only used components, because lint refuses unused
/// components.
fn components() -> Map<String, Value> {
    let list = |items: Value| json!({"type": "array", "description": "Values.", "items": items});
    let object = |properties: Value| json!({"type": "object", "description": "A thing.", "properties": properties});
    let name = json!({"type": "string", "description": "Its name."});
    let mut endless =
        object(json!({"self": {"allOf": [component("Endless")], "description": "Another."}}));
    endless["required"] = json!(["self"]);
    let schemas = json!({
        "Bulb": object(json!({"name": name})),
        "BulbList": list(component("Bulb")),
        "BulbMap": {"type": "object", "description": "Bulbs.", "additionalProperties": component("BulbList")},
        "Detail": {"type": "object", "description": "Anything.", "additionalProperties": true},
        "Endless": endless,
        "EndlessList": list(component("EndlessList")),
        "Label": {"type": "string", "description": "A label.", "maxLength": 36},
        "Level": {"type": "integer", "format": "int32", "description": "A level.", "enum": [0, 1], "x-enum-varnames": ["Low", "High"], "x-enum-descriptions": ["Low.", "High."]},
        "Mode": {"type": "string", "description": "A mode.", "enum": ["on", "off"], "x-enum-varnames": ["On", "Off"], "x-enum-descriptions": ["It shines.", "It is dark."]},
        "Tree": object(json!({"name": name, "twig": {"allOf": [component("Tree")], "description": "A twig."}, "twigs": described(&list(component("Tree")))})),
    });
    serde_json::from_value(schemas).unwrap()
}

/// Returns a chapter with these paths and schemas, and with the other components that they need.
fn document(paths: Map<String, Value>, mut schemas: Map<String, Value>) -> Value {
    let mut all = components();
    let mut open = json!([paths, schemas]).to_string();
    // Adds the components that the chapter refers to, and the components that these components refer to.
    loop {
        let named = |name: &str| open.contains(&format!("schemas/{name}\""));
        let next = all.keys().find(|name| named(name)).cloned();
        let Some(name) = next else { break };
        let schema = all.remove(&name).unwrap();
        open += &schema.to_string();
        schemas.insert(name, schema);
    }
    json!({"paths": paths, "components": {"schemas": schemas}})
}

pub fn yaml_of(document: &Value) -> String {
    let mut text = String::new();
    yaml::mapping(&mut text, document.as_object().unwrap(), 0);
    text
}

/// Returns a chapter with each kind at each position at which lint accepts the kind. The chapter also contains the
/// operations of `layers.rs`.
fn whole() -> Value {
    let (mut paths, mut schemas) = (layers::paths(), layers::schemas());
    for place in PLACES {
        for kind in at(place) {
            paths.extend([with_kind(&kind, place, &mut schemas)]);
        }
    }
    paths.extend(kinds().iter().filter(|kind| is_maybe(kind)).map(maybe));
    // Adds two paths with the same number of segments. The first path ends in a parameter, and the second path ends in
    // a fixed segment. The second path also has a `DELETE` operation with a body.
    let parameter = json!({"name": "shape_id", "in": "path", "required": true, "description": "An ID.", "schema": {"type": "string"}});
    let nothing = json!({"204": {"description": "Done."}});
    let rest = json!({"parameters": [project(), parameter], "responses": nothing});
    let item = json!({"post": operation("start_shape", &rest)});
    paths.insert("/v1/{project_id}/shapes/{shape_id}".to_owned(), item);
    let media = json!({"application/json": {"schema": {"type": "array", "items": {"type": "string"}}, "example": ["example"]}});
    let body = json!({"required": true, "description": "IDs.", "content": media});
    let rest = json!({"parameters": [project()], "requestBody": body, "responses": nothing});
    let fixed = json!({"post": operation("stop_shapes", &json!({"parameters": [project()], "responses": nothing})), "delete": operation("batch_delete_shapes", &rest)});
    paths.insert("/v1/{project_id}/shapes/force-offline".to_owned(), fixed);
    document(paths, schemas)
}

/// Returns the YAML of the chapter.
pub fn chapter() -> String {
    yaml_of(&whole())
}

/// Returns Rust code that receives each kind of answer, sends each kind of body, and calls the operations of
/// `layers.rs`. `new.rs` inserts this code into `added_service.rs`.
pub fn calls() -> String {
    let mut lines = String::new();
    let mut add = |line: String| lines += &format!("    {line};\n");
    for kind in at(Place::Answer) {
        let Kind {
            name,
            rust,
            example,
            ..
        } = &kind;
        let text = example.to_string();
        match name.as_str() {
            "file" => add(format!("file(client.show_answer_file(), {text}).await")),
            _ => add(format!(
                "answers::<{rust}>(client.show_answer_{name}(), r#\"{text}\"#).await"
            )),
        }
    }
    for kind in at(Place::Body) {
        let Kind {
            name,
            rust,
            example,
            ..
        } = &kind;
        let by_value = ["i32", "i64", "f32", "f64", "bool"].contains(&rust.as_str());
        let reference = if by_value { "" } else { "&" };
        let body = format!("{reference}value::<{rust}>(r#\"{example}\"#)");
        add(format!("client.send_body_{name}({body}).await.unwrap()"));
    }
    lines + layers::calls()
}

/// Returns the lines of the snapshot `wire_shapes` that report a lost or changed value. Ignores lines about error
/// answers.
pub fn lost(told: &str) -> Vec<&str> {
    let changes = told.lines().filter(|line| line.contains(" -> "));
    let is_error = |line: &str| ["answer 4", "answer 5"].iter().any(|of| line.contains(of));
    changes.filter(|line| !is_error(line)).collect()
}

/// Merges the chapter `shapes` with three files of the service `lights` in the workspace `folder`. Returns the findings
/// of lint about the chapter, and the merged document. If `Document::from_files` fails, returns its findings.
pub fn linted(folder: &Path, shapes: &Value) -> Result<(Vec<Finding>, Document), Vec<Finding>> {
    let mut files = vec![(CHAPTER.to_owned(), yaml_of(shapes).into_bytes())];
    for name in ["common", "service", "lamps"] {
        let name = format!("openapi/lights/{name}.yaml");
        let text = std::fs::read(folder.join(&name)).unwrap();
        files.push((name, text));
    }
    let document = Document::from_files("lights", files)?;
    let mut findings = lint::lint(&document);
    findings.retain(|finding| finding.place.file == CHAPTER);
    Ok((findings, document))
}

const CHAPTER: &str = "openapi/lights/shapes.yaml";

/// Checks the field `refused` of each kind. If the field contains a position, lint must report a finding for the kind
/// at this position. At all other positions, lint must accept the kind. The field `help` of each finding must not be
/// empty.
pub fn check_refusals(folder: &Path) {
    let mut wrong = Vec::new();
    for place in PLACES {
        for kind in kinds() {
            let (mut paths, mut schemas) = (Map::new(), Map::new());
            paths.extend([with_kind(&kind, place, &mut schemas)]);
            let found = linted(folder, &document(paths, schemas));
            let findings = found.map_or_else(|findings| findings, |(findings, _)| findings);
            let expected = kind.refused.contains(&place);
            let is_cured = |finding: &Finding| !finding.help.is_empty();
            if findings.is_empty() == expected || !findings.iter().all(is_cured) {
                let found: Vec<String> = findings.iter().map(ToString::to_string).collect();
                wrong.push(format!("{} at {place:?}: {found:#?}", kind.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Changes the facts of the kinds that `is_maybe` accepts, and of the kinds with `any` in their names. The cards (the
/// content of the snapshots `contract_*.snap`) must show each change.
pub fn check_cards(folder: &Path) {
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    for place in [Place::Answer, Place::Body, Place::Property] {
        for kind in at(place).filter(|kind| is_maybe(kind) || kind.name.contains("any")) {
            paths.extend([with_kind(&kind, place, &mut schemas)]);
        }
    }
    let (_, document) = linted(folder, &document(paths, schemas)).unwrap();
    let mut score = super::card_mutations::Score::default();
    score.count(&document, cards::lines);
    assert!(score.is_full() && score.all().1 > 500, "{score:#?}");
}

/// Checks that the chapter contains each type of the grammar, and each accepted schema key that is not in the list
/// `explains`. Also checks that the chapter contains each variant of `Content` and `ParameterLocation`, and each
/// variant of `SchemaForm` except `Free`.
pub fn check_completeness(folder: &Path) {
    let text = whole().to_string();
    for kind in TYPES {
        assert!(
            text.contains(&format!(r#""type":"{kind}""#)),
            "no kind has the type {kind}"
        );
    }
    // Each schema key that lint accepts must be in the chapter or in this list. The keys of the list make no new kind.
    let explains = [
        "description",
        "deprecated",
        "default",
        "example",
        "x-enum-varnames",
        "x-enum-descriptions",
        "multipleOf",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "minLength",
        "maxLength",
        "pattern",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minProperties",
        "maxProperties",
        "externalDocs",
        "x-password-rule",
        "x-not-secret",
        "nullable",
    ];
    for (key, _, shape) in ObjectKind::Schema.fields() {
        let refused = matches!(shape, Shape::Refused(_));
        let made = text.contains(&format!("\"{key}\":"));
        assert!(
            refused || made || explains.contains(key),
            "no kind has the key {key}"
        );
    }
    let (_, document) = linted(folder, &whole()).unwrap();
    let api = Api::from_document("lights", &document.value).unwrap();
    let contents = api
        .operations
        .iter()
        .flat_map(|operation| &operation.success);
    let contents = contents.map(|success| match success.content {
        Content::Empty => "empty",
        Content::Object(_) => "object",
        Content::List(_) => "list",
        Content::Map(_) => "map",
        Content::Scalar(_) => "scalar",
        Content::Json => "json",
        Content::File(_) => "file",
    });
    assert_eq!(contents.collect::<BTreeSet<_>>().len(), 7);
    let forms = api.schemas.values().map(|schema| match schema.form {
        SchemaForm::Object(_) => "object",
        SchemaForm::Enumeration(_) => "options",
        SchemaForm::List(_) => "list",
        SchemaForm::Map(_) => "map",
        SchemaForm::Scalar => "scalar",
        // No type in this chapter has this form. `Detail` has the key `additionalProperties`, so its form is `Map`.
        SchemaForm::Free => "free",
    });
    assert_eq!(forms.collect::<BTreeSet<_>>().len(), 5);
    let parameters = api
        .operations
        .iter()
        .flat_map(|operation| &operation.parameters);
    let locations = parameters.map(|parameter| match parameter.location {
        ParameterLocation::Path => Place::Path,
        ParameterLocation::Query => Place::Query,
        ParameterLocation::Header => Place::Header,
    });
    let locations: Vec<Place> = locations.collect();
    assert!(
        [Place::Path, Place::Query, Place::Header]
            .iter()
            .all(|place| locations.contains(place))
    );
}
