//! For each change, `diff` has a verdict for callers that use HTTP directly, and a verdict for Rust callers. This test
//! compares the first verdict with the verdict of oasdiff, a Go program that compares OpenAPI documents. Both programs
//! compare the merged documents in this repository with mutated copies.
//!
//! Command: `cargo test --package xtask --test oasdiff -- --ignored --nocapture`. The first run installs oasdiff. The
//! installation needs Go and the Go module proxy.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use diff::{Side, Verdict, compare};
use rayon::prelude::*;
use serde_json::{Value, json};
use transcript::{Document, escape};

const VERSION: &str = "v1.37.0";

/// The number of mutations that the test chooses. The mutations are pseudo-random, with a fixed seed.
const MUTATIONS: usize = 560;

/// Changes that only one of the two programs calls breaking. A row has four values. The first is the rule of the worst
/// verdict of `diff`. The next two are the level and the name of oasdiff's worst check. The last is the reason for the
/// difference. The level is 3 (error), 2 (warning), 1 (information) or 0 (none). If oasdiff reports nothing, the name
/// of the check is `-`. If the rule or the name of the check ends in `*`, it matches every name with this beginning.
#[rustfmt::skip]
const REASONS: &[(&str, u64, &str, &str)] = &[
    ("operation-parameters-removed", 2, "request-parameter-removed", "oasdiff only warns, because a server can ignore the parameter"),
    ("schema-properties-removed", 2, "request-property-removed", "oasdiff only warns, because a server can ignore the field"),
    ("schema-properties-removed", 1, "response-optional-property-removed", "oasdiff assumes that no caller reads an optional field of an answer"),
    ("schema-*", 2, "request-property-*", "if a change is inside an `allOf`, oasdiff warns, but reports no error"),
    ("schema-*", 2, "response-property-*", "if an answer can contain new values, oasdiff warns, but reports no error"),
    ("schema-default-*", 1, "request-*", "oasdiff treats a change of a default as harmless, but a request without the value gets another meaning"),
    ("schema-additionalProperties-*", 0, "-", "oasdiff ignores additionalProperties"),
    ("schema-maximum-*", 0, "-", "oasdiff reads numbers as floating point, so some large numbers are equal"),
    ("schema-pattern-*", 0, "-", "oasdiff ignores limits of answer headers"),
    ("schema-type-changed", 1, "response-header-type-compatible", "oasdiff treats a header of any type as text"),
    ("password-rule-*", 0, "-", "oasdiff does not know our extensions"),
    ("server-variable-*", 0, "-", "oasdiff ignores variables of addresses"),
    ("document-security-changed", 3, "api-security-removed", "oasdiff also reports the removal of a security requirement that the list contains twice"),
];

/// One change of the value at a JSON pointer.
#[derive(Debug, Clone)]
enum Edit {
    Set(Value),
    Remove,
    Insert(&'static str, Value),
    Push(Value),
}

struct Mutation {
    service: usize,
    pointer: String,
    edit: Edit,
}

/// Returns the path of oasdiff. If the program is missing, installs the program below the target folder.
fn oasdiff() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("oasdiff-{VERSION}"));
    let program = folder.join("oasdiff");
    if program.is_file() {
        return Ok(program);
    }
    let source = format!("github.com/oasdiff/oasdiff@{VERSION}");
    let mut command = Command::new("go");
    command.args(["install", &source]).env("GOBIN", &folder);
    let done = command.stdout(Stdio::null()).status();
    match done {
        Ok(status) if status.success() && program.is_file() => Ok(program),
        Ok(_) => Err(format!(
            "oasdiff {VERSION} cannot be installed by `go install {source}`"
        )),
        Err(error) => Err(format!(
            "cannot run Go, which installs oasdiff {VERSION}: {error}"
        )),
    }
}

