//! The mutation score: does a reviewer see every change of a transcript, and nothing else?
//!
//! [`changes`] lists the changes of a part: each value becomes another one and goes, each name becomes another one, and something
//! comes in each object and list. A change is *noticed* when the lines that differ name it: the line that goes has the names that
//! lead to the fact and its old value, the line that comes the same names and the new one. The other side is [`moved`]:
//! reordering and rewording must leave every card as it is.

use std::collections::BTreeMap;
use std::fmt;

use fastrand::Rng;
use rayon::prelude::*;
use serde_json::{Map, Number, Value, json};

use super::keys::{Keys, is_opaque, is_wording, label};
use super::part::{Part, Spot, Subject, parts};
use super::values::{component, items, shown};
use transcript::{Document, Edit, METHODS, Place, escape};

/// How a card is made.
pub type Render = fn(&Part) -> Vec<String>;

/// One change of one fact.
#[derive(Debug, Clone)]
pub struct Change {
    /// The key of the fact, or what kind of name it is.
    pub kind: String,
    /// JSON pointer of the fact in its part.
    pub pointer: String,
    /// The part as it is then.
    action: Action,
    /// What a line that goes must hold; nothing when the fact is new.
    pub gone: Option<Vec<String>>,
    /// What a line that comes must hold; nothing when the fact goes.
    pub new: Option<Vec<String>>,
}

#[derive(Debug, Clone)]
enum Action {
    Edit(Edit),
    Become(Subject),
}

impl Change {
    /// Whether a value becomes another one, so that a single line changes.
    pub fn is_of_a_value(&self) -> bool {
        matches!(self.action, Action::Edit(Edit::Set { .. }))
    }

    /// The part with the change, if it can be made.
    pub fn apply(&self, part: &Part) -> Option<Part> {
        let mut changed = part.clone();
        match &self.action {
            Action::Edit(edit) => drop(edit.apply(&mut changed.value)?),
            Action::Become(subject) => changed.subject = subject.clone(),
        }
        Some(changed)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = |words: &Vec<String>| words.join(" ");
        match (&self.gone, &self.new) {
            (Some(gone), Some(new)) => write!(out, "{} becomes {}", words(gone), words(new)),
            (Some(gone), None) => write!(out, "{} goes", words(gone)),
            (_, new) => write!(out, "{} comes", new.as_ref().map(words).unwrap_or_default()),
        }
    }
}

