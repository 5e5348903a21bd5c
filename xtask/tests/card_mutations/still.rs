//! Checks that no card changes if no fact changes.

use fastrand::Rng;
use serde_json::{Map, Value};

use cards::Render;
use cards::keys::{Keys, is_wording};
use cards::parts;
use transcript::Document;

/// Makes two copies of a document: one with another order and wording, and one with another order of files. Returns a
/// message for each difference between the cards of the document and the cards of a copy. The result must be empty. The
/// seed determines the new orders.
pub fn moved(document: &Document, seed: u64, render: Render) -> Vec<String> {
    let mut rng = Rng::with_seed(seed);
    let cards = |value: &Value| -> Vec<String> {
        let files = cards::files_by(&parts(value), render);
        let lines = files.values().flat_map(|text| text.lines());
        lines.map(str::to_owned).collect()
    };
    let before = cards(&document.value);
    let mut disturbed = document.value.clone();
    disturb(&mut disturbed, Keys::Grammar, &mut rng);
    let files = document.files().iter();
    let files = files.map(|file| (file.name.clone(), file.text.clone().into_bytes()));
    let mut files: Vec<_> = files.collect();
    rng.shuffle(&mut files);
    let refiled = Document::from_files(&document.service, files);
    let refiled = refiled.map_or(Value::Null, |document| document.value);
    let mut moved = Vec::new();
    for (name, after) in [
        ("new order and wording", disturbed),
        ("new order of files", refiled),
    ] {
        let after = cards(&after);
        let say =
            |old: &str, new: &str| format!("{}: {name}: `{old}` becomes `{new}`", document.service);
        let pairs = before.iter().zip(&after).filter(|(old, new)| old != new);
        moved.extend(pairs.map(|(old, new)| say(old, new)));
        if before.len() != after.len() {
            let count = |lines: &[String]| format!("{} lines", lines.len());
            moved.push(say(&count(&before), &count(&after)));
        }
    }
    moved
}

/// Changes the wording, the order of keys, and the order of the elements in the lists that `SETS` names. In these
/// lists, the order has no meaning.
fn disturb(value: &mut Value, keys: Keys, rng: &mut Rng) {
    const SETS: [&str; 9] = [
        "servers",
        "security",
        "tags",
        "parameters",
        "required",
        "enum",
        "x-enum-varnames",
        "x-enum-descriptions",
        "x-error-codes",
    ];
    match value {
        Value::Object(map) => {
            // Lists that belong together, such as `enum` and `x-enum-varnames`, must get the same new order. So all
            // lists of an object use the same seed.
            let seed = rng.u64(..);
            for (key, value) in map.iter_mut() {
                let is_set = keys == Keys::Grammar && SETS.contains(&key.as_str());
                if let Some(items) = value.as_array_mut().filter(|_| is_set) {
                    Rng::with_seed(seed).shuffle(items);
                }
                match keys == Keys::Grammar && is_wording(key) {
                    true => reword(value),
                    false => disturb(value, below(keys, key, value), rng),
                }
            }
            let mut entries: Vec<_> = std::mem::take(map).into_iter().collect();
            rng.shuffle(&mut entries);
            *map = Map::from_iter(entries);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| disturb(item, keys, rng)),
        _ => {}
    }
}

/// Returns the kind of the keys below a key. The keys in `paths` and in the sections of `components` are names.
fn below(keys: Keys, key: &str, value: &Value) -> Keys {
    let sections = matches!(
        key,
        "schemas" | "parameters" | "requestBodies" | "securitySchemes"
    );
    let is_named = sections || key == "paths";
    match keys == Keys::Grammar && value.is_object() && is_named {
        true => Keys::Names,
        false => keys.below(key),
    }
}

fn reword(wording: &mut Value) {
    match wording {
        Value::Array(items) => items.iter_mut().for_each(reword),
        wording => *wording = Value::from("Said in other words."),
    }
}
