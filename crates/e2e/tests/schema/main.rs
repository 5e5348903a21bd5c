//! Checks that the JSON Schema of every generated type has the same facts as its component in the document. A fact is
//! the value of one keyword at one path. `named.rs` lists the allowed differences.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod facts;
mod named;

use std::collections::BTreeSet;
use std::path::Path;

use huaweicloud_core::schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Value, json};

use facts::{facts, written_out};
use named::{Difference, NAMED};

/// A generated type: the name of its component, and its JSON Schema.
struct Type {
    /// Who uses the type: `request`, `answer` or `both`. For an enum, `option`.
    way: &'static str,
    name: &'static str,
    schema: Value,
}

fn schema<T: JsonSchema>() -> Value {
    SchemaGenerator::default()
        .into_root_schema_for::<T>()
        .into()
}

fn services() -> Vec<(Value, Vec<Type>)> {
    macro_rules! types {
        ($($way:ident $name:ident: $type:path,)*) => {
            vec![$(Type {
                way: stringify!($way),
                name: stringify!($name),
                schema: schema::<$type>(),
            }),*]
        };
    }
    macro_rules! all {
        ($($name:literal $module:ident;)*) => {
            vec![$((
                serde_json::from_str(huaweicloud::$module::OPENAPI).unwrap(),
                huaweicloud::$module::each_type!(types),
            )),*]
        };
    }
    huaweicloud::each_service!(all)
}

/// Returns the differences between a component and the schema of its type.
fn differences(component: &Value, of: &Type) -> Vec<Difference> {
    let Type { way, name, schema } = of;
    let (document, rust) = (facts(component, name), facts(schema, name));
    let both: BTreeSet<_> = document.keys().chain(rust.keys()).collect();
    let differing = both
        .into_iter()
        .filter(|at| document.get(at) != rust.get(at));
    differing
        .map(|at| Difference {
            place: at.0.clone(),
            key: at.1.clone(),
            document: document.get(at).cloned(),
            rust: rust.get(at).cloned(),
            way,
        })
        .collect()
}

/// Returns one line for each difference that `NAMED` does not allow.
fn unnamed(differences: &[Difference], of: &str) -> Vec<String> {
    let nameless = |d: &&Difference| !NAMED.iter().any(|named| (named.is)(d));
    let lines = differences.iter().filter(nameless).map(|d| {
        let says = |value: &Option<Value>| {
            value
                .as_ref()
                .map_or("nothing".to_owned(), Value::to_string)
        };
        let (document, rust) = (says(&d.document), says(&d.rust));
        format!(
            "{of} {} {}: the document says {document}, the type says {rust}",
            d.place, d.key
        )
    });
    lines.collect()
}

#[test]
fn every_type_has_the_facts_of_its_component() {
    let (mut wrong, mut used) = (Vec::new(), BTreeSet::new());
    for (document, types) in services() {
        for of in types {
            let Type { way, name, schema } = &of;
            let component = written_out(&document, &document["components"]["schemas"][name]);
            let differences = differences(&component, &of);
            wrong.extend(unnamed(&differences, name));
            let open = schema["anyOf"]
                .as_array()
                .is_some_and(|any| any.contains(&json!({})));
            assert_eq!(
                open,
                *way == "option",
                "{name}: a schema must allow unlisted values if its type is an enum, and only then"
            );
            let named = NAMED
                .iter()
                .filter(|named| differences.iter().any(named.is));
            used.extend(named.map(|named| named.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for named in NAMED {
        assert!(
            used.contains(named.name),
            "no type has the difference {:?} any more ({}), so remove the entry from `NAMED`",
            named.name,
            named.reason
        );
    }
}

#[test]
fn the_test_includes_every_service() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folders = std::fs::read_dir(crates).unwrap();
    let with_document = folders.filter(|folder| {
        folder
            .as_ref()
            .unwrap()
            .path()
            .join("openapi.json")
            .is_file()
    });
    assert_eq!(with_document.count(), services().len());
}

/// Changes one value of a component at a time, and checks the reported difference.
#[test]
fn the_check_finds_differences() {
    let (document, types) = &services()[1];
    let of = |name: &str| types.iter().find(|known| known.name == name).unwrap();
    let change = |name: &'static str, place: &str, to: Value| {
        let mut component = document["components"]["schemas"][name].clone();
        *component.pointer_mut(place).unwrap() = to;
        unnamed(&differences(&component, of(name)), name)
    };
    let cases = [
        (
            "PasswordUser",
            "/properties/name/type",
            json!("integer"),
            "name type",
        ),
        (
            "PasswordUser",
            "/properties/password/format",
            json!("byte"),
            "password format",
        ),
        ("PasswordUser", "/required", json!([]), "required"),
        (
            "TemporaryAccessKeyToken",
            "/properties/duration_seconds/format",
            json!("int64"),
            "format",
        ),
        (
            "TokenAuth",
            "/properties/identity",
            json!({"$ref": "#/components/schemas/Other"}),
            "$ref",
        ),
        ("AuthMethod", "/enum", json!(["password"]), "enum"),
        (
            "Project",
            "/properties",
            json!({"id": {"type": "string"}}),
            "name property",
        ),
    ];
    for (name, place, to, expected) in cases {
        let found = change(name, place, to).join("\n");
        assert!(found.contains(expected), "{name} {place}: {found:?}");
    }
}