/// Keys that each kind of object has somewhere in a document, with a value: wherever one is absent, it comes.
pub type Known = BTreeMap<(&'static str, String), Value>;

/// What is known of the objects of these parts.
pub fn known(parts: &[Part]) -> Known {
    let mut known = Known::new();
    for part in parts {
        part.walk(&mut |spot| {
            let Some(kind) = kind(spot) else { return };
            for (key, value) in spot.value.as_object().into_iter().flatten() {
                if is_scalar(value) && value != false && !is_wording(key) {
                    known
                        .entry((kind, key.clone()))
                        .or_insert_with(|| value.clone());
                }
            }
        });
    }
    known
}

fn kind(spot: &Spot<'_>) -> Option<&'static str> {
    let is_object = spot.keys == Keys::Grammar && spot.value.is_object();
    let has = |key: &str| is_object && spot.value.get(key).is_some();
    let kinds = [
        ("operationId", "operation"),
        ("in", "parameter"),
        ("type", "schema"),
        ("allOf", "schema"),
    ];
    kinds
        .into_iter()
        .find(|(key, _)| has(key))
        .map(|(_, kind)| kind)
}

/// A change for each fact of a part, and for facts that it might gain.
pub fn changes(part: &Part, known: &Known) -> Vec<Change> {
    let mut list = names(part);
    part.walk(&mut |spot| {
        if !spot.pointer.is_empty() {
            present(spot, &mut list);
        }
        absent(spot, known, &mut list);
    });
    list
}

/// The part's own names.
fn names(part: &Part) -> Vec<Change> {
    let mut list = Vec::new();
    let mut rename = |kind: &str, subject, gone: String, new: String| {
        list.push(Change {
            kind: kind.to_owned(),
            pointer: String::new(),
            action: Action::Become(subject),
            gone: Some(vec![gone]),
            new: Some(vec![new]),
        });
    };
    match &part.subject {
        Subject::Service => {}
        Subject::Component { section, name } => {
            let (section, new) = (section.clone(), text(name));
            let subject = Subject::Component {
                section,
                name: new.clone(),
            };
            rename("component name", subject, name.clone(), new);
        }
        Subject::Operation { path, method } => {
            let segments: Vec<&str> = path.split('/').collect();
            for (number, old) in segments.iter().enumerate().skip(1) {
                let new = match old.strip_suffix('}') {
                    Some(name) => format!("{}}}", text(name)),
                    None => text(old),
                };
                let mut changed = segments.clone();
                changed.splice(number..=number, [new.as_str()]);
                let (path, method) = (changed.join("/"), method.clone());
                rename(
                    "path",
                    Subject::Operation { path, method },
                    (*old).to_owned(),
                    new,
                );
            }
            for other in METHODS.iter().filter(|other| *other != method).take(1) {
                let (path, new) = (path.clone(), (*other).to_owned());
                let subject = Subject::Operation { path, method: new };
                rename(
                    "method",
                    subject,
                    method.to_uppercase(),
                    other.to_uppercase(),
                );
            }
        }
    }
    list
}

/// What is there becomes something else, and goes.
fn present(spot: &Spot<'_>, list: &mut Vec<Change>) {
    let pointer = spot.pointer.clone();
    let above = spot.words.get(..spot.above).unwrap_or_default();
    if spot.holder != Keys::Grammar && !spot.listed {
        // Of statuses the next one may be there already.
        let new = format!("{}x", spot.key);
        let renamed = |name: &str| Some([above, &[name.to_owned()]].concat());
        list.push(Change {
            kind: "name".to_owned(),
            pointer: pointer.clone(),
            gone: renamed(spot.key),
            new: renamed(&new),
            action: Action::Edit(Edit::Rename {
                pointer: pointer.clone(),
                to: new,
            }),
        });
    }
    let mut gone = spot.words.clone();
    if is_scalar(spot.value) {
        let new = vary(spot.value);
        gone = fact(spot, spot.key, spot.value);
        let leaf = deepest(&new);
        list.push(Change {
            kind: fact_kind(spot),
            pointer: pointer.clone(),
            gone: Some(gone.clone()).filter(|_| !is_silent(spot, spot.value)),
            new: Some(fact(spot, spot.key, leaf)).filter(|_| !is_silent(spot, leaf)),
            action: Action::Edit(Edit::Set {
                pointer: pointer.clone(),
                value: new,
            }),
        });
    }
    // Of what has no name of its own the elements go, one by one.
    if gone.is_empty() || is_silent(spot, spot.value) {
        return;
    }
    list.push(Change {
        kind: fact_kind(spot),
        pointer: pointer.clone(),
        gone: Some(gone),
        new: None,
        action: Action::Edit(Edit::Remove { pointer }),
    });
}

/// Not to be mandatory is what a parameter is without saying so.
fn is_silent(spot: &Spot<'_>, value: &Value) -> bool {
    spot.holder == Keys::Grammar && spot.key == "required" && value == false
}

/// What is not there comes: a key, an entry, an element.
fn absent(spot: &Spot<'_>, known: &Known, list: &mut Vec<Change>) {
    let mut come = |kind: &str, segment: &str, value: Value, new: Vec<String>| {
        let at = usize::MAX;
        let pointer = format!("{}/{}", spot.pointer, escape(segment));
        list.push(Change {
            kind: kind.to_owned(),
            pointer: spot.pointer.clone(),
            gone: None,
            new: Some(new),
            action: Action::Edit(Edit::Insert { pointer, at, value }),
        });
    };
    let named = |name: &str| [spot.words.as_slice(), &[name.to_owned()]].concat();
    match (spot.value, spot.keys) {
        (Value::Object(map), Keys::Grammar) if !map.contains_key("$ref") => {
            let value = json!("added");
            let new = [named("x-added"), vec!["added".to_owned()]].concat();
            come("new key", "x-added", value, new);
            for ((_, key), value) in known.iter().filter(|((of, _), _)| Some(*of) == kind(spot)) {
                if !map.contains_key(key) && key != "$ref" {
                    come(label(key), key, value.clone(), fact(spot, key, value));
                }
            }
        }
        (Value::Object(map), Keys::Names | Keys::Any) => {
            if let Some(value) = map.values().next() {
                come("name", "added", value.clone(), named("added"));
            }
        }
        (Value::Array(items), keys) if !items.is_empty() => {
            let value = items.first().map_or_else(
                || json!("added"),
                |first| match keys {
                    Keys::Grammar => another(first),
                    _ => json!("added"),
                },
            );
            let new = match is_scalar(&value) && keys == Keys::Grammar {
                true => fact(spot, spot.key, &value),
                false => named(if value["$ref"].is_string() {
                    "Added"
                } else {
                    "added"
                }),
            };
            come(&fact_kind(spot), &items.len().to_string(), value, new);
        }
        _ => {}
    }
}

/// An element like another one, but for its name.
fn another(element: &Value) -> Value {
    let mut new = element.clone();
    let Some(map) = new.as_object_mut() else {
        return json!("added");
    };
    for (key, value) in map {
        match key.as_str() {
            "$ref" => *value = json!("#/components/none/Added"),
            "name" | "url" => *value = json!("added"),
            "codes" => *value = json!(["added"]),
            _ => {}
        }
    }
    new
}

fn fact_kind(spot: &Spot<'_>) -> String {
    match spot.holder {
        Keys::Any => "value".to_owned(),
        _ if is_opaque(spot.key) || spot.holder == Keys::Grammar => label(spot.key).to_owned(),
        _ => "name".to_owned(),
    }
}

/// Keys whose values stand in a line without them.
const WITHOUT_KEY: [&str; 11] = [
    "type",
    "format",
    "$ref",
    "name",
    "in",
    "url",
    "operationId",
    "x-enum-varnames",
    "codes",
    "value",
    "status",
];

/// What a line holds that has a fact: the names that lead to it, its key, and its value.
fn fact(spot: &Spot<'_>, key: &str, value: &Value) -> Vec<String> {
    let mut words = spot.words.clone();
    // What an element is called by is no name that leads to it.
    let own = [named(spot.value), shown(spot.value)];
    if key == "codes" || words.last().is_some_and(|last| own.contains(last)) {
        words.pop();
    }
    if spot.keys == Keys::Grammar && !WITHOUT_KEY.contains(&key) {
        words.push(label(key).to_owned());
    }
    words.push(match (key, value) {
        (_, Value::Bool(true)) => return words,
        // No scopes, or no scheme, is no word.
        (_, Value::Array(_)) if words.iter().any(|word| word == "security") => return words,
        ("$ref", value) => named(value),
        (_, value) => shown(value),
    });
    words
}

/// What a reference is to; any other text as it is.
fn named(value: &Value) -> String {
    component(value.as_str().unwrap_or_default()).to_owned()
}

fn is_scalar(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    }
}

fn deepest(value: &Value) -> &Value {
    let below = value.as_object().and_then(|map| map.values().next());
    below.or_else(|| items(value).next()).map_or(value, deepest)
}

/// Another value of the same form: as near to the old one as a slip of the pen.
fn vary(value: &Value) -> Value {
    match value {
        Value::Bool(flag) => json!(!flag),
        Value::Number(number) => more(number),
        Value::String(old) => json!(text(old)),
        Value::Null => json!("added"),
        Value::Array(_) => json!(["added"]),
        Value::Object(_) => json!({"added": 1}),
    }
}

fn more(number: &Number) -> Value {
    match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) if whole < i64::MAX => json!(whole + 1),
        (_, Some(float)) => json!(float / 2.0 - 1.0),
        _ => json!(0),
    }
}

