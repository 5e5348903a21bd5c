//! What text keeps of its markup.

/// The text without the asterisks of bold words.
pub fn without_bold(text: &str) -> String {
    text.replace("**", "")
}

/// Whether a text has ASCII letters and digits and these marks only.
pub fn is_made_of(text: &str, marks: &str) -> bool {
    text.chars()
        .all(|char| char.is_ascii_alphanumeric() || marks.contains(char))
}
