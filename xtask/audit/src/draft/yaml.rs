//! Writes YAML in our style: indentation by two spaces, block style, short lists on one line, and few quotes.

use serde_json::{Map, Value};

use transcript::Document;

/// If a key begins with this character, its value becomes a comment. The rest of the key makes the key unique.
pub const COMMENT: char = '#';

const WIDTH: usize = 120;

/// Writes the entries of a mapping. `level` is the level of indentation.
pub fn mapping(out: &mut String, map: &Map<String, Value>, level: usize) {
    for (key, value) in map {
        let pad = "  ".repeat(level);
        if key.starts_with(COMMENT) {
            let text = value.as_str().unwrap_or_default();
            out.push_str(&format!("{pad}# {text}\n"));
        } else {
            out.push_str(&format!("{pad}{}:", scalar(key)));
            node(out, value, level);
        }
    }
}

/// Writes a value after its key, or after the dash of a list item.
fn node(out: &mut String, value: &Value, level: usize) {
    match value {
        Value::Object(map) if map.is_empty() => out.push_str(" {}\n"),
        Value::Object(map) => {
            out.push('\n');
            mapping(out, map, level + 1);
        }
        Value::Array(items) if items.iter().all(is_word) && short(items) => {
            let words: Vec<String> = items.iter().map(flow).collect();
            out.push_str(&format!(" [{}]\n", words.join(", ")));
        }
        Value::Array(items) => {
            out.push('\n');
            for item in items {
                self::item(out, item, level + 1);
            }
        }
        Value::String(text) if text.len() > WIDTH && is_foldable(text) => {
            folded(out, text, level + 1);
        }
        Value::String(text) if text.chars().count() > WIDTH => broken(out, text, level + 1),
        other => out.push_str(&format!(" {}\n", flow(other))),
    }
}

/// Writes an item of a list. If the item is a mapping, its first entry follows the dash.
fn item(out: &mut String, value: &Value, level: usize) {
    let pad = "  ".repeat(level);
    let mut text = String::new();
    match value {
        Value::Object(map) if !map.is_empty() => mapping(&mut text, map, level + 1),
        Value::Array(_) => node(&mut text, value, level),
        Value::String(long) if long.chars().count() > WIDTH => node(&mut text, value, level),
        other => {
            out.push_str(&format!("{pad}- {}\n", flow(other)));
            return;
        }
    }
    out.push_str(&format!("{pad}- {}", text.trim_start()));
}

fn folded(out: &mut String, text: &str, level: usize) {
    out.push_str(" >-\n");
    let pad = "  ".repeat(level);
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.len() + word.len() > WIDTH - pad.len() {
            out.push_str(&format!("{pad}{line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    out.push_str(&format!("{pad}{line}\n"));
}

/// Writes a string in double quotes on several lines. A backslash joins two lines.
fn broken(out: &mut String, text: &str, level: usize) {
    let pad = "  ".repeat(level);
    let escaped = Value::from(text).to_string();
    let inner = escaped.get(1..escaped.len() - 1).unwrap_or_default();
    out.push_str(" \"\\\n");
    let mut rest = inner;
    while !rest.is_empty() {
        let (line, more) = rest.split_at(cut(rest));
        // YAML ignores a space at the start of a line, if no backslash precedes the space.
        let escape = if line.starts_with(' ') { "\\" } else { "" };
        let end = if more.is_empty() { "\"" } else { "\\" };
        out.push_str(&format!("{pad}{escape}{line}{end}\n"));
        rest = more;
    }
}

/// Returns the offset at which a line of an escaped string ends. The offset is never inside an escape sequence.
fn cut(text: &str) -> usize {
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        if at >= WIDTH - 20 {
            return at;
        }
        if char == '\\'
            && let Some((_, 'u')) = chars.next()
        {
            chars.nth(3);
        }
    }
    text.len()
}

/// Inserts comments above lines. Skips a comment that would change a value, for example inside a long string.
pub fn with_comments(text: String, mut comments: Vec<(usize, String)>) -> String {
    comments.sort();
    comments.dedup();
    let read = |text: &str| {
        let files = vec![("draft.yaml".to_owned(), text.as_bytes().to_vec())];
        Document::from_files("draft", files).map(|document| document.value)
    };
    let Ok(value) = read(&text) else {
        return text;
    };
    let mut whole = text;
    for (line, comment) in comments.into_iter().rev() {
        let mut lines: Vec<&str> = whole.lines().collect();
        let Some(below) = line.checked_sub(1).and_then(|at| lines.get(at)) else {
            continue;
        };
        let indent = below.len() - below.trim_start().len();
        let comment = format!("{}# {comment}", " ".repeat(indent));
        lines.insert(line - 1, &comment);
        let commented = lines.join("\n") + "\n";
        if read(&commented).is_ok_and(|read| read == value) {
            whole = commented;
        }
    }
    whole
}

fn is_foldable(text: &str) -> bool {
    text.contains(' ')
        && !text.contains(['\n', '\t'])
        && !text.contains("  ")
        && text.trim() == text
}

fn is_word(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.contains(' '),
        Value::Number(_) | Value::Bool(_) => true,
        _ => false,
    }
}

fn short(items: &[Value]) -> bool {
    items.iter().map(|item| flow(item).len() + 2).sum::<usize>() < WIDTH - 30
}

fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        Value::Array(items) if items.is_empty() => "[]".to_owned(),
        Value::Object(map) if map.is_empty() => "{}".to_owned(),
        other => other.to_string(),
    }
}

/// Returns a string as YAML. The result has quotes if YAML can read the string without quotes as another value.
pub fn scalar(text: &str) -> String {
    if text.chars().any(char::is_control) {
        return Value::from(text).to_string();
    }
    match needs_quotes(text) {
        true => format!("'{}'", text.replace('\'', "''")),
        false => text.to_owned(),
    }
}

fn needs_quotes(text: &str) -> bool {
    let special = |char: char| "-?:,[]{}#&*!|>'\"%@`=~<".contains(char);
    let number = text.starts_with(|char: char| char.is_ascii_digit() || matches!(char, '.' | '+'));
    let word =
        ["true", "false", "null", "yes", "no", "on", "off"].contains(&text.to_lowercase().as_str());
    text.is_empty()
        || text.trim() != text
        || text.starts_with(special)
        || number
        || word
        || text.contains(": ")
        || text.contains(" #")
        || text.contains([',', '[', ']'])
        || text.ends_with(':')
}

#[cfg(test)]
mod tests;