/// The last digit counts on; any other text grows by a letter.
fn text(text: &str) -> String {
    let last = text.chars().next_back();
    match last.and_then(|last| last.to_digit(10)) {
        Some(digit) => format!("{}{}", &text[..text.len() - 1], (digit + 1) % 10),
        None => format!("{text}x"),
    }
}

/// Whether the lines that differ name the change.
pub fn is_named(before: &[String], after: &[String], change: &Change) -> bool {
    let (gone, new) = difference(before, after);
    let named = |lines: &[&str], words: &Option<Vec<String>>| match words {
        Some(words) => lines
            .iter()
            .any(|line| words.iter().all(|word| holds(line, word))),
        None => true,
    };
    named(&gone, &change.gone) && named(&new, &change.new)
}

/// The lines that only one of two cards has.
pub fn difference<'a>(before: &'a [String], after: &'a [String]) -> (Vec<&'a str>, Vec<&'a str>) {
    // Most lines are the same, and to count them takes long.
    let same = |(left, right): &(&String, &String)| left == right;
    let head = before.iter().zip(after).take_while(same).count();
    let (before, after) = (&before[head..], &after[head..]);
    let tail = before.iter().rev().zip(after.iter().rev());
    let tail = tail.take_while(same).count();
    let (before, after) = (&before[..before.len() - tail], &after[..after.len() - tail]);
    let mut counts: BTreeMap<&str, i32> = BTreeMap::new();
    before
        .iter()
        .for_each(|line| *counts.entry(line).or_default() -= 1);
    after
        .iter()
        .for_each(|line| *counts.entry(line).or_default() += 1);
    let lines = |wanted: fn(i32) -> bool| {
        let found = counts.iter().filter(move |(_, count)| wanted(**count));
        found.map(|(line, _)| *line).collect()
    };
    (lines(|count| count < 0), lines(|count| count > 0))
}

