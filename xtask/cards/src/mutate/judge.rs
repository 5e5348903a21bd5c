//! Makes one change at a time, and looks whether anybody notices.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use serde_json::Value;

use super::affected::Affected;
use super::{Change, Sign};

use transcript::{Document, Finding, Place};

/// One of the cards of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Card {
    /// That of the service.
    Service,
    /// That of the operation with this number, in the document's order.
    Operation(usize),
}

/// Who noticed a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// The card of every operation that the fact belongs to, each by a line that names the fact.
    Card,
    /// The lint, by a finding at the place.
    Lint,
    /// Nobody.
    Nobody,
}

/// How a card is made: its lines.
pub type Render = fn(&Value, Card) -> Result<Vec<String>>;

/// The lines of a card as the snapshots have them.
///
/// # Errors
///
/// When there is no such operation, or a reference leads nowhere.
pub fn lines(document: &Value, card: Card) -> Result<Vec<String>> {
    let facts = match card {
        Card::Service => crate::service_facts(document),
        Card::Operation(number) => crate::facts_of(document, number)?,
    };
    Ok(facts.iter().map(ToString::to_string).collect())
}

/// Judges changes of one document.
pub struct Judge<'d> {
    document: &'d Document,
    /// A copy that is changed and mended again.
    changed: Value,
    affected: Affected,
    /// The cards as they are.
    before: BTreeMap<Card, Vec<String>>,
    render: Render,
    /// What the lint finds without any change; asked for when it is first needed.
    known: OnceCell<Vec<Finding>>,
}

impl<'d> Judge<'d> {
    /// A judge who looks at the cards that `render` makes; [`lines`] makes the real ones.
    ///
    /// # Errors
    ///
    /// When the document is no good as it is: a card of it cannot be made.
    pub fn new(document: &'d Document, render: Render) -> Result<Self> {
        let affected = Affected::of(&document.value);
        let operations = (0..affected.operations()).map(Card::Operation);
        let cards = operations.chain([Card::Service]);
        let before: Result<_> = cards
            .map(|card| Ok((card, render(&document.value, card)?)))
            .collect();
        Ok(Judge {
            document,
            changed: document.value.clone(),
            affected,
            before: before?,
            render,
            known: OnceCell::new(),
        })
    }

    /// Makes the change, looks who notices it, and takes it back.
    pub fn judge(&mut self, change: &Change) -> Notice {
        let mut back = Vec::new();
        for edit in &change.edits {
            back.extend(edit.apply(&mut self.changed));
        }
        let complete = back.len() == change.edits.len();
        let seen = complete && self.is_on_the_cards(change);
        for edit in back.iter().rev() {
            edit.apply(&mut self.changed);
        }
        if seen {
            Notice::Card
        } else if complete && self.is_linted(change) {
            Notice::Lint
        } else {
            Notice::Nobody
        }
    }

    /// Whether every card that the fact is on says so.
    fn is_on_the_cards(&self, change: &Change) -> bool {
        let gone = crate::entries(&self.changed).count() < self.affected.operations();
        let cards = self.affected.cards(&change.pointer);
        let seen = |card: &Card| {
            // The numbers of the others may have changed; the one affected has no card any more.
            let after = match card {
                Card::Operation(_) if gone => Ok(Vec::new()),
                card => (self.render)(&self.changed, *card),
            };
            let before = self.before.get(card).map(Vec::as_slice);
            after.is_ok_and(|after| is_named(before.unwrap_or_default(), &after, &change.sign))
        };
        !cards.is_empty() && cards.iter().all(seen)
    }

    /// Whether the lint finds something at the fact, or at what holds it.
    fn is_linted(&self, change: &Change) -> bool {
        let mut document = self.document.clone();
        if change
            .edits
            .iter()
            .any(|edit| document.edit(edit).is_none())
        {
            return false;
        }
        let holder = change
            .pointer
            .rsplit_once('/')
            .map_or("", |(holder, _)| holder);
        let places = [&change.pointer, holder].map(|pointer| self.document.place(pointer));
        let known = self.known.get_or_init(|| lint::lint(self.document));
        let found = lint::lint(&document);
        let new = found.iter().filter(|finding| !known.contains(finding));
        let mut spots = new.flat_map(|finding| {
            let also = finding.also.iter().map(|(place, _)| place);
            also.chain([&finding.place])
        });
        spots.any(|spot| places.iter().any(|place| is_same_line(place, spot)))
    }
}

fn is_same_line(left: &Place, right: &Place) -> bool {
    left.file == right.file && left.line == right.line
}

/// Whether one of the lines that differ names the fact.
fn is_named(before: &[String], after: &[String], sign: &Sign) -> bool {
    let (gone, new) = difference(before, after);
    let named = |lines: &[&str], value: &Option<String>| {
        let Some(value) = value else { return false };
        let words = || sign.words.iter().chain([value]);
        lines
            .iter()
            .any(|line| words().all(|word| holds(line, word)))
    };
    named(&gone, &sign.before) || named(&new, &sign.after)
}

/// The lines that only one of two cards has.
fn difference<'a>(before: &'a [String], after: &'a [String]) -> (Vec<&'a str>, Vec<&'a str>) {
    let same = |(left, right): &(&String, &String)| left == right;
    let head = before.iter().zip(after).take_while(same).count();
    let (before, after) = (&before[head..], &after[head..]);
    let tail = before.iter().rev().zip(after.iter().rev());
    let tail = tail.take_while(same).count();
    let before = &before[..before.len() - tail];
    let after = &after[..after.len() - tail];
    let mut counts: HashMap<&str, i32> = HashMap::new();
    for line in before {
        *counts.entry(line).or_default() -= 1;
    }
    for line in after {
        *counts.entry(line).or_default() += 1;
    }
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

#[cfg(test)]
mod tests {
    use super::{Sign, holds, is_named};

    fn card(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    #[test]
    fn words_are_whole() {
        assert!(holds("request tags[] maxLength 32", "tags"));
        assert!(holds("200 example \"a b\"", "\"a b\""));
        assert!(!holds("request tags[] maxLength 32", "tag"));
        assert!(!holds("request tags[] maxLength 32", "3"));
        assert!(!holds("request tags", ""));
    }

    #[test]
    fn a_line_that_differs_must_name_the_fact() {
        let before = card(&["a type string", "b type string", "c type string"]);
        let after = card(&["a type string", "b type integer", "c type string"]);
        let sign = Sign::of(&["b", "type"]).from("string").to("integer");
        assert!(is_named(&before, &after, &sign));
        assert!(!is_named(&before, &before, &sign));
        for wrong in [
            Sign::of(&["a", "type"]).from("string").to("integer"),
            Sign::of(&["b", "format"]).from("string").to("integer"),
            Sign::of(&["b", "type"]).from("integer").to("string"),
            Sign::of(&["b", "type"]),
        ] {
            assert!(!is_named(&before, &after, &wrong), "{wrong:?}");
        }
    }

    #[test]
    fn a_line_that_moves_does_not_differ() {
        let before = card(&["a", "b", "c"]);
        let after = card(&["c", "a", "b"]);
        assert!(!is_named(&before, &after, &Sign::of(&[]).from("c").to("c")));
        assert!(is_named(&before, &[], &Sign::of(&[]).from("c")));
    }
}
