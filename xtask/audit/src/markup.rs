//! What text keeps of its markup.

/// The text without the asterisks of bold words.
pub fn without_bold(text: &str) -> String {
    text.replace("**", "")
}
