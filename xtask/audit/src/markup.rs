//! Removes bold marks from strings, checks their characters, and finds words.

/// Returns a string without the asterisks that mark bold words.
pub fn without_bold(text: &str) -> String {
    text.replace("**", "")
}

/// Returns whether a string has only ASCII letters, digits, and the given characters.
pub fn is_made_of(text: &str, marks: &str) -> bool {
    text.chars()
        .all(|char| char.is_ascii_alphanumeric() || marks.contains(char))
}

/// Returns the byte offsets of a word in a string. A match inside a longer word does not count.
pub fn words(text: &str, word: &str) -> Vec<usize> {
    let part = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let found = text.match_indices(word).filter(|(at, _)| {
        let before = text.get(..*at).and_then(|text| text.chars().next_back());
        let after = text
            .get(at + word.len()..)
            .and_then(|text| text.chars().next());
        !word.is_empty() && !before.is_some_and(part) && !after.is_some_and(part)
    });
    found.map(|(at, _)| at).collect()
}
