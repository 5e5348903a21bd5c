//! Rules about the service as a whole: version, files, chapters and tags.

use std::collections::{BTreeMap, HashSet};

use huaweicloud_openapi::name_rules::is_taken_module;
use serde_json::Value;

use super::index::Index;
use super::names::{is_keyword, is_snake};
use super::{Findings, Rule};
use huaweicloud_openapi::grammar::ObjectKind;
use transcript::files::is_transcript;
use transcript::{File, Place};

pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "openapi-version",
        summary: "openapi: 3.0.3",
        reason: "the generator supports only OpenAPI 3.0, and all services use the same version",
    },
    Rule {
        name: "file-layout",
        summary: "service.yaml describes the service, common.yaml has components, errors.yaml has x-error-codes, and all other files have paths and components; all operations of a path in a chapter are in one file",
        reason: "a reviewer knows the file of each part, and finds the operations of a path together",
    },
    Rule {
        name: "chapter-name",
        summary: "the name of a chapter's file or folder is in kebab-case, and can be the name of a Rust module and of a cargo feature; the name of a file in the folder is in kebab-case",
        reason: "the chapter becomes a module and a cargo feature",
    },
    Rule {
        name: "chapter-tag",
        summary: "each chapter is declared as a tag in service.yaml and is the only tag of its operations",
        reason: "the client has a module and a cargo feature for each tag",
    },
];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    let version = index.document.value.get("openapi");
    if version.is_some_and(|version| version != "3.0.3") {
        let message = "this is not OpenAPI 3.0.3";
        let help = "write `openapi: 3.0.3`";
        findings.add("openapi-version", "/openapi", message, help);
    }
    check_layout(index, findings);
    check_chapters(index, findings);
    check_paths(index, findings);
    check_tags(index, findings);
}

/// Returns the name (without `.yaml`) of the file that must contain a top-level key.
fn home(key: &str) -> &'static str {
    match key {
        "x-error-codes" => "errors",
        _ => "service",
    }
}

fn is_chapter(name: &str) -> bool {
    !matches!(name, "service" | "common" | "errors")
}

fn check_layout(index: &Index<'_>, findings: &mut Findings<'_>) {
    let Some(root) = index.document.value.as_object() else {
        return;
    };
    let merged = |key: &&String| matches!(key.as_str(), "paths" | "components");
    for key in root.keys().filter(|key| !merged(key)) {
        let pointer = format!("/{key}");
        let home = home(key);
        if index.document.chapter_of(&pointer) != home {
            let message = format!("`{key}` describes the whole service");
            let help = format!("move it to {home}.yaml");
            findings.add("file-layout", &pointer, message, help);
        }
    }
    for operation in &index.operations {
        if !is_chapter(operation.chapter) {
            let (route, file) = (operation.route(), operation.chapter);
            let message = format!("{route} must not be in {file}.yaml");
            let help = "move it to the file of its chapter";
            findings.add("file-layout", &operation.pointer, message, help);
        }
    }
    for (name, _) in index.components("securitySchemes") {
        let pointer = format!("/components/securitySchemes/{}", transcript::escape(name));
        if index.document.chapter_of(&pointer) != "service" {
            let message = format!("the security scheme `{name}` describes the whole service");
            findings.add("file-layout", &pointer, message, "move it to service.yaml");
        }
    }
}

/// Returns the chapters, each with its first file.
fn chapters<'a>(index: &Index<'a>) -> BTreeMap<&'a str, &'a File> {
    let files = index.document.files().iter().rev();
    let named = files.map(|file| (file.chapter(), file));
    named.filter(|(name, _)| is_chapter(name)).collect()
}

fn check_chapters(index: &Index<'_>, findings: &mut Findings<'_>) {
    let help =
        "rename it after the chapter or resource of the documentation, like `user-management.yaml`";
    let chapters = chapters(index);
    for file in index.document.files() {
        let chapter = file.chapter();
        let first = chapters.get(chapter);
        let is_first = first.is_some_and(|first| first.name == file.name);
        let own = [(chapter, is_first), (file.stem(), file.stem() != chapter)];
        for (name, _) in own.into_iter().filter(|(_, is_own)| *is_own) {
            let module = name.replace('-', "_");
            let problem = if !is_snake(&module) || name.contains('_') {
                "is not kebab-case"
            } else if name == chapter && (is_keyword(&module) || is_taken_module(name)) {
                "is a name that Rust or a service crate already uses or reserves"
            } else {
                continue;
            };
            let place = Place::top(&file.name);
            findings.at("chapter-name", place, format!("`{name}` {problem}"), help);
        }
    }
}

/// Checks that all operations of a path in a chapter are in one file. Skips drafts: their files are not in `openapi/`.
fn check_paths(index: &Index<'_>, findings: &mut Findings<'_>) {
    let mut seen = BTreeMap::new();
    let file = |pointer: &str| index.document.place(pointer).file;
    for operation in &index.operations {
        let (path, chapter, pointer) = (operation.path, operation.chapter, &operation.pointer);
        let first: &str = seen.entry((path, chapter)).or_insert(pointer);
        if file(first) != file(pointer) && is_transcript(&file(pointer)) {
            let message = format!("operations of {path} are in two files of `{chapter}`");
            let help = format!("move this operation to {}", file(first));
            let first = (first, "the first operation of the path is here");
            findings.pair("file-layout", pointer, first, message, help);
        }
    }
}

fn check_tags(index: &Index<'_>, findings: &mut Findings<'_>) {
    let operations = index.operations.iter();
    let used: HashSet<&str> = operations.map(|operation| operation.chapter).collect();
    let mut declared = HashSet::new();
    for tag in index.of_kind(ObjectKind::Tag) {
        let name = tag.text("name").unwrap_or_default();
        if !declared.insert(name) {
            let message = format!("the tag `{name}` is declared twice");
            findings.add("chapter-tag", &tag.pointer, message, "remove one of them");
        }
        if !used.contains(name) {
            let help = "remove the tag, or write the chapter's file";
            let message = format!("no operation is in a chapter `{name}`");
            findings.add("chapter-tag", &tag.pointer, message, help);
        }
    }
    for (name, file) in chapters(index) {
        if declared.contains(name) {
            continue;
        }
        let message = format!("the chapter `{name}` is not declared as a tag");
        let help = "add it with a description to `tags:` in service.yaml";
        findings.at("chapter-tag", Place::top(&file.name), message, help);
    }
    for operation in &index.operations {
        let Some(tags) = operation.value.get("tags").and_then(Value::as_array) else {
            continue;
        };
        if !matches!(tags.as_slice(), [Value::String(tag)] if tag == operation.chapter) {
            let pointer = format!("{}/tags", operation.pointer);
            let message = "the chapter must be the only tag of the operation";
            let help = format!("write `tags: [{}]`", operation.chapter);
            findings.add("chapter-tag", &pointer, message, help);
        }
    }
}
