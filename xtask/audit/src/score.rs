//! Measures how well the audit compares a page with its transcript (OpenAPI YAML files of a service).
//!
//! [`Score::add`] makes copies of a page in memory, and changes one fact in each copy. The score counts the changes
//! that the audit reports at the position of the fact. Limits, options and defaults come from the transcript too, and
//! not only from the page reader. So the score is lower if the page reader misses such a fact.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

use serde_json::Value;

use super::page::{Example, Field, Page, words};
use super::saved::{Block, Content};
use super::view::View;
use super::{Audit, audit, compare, facts, markup, matching, read_page, saved};
use transcript::{Document, Finding, Place};

/// The results for one kind of fact.
#[derive(Debug, Default)]
pub struct Tally {
    /// The number of changed facts.
    pub changed: usize,
    /// The number of changes that the comparison reported at the right position.
    pub noticed: usize,
    /// The other changes. Each element contains the path of the page, the line, the change, and why it was missed.
    pub missed: Vec<(String, usize, String, String)>,
}

/// The score of a set of pages.
#[derive(Debug, Default)]
pub struct Score {
    /// The results for each kind of fact, such as `limit`.
    pub kinds: BTreeMap<&'static str, Tally>,
    /// The number of pages with transcribed operations.
    pub pages: usize,
    /// The number of pages that are unreadable or have no transcribed operation. These pages do not affect the score.
    pub others: usize,
    /// The findings of the unchanged pages.
    pub findings: Vec<Finding>,
}

/// Returns the percentage of changes that the comparison must report, for one kind of fact.
pub fn target(kind: &str) -> usize {
    match kind {
        "status" => 100,
        "example" => 60,
        _ => 95,
    }
}

impl Score {
    /// Returns whether the pages agree with the transcripts and each kind of fact reaches its target.
    pub fn passes(&self) -> bool {
        let mut kinds = self.kinds.iter();
        self.findings.is_empty()
            && kinds.all(|(kind, tally)| tally.noticed * 100 >= tally.changed * target(kind))
    }

    /// Changes facts of a page in memory, one at a time, and counts the reported changes.
    pub fn add(&mut self, documents: &[Document], file: &str, text: &str) {
        let before = audit(documents, file, text);
        let Ok(page) = read_page(file, text) else {
            self.others += 1;
            return;
        };
        let Some((document, operation)) = matching::of_page(documents, &page) else {
            self.others += 1;
            return;
        };
        self.pages += 1;
        let saved = saved::parse(text);
        let mut finder = Finder::new(text, &saved.blocks);
        for (field, view) in compare::compare(document, &operation, &page, file).pairs {
            finder.own = Some(document.place(&view.pointer));
            finder.field(field, &view);
        }
        finder.own = None;
        finder.statuses(&page, &saved.blocks);
        let answers = page.response_examples.iter().map(|(_, example)| example);
        for example in page.request_examples.iter().chain(answers) {
            finder.example(example);
        }
        for change in finder.changes {
            let tally = self.kinds.entry(change.kind).or_default();
            tally.changed += 1;
            let after = audit(documents, file, &change.text);
            match change.missed(&before, &after) {
                None => tally.noticed += 1,
                Some(why) => tally
                    .missed
                    .push((file.to_owned(), change.line, change.what, why)),
            }
        }
        self.findings.extend(before.findings);
    }
}

/// A copy of a page in which one fact is changed.
struct Change {
    kind: &'static str,
    line: usize,
    what: String,
    text: String,
    /// The position of the field in the transcript. `None` for a change of a status or an example.
    own: Option<Place>,
}

impl Change {
    /// Returns why the comparison does not report the change. Returns `None` if the comparison reports the change.
    fn missed(&self, before: &Audit, after: &Audit) -> Option<String> {
        let known: HashSet<String> = before
            .findings
            .iter()
            .chain(&before.explained)
            .map(shown)
            .collect();
        let here = |finding: &&Finding| {
            let mut places = finding.also.iter().map(|(place, _)| place.line);
            let own =
                places.any(|line| line == self.line) || self.own.as_ref() == Some(&finding.place);
            own && !known.contains(&shown(finding))
        };
        if after.findings.iter().any(|finding| here(&finding)) {
            return None;
        }
        let explained = after.explained.iter().find(here);
        let silent = match self.kind {
            "limit" => "not noticed; perhaps another range in the row agrees with the transcript",
            _ => "not noticed",
        };
        Some(explained.map_or(silent.to_owned(), |finding| finding.help.clone()))
    }
}

