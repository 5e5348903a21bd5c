//! Converts strings of the documents to Markdown for rustdoc.

/// Escapes characters that rustdoc reads as markup, except in code spans. If the number of backticks is odd, the
/// function treats no part as a code span. Then the function escapes only backticks, `<` and `[`.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut code = false;
    for character in text.chars() {
        match character {
            '`' => code = !code,
            '[' | ']' | '<' | '>' | '*' | '_' | '\\' if !code => escaped.push('\\'),
            _ => {}
        }
        escaped.push(character);
    }
    if code {
        text.replace('`', "\\`")
            .replace('<', "\\<")
            .replace('[', "\\[")
    } else {
        escaped
    }
}

/// Trims and escapes a string. Adds a full stop, unless the string is empty or ends in one of `.:!?)` or a backtick.
pub fn sentence(text: &str) -> String {
    let mut text = escape(text.trim());
    if !text.is_empty() && !text.ends_with(['.', ':', '!', '?', '`', ')']) {
        text.push('.');
    }
    text
}

#[cfg(test)]
mod tests;
