//! Removes the marks of bold words from strings, checks the characters of strings, and finds words in strings.

/// Returns a string without the asterisks that mark bold words.
pub fn without_bold(text: &str) -> String {
    text.replace("**", "")
}

/// Returns whether a string has only ASCII letters, ASCII digits, and characters of `marks`.
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
