//! Decides which differences between a page and a transcript (OpenAPI YAML files) a row of `ERRATA.md` explains.
//!
//! A comment `# ERRATA A1` is about the next line. If the comment is the first line below a key, the comment is also
//! about the key. The row `A1` of `ERRATA.md` lists facts. A fact with names, such as ``limit of `free` ``, explains
//! differences with these names. Such a difference can be near the comment, or inside the node of the comment. A fact
//! without names, such as `limit`, explains only differences near the comment. `near` finds the comments near a node.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use crate::comparison::Difference;
use crate::markup::words;
use transcript::errata::{Row, named, of_service, rows};
use transcript::{Document, escape};

/// The errata comments of a document, and the rows of its `ERRATA.md`.
pub struct Errata<'a> {
    document: &'a Document,
    /// The ids of errata, by file name and line number.
    about: HashMap<(&'a str, usize), Vec<&'a str>>,
    rows: Vec<Row<'a>>,
}

impl<'a> Errata<'a> {
    pub fn collect(document: &'a Document) -> Self {
        let list = of_service(document.errata(), &document.service);
        let mut errata = Errata {
            document,
            about: HashMap::new(),
            rows: list.map(|list| rows(&list.text)).unwrap_or_default(),
        };
        for file in document.files() {
            errata.file(&file.name, &file.text);
        }
        errata
    }

    fn file(&mut self, name: &'a str, text: &'a str) {
        let mut pending: Vec<&str> = Vec::new();
        let mut before: Option<(usize, usize)> = None;
        for (index, line) in text.lines().enumerate() {
            let bare = line.trim_start();
            let indent = line.len() - bare.len();
            if let Some(comment) = bare.strip_prefix('#') {
                pending.extend(named(comment));
                continue;
            }
            if bare.is_empty() {
                continue;
            }
            if !pending.is_empty() {
                let ids = std::mem::take(&mut pending);
                if let Some((above, _)) = before.filter(|(_, outer)| *outer < indent) {
                    self.about.entry((name, above)).or_default().extend(&ids);
                }
                self.about.entry((name, index + 1)).or_default().extend(ids);
            }
            before = Some((index + 1, indent));
        }
    }

    /// Returns the ids of the errata that explain a difference. `fact` is the kind of the difference, such as `limit`.
    pub fn explain(&self, fact: &str, difference: &Difference) -> BTreeSet<&'a str> {
        let (pointer, name) = (difference.pointer.as_str(), difference.name.as_str());
        let said = &difference.said;
        let here = self.near(pointer).into_iter();
        let mut ids: BTreeSet<&str> = here
            .filter(|id| {
                self.explains(id, fact, None, said) || self.explains(id, fact, Some(name), said)
            })
            .collect();
        let mut above = pointer;
        while let Some(at) = above.rfind('/').filter(|at| *at > 0) {
            above = above.get(..at).unwrap_or_default();
            let ids_above = self.at(above).into_iter();
            ids.extend(ids_above.filter(|id| self.explains(id, fact, Some(name), said)));
        }
        ids
    }

    /// Returns whether the row `id` lists the fact with `name` (`None`: without names), and contains the values in
    /// `said`. If a later revision of the page states other values, the row does not explain the difference.
    fn explains(&self, id: &str, fact: &str, name: Option<&str>, said: &[String]) -> bool {
        let names = |row: &&Row<'_>| {
            let text = row.text.to_lowercase();
            said.iter()
                .all(|word| !words(&text, &word.to_lowercase()).is_empty())
        };
        let rows = self.rows.iter().filter(|row| row.id == id);
        let mut rows = rows.filter(names);
        rows.any(|row| {
            let mut facts = row.explains.iter().filter(|(known, _)| *known == fact);
            facts.any(|(_, names)| match name {
                Some(name) => names.contains(&name),
                None => names.is_empty(),
            })
        })
    }

    /// Returns the ids of the errata in the comments at a node and at its keys. Also searches the keys of its schema,
    /// its list elements and its examples, and the keys of the target of its reference.
    fn near(&self, pointer: &str) -> Vec<&'a str> {
        let mut ids = self.at(pointer);
        // A comment inside `parameters` or `responses` is about one parameter or response, so it does not count.
        let mut nodes = match pointer.ends_with("/parameters") || pointer.ends_with("/responses") {
            true => Vec::new(),
            false => vec![pointer.to_owned()],
        };
        while let Some(node) = nodes.pop() {
            let value = self.document.value.pointer(&node);
            let members = value.and_then(Value::as_object).into_iter();
            let reference =
                value.and_then(|value| value.get("$ref").or(value.pointer("/allOf/0/$ref")));
            let target = reference
                .and_then(Value::as_str)
                .and_then(|target| target.strip_prefix('#'));
            nodes.extend(target.map(str::to_owned));
            let examples = node.ends_with("/examples");
            for key in members
                .flat_map(|map| map.keys())
                .filter(|key| !is_below(key))
            {
                let child = format!("{node}/{}", escape(key));
                ids.extend(self.at(&child));
                if examples || matches!(key.as_str(), "schema" | "items") {
                    nodes.push(child);
                }
            }
        }
        ids
    }

    fn at(&self, pointer: &str) -> Vec<&'a str> {
        if self.document.value.pointer(pointer).is_none() {
            return Vec::new();
        }
        let place = self.document.place(pointer);
        let found = self.about.get(&(place.file.as_str(), place.line));
        found.cloned().unwrap_or_default()
    }
}

/// Returns whether comments at this key are about the value of the key, not about the object with the key.
fn is_below(key: &str) -> bool {
    matches!(key, "properties" | "responses" | "content")
}
