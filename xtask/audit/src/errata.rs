//! Which differences the list of errata explains: those at a place that a comment `# ERRATA A1` is about.
//!
//! A comment is about what follows it, and about the key whose first words it is. One above a whole type or operation
//! explains only differences of fields that its row names in backticks.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use lint::errata::{named, row};
use transcript::{Document, escape};

/// The comments of a document, by the places that they are about.
pub struct Errata<'a> {
    document: &'a Document,
    /// Ids by file and line.
    about: HashMap<(&'a str, usize), Vec<&'a str>>,
    /// The text of each row.
    rows: HashMap<&'a str, &'a str>,
}

impl<'a> Errata<'a> {
    /// Reads the comments and the list.
    pub fn read(document: &'a Document) -> Self {
        let mut errata = Errata {
            document,
            about: HashMap::new(),
            rows: HashMap::new(),
        };
        let lines = document.errata().unwrap_or_default().lines();
        errata.rows = lines.filter_map(|line| Some((row(line)?, line))).collect();
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
                // The first words below a key are about the key.
                if let Some((above, _)) = before.filter(|(_, outer)| *outer < indent) {
                    self.about.entry((name, above)).or_default().extend(&ids);
                }
                self.about.entry((name, index + 1)).or_default().extend(ids);
            }
            before = Some((index + 1, indent));
        }
    }

    /// The errata that explain a difference at a pointer; `name` is the field's, parameter's or status's.
    pub fn explain(&self, pointer: &str, name: &str) -> BTreeSet<&'a str> {
        let mut ids: BTreeSet<&str> = self.near(pointer).into_iter().collect();
        ids.extend(self.explain_named(pointer, name));
        ids
    }

    /// Those whose rows name what it is about, at the node or above it.
    pub fn explain_named(&self, pointer: &str, name: &str) -> BTreeSet<&'a str> {
        let at = self.at(pointer).into_iter();
        let mut ids: BTreeSet<&str> = at.filter(|id| self.names(id, name)).collect();
        let mut above = pointer;
        while let Some(at) = above.rfind('/').filter(|at| *at > 0) {
            above = above.get(..at).unwrap_or_default();
            let mentioned = self.at(above).into_iter().filter(|id| self.names(id, name));
            ids.extend(mentioned);
        }
        ids
    }

    fn names(&self, id: &str, name: &str) -> bool {
        let row = self.rows.get(id).copied().unwrap_or_default();
        row.contains(&format!("`{name}`")) || row.contains(&format!(".{name}`"))
    }

    /// The comments about a node and about its own keywords.
    fn near(&self, pointer: &str) -> Vec<&'a str> {
        let mut ids = self.at(pointer);
        // Members of a list are not what the list is about.
        let mut nodes = match pointer.ends_with("/parameters") || pointer.ends_with("/responses") {
            true => Vec::new(),
            false => vec![pointer.to_owned()],
        };
        while let Some(node) = nodes.pop() {
            let value = self.document.value.pointer(&node);
            let members = value.and_then(Value::as_object).into_iter();
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
        let found = self
            .about
            .iter()
            .find(|((file, line), _)| *file == place.file && *line == place.line);
        found.map(|(_, ids)| ids.clone()).unwrap_or_default()
    }
}

/// Keys below which other things stand, with comments of their own.
fn is_below(key: &str) -> bool {
    matches!(key, "properties" | "responses" | "content")
}