/// Returns the edits of a node and of the nodes below. Each edit has its JSON pointer.
fn edits_of(pointer: &str, value: &Value) -> Vec<(String, Edit)> {
    let key = pointer.rsplit('/').next().unwrap_or_default();
    let here = |edit: Edit| (pointer.to_owned(), edit);
    let gone = |name: &str| (format!("{pointer}/{}", escape(name)), Edit::Remove);
    let mut found = Vec::new();
    let is_schema = value.get("type").is_some_and(Value::is_string) && pointer.contains("/schema");
    if is_schema {
        let more: &[(&str, Value)] = match value["type"].as_str().unwrap() {
            "string" => &[
                ("minLength", json!(3)),
                ("maxLength", json!(7)),
                ("pattern", json!("^[a-z]*$")),
                ("format", json!("uuid")),
                ("default", json!("x")),
            ],
            "integer" => &[
                ("minimum", json!(3)),
                ("maximum", json!(7)),
                ("multipleOf", json!(2)),
                ("exclusiveMinimum", json!(true)),
                ("default", json!(4)),
            ],
            "array" => &[
                ("minItems", json!(3)),
                ("maxItems", json!(7)),
                ("uniqueItems", json!(true)),
            ],
            "object" => &[
                ("minProperties", json!(1)),
                ("maxProperties", json!(7)),
                ("additionalProperties", json!(false)),
            ],
            _ => &[],
        };
        let always = [("nullable", json!(true)), ("deprecated", json!(true))];
        let all = more.iter().cloned().chain(always);
        let new = all.filter(|(key, _)| value.get(key).is_none());
        found.extend(new.map(|(key, new)| here(Edit::Insert(key, new))));
    }
    match (key, value) {
        ("type", Value::String(kind))
            if !matches!(kind.as_str(), "apiKey" | "object" | "array") =>
        {
            let others = ["string", "integer", "number", "boolean"];
            let others = others.into_iter().filter(|other| other != kind);
            found.extend(others.map(|other| here(Edit::Set(json!(other)))));
        }
        ("format", Value::String(_)) => {
            let others = ["int32", "int64", "password", "date-time"];
            found.extend(others.map(|other| here(Edit::Set(json!(other)))));
        }
        (
            "minimum" | "maximum" | "minLength" | "maxLength" | "minItems" | "maxItems",
            Value::Number(number),
        ) => {
            let number = number.as_i64().unwrap();
            let sides = [Edit::Set(json!(number + 1)), Edit::Set(json!(number - 1))];
            found.extend(sides.map(here));
            found.push(here(Edit::Remove));
        }
        ("x-retry" | "x-pagination" | "deprecated", _) => found.push(here(Edit::Remove)),
        ("pattern" | "default" | "operationId", _) => {
            found.push(here(Edit::Remove));
            if let Some(text) = value.as_str() {
                found.push(here(Edit::Set(json!(format!("{text}x")))));
            }
        }
        ("required", Value::Bool(flag)) => {
            found.extend([Edit::Set(json!(!flag)), Edit::Remove].map(here));
        }
        ("required" | "enum" | "security" | "parameters", Value::Array(items)) => {
            found.extend((0..items.len()).map(|index| gone(&index.to_string())));
            let parameter = |required: bool| {
                let schema = json!({"type": "string"});
                json!({"name": "new", "in": "query", "required": required, "description": "New.", "schema": schema})
            };
            let new = match key {
                "security" => vec![json!({"signature": []})],
                "parameters" => [false, true].map(parameter).to_vec(),
                "enum" if items.iter().all(Value::is_number) => vec![json!(77)],
                _ => vec![json!("new")],
            };
            found.extend(new.into_iter().map(|new| here(Edit::Push(new))));
        }
        ("properties", Value::Object(entries)) => {
            found.extend(entries.keys().map(|name| gone(name)));
            let new = json!({"type": "string", "description": "New."});
            found.push(here(Edit::Insert("new", new)));
        }
        ("responses", Value::Object(entries)) if !pointer.starts_with("/components") => {
            found.extend(entries.keys().map(|name| gone(name)));
            let new = json!({"description": "Another."});
            found.extend(["418", "202"].map(|status| here(Edit::Insert(status, new.clone()))));
        }
        ("headers", Value::Object(entries)) => found.extend(entries.keys().map(|name| gone(name))),
        ("description" | "summary", Value::String(text)) => {
            found.push(here(Edit::Set(json!(format!("{text} More.")))));
        }
        ("get" | "put" | "post" | "delete", Value::Object(_)) => {
            found.push(here(Edit::Remove));
            found.push(here(Edit::Insert("deprecated", json!(true))));
            found.push(here(Edit::Insert("security", json!([]))));
        }
        ("requestBody", Value::Object(_)) => found.push(here(Edit::Remove)),
        ("content", Value::Object(_)) => {
            let new = json!({"schema": {"type": "string"}});
            found.push(here(Edit::Insert("text/plain", new)));
        }
        ("$ref", Value::String(_)) if pointer.contains("/properties/") => {
            let parent = pointer.trim_end_matches("/$ref").to_owned();
            let new = json!({"type": "boolean", "description": "Another."});
            found.push((parent, Edit::Set(new)));
        }
        _ => {}
    }
    let below: Vec<(String, &Value)> = match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (escape(key), value))
            .collect(),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items
                .map(|(index, value)| (index.to_string(), value))
                .collect()
        }
        _ => Vec::new(),
    };
    // The test does not edit examples and error codes. The keys in an example are sample data, and not keys of OpenAPI.
    let others = ["example", "examples", "x-error-examples", "x-error-codes"];
    for (key, value) in below
        .into_iter()
        .filter(|(key, _)| !others.contains(&key.as_str()))
    {
        found.extend(edits_of(&format!("{pointer}/{key}"), value));
    }
    found
}

