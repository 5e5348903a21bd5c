//! Nothing about an API changes unseen: see `cards::mutate`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[allow(dead_code)]
mod cases;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use cards::mutate::{self, Card, Judge, Notice, Render, Score, Tally, Unnoticed};
use cards::{self, Fact};
use report::terminal::Styles;
use serde_json::{Value, json};
use tempfile::TempDir;
use transcript::{self, Document, Edit, Place};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn demo() -> Document {
    let files = cases::base().into_iter();
    let files = files.map(|(name, text)| (format!("openapi/demo/{name}"), text.into_bytes()));
    Document::from_files("demo", files.collect()).unwrap()
}

/// The score of a document under cards that are made so.
fn score(document: &Document, size: usize, seed: u64, render: Render) -> Score {
    let mut score = Score::default();
    let mut judge = Judge::new(document, render).unwrap();
    for change in mutate::sample(mutate::changes(document), size, seed) {
        let notice = judge.judge(&change);
        score.count(&change, notice, document.place(&change.pointer));
    }
    score
}

/// A sample; all of it is `cargo xtask mutate`. `MUTATION_SEED` chooses another one.
#[test]
fn every_change_of_a_transcript_is_noticed() {
    let seed = std::env::var("MUTATION_SEED").map_or(0, |seed| seed.parse().unwrap());
    for service in transcript::services(root()).unwrap() {
        let document = transcript::load(root(), &service).unwrap();
        let score = score(&document, 100, seed, mutate::lines);
        assert_eq!(score.unnoticed, [], "{service}, seed {seed}");
        assert!(score.all().total > 50);
    }
}

#[test]
fn order_and_wording_move_no_card() {
    for service in transcript::services(root()).unwrap() {
        let document = transcript::load(root(), &service).unwrap();
        assert_eq!(mutate::moved(&document, 0, mutate::lines), [""; 0]);
    }
}

#[test]
fn every_change_of_the_demo_is_noticed_and_no_disturbance() {
    let document = demo();
    let score = score(&document, usize::MAX, 0, mutate::lines);
    assert_eq!(score.unnoticed, []);
    let kinds: Vec<&str> = score.kinds.keys().map(String::as_str).collect();
    for kind in [
        "method",
        "path segment",
        "parameter name",
        "parameter place",
        "parameter required",
        "type",
        "format",
        "limit maxLength",
        "limit minLength",
        "limit pattern",
        "limit minimum",
        "limit maximum",
        "limit maxItems",
        "option",
        "option name",
        "default",
        "property name",
        "required entry",
        "status",
        "content type",
        "example value",
        "security",
        "x-cloud",
        "x-huawei-operation-id",
        "x-page-date",
        "x-pagination",
        "x-password-rule",
        "x-retry",
        "x-source",
    ] {
        assert!(kinds.contains(&kind), "{kind}");
    }
    for seed in 0..4 {
        assert_eq!(mutate::moved(&document, seed, mutate::lines), [""; 0]);
    }
}

/// Another value moves no line but its own, in any card: neither the lines around it nor those of others.
#[test]
fn a_changed_value_changes_its_own_line_alone() {
    let document = demo();
    let operations = cards::operation_ids(&document.value).len();
    let mut tried = 0;
    for change in mutate::changes(&document) {
        let [edit @ Edit::Set { .. }] = change.edits.as_slice() else {
            continue;
        };
        // What is the place of other lines, or decides which there are, takes them with it.
        let leads = [
            "parameter name",
            "parameter place",
            "schema additionalProperties",
            "server url",
        ];
        if leads.contains(&change.kind.as_str()) || change.kind.ends_with("reference") {
            continue;
        }
        let mut after = document.value.clone();
        edit.apply(&mut after).unwrap();
        for number in 0..operations {
            let facts = |value| cards::facts_of(value, number).unwrap();
            let (old, new) = (facts(&document.value), facts(&after));
            let about = |facts: &[Fact], others: &[Fact]| -> BTreeSet<(String, String)> {
                let differing = facts.iter().filter(|fact| !others.contains(fact));
                differing
                    .map(|fact| (fact.place.clone(), fact.name.clone()))
                    .collect()
            };
            assert_eq!(about(&old, &new), about(&new, &old), "{change}");
        }
        tried += 1;
    }
    assert!(tried > 80, "{tried}");
}

