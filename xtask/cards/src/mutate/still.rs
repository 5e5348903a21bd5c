//! The other side: what is no fact moves no card.

use fastrand::Rng;
use serde_json::{Map, Value};

use super::{Card, Render};
use crate::WORDING;
use huaweicloud_openapi::grammar::ObjectKind;
use huaweicloud_openapi::nodes::{Node, Nodes};
use transcript::Document;

/// What is done to a document, and what it is called.
type Disturb = (&'static str, fn(&Document, &mut Rng) -> Option<Value>);

const DISTURBANCES: [Disturb; 4] = [
    ("reordered keys and paths", keys),
    ("reordered lists", lists),
    ("reordered files", files),
    ("reworded descriptions", words),
];

/// Reorders and rewords a document, and says which cards move: none should.
pub fn moved(document: &Document, seed: u64, render: Render) -> Vec<String> {
    let mut rng = Rng::with_seed(seed);
    let before = cards(&document.value, render);
    let mut moved = Vec::new();
    for (name, disturb) in DISTURBANCES {
        let after = disturb(document, &mut rng);
        let after = after.map(|value| cards(&value, render)).unwrap_or_default();
        for (old, new) in before.iter().zip(&after).filter(|(old, new)| old != new) {
            let differing = old.iter().zip(new).find(|(old, new)| old != new);
            let (old, new) = differing
                .map_or(("a card", "a longer or shorter one"), |(old, new)| {
                    (old, new)
                });
            let service = &document.service;
            moved.push(format!("{service}: {name} make of `{old}`: `{new}`"));
        }
        if before.len() != after.len() {
            moved.push(format!("{}: {name} lose a card", document.service));
        }
    }
    moved
}

/// All cards, sorted: the id of the operation is the first line.
fn cards(document: &Value, render: Render) -> Vec<Vec<String>> {
    let operations = (0..crate::entries(document).count()).map(Card::Operation);
    let all = operations.chain([Card::Service]);
    let mut cards: Vec<Vec<String>> = all
        .map(|card| render(document, card).unwrap_or_else(|error| vec![error.to_string()]))
        .collect();
    cards.sort();
    cards
}

fn keys(document: &Document, rng: &mut Rng) -> Option<Value> {
    let mut value = document.value.clone();
    shuffle(&mut value, rng);
    Some(value)
}

fn shuffle(value: &mut Value, rng: &mut Rng) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = std::mem::take(map).into_iter().collect();
            rng.shuffle(&mut entries);
            *map = Map::from_iter(entries);
            map.values_mut().for_each(|value| shuffle(value, rng));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| shuffle(item, rng)),
        _ => {}
    }
}

/// Lists that OpenAPI or our rules take for sets. What an example lists has an order.
fn lists(document: &Document, rng: &mut Rng) -> Option<Value> {
    let mut value = document.value.clone();
    for node in &Nodes::new(&document.value) {
        let seed = rng.u64(..);
        for key in sets(node) {
            let list = value.pointer_mut(&node.at(key));
            if let Some(Value::Array(items)) = list {
                // Lists that belong together keep together.
                Rng::with_seed(seed).shuffle(items);
            }
        }
    }
    Some(value)
}

fn sets(node: &Node<'_>) -> &'static [&'static str] {
    match node.kind {
        ObjectKind::Root => &["servers", "security", "tags"],
        ObjectKind::ServerVariable => &["enum"],
        ObjectKind::Operation => &["parameters", "security", "tags"],
        ObjectKind::Schema => &["required", "enum", "x-enum-varnames", "x-enum-descriptions"],
        _ => &[],
    }
}

fn files(document: &Document, rng: &mut Rng) -> Option<Value> {
    let files = document.files().iter();
    let mut files: Vec<_> = files
        .map(|file| (file.name.clone(), file.text.clone().into_bytes()))
        .collect();
    rng.shuffle(&mut files);
    let read = Document::from_files(&document.service, files).ok()?;
    Some(read.value)
}

fn words(document: &Document, _: &mut Rng) -> Option<Value> {
    let mut value = document.value.clone();
    for node in &Nodes::new(&document.value) {
        for key in WORDING.iter().filter(|key| node.has(key)) {
            if let Some(wording) = value.pointer_mut(&node.at(key)) {
                reword(wording);
            }
        }
    }
    Some(value)
}

fn reword(wording: &mut Value) {
    match wording {
        Value::Array(items) => items.iter_mut().for_each(reword),
        wording => *wording = Value::from("Said in other words."),
    }
}
