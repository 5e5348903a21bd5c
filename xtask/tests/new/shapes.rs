//! A chapter with each shape that lint lets through, at each place where it may stand.

use audit::draft::yaml;
use serde_json::{Map, Value, json};

/// A kind of value: its name, its schema and an example.
fn kinds() -> Vec<(&'static str, Value, Value)> {
    let option = json!({"$ref": "#/components/schemas/Mode"});
    let object = json!({"$ref": "#/components/schemas/Bulb"});
    let text = json!({"type": "string"});
    let long = json!({"type": "integer", "format": "int64"});
    let list = |items: &Value| json!({"type": "array", "items": items});
    let map = |values: &Value| json!({"type": "object", "additionalProperties": values});
    let bulb = json!({"name": "example"});
    vec![
        ("text", text.clone(), json!("example")),
        (
            "short",
            json!({"type": "integer", "format": "int32"}),
            json!(7),
        ),
        ("long", long.clone(), json!(7)),
        (
            "number",
            json!({"type": "number", "format": "double"}),
            json!(0.5),
        ),
        ("flag", json!({"type": "boolean"}), json!(true)),
        ("option", option.clone(), json!("on")),
        ("object", object.clone(), bulb.clone()),
        ("texts", list(&text), json!(["example"])),
        ("longs", list(&long), json!([7])),
        ("options", list(&option), json!(["on"])),
        ("objects", list(&object), json!([bulb])),
        ("nested", list(&list(&long)), json!([[7]])),
        ("map", map(&text), json!({"key": "example"})),
        ("map_of_objects", map(&object), json!({"key": bulb})),
        (
            "map_of_lists",
            map(&list(&text)),
            json!({"key": ["example"]}),
        ),
    ]
}

/// A schema with a description; one that is a reference needs `allOf` for it.
fn described(schema: &Value) -> Value {
    let mut described = match schema.get("$ref") {
        Some(_) => json!({"allOf": [schema]}),
        None => schema.clone(),
    };
    described["description"] = json!("A value.");
    described
}

fn operation(id: &str, rest: &Value) -> Value {
    let mut operation = json!({
        "operationId": id,
        "x-huawei-operation-id": pascal(id),
        "summary": "A shape",
        "description": "Has a shape.",
        "tags": ["shapes"],
        "x-source": "Made up for a test.",
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

/// `ShowAnswerText` of `show_answer_text`.
fn pascal(id: &str) -> String {
    let words = id.split('_');
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    words.map(capital).collect()
}

fn success(schema: &Value, example: &Value) -> Value {
    let media = json!({"schema": schema, "example": example});
    json!({"description": "The shape.", "content": {"application/json": media}})
}

/// The YAML of the chapter.
pub fn chapter() -> String {
    let mut paths = Map::new();
    let project = json!({"$ref": "#/components/parameters/ProjectId"});
    for (name, schema, example) in kinds() {
        let rest = json!({
            "parameters": [project],
            "responses": {"200": success(&schema, &example)},
        });
        let get = operation(&format!("show_answer_{name}"), &rest);
        let path = format!("/v1/{{project_id}}/shapes/{}", name.replace('_', "-"));
        paths.insert(path, json!({"get": get}));
    }
    let (mut fields, mut examples, mut required) = (Map::new(), Map::new(), Vec::new());
    for (name, schema, example) in kinds() {
        for need in ["mandatory", "optional"] {
            fields.insert(format!("{need}_{name}"), described(&schema));
            examples.insert(format!("{need}_{name}"), example.clone());
        }
        required.push(format!("mandatory_{name}"));
    }
    let scalars = ["text", "short", "long", "number", "flag", "option", "texts"];
    let mut parameters = vec![project];
    for (name, schema, _) in kinds()
        .into_iter()
        .filter(|(name, ..)| scalars.contains(name))
    {
        for required in [true, false] {
            let need = if required { "mandatory" } else { "optional" };
            parameters.push(json!({
                "name": format!("{need}_{name}"),
                "in": "query",
                "required": required,
                "description": "A value.",
                "schema": schema,
            }));
        }
    }
    let body =
        json!({"schema": {"$ref": "#/components/schemas/CreateShapeRequest"}, "example": examples});
    let rest = json!({
        "x-retry": "unsafe",
        "parameters": parameters,
        "requestBody": {"required": true, "description": "A shape.", "content": {"application/json": body}},
        "responses": {"201": success(&json!({"$ref": "#/components/schemas/Shape"}), &Value::Object(examples.clone()))},
    });
    let post = operation("create_shape", &rest);
    paths.insert("/v1/{project_id}/shapes".to_owned(), json!({"post": post}));
    let object = |properties: &Map<String, Value>| json!({"type": "object", "description": "A shape.", "properties": properties});
    let mut request = object(&fields);
    request["required"] = json!(required);
    let schemas = json!({
        "Bulb": {"type": "object", "description": "A bulb.", "properties": {"name": {"type": "string", "description": "Its name."}}},
        "CreateShapeRequest": request,
        "Mode": {"type": "string", "description": "A mode.", "enum": ["on", "off"], "x-enum-varnames": ["On", "Off"], "x-enum-descriptions": ["It shines.", "It is dark."]},
        "Shape": object(&fields),
    });
    let document = json!({"paths": paths, "components": {"schemas": schemas}});
    let mut text = String::new();
    yaml::mapping(&mut text, document.as_object().unwrap(), 0);
    text
}