/// Cards that are blind in one way.
fn without_lengths(document: &Value, card: Card) -> anyhow::Result<Vec<String>> {
    let mut lines = mutate::lines(document, card)?;
    lines.retain(|line| !line.contains("maxLength"));
    Ok(lines)
}

#[test]
fn a_card_that_leaves_out_a_kind_of_fact_is_found_out() {
    let score = score(&demo(), usize::MAX, 0, without_lengths);
    let kinds: Vec<&str> = score
        .unnoticed
        .iter()
        .map(|missed| missed.kind.as_str())
        .collect();
    assert!(kinds.contains(&"limit maxLength"));
    // Of a rule for passwords, which has a key of that name, lint says that it contradicts the limit.
    assert!(
        kinds.iter().all(|kind| *kind == "limit maxLength"),
        "{kinds:?}"
    );
}

/// One line that differs whenever anything does, and names nothing.
fn fingerprint(document: &Value, card: Card) -> anyhow::Result<Vec<String>> {
    let text = mutate::lines(document, card)?.concat();
    let sum = text
        .bytes()
        .fold(0u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
    Ok(vec![format!("fingerprint {sum:x}")])
}

#[test]
fn a_fingerprint_notices_nothing() {
    let score = score(&demo(), 100, 0, fingerprint);
    assert_eq!(score.all().by_card, 0);
}

/// Cards that show what is no fact: wording, and the order of files.
fn chatty(document: &Value, card: Card) -> anyhow::Result<Vec<String>> {
    let mut lines = mutate::lines(document, card)?;
    lines.push(document["info"]["description"].to_string());
    lines.extend(
        document["components"]
            .as_object()
            .and_then(|map| map.keys().next().cloned()),
    );
    Ok(lines)
}

#[test]
fn a_card_that_moves_is_found_out() {
    let moved = mutate::moved(&demo(), 0, chatty).join("\n");
    assert!(moved.contains("demo: reworded descriptions make of `\"A service that breaks no rule.\"`: `\"Said in other words.\"`"), "{moved}");
    assert!(moved.contains("demo: reordered files make of"), "{moved}");
}

#[test]
fn a_sample_has_one_of_each_kind_and_the_same_for_a_seed() {
    let changes = mutate::changes(&demo());
    let kinds = |changes: &[mutate::Change]| -> BTreeSet<String> {
        changes.iter().map(|change| change.kind.clone()).collect()
    };
    let sample = mutate::sample(changes.clone(), 100, 7);
    assert_eq!(sample.len(), 100);
    assert_eq!(kinds(&sample), kinds(&changes));
    assert_eq!(sample, mutate::sample(changes.clone(), 100, 7));
    assert_ne!(sample, mutate::sample(changes.clone(), 100, 8));
    assert_eq!(mutate::sample(changes.clone(), usize::MAX, 7), changes);
}

#[test]
fn the_score_is_a_table_and_what_was_missed_has_a_place() {
    let mut score = Score::default();
    let tally = |total, by_card, by_lint| Tally {
        total,
        by_card,
        by_lint,
    };
    score.kinds.insert("type".to_owned(), tally(12, 11, 0));
    score
        .kinds
        .insert("component name".to_owned(), tally(3, 0, 3));
    score.unnoticed.push(Unnoticed {
        kind: "type".to_owned(),
        change: "type: name type string becomes integer".to_owned(),
        place: Place {
            file: "openapi/demo/devices.yaml".to_owned(),
            line: 7,
            column: 3,
        },
    });
    score
        .moved
        .push("demo: reordered files make of `a`: `b`".to_owned());
    let mut out = Vec::new();
    mutate::text(&mut out, &Styles::plain(), &score).unwrap();
    let expected = "\
FACT            NOTICED  TOTAL  BY CARD  BY LINT
component name  3        3      0        3
type            11       12     11       0
all             14       15     11       3
unnoticed: openapi/demo/devices.yaml:7:3: type: name type string becomes integer
moved: demo: reordered files make of `a`: `b`
";
    assert_eq!(String::from_utf8(out).unwrap(), expected);
    let mut out = Vec::new();
    mutate::json(&mut out, &score).unwrap();
    let shown: Value = serde_json::from_slice(&out).unwrap();
    let expected = json!({
        "noticed": 14,
        "total": 15,
        "kinds": [
            {"kind": "component name", "noticed": 3, "total": 3, "by_card": 0, "by_lint": 3},
            {"kind": "type", "noticed": 11, "total": 12, "by_card": 11, "by_lint": 0},
        ],
        "unnoticed": [{
            "kind": "type",
            "change": "type: name type string becomes integer",
            "file": "openapi/demo/devices.yaml",
            "line": 7,
            "column": 3,
        }],
        "moved": ["demo: reordered files make of `a`: `b`"],
    });
    assert_eq!(shown, expected);
}

/// A workspace with the service `demo`, and this at the end of its `common.yaml`.
fn workspace(addition: &str) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("openapi/demo");
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in cases::base() {
        let end = if name == "common.yaml" { addition } else { "" };
        fs::write(folder.join(name), text + end).unwrap();
    }
    root
}

