//! Finds the differences that the list of errata explains.
//!
//! A comment `# ERRATA A1` is about the lines after it. If it comes first below a key, it is about the key, too. Its row
//! names the facts that it explains. A fact with names is explained at the comment's place and below it. A fact without
//! names is explained at the place only.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use crate::comparison::Difference;
use crate::markup::words;
use transcript::errata::{Row, named, of_service, rows};
use transcript::{Document, escape};

/// The comments of a document, by their places.
pub struct Errata<'a> {
    document: &'a Document,
    /// Ids by file and line.
    about: HashMap<(&'a str, usize), Vec<&'a str>>,
    /// The rows of the service.
    rows: Vec<Row<'a>>,
}

impl<'a> Errata<'a> {
    /// Reads the comments and the list.
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
                // A comment that comes first below a key is about the key.
                if let Some((above, _)) = before.filter(|(_, outer)| *outer < indent) {
                    self.about.entry((name, above)).or_default().extend(&ids);
                }
                self.about.entry((name, index + 1)).or_default().extend(ids);
            }
            before = Some((index + 1, indent));
        }
    }

    /// The ids of the errata that explain a difference of a fact.
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

    /// Whether a row names the fact and the page's words. So a later change of the page is not explained.
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

    /// The comments at a node and at its own keywords.
    fn near(&self, pointer: &str) -> Vec<&'a str> {
        let mut ids = self.at(pointer);
        // A difference of a whole list is not about its members.
        let mut nodes = match pointer.ends_with("/parameters") || pointer.ends_with("/responses") {
            true => Vec::new(),
            false => vec![pointer.to_owned()],
        };
        while let Some(node) = nodes.pop() {
            let value = self.document.value.pointer(&node);
            let members = value.and_then(Value::as_object).into_iter();
            // The target of a reference is a part of the field.
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

/// Keys whose children have comments of their own.
fn is_below(key: &str) -> bool {
    matches!(key, "properties" | "responses" | "content")
}
