//! Compares the lines of two cards, or of two files with cards. A card lists the facts of one part of an OpenAPI
//! document, such as an operation.

use std::collections::BTreeMap;

/// Returns the lines that `before` contains more often than `after`, and the lines that `after` contains more often.
pub fn difference<'a>(before: &'a [String], after: &'a [String]) -> (Vec<&'a str>, Vec<&'a str>) {
    // Skips equal lines at the start and at the end first, because counting lines is slow.
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
