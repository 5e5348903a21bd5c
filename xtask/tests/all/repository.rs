//! Checks the transcripts (OpenAPI YAML files) of this repository, the table of extensions, and the generated code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use huaweicloud_openapi::grammar::{Need, ObjectKind, Shape};
use huaweicloud_openapi::{Api, SchemaForm, module_name};
use lint::lint;
use syn::visit::{self, Visit};
use transcript::{load, services};
use xtask::verbs::generate;

#[test]
fn the_transcripts_of_this_repository_break_no_rule() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut findings = Vec::new();
    for service in services(root).unwrap() {
        findings.extend(
            load(root, &service).map_or_else(|findings| findings, |document| lint(&document)),
        );
    }
    let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(
        findings.is_empty(),
        "{}\nto see them with their lines, run: cargo xtask lint",
        findings.join("\n")
    );
}

/// Describes the value of an extension in the words of the table in `openapi/README.md` (column `Holds`).
fn words(shape: Shape) -> String {
    let keys = |kind: ObjectKind| {
        let fields = kind.fields().iter();
        let keys = fields.map(|(key, need, shape)| match (need, shape) {
            (Need::Must, Shape::Choice(words)) => format!("`{key}` ({})", words.join(" or ")),
            (Need::May, Shape::Choice(words)) => {
                format!("`{key}` ({}, optional)", words.join(" or "))
            }
            (Need::Must, _) => format!("`{key}`"),
            (Need::May, _) => format!("`{key}` (optional)"),
        });
        keys.collect::<Vec<_>>().join(", ")
    };
    match shape {
        Shape::Text => "text".to_owned(),
        Shape::Texts => "list of texts".to_owned(),
        Shape::Choice(words) => format!("`{}`", words.join("` or `")),
        Shape::Values => "values by status".to_owned(),
        Shape::One(kind) => keys(kind),
        Shape::List(kind) => format!("list of: {}", keys(kind)),
        _ => "value".to_owned(),
    }
}

/// The table in `openapi/README.md` has one row for each extension of the grammar. The test compares the names of the
/// extensions and the descriptions of their values. The cells for the objects and the meaning must not be empty.
#[test]
fn the_table_of_extensions_agrees_with_the_grammar() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let rules = std::fs::read_to_string(root.join("openapi/README.md")).unwrap();
    let heading = "\n| Key | On | Holds | Meaning |\n|---|---|---|---|\n";
    let (_, table) = rules.split_once(heading).unwrap();
    let (table, _) = table.split_once("\n\n").unwrap();
    let mut rows = BTreeMap::new();
    for row in table.lines() {
        let cells: Vec<&str> = row.split(" | ").collect();
        let [key, on, holds, meaning] = cells[..] else {
            panic!("this row does not have four cells: {row}");
        };
        assert!(!on.trim().is_empty() && meaning.len() > 10, "{row}");
        let key = key.strip_prefix("| `").unwrap().trim_end_matches('`');
        assert_eq!(rows.insert(key, holds.to_owned()), None, "{key}");
    }
    // Collects the extensions of every kind of object in the grammar.
    let (mut kinds, mut at) = (vec![ObjectKind::Root], 0);
    let mut grammar = BTreeMap::new();
    while let Some(kind) = kinds.get(at).copied() {
        at += 1;
        for (key, _, shape) in kind.fields() {
            if key.starts_with("x-") {
                grammar.insert(*key, words(*shape));
            }
            match shape {
                Shape::One(kind) | Shape::List(kind) | Shape::Map(kind) | Shape::FlagOr(kind)
                    if !kinds.contains(kind) =>
                {
                    kinds.push(*kind);
                }
                _ => {}
            }
        }
    }
    assert_eq!(
        rows, grammar,
        "the table in the section Extensions of openapi/README.md must have one row for each extension, with its value in the column Holds"
    );
}

/// The first segments of the paths in Rust code, such as `Option`, and the names of the defined structs and enums.
/// Paths that begin with `::` do not count.
#[derive(Default)]
struct Names {
    used: BTreeSet<String>,
    defined: BTreeSet<String>,
}

impl<'a> Visit<'a> for Names {
    fn visit_path(&mut self, path: &'a syn::Path) {
        if path.leading_colon.is_none()
            && let Some(first) = path.segments.first()
        {
            self.used.insert(first.ident.to_string());
        }
        visit::visit_path(self, path);
    }

    fn visit_item(&mut self, item: &'a syn::Item) {
        match item {
            // In generated code, the fields of a struct with type parameters have these parameters as types. So the
            // fields use no other names.
            syn::Item::Struct(item) if item.generics.type_params().next().is_some() => {
                self.defined.insert(item.ident.to_string());
                return;
            }
            syn::Item::Struct(item) => drop(self.defined.insert(item.ident.to_string())),
            syn::Item::Enum(item) => drop(self.defined.insert(item.ident.to_string())),
            _ => {}
        }
        visit::visit_item(self, item);
    }
}

/// Lint refuses a schema that has a taken name (see `is_taken_type`).
#[test]
fn the_taken_names_contain_every_type_name_that_generated_code_uses() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut names = Names::default();
    // These files are JSON, or Rust code that does not import the types of the schemas.
    let apart = ["client.rs", "errors.rs", "operations/mod.rs", ".json"];
    for service in generate::in_memory(root, &[]).unwrap().unwrap() {
        let files = service.files.iter();
        for file in files.filter(|file| !apart.iter().any(|name| file.path.ends_with(name))) {
            names.visit_file(&syn::parse_file(&file.content).unwrap());
        }
    }
    let relied: Vec<&String> = names
        .used
        .difference(&names.defined)
        // Keeps the names of types, which are in Pascal case. Removes type parameters (one letter) and constants
        // (capitals).
        .filter(|name| name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase))
        .collect();
    assert!(relied.len() > 10, "{relied:?}");
    let missing: Vec<&&String> = relied
        .iter()
        .filter(|name| !huaweicloud_openapi::name_rules::is_taken_type(name))
        .collect();
    assert!(
        missing.is_empty(),
        "a schema with such a name would hide the Rust type; add these names to crates/openapi/src/name_rules.rs: {missing:?}"
    );
}

/// A chapter is a group of operations. A build with only one chapter compiles no operations or types of other chapters,
/// except for shared types. So each type and operation must be in the file of its chapter.
#[test]
fn each_type_and_operation_is_in_its_chapter() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for service in generate::in_memory(root, &[]).unwrap().unwrap() {
        let document = load(root, &service.name).unwrap();
        let api = Api::from_document(&service.name, &document.value).unwrap();
        let holds = |folder: &str, chapter: &str, item: &str| {
            let path = format!("src/generated/{folder}/{}.rs", module_name(chapter));
            let holder = service
                .files
                .iter()
                .find(|file| file.content.contains(item));
            assert_eq!(holder.map(|file| &file.path), Some(&path), "{item}");
        };
        for (name, schema) in &api.schemas {
            let word = match schema.form {
                SchemaForm::Enumeration(_) => "enum",
                _ => "struct",
            };
            holds("types", &schema.chapter, &format!("pub {word} {name} {{"));
        }
        for operation in &api.operations {
            let item = format!("pub static {}: Operation", operation.id.to_uppercase());
            holds("operations", &operation.chapter, &item);
        }
    }
}