/// Whether a line has a word as a word: `maxLength` is not in `maxLengths`, nor 3 in 32.
fn holds(line: &str, word: &str) -> bool {
    let joins = |left: Option<char>, right: Option<char>| {
        let is_part = |part: char| part.is_alphanumeric() || part == '_';
        left.is_some_and(is_part) && right.is_some_and(is_part)
    };
    !word.is_empty()
        && line.match_indices(word).any(|(at, found)| {
            let (head, tail) = (&line[..at], &line[at + found.len()..]);
            !joins(head.chars().next_back(), word.chars().next())
                && !joins(word.chars().next_back(), tail.chars().next())
        })
}

/// A change that nobody sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unnoticed {
    /// What was changed, for people.
    pub change: String,
    /// Where the fact is written.
    pub place: Place,
}

/// The mutation score of one or more documents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Score {
    /// By kind of fact: changes that were noticed, and all.
    pub kinds: BTreeMap<String, (usize, usize)>,
    /// The others, in the order in which they were tried.
    pub unnoticed: Vec<Unnoticed>,
    /// Cards that moved though no fact had changed.
    pub moved: Vec<String>,
}

impl Score {
    /// Tries every change of a document.
    pub fn count(&mut self, document: &Document, render: Render) {
        let parts = parts(&document.value);
        let known = known(&parts);
        let judged: Vec<Vec<(Change, Option<Place>)>> = parts
            .par_iter()
            .map(|part| {
                let before = render(part);
                let judge = |change: Change| {
                    let after = change.apply(part).map(|part| render(&part));
                    let noticed = after.is_some_and(|after| is_named(&before, &after, &change));
                    let pointer = || format!("{}{}", part.pointer(), change.pointer);
                    let place = (!noticed).then(|| document.place(&pointer()));
                    (change, place)
                };
                changes(part, &known).into_par_iter().map(judge).collect()
            })
            .collect();
        for (change, place) in judged.into_iter().flatten() {
            let tally = self.kinds.entry(change.kind.clone()).or_default();
            tally.0 += usize::from(place.is_none());
            tally.1 += 1;
            let change = change.to_string();
            self.unnoticed
                .extend(place.map(|place| Unnoticed { change, place }));
        }
        self.moved.extend(moved(document, 0, render));
    }

    /// Changes that were noticed, and all of them.
    pub fn all(&self) -> (usize, usize) {
        let tallies = self.kinds.values();
        tallies.fold((0, 0), |sum, tally| (sum.0 + tally.0, sum.1 + tally.1))
    }

    /// Whether every change was noticed, and nothing else.
    pub fn is_full(&self) -> bool {
        self.unnoticed.is_empty() && self.moved.is_empty()
    }
}