fn shown(finding: &Finding) -> String {
    format!("{} {:?}", finding.message, finding.also)
}

struct Finder<'a> {
    text: &'a str,
    /// The byte offset at which each line begins.
    starts: Vec<usize>,
    /// The numbers of the lines at which table rows and blocks begin.
    begins: Vec<usize>,
    changes: Vec<Change>,
    own: Option<Place>,
    seen: HashSet<(&'static str, usize, String)>,
}

impl<'a> Finder<'a> {
    fn new(text: &'a str, blocks: &[Block]) -> Self {
        let rows = blocks.iter().flat_map(|block| match &block.content {
            Content::Table(table) => table.rows.as_slice(),
            _ => &[],
        });
        let lines = rows.map(|row| row.line);
        let mut begins: Vec<usize> = blocks.iter().map(|block| block.line).chain(lines).collect();
        begins.sort_unstable();
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Finder {
            text,
            starts: std::iter::once(0).chain(breaks).collect(),
            begins,
            changes: Vec::new(),
            own: None,
            seen: HashSet::new(),
        }
    }

    /// Returns the byte range of the row or block that begins at `line`. The range ends before the next row or block.
    fn span(&self, line: usize) -> Range<usize> {
        let next = self.begins.iter().find(|begin| **begin > line);
        let at = |line: usize| {
            self.starts
                .get(line - 1)
                .copied()
                .unwrap_or(self.text.len())
        };
        at(line)..next.map_or(self.text.len(), |next| at(*next))
    }

    /// Adds a change that replaces `from` by `to` at the byte offsets `places`. Adjusts spaces to align table columns.
    fn change(
        &mut self,
        kind: &'static str,
        line: usize,
        (from, to): (&str, &str),
        places: &[usize],
    ) {
        if places.is_empty() || !self.seen.insert((kind, line, from.to_owned())) {
            return;
        }
        let mut text = self.text.to_owned();
        for at in places.iter().rev() {
            let (mut end, mut to) = (at + from.len(), to.to_owned());
            let longer = to.chars().count().saturating_sub(from.chars().count());
            let blank = " ".repeat(longer);
            end += if text.get(end..).is_some_and(|rest| rest.starts_with(&blank)) {
                longer
            } else {
                0
            };
            to += &" ".repeat(from.chars().count().saturating_sub(to.chars().count()));
            text.replace_range(*at..end, &to);
        }
        let what = format!("{from} to {to}");
        self.changes.push(Change {
            kind,
            line,
            what,
            text,
            own: self.own.clone(),
        });
    }

    /// Returns the byte offsets of a word in a range. A match inside a longer word does not count.
    fn words(&self, range: Range<usize>, word: &str) -> Vec<usize> {
        let text = self.text.get(range.clone()).unwrap_or_default();
        let found = markup::words(text, word).into_iter();
        found.map(|at| range.start + at).collect()
    }

