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
mod tests {
    use super::{escape, sentence};

    #[test]
    fn brackets_and_tags_are_escaped_outside_of_code() {
        assert_eq!(escape("a [b] <c> `[d]`"), r"a \[b\] \<c\> `[d]`");
    }

    #[test]
    fn an_open_code_span_is_text() {
        assert_eq!(
            escape("the character ` and <b>"),
            r"the character \` and \<b>"
        );
    }

    #[test]
    fn a_sentence_ends_once() {
        assert_eq!(sentence("Device ID"), "Device ID.");
        assert_eq!(sentence("Device ID."), "Device ID.");
        assert_eq!(sentence(""), "");
    }
}