/// Reorders and rewords a document, and says which cards move: none should. The seed chooses the new order.
pub fn moved(document: &Document, seed: u64, render: Render) -> Vec<String> {
    let mut rng = Rng::with_seed(seed);
    let cards = |value: &Value| super::files_by(&parts(value), render);
    let before = cards(&document.value);
    let mut disturbed = document.value.clone();
    disturb(&mut disturbed, Keys::Grammar, &mut rng);
    let mut files: Vec<_> = document
        .files()
        .iter()
        .map(|file| (file.name.clone(), file.text.clone().into_bytes()))
        .collect();
    rng.shuffle(&mut files);
    let refiled = Document::from_files(&document.service, files);
    let refiled = refiled.map_or(Value::Null, |document| document.value);
    let mut moved = Vec::new();
    for (name, after) in [
        ("new order and wording", disturbed),
        ("new order of files", refiled),
    ] {
        let after = cards(&after);
        for file in before
            .keys()
            .chain(after.keys().filter(|file| !before.contains_key(*file)))
        {
            let text = |cards: &BTreeMap<String, String>| {
                let text = cards.get(file).map(String::as_str).unwrap_or_default();
                text.lines().map(str::to_owned).collect::<Vec<_>>()
            };
            let (old, new) = (text(&before), text(&after));
            let differ = old.iter().zip(&new).find(|(old, new)| old != new);
            let longer = (old.len() != new.len())
                .then_some((&old, &new))
                .map(|_| ("a card".to_owned(), "another length".to_owned()));
            let differ = differ
                .map(|(old, new)| (old.clone(), new.clone()))
                .or(longer);
            moved.extend(differ.map(|(old, new)| {
                format!("{}: {name}: `{old}` becomes `{new}`", document.service)
            }));
        }
    }
    moved
}

/// Another order of keys, and of lists that are sets; another wording.
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
            // Lists that belong together keep together.
            let seed = rng.u64(..);
            for (key, value) in map.iter_mut() {
                if keys == Keys::Grammar && SETS.contains(&key.as_str()) {
                    items_mut(value, |items| Rng::with_seed(seed).shuffle(items));
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

/// What the keys of a whole document are, where those of its parts are known.
fn below(keys: Keys, key: &str, value: &Value) -> Keys {
    let named = [
        "paths",
        "schemas",
        "parameters",
        "requestBodies",
        "securitySchemes",
    ];
    match keys == Keys::Grammar && value.is_object() && named.contains(&key) {
        true => Keys::Names,
        false => keys.below(key),
    }
}

fn items_mut(value: &mut Value, change: impl FnOnce(&mut Vec<Value>)) {
    if let Value::Array(items) = value {
        change(items);
    }
}

fn reword(wording: &mut Value) {
    match wording {
        Value::Array(items) => items.iter_mut().for_each(reword),
        wording => *wording = Value::from("Said in other words."),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{difference, holds, text, vary};

    #[test]
    fn words_are_whole() {
        assert!(holds("request tags[] maxLength 32", "tags"));
        assert!(holds("200 example \"a b\"", "\"a b\""));
        assert!(!holds("request tags[] maxLength 32", "tag"));
        assert!(!holds("request tags[] maxLength 32", "3"));
        assert!(!holds("request tags", ""));
    }

    #[test]
    fn a_line_that_moves_does_not_differ() {
        let card = |lines: &[&str]| {
            lines
                .iter()
                .map(|line| (*line).to_owned())
                .collect::<Vec<_>>()
        };
        let (before, after) = (card(&["a", "b", "b"]), card(&["b", "a", "c"]));
        assert_eq!(difference(&before, &after), (vec!["b"], vec!["c"]));
    }

    #[test]
    fn a_value_differs_and_keeps_its_form() {
        for old in [
            json!(null),
            json!(true),
            json!(0),
            json!(i64::MAX),
            json!(u64::MAX),
            json!(1.5),
            json!(""),
            json!("9"),
            json!("é"),
            json!([]),
            json!({}),
        ] {
            assert_ne!(vary(&old), old);
        }
        assert_eq!(text("2024-01-09"), "2024-01-00");
        assert_eq!(text("Device"), "Devicex");
    }
}
