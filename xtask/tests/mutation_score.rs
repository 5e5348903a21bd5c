//! Tests that the cards show each changed fact of a transcript (OpenAPI YAML files). If only the order or the wording
//! changes, the cards must not change. A card lists the facts of one operation, of one component or of the service.
//! Reviewers read the cards in snapshot files.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[allow(dead_code, reason = "other tests use these items")]
mod card_mutations;
#[allow(dead_code)]
mod cases;

use std::path::Path;

use card_mutations::{Change, Score, changes, difference, known, moved};
use cards::keys::Keys;
use cards::{Part, Render};
use huaweicloud_openapi::grammar::{ObjectKind, Shape};
use serde_json::{Value, json};
use transcript::{Document, Edit, escape};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn demo() -> Document {
    demo_with("")
}

/// Returns the service `demo`, with the given text at the end of its file `common.yaml`.
fn demo_with(addition: &str) -> Document {
    let files = cases::base().into_iter();
    let files = files.map(|(name, text)| {
        let end = if name == "common.yaml" { addition } else { "" };
        (format!("openapi/demo/{name}"), (text + end).into_bytes())
    });
    Document::from_files("demo", files.collect()).unwrap()
}

fn services() -> Vec<Document> {
    let names = transcript::services(root()).unwrap().into_iter();
    names
        .map(|service| transcript::load(root(), &service).unwrap())
        .collect()
}

/// Tries changes of the document, one at a time. Counts the changes that the cards show. `render` makes the cards.
fn score(document: &Document, render: Render) -> Score {
    let mut score = Score::default();
    score.count(document, render);
    score
}

#[test]
fn cards_show_every_changed_fact_but_no_new_order_or_wording() {
    for document in services() {
        let score = score(&document, cards::lines);
        assert_eq!(score.unnoticed, [], "{}", document.service);
        assert_eq!(score.moved, [""; 0]);
        assert!(score.all().1 > 1000, "{}", document.service);
    }
}

#[test]
fn the_score_counts_the_listed_kinds_of_facts() {
    let document = demo();
    let score = score(&document, cards::lines);
    assert_eq!(score.unnoticed, []);
    for kind in [
        "$ref",
        "additionalProperties",
        "component name",
        "default",
        "example",
        "format",
        "in",
        "mandatory",
        "maxItems",
        "maxLength",
        "maximum",
        "method",
        "minLength",
        "minimum",
        "name",
        "new key",
        "nullable",
        "option",
        "parameters",
        "path",
        "pattern",
        "security",
        "tags",
        "type",
        "url",
        "value",
        "x-cloud",
        "x-enum-varnames",
        "x-huawei-operation-id",
        "x-page-date",
        "x-pagination",
        "x-password-rule",
        "x-retry",
        "x-source",
    ] {
        assert!(
            score.kinds.contains_key(kind),
            "{kind}: {:?}",
            score.kinds.keys()
        );
    }
    // If only the order or the wording changes, the cards must not change.
    for seed in 0..4 {
        assert_eq!(moved(&document, seed, cards::lines), [""; 0]);
    }
}

/// Returns a possible value of a key. Returns `None` if the value can contain objects of the grammar, or if lint
/// refuses the key.
fn sample(shape: Shape) -> Option<Value> {
    Some(match shape {
        Shape::Text | Shape::Any => json!("added"),
        Shape::Flag => json!(true),
        Shape::Number | Shape::Count => json!(777),
        Shape::Choice(words) => json!(words.last()?),
        Shape::Texts | Shape::Scalars => json!(["added"]),
        Shape::TextMap | Shape::Values => json!({"added": "added"}),
        Shape::Requirements => json!([{"added": []}]),
        _ => return None,
    })
}

/// Collects the kind and the JSON pointer of each object of the grammar in a document. Omits references.
fn objects(kind: ObjectKind, value: &Value, at: &str, found: &mut Vec<(ObjectKind, String)>) {
    if !value.is_object() || value.get("$ref").is_some() {
        return;
    }
    found.push((kind, at.to_owned()));
    for (key, _, shape) in kind.fields() {
        let (value, at) = (&value[*key], format!("{at}/{key}"));
        match shape {
            Shape::One(kind) | Shape::FlagOr(kind) => objects(*kind, value, &at, found),
            Shape::List(kind) => {
                for (number, item) in value.as_array().into_iter().flatten().enumerate() {
                    objects(*kind, item, &format!("{at}/{number}"), found);
                }
            }
            Shape::Map(kind) => {
                for (name, item) in value.as_object().into_iter().flatten() {
                    objects(*kind, item, &format!("{at}/{}", escape(name)), found);
                }
            }
            _ => {}
        }
    }
}

