//! Provides names that can cause problems in Rust, in the client or for a reader. If lint accepts a name, the generated
//! code with this name must compile.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::shapes::{component, linted, operation, project, yaml_of};

const TYPES: [&str; 34] = [
    "Vec",
    "Some",
    "Self",
    "Default",
    "Stream",
    "Download",
    "Json",
    "BTreeMap",
    "String",
    "Serialize",
    "Deserialize",
    "Object",
    "Client",
    "Operation",
    "Request",
    "Params",
    "Call",
    "Box",
    "Iterator",
    "Result",
    "Struct",
    "Crate",
    "Type",
    "Async",
    "Fn",
    "Value",
    "Lenient",
    "Huaweicloud",
    "Serde",
    "Std",
    "JsonSchema",
    "Decode",
    "Encode",
    "I64",
];

const PROPERTIES: [&str; 48] = [
    "r#type",
    "crate",
    "self",
    "Self",
    "super",
    "_",
    "__",
    "_a",
    "1st",
    "2",
    "type",
    "async",
    "gen",
    "try",
    "dyn",
    "a b",
    "a.b",
    "a/b",
    "a~b",
    "@type",
    "$ref",
    "é",
    "日本",
    "x\u{202e}y",
    "x\u{0}y",
    "x\u{200b}y",
    "x\u{feff}",
    "a",
    "",
    "body",
    "params",
    "new",
    "name",
    "value",
    "serializer",
    "deserializer",
    "access",
    "fooBar",
    "FOO",
    "with_name",
    "\"",
    "a\"b",
    "a\\b",
    "a\nb",
    "{a}",
    "a%b",
    "a#",
    "'a",
];

const PARAMETERS: [&str; 22] = [
    "type",
    "self",
    "Self",
    "crate",
    "super",
    "client",
    "request",
    "operations",
    "session",
    "r#x",
    "1st",
    "a.b",
    "X-Y",
    "_x",
    "body",
    "params",
    "é",
    "a b",
    "a\u{200b}",
    "async",
    "value",
    "",
];

const VARIANTS: [&str; 18] = [
    "Self", "Unknown", "None", "Some", "Ok", "Err", "Default", "String", "Vec", "From", "type",
    "A b", "É", "1st", "A1", "Option", "R#type", "Ord",
];

/// Pairs of enum values that differ only in upper and lower case or in characters other than letters and digits.
const OPTIONS: [[&str; 2]; 6] = [
    ["On", "on"],
    ["a-b", "a_b"],
    ["a", "a "],
    ["x\u{200b}", "x"],
    ["", "-"],
    ["x\u{202e}", "x"],
];

const OPERATIONS: [&str; 14] = [
    "show",
    "show_1",
    "show__x",
    "show_",
    "showX",
    "type",
    "new",
    "session",
    "config",
    "list_vec",
    "show_self",
    "send",
    "with_project",
    "show_é",
];

/// The parts of a document that test one name or one pair of enum values: a path, its item with one operation, and the
/// schemas.
type Odd = (String, Value, Map<String, Value>);

fn odd_names() -> Vec<Odd> {
    let mut all = Vec::new();
    let text = json!({"type": "string", "description": "A text."});
    let object = |properties: Value| json!({"type": "object", "description": "A thing.", "properties": properties});
    let mut add = |id: String, verb: &str, rest: Value, schemas: Value| {
        let path = format!("/v1/{{project_id}}/names/{}", all.len());
        let item = json!({verb: operation(&id, &rest)});
        all.push((path, item, serde_json::from_value(schemas).unwrap()));
    };
    let answer = |name: &str, example: Value| {
        let media = json!({"schema": component(name), "example": example});
        json!({"parameters": [project()], "responses": {"200": {"description": "It.", "content": {"application/json": media}}}})
    };
    for name in TYPES {
        let id = format!("show_{}", name.to_lowercase());
        add(
            id,
            "get",
            answer(name, json!({"a": "b"})),
            json!({name: object(json!({"a": text}))}),
        );
    }
    for (number, name) in PROPERTIES.iter().enumerate() {
        let (sent, answered) = (format!("Holder{number}Request"), format!("Holder{number}"));
        let example = json!({*name: "b"});
        let media = json!({"application/json": {"schema": component(&sent), "example": example}});
        let body = json!({"required": true, "description": "It.", "content": media});
        let answer = answer(&answered, example);
        let rest = json!({"parameters": answer["parameters"], "requestBody": body, "responses": answer["responses"]});
        let thing = object(json!({*name: text}));
        let mut request = thing.clone();
        request["required"] = json!([name]);
        let schemas = json!({sent: request, answered: thing});
        add(format!("send_property_{number}"), "post", rest, schemas);
    }
    for (number, name) in PARAMETERS.iter().enumerate() {
        for required in [true, false] {
            let parameter = json!({"name": name, "in": "query", "required": required, "description": "It.", "schema": {"type": "string"}});
            let rest = json!({"parameters": [project(), parameter], "responses": {"204": {"description": "Done."}}});
            add(
                format!("set_parameter_{number}_{required}"),
                "post",
                rest,
                json!({}),
            );
        }
    }
    let options = |values: [&str; 2], names: [&str; 2]| json!({"type": "string", "description": "Options.", "enum": values, "x-enum-varnames": names, "x-enum-descriptions": ["One.", "Two."]});
    for (number, name) in VARIANTS.iter().enumerate() {
        let holder = format!("Variant{number}");
        let schema = options(["a", "b"], [name, "Other"]);
        add(
            format!("show_variant_{number}"),
            "get",
            answer(&holder, json!("a")),
            json!({holder: schema}),
        );
    }
    for (number, values) in OPTIONS.iter().enumerate() {
        for (letter, names) in [("a", ["One", "Two"]), ("b", ["Same", "Same"])] {
            let holder = format!("Choice{number}{letter}")
                .replace('a', "A")
                .replace('b', "B");
            let id = format!("show_option_{number}{letter}");
            add(
                id,
                "get",
                answer(&holder, json!(values[1])),
                json!({holder: options(*values, names)}),
            );
        }
    }
    for id in OPERATIONS {
        let rest =
            json!({"parameters": [project()], "responses": {"204": {"description": "Done."}}});
        add(id.to_owned(), "post", rest, json!({}));
    }
    all
}

/// Checks each item of [`odd_names`] with lint. Returns the YAML of a chapter with the items that lint accepts. Also
/// returns the number of accepted items, and the number of all items.
pub fn taken(folder: &Path) -> (String, usize, usize) {
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    let all = odd_names();
    let count = all.len();
    for (path, item, named) in all {
        let alone = json!({"paths": {&path: item}, "components": {"schemas": named}});
        let clean = linted(folder, &alone).is_ok_and(|(findings, _)| findings.is_empty());
        if clean {
            paths.insert(path, item);
            schemas.extend(named);
        }
    }
    let taken = paths.len();
    let document = json!({"paths": paths, "components": {"schemas": schemas}});
    let text = yaml_of(&document)
        .replace("- shapes", "- names")
        .replace("[shapes]", "[names]");
    (text, taken, count)
}
