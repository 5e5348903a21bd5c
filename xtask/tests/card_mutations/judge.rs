//! Checks whether the lines that differ between two cards show a change.

use super::{Change, difference};

/// Returns whether a removed line contains all words in `gone`, and a new line contains all words in `new`. If `gone`
/// or `new` is `None`, no such line is necessary.
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

/// Returns whether a line contains `word` as a whole word. For example, a line with 32 does not contain the word 3.
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

#[test]
fn only_whole_words_are_found_in_a_line() {
    assert!(holds("request tags[] maxLength 32", "tags"));
    assert!(holds("200 example \"a b\"", "\"a b\""));
    assert!(!holds("request tags[] maxLength 32", "tag"));
    assert!(!holds("request tags[] maxLength 32", "3"));
    assert!(!holds("request tags", ""));
}