/// In each object, the test inserts the missing keys of the grammar, one at a time. The test omits explanations, such
/// as `summary`, and keys without a [`sample`].
#[test]
fn cards_show_every_key_of_the_grammar_in_each_object() {
    let document = demo();
    let before = cards::files(&document.value);
    let wording = ["advice", "description", "summary", "x-enum-descriptions"];
    let mut tried = 0;
    let mut found = Vec::new();
    objects(ObjectKind::Root, &document.value, "", &mut found);
    for (kind, at) in found {
        let known = document.value.pointer(&at).unwrap();
        let absent = kind
            .fields()
            .iter()
            .filter(|(key, ..)| known.get(key).is_none());
        for (key, _, shape) in absent.filter(|(key, ..)| !wording.contains(key)) {
            let Some(value) = sample(*shape) else {
                continue;
            };
            let pointer = format!("{at}/{key}");
            let mut changed = document.value.clone();
            let insert = Edit::Insert {
                pointer: pointer.clone(),
                at: usize::MAX,
                value,
            };
            insert.apply(&mut changed).unwrap();
            let after = cards::files(&changed);
            let old: Vec<&str> = before.values().flat_map(|text| text.lines()).collect();
            let mut new = after.values().flat_map(|text| text.lines());
            assert!(new.any(|line| !old.contains(&line)), "{pointer}");
            tried += 1;
        }
    }
    assert!(tried > 300, "{tried}");
}

/// For the keys of the objects in `kinds`, the cards and the grammar must agree about the form of the value. The value
/// can have names as keys, can have any structure, or can consist of objects of the grammar.
#[test]
fn the_cards_and_the_grammar_agree_on_keys() {
    let kinds = [
        ObjectKind::Operation,
        ObjectKind::Parameter,
        ObjectKind::Body,
        ObjectKind::Media,
        ObjectKind::Response,
        ObjectKind::Example,
        ObjectKind::Header,
        ObjectKind::Schema,
        ObjectKind::Server,
    ];
    for (key, _, shape) in kinds.iter().flat_map(|kind| kind.fields()) {
        let keys = Keys::Grammar.below(key);
        match shape {
            Shape::Map(_) => assert_eq!(keys, Keys::Names, "{key}"),
            Shape::Any | Shape::Values | Shape::TextMap => assert_eq!(keys, Keys::Any, "{key}"),
            Shape::One(_) | Shape::List(_) if !key.starts_with("x-") => {
                assert_eq!(keys, Keys::Grammar, "{key}");
            }
            _ => {}
        }
    }
}

/// The values of the keys in `leads` can occur in several lines. A change of any other value must change only one line.
#[test]
fn a_changed_value_changes_only_one_line() {
    let leads = [
        "operationId",
        "url",
        "name",
        "mandatory",
        "status",
        "transient",
    ];
    for document in services().into_iter().chain([demo()]) {
        let parts = cards::parts(&document.value);
        let known = known(&parts);
        for part in &parts {
            let before = cards::lines(part);
            let changes = changes(part, &known).into_iter();
            for change in changes.filter(Change::is_of_a_value) {
                let after = cards::lines(&change.apply(part).unwrap());
                let (gone, new) = difference(&before, &after);
                let alone = gone.len() == 1 && new.len() == 1;
                assert!(
                    alone || leads.contains(&change.kind.as_str()),
                    "{change}: {gone:#?} {new:#?}"
                );
            }
        }
    }
}

/// Makes cards that do not name `maxLength`.
fn without_lengths(part: &Part) -> Vec<String> {
    let lines = cards::lines(part).into_iter();
    lines.map(|line| line.replace(", maxLength", "")).collect()
}

#[test]
fn a_card_that_does_not_name_a_fact_is_detected() {
    let missed = score(&demo(), without_lengths).unnoticed;
    assert!(missed.len() > 3, "{missed:?}");
    assert!(
        missed
            .iter()
            .all(|missed| missed.change.contains("maxLength")),
        "{missed:#?}"
    );
    let place = &missed[0].place;
    assert!(
        place.file.starts_with("openapi/demo/") && place.line > 1,
        "{place}"
    );
}

/// Makes a card of one line. The line differs after each change, but does not name a fact.
fn fingerprint(part: &Part) -> Vec<String> {
    let text = cards::lines(part).concat();
    let bytes = text.bytes();
    let sum = bytes.fold(0u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
    vec![format!("fingerprint {sum:x}")]
}

#[test]
fn a_card_that_is_only_a_fingerprint_names_no_change() {
    assert_eq!(score(&demo(), fingerprint).all().0, 0);
}

/// Makes cards that show only the description and the first key of a part.
fn chatty(part: &Part) -> Vec<String> {
    let description = part.value["description"].to_string();
    let first = part.value.as_object().and_then(|map| map.keys().next());
    vec![description, format!("{first:?}")]
}

#[test]
fn a_card_that_shows_the_order_or_the_wording_is_detected() {
    let moved = moved(&demo(), 0, chatty).join("\n");
    assert!(moved.contains("`\"Said in other words.\"`"), "{moved}");
    assert!(
        moved.contains("demo: new order and wording: `Some("),
        "{moved}"
    );
}

#[test]
fn cards_show_an_unused_component() {
    let orphan = "    Orphan:\n      type: object\n      description: Used nowhere.\n      properties:\n        size:\n          type: integer\n          \
                  format: int64\n          description: A number.\n          maximum: 9\n";
    let unused = score(&demo_with(orphan), cards::lines);
    assert_eq!(unused.unnoticed, []);
    assert!(unused.all().1 > score(&demo(), cards::lines).all().1);
}