/// Returns the document with an edit. Returns `None` if the edit is impossible or changes nothing.
fn edited(document: &Value, mutation: &Mutation) -> Option<Value> {
    let mut new = document.clone();
    let (parent, key) = mutation.pointer.rsplit_once('/')?;
    let key = key.replace("~1", "/").replace("~0", "~");
    match &mutation.edit {
        Edit::Set(value) => *new.pointer_mut(&mutation.pointer)? = value.clone(),
        Edit::Insert(key, value) => drop(
            new.pointer_mut(&mutation.pointer)?
                .as_object_mut()?
                .insert((*key).to_owned(), value.clone()),
        ),
        Edit::Push(value) => new
            .pointer_mut(&mutation.pointer)?
            .as_array_mut()?
            .push(value.clone()),
        Edit::Remove => match new.pointer_mut(parent)? {
            Value::Object(map) => drop(map.shift_remove(&key)?),
            Value::Array(items) => drop(items.remove(key.parse().ok()?)),
            _ => return None,
        },
    }
    (new != *document).then_some(new)
}

/// Chooses one mutation of each kind in turn, until there are `MUTATIONS`. So common kinds, such as limits, do not
/// displace rare kinds.
fn mutations(documents: &[(String, Value)]) -> Vec<Mutation> {
    let mut kinds: BTreeMap<String, Vec<Mutation>> = BTreeMap::new();
    for (service, (_, document)) in documents.iter().enumerate() {
        for (pointer, edit) in edits_of("", document) {
            // Some kinds contain a key of the pointer, usually the last segment. If the last segment is a name or an
            // index, as in `properties/name` or `required/0`, the key is the segment before it.
            let mut keys = pointer.rsplit('/');
            let last = keys.next().unwrap_or_default();
            let named = ["properties", "responses", "headers"];
            let key = match keys.next() {
                Some(key) if last.parse::<usize>().is_ok() || named.contains(&key) => key,
                _ => last,
            };
            let place = ["parameters", "requestBody", "responses", "schemas"]
                .into_iter()
                .find(|part| pointer.contains(part));
            let name = match &edit {
                Edit::Set(value) if matches!(key, "type" | "format") => format!("set {value}"),
                Edit::Set(_) => "set".to_owned(),
                Edit::Remove => "remove".to_owned(),
                Edit::Insert(key, _) => format!("insert {key}"),
                Edit::Push(value) => format!("push {value}"),
            };
            let key = match name.as_str() {
                "remove" | "set" => key,
                _ => "",
            };
            let kind = format!("{name} {key} {place:?}");
            kinds.entry(kind).or_default().push(Mutation {
                service,
                pointer,
                edit,
            });
        }
    }
    // Pseudo-random numbers by the algorithm xorshift, with a fixed seed.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let mut chosen = Vec::new();
    while chosen.len() < MUTATIONS && kinds.values().any(|all| !all.is_empty()) {
        for all in kinds.values_mut().filter(|all| !all.is_empty()) {
            let at = next(all.len());
            chosen.push(all.swap_remove(at));
        }
    }
    chosen.truncate(MUTATIONS);
    chosen
}

