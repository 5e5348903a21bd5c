//! Makes cards. A card lists the facts of one part of an OpenAPI document. Reviewers read the changes in the cards.
//!
//! A document consists of [`Part`]s: the service, its operations, and its components. Each part has its own card. A
//! card names other parts, but does not repeat their facts. So a changed value usually changes one line in one file.
//! The order of a document's keys and YAML files has no effect on a card. A card omits explanations (see
//! [`keys::is_wording`]). It shows the values of all other keys, even of keys that this crate does not know.

pub mod keys;
mod lines;
mod part;
pub mod values;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use keys::Keys;
pub use lines::lines;
pub use part::{Part, Spot, Subject, parts};
use values::shown;

/// A function that makes the lines of a card.
pub type Render = fn(&Part) -> Vec<String>;

/// Returns the content of each file with cards, by file name. The file of a chapter (a group of operations) has the
/// cards of its operations, and of components that only this chapter uses. The file `service` has the cards of the
/// service and of the security schemes. The file `common` has all other cards.
pub fn files(document: &Value) -> BTreeMap<String, String> {
    files_by(&parts(document), lines)
}

/// Like [`files`], but takes the parts of a document. The function `render` makes the lines of each card.
pub fn files_by(parts: &[Part], render: Render) -> BTreeMap<String, String> {
    let uses = Uses::collect(parts);
    let mut sorted: Vec<&Part> = parts.iter().collect();
    sorted.sort_by_cached_key(|part| match &part.subject {
        Subject::Component { section, name } => (section.clone(), name.clone()),
        _ => (String::new(), part.name()),
    });
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for part in sorted {
        let text = files.entry(uses.home(part)).or_default();
        if !text.is_empty() {
            text.push('\n');
        }
        for (number, line) in render(part).iter().enumerate() {
            text.push_str(line);
            if number == 0 {
                text.push_str(&uses.users(part));
            }
            text.push('\n');
        }
    }
    files
}

#[derive(Default)]
struct Uses {
    /// For each JSON pointer of a component: the nodes that refer to it, such as `Device.tags` or `list_devices 200`.
    users: BTreeMap<String, BTreeSet<String>>,
    /// For each JSON pointer of a part: the chapters of the operations that use it, also indirectly. An operation uses
    /// itself.
    chapters: BTreeMap<String, BTreeSet<String>>,
}

impl Uses {
    fn collect(parts: &[Part]) -> Uses {
        let mut uses = Uses::default();
        let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for part in parts {
            let targets = named.entry(part.pointer()).or_default();
            part.walk(&mut |spot| {
                let reference = spot.value.as_str().filter(|_| spot.key == "$ref");
                let Some(reference) = reference.filter(|_| spot.keys == Keys::Grammar) else {
                    return;
                };
                let user = match &part.subject {
                    Subject::Component { section, .. } if section == "schemas" => {
                        spot.words.join(".")
                    }
                    Subject::Component { section, name } => {
                        format!("{} {name}", section.trim_end_matches('s'))
                    }
                    _ => spot.words.join(" "),
                };
                let target = reference.trim_start_matches('#').to_owned();
                uses.users.entry(target.clone()).or_default().insert(user);
                targets.push(target);
            });
        }
        for part in parts {
            let Some(chapter) = chapter(part) else {
                continue;
            };
            let mut open = vec![part.pointer()];
            while let Some(pointer) = open.pop() {
                let chapters = uses.chapters.entry(pointer.clone()).or_default();
                if chapters.insert(chapter.clone()) || pointer == part.pointer() {
                    open.extend(named.get(&pointer).into_iter().flatten().cloned());
                }
            }
        }
        uses
    }

    fn home(&self, part: &Part) -> String {
        let is_scheme = |section: &str| section == "securitySchemes";
        match &part.subject {
            Subject::Service => "service".to_owned(),
            Subject::Component { section, .. } if is_scheme(section) => "service".to_owned(),
            _ => match self.chapters.get(&part.pointer()) {
                Some(one) if one.len() == 1 => one.iter().cloned().collect(),
                _ => "common".to_owned(),
            },
        }
    }

    /// Returns the users of a schema, for the heading of its card. Returns an empty string if the part is not a schema.
    fn users(&self, part: &Part) -> String {
        match (&part.subject, self.users.get(&part.pointer())) {
            (Subject::Component { section, .. }, users) if section == "schemas" => {
                let users: Vec<&str> = users.into_iter().flatten().map(String::as_str).collect();
                match users.as_slice() {
                    [] => "; used by nothing".to_owned(),
                    users => format!("; used by {}", users.join(", ")),
                }
            }
            _ => String::new(),
        }
    }
}

/// Returns the chapter of an operation (its first tag, or `common` without tags). Returns `None` for other parts.
fn chapter(part: &Part) -> Option<String> {
    let tag = part.value["tags"].get(0).map(shown);
    let tag = tag.unwrap_or_else(|| "common".to_owned());
    matches!(part.subject, Subject::Operation { .. }).then_some(tag)
}
