//! Whether the lines that differ name a change.

use std::collections::BTreeMap;

use super::Change;

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
    for (lines, step) in [(before, -1), (after, 1)] {
        for line in lines {
            *counts.entry(line).or_default() += step;
        }
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
mod tests;
