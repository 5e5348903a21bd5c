//! Converts text of the documents to Markdown for rustdoc.

/// Escapes characters that rustdoc reads as a link or a tag. Code spans stay unchanged.
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

/// Escaped text with a full stop, if it has no other end.
pub fn sentence(text: &str) -> String {
    let mut text = escape(text.trim());
    if !text.is_empty() && !text.ends_with(['.', ':', '!', '?', '`', ')']) {
        text.push('.');
    }
    text
}

#[cfg(test)]
mod tests;