/// Standard output, standard error, exit code.
fn xtask(root: &Path, arguments: &[&str]) -> (String, String, i32) {
    let mut command = Command::cargo_bin("xtask").unwrap();
    let output = command
        .arg("--root")
        .arg(root)
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        text(output.stdout),
        text(output.stderr),
        output.status.code().unwrap(),
    )
}

#[test]
fn the_verb_ends_well_when_all_is_noticed() {
    let (out, err, code) = xtask(
        workspace("").path(),
        &["mutate", "--sample", "60", "--seed", "3"],
    );
    assert_eq!((err.as_str(), code), ("     Mutated demo: 60 changes\n", 0));
    let words: Vec<&str> = out.lines().last().unwrap().split_whitespace().collect();
    assert_eq!(words[..3], ["all", "60", "60"]);
}

/// Of a component that nothing uses no card can tell.
#[test]
fn the_verb_fails_and_says_where_when_something_is_not() {
    let orphan = "    Orphan:\n      type: object\n      description: Used nowhere.\n      properties:\n        size:\n          type: integer\n          \
                  format: int64\n          description: A number.\n          maximum: 9\n";
    let root = workspace(orphan);
    let (out, err, code) = xtask(root.path(), &["mutate", "demo", "--format", "json"]);
    assert_eq!(code, 100);
    let end = format!(
        "after teaching it to xtask/src/card or xtask/src/lint, run: cargo xtask --root {} mutate demo --format json\n",
        root.path().display()
    );
    assert!(err.ends_with(&end), "{err}");
    let shown: Value = serde_json::from_str(&out).unwrap();
    let missed = shown["unnoticed"].as_array().unwrap();
    let maximum = json!({
        "kind": "limit maximum",
        "change": "limit maximum: size maximum 9 becomes 10",
        "file": "openapi/demo/common.yaml",
        "line": 61,
        "column": 11,
    });
    assert!(missed.contains(&maximum), "{missed:#?}");
    assert!(
        missed
            .iter()
            .all(|missed| missed["line"].as_u64() > Some(52)),
        "{missed:#?}"
    );
}

#[test]
fn the_verb_explains_itself() {
    let (out, _, code) = xtask(Path::new("."), &["mutate", "--help"]);
    assert!(out.contains("Examples:\n  cargo xtask mutate "), "{out}");
    assert_eq!(code, 0);
    let root = workspace("");
    fs::write(root.path().join("openapi/demo/service.yaml"), "a: [\n").unwrap();
    let (_, err, code) = xtask(root.path(), &["mutate"]);
    assert!(err.contains("to see all that is wrong, run:"), "{err}");
    assert!(err.ends_with(" lint demo\n"), "{err}");
    assert_eq!(code, 100);
}

/// What a finding of the lint is worth: only at the place of the change.
#[test]
fn the_lint_counts_where_the_document_is_no_longer_valid() {
    let document = demo();
    let mut judge = Judge::new(&document, mutate::lines).unwrap();
    let changes = mutate::changes(&document);
    let renamed = changes
        .iter()
        .find(|change| change.pointer == "/components/schemas/DemoError");
    assert_eq!(judge.judge(renamed.unwrap()), Notice::Lint);
    let elsewhere = mutate::Change {
        pointer: "/components/schemas/Device/properties/id".to_owned(),
        ..renamed.unwrap().clone()
    };
    assert_eq!(judge.judge(&elsewhere), Notice::Nobody);
}