    /// Adds the changes of a field. `view` is the schema of the field in the transcript.
    fn field(&mut self, field: &Field, view: &View<'_>) {
        let span = self.span(field.line);
        let Some(name) = self.words(span.clone(), &field.name).first().copied() else {
            return;
        };
        self.change(
            "rename",
            field.line,
            (&field.name, &other(&field.name)),
            &[name],
        );
        let rest = name + field.name.len()..span.end;
        let first = |finder: &Self, pairs: &'static str| {
            let pairs = pairs.split(", ").filter_map(|pair| pair.split_once(' '));
            let found =
                pairs.filter_map(|pair| Some((*finder.words(rest.clone(), pair.0).first()?, pair)));
            found.min_by_key(|(at, _)| *at)
        };
        let kind = first(self, TYPES);
        let below = kind.map_or(rest.start, |(at, _)| at);
        if let Some((at, pair)) = kind {
            self.change("type", field.line, pair, &[at]);
        }
        if let Some((at, pair)) = first(self, MARKS).filter(|(at, _)| *at < below) {
            self.change("mandatory", field.line, pair, &[at]);
        }
        let below = below..span.end;
        let listed = facts::options_of(view);
        let read = field
            .values
            .options
            .iter()
            .map(|choice| choice.value.clone());
        let known: BTreeSet<String> = read.chain(listed).collect();
        for option in &known {
            let places = self.words(below.clone(), option);
            let mut other = other(option);
            while known.contains(&other) {
                other = self::other(&other);
            }
            self.change("option", field.line, (option, &other), &places);
        }
        let ours = facts::ranges(view);
        let named = field.values.named.iter().copied();
        let ranges = ours.into_iter().chain(named).chain([field.values.printed]);
        for limit in ranges.flat_map(|range| [range.from, range.to]).flatten() {
            let limit = limit.to_string();
            let places = self.words(below.clone(), &limit);
            if !known.contains(&limit) {
                self.change("limit", field.line, (&limit, &other(&limit)), &places);
            }
        }
        let default = view.get("default").map(facts::text_of);
        for default in default.iter().chain(&field.values.default).take(1) {
            let text = self.text.get(below.clone()).unwrap_or_default();
            let label = ["efault", "默认", "缺省"]
                .iter()
                .filter_map(|label| text.find(label))
                .min();
            let Some(label) = label else { continue };
            let mut places = self.words(below.clone(), default);
            places.sort_by_key(|at| at.abs_diff(below.start + label));
            let first = places.get(..1).unwrap_or_default();
            self.change("default", field.line, (default, &other(default)), first);
        }
    }

    /// Adds a change for each status in the list of statuses, and in the headings of answers that have tables.
    fn statuses(&mut self, page: &Page, blocks: &[Block]) {
        let rows = page.statuses.iter().copied();
        let headings = blocks.iter().filter_map(|block| match &block.content {
            Content::Text(text) => Some((words::status(text)?, block.line)),
            _ => None,
        });
        let tables: Vec<u16> = page.responses.iter().map(|answer| answer.status).collect();
        let headings = headings.filter(|(status, _)| tables.contains(status));
        for (status, line) in rows.chain(headings) {
            let status = status.to_string();
            let places = self.words(self.span(line), &status);
            let first = places.get(..1).unwrap_or_default();
            let other = format!("{}77", status.get(..1).unwrap_or_default());
            self.change("status", line, (&status, &other), first);
        }
    }

    /// Adds a change for each scalar of an example, except for empty strings and strings with escapes.
    fn example(&mut self, example: &Example) {
        let Ok(value) = &example.value else { return };
        let span = self.span(example.line);
        let mut from = self
            .starts
            .get(example.line - 1)
            .copied()
            .unwrap_or_default();
        for leaf in leaves(value) {
            let text = self.text.get(from..span.end).unwrap_or_default();
            let Some(at) = text.find(&leaf) else { continue };
            let inner = leaf.trim_matches('"');
            let quoted = usize::from(leaf.starts_with('"'));
            if !inner.is_empty() && !inner.contains('\\') {
                // An example can contain equal values. If `seen` is empty, each of these values gets a separate change.
                self.seen.clear();
                self.change(
                    "example",
                    example.line,
                    (inner, &other(inner)),
                    &[from + at + quoted],
                );
            }
            from += at + leaf.len();
        }
    }
}

/// Pairs of type names of the same length. A change replaces the first name of a pair by the second name.
const TYPES: &str = "String Double, string double, Strings Objects, strings objects, Integer Boolean, integer boolean, \
    integers booleans, Boolean Integer, boolean integer, Long Bool, Float Int32, Object String, object string, objects strings";

const MARKS: &str = "Yes No, No Yes, 是 否, 否 是";

/// Returns a word that differs from `word`, but has the same length.
fn other(word: &str) -> String {
    let flag = [("true", "null"), ("false", "12345"), ("null", "true")];
    if let Some((_, other)) = flag.iter().find(|(known, _)| *known == word) {
        return (*other).to_owned();
    }
    let mut chars: Vec<char> = word.chars().collect();
    if let Some(last) = chars.last_mut() {
        *last = match *last {
            '9' => '1',
            'z' | 'Z' => '7',
            char if char.is_ascii_alphanumeric() => {
                char::from_u32(u32::from(char) + 1).unwrap_or('q')
            }
            _ => 'q',
        };
    }
    chars.into_iter().collect()
}

/// Returns the scalars of a JSON value, as JSON writes them.
fn leaves(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => map.values().flat_map(leaves).collect(),
        Value::Array(items) => items.iter().flat_map(leaves).collect(),
        leaf => vec![leaf.to_string()],
    }
}