/// Returns the worst check of oasdiff, with its level.
fn theirs(program: &Path, base: &Path, head: &Path) -> (u64, String) {
    let mut command = Command::new(program);
    let command = command
        .args(["changelog", "--format", "json"])
        .arg(base)
        .arg(head);
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    if text.trim().is_empty() && output.status.success() {
        return (0, "-".to_owned());
    }
    let rows: Vec<Value> = serde_json::from_str(&text)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let rows = rows.iter().map(|row| {
        (
            row["level"].as_u64().unwrap(),
            row["id"].as_str().unwrap().to_owned(),
        )
    });
    rows.max().unwrap_or((0, "-".to_owned()))
}

/// Returns the worst verdict of `diff` for callers that use HTTP directly, with its rule.
fn ours(base: &Side, head: &Side) -> (Verdict, String) {
    let changes = compare(base, head).changes.into_iter();
    let verdicts = changes.map(|change| (change.wire, change.rule.name.clone()));
    verdicts
        .max()
        .unwrap_or((Verdict::Documentation, "-".to_owned()))
}

fn side(document: &Value) -> Option<Side> {
    let files = vec![("api.json".to_owned(), document.to_string().into_bytes())];
    Side::of_protocol(Document::from_files("", files).ok()?).ok()
}

fn fits(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => pattern == name,
    }
}

#[test]
#[ignore = "takes minutes, and needs the Go program oasdiff"]
fn oasdiff_agrees_or_the_test_lists_a_reason() {
    let program = match oasdiff() {
        Ok(program) => program,
        Err(why) => return println!("skipped: {why}"),
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let services = transcript::services(&root).unwrap().into_iter();
    let documents: Vec<(String, Value)> = services
        .map(|service| {
            let text =
                fs::read_to_string(root.join(format!("crates/{service}/openapi.json"))).unwrap();
            (service, serde_json::from_str(&text).unwrap())
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: String, document: &Value| {
        let path = folder.path().join(name);
        fs::write(&path, document.to_string()).unwrap();
        path
    };
    let bases: Vec<(Side, PathBuf)> = documents
        .iter()
        .map(|(service, document)| {
            (
                side(document).unwrap(),
                write(format!("{service}.json"), document),
            )
        })
        .collect();
    let chosen = mutations(&documents);
    let compared: Vec<_> = chosen
        .par_iter()
        .enumerate()
        .filter_map(|(index, mutation)| {
            let head = edited(&documents[mutation.service].1, mutation)?;
            let new = side(&head)?;
            let (base, path) = &bases[mutation.service];
            let file = write(format!("{index}.json"), &head);
            // A change can be breaking in one direction and additive in the other direction.
            let ways = [
                (ours(base, &new), theirs(&program, path, &file)),
                (ours(&new, base), theirs(&program, &file, path)),
            ];
            fs::remove_file(&file).unwrap();
            Some((mutation, ways))
        })
        .collect();
    let (mut agreed, mut explained, mut used) =
        (0, BTreeMap::<&str, usize>::new(), BTreeSet::new());
    let mut unexplained = BTreeMap::<(String, String, String), Vec<String>>::new();
    for (mutation, ways) in &compared {
        for ((verdict, rule), (level, check)) in ways {
            let breaks = *verdict == Verdict::Breaking;
            if breaks == (*level == 3) {
                agreed += 1;
                continue;
            }
            let reason = REASONS.iter().position(|(our, its, their, _)| {
                fits(our, rule) && its == level && fits(their, check)
            });
            match reason {
                Some(at) => {
                    used.insert(at);
                    *explained.entry(REASONS[at].3).or_default() += 1;
                }
                None => {
                    let key = (
                        format!("{verdict} {rule}"),
                        level.to_string(),
                        check.clone(),
                    );
                    let text = format!(
                        "{} {} {:?}",
                        documents[mutation.service].0, mutation.pointer, mutation.edit
                    );
                    unexplained.entry(key).or_default().push(text);
                }
            }
        }
    }
    println!(
        "{} mutations, each in both directions: {agreed} verdicts agree, {explained:#?}",
        compared.len()
    );
    assert!(compared.len() >= 500, "only {} mutations", compared.len());
    assert!(unexplained.is_empty(), "{unexplained:#?}");
    let unused: Vec<_> = (0..REASONS.len())
        .filter(|at| !used.contains(at))
        .map(|at| REASONS[at])
        .collect();
    assert!(
        unused.is_empty(),
        "reasons that explain no difference: {unused:#?}"
    );
}
