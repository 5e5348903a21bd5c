//! Reads roles, such as `:ref:`, and escapes in the text of reStructuredText.

use super::squeeze;

/// Replaces roles by their content, and removes escapes. Returns the resulting text, and the target of the first link.
pub fn inline(text: &str) -> (String, Option<String>) {
    let (mut out, mut link) = (String::new(), None);
    let mut rest = text;
    while let Some((before, role, content, after)) = next_role(rest) {
        out.push_str(before);
        match content.rsplit_once('<') {
            Some((shown, target)) if role == "ref" => {
                out.push_str(shown.trim());
                link.get_or_insert_with(|| target.trim_end_matches('>').to_owned());
            }
            _ => out.push_str(content),
        }
        rest = after;
    }
    out.push_str(rest);
    (squeeze(&unescape(&out)), link)
}

/// Splits a text at its first role. Returns the text before the role, the name and content of the role, and the rest.
fn next_role(text: &str) -> Option<(&str, &str, &str, &str)> {
    ["ref", "literal", "sup", "sub", "doc"]
        .iter()
        .filter_map(|role| {
            let (before, rest) = text.split_once(&format!(":{role}:`"))?;
            let end = closing(rest)?;
            Some((before, *role, rest.get(..end)?, rest.get(end + 1..)?))
        })
        .min_by_key(|(before, ..)| before.len())
}

/// Returns the offset of the first backtick that is not escaped.
fn closing(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, char)| {
        let ends = char == '`' && !escaped;
        escaped = char == '\\' && !escaped;
        ends.then_some(at)
    })
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => out.extend(chars.next()),
            other => out.push(other),
        }
    }
    out
}
