//! Text of the documents as Markdown for rustdoc.

/// Escapes what rustdoc would take for a link or a tag, outside of code spans.
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

/// Escaped text that ends like a sentence.
pub fn sentence(text: &str) -> String {
    let mut text = escape(text.trim());
    if !text.is_empty() && !text.ends_with(['.', ':', '!', '?', '`', ')']) {
        text.push('.');
    }
    text
}

#[cfg(test)]
mod tests;
