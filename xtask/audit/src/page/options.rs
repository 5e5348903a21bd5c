//! Reads the options (the allowed values) in a description.

use super::field_type::FieldType;
use crate::markup::{is_made_of, without_bold};

/// An option with its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The value, as the page prints it.
    pub value: String,
    /// The words of the description that explain the option.
    pub meaning: String,
}

/// Returns the options in a description. The result is empty if the description lists no options.
pub fn find(description: &str, kind: &FieldType) -> Vec<Choice> {
    let found = match kind.innermost() {
        FieldType::String => labelled(description)
            .or_else(|| bullets(description))
            .or_else(|| sentence(description)),
        FieldType::Integer | FieldType::Long => numbered(description)
            .or_else(|| labelled(description))
            .or_else(|| bullets(description)),
        _ => None,
    };
    let mut choices: Vec<Choice> = Vec::new();
    for choice in found.unwrap_or_default() {
        let fits = kind.innermost() == &FieldType::String || choice.value.parse::<i64>().is_ok();
        if fits && !choices.iter().any(|known| known.value == choice.value) {
            choices.push(choice);
        }
    }
    // A single value is only an example. If all values are `true` or `false`, the field is a flag without options.
    let is_flag = choices
        .iter()
        .all(|choice| matches!(choice.value.as_str(), "true" | "false"));
    match choices.len() < 2 || is_flag {
        true => Vec::new(),
        false => choices,
    }
}

/// Reads the lines below `Enumeration values:`. Each line has one word.
fn labelled(description: &str) -> Option<Vec<Choice>> {
    let mut lines = description.lines();
    lines.find(|line| {
        let line = without_bold(line).trim().to_lowercase();
        line.starts_with("enumeration value") || line.starts_with("枚举值")
    })?;
    let values = lines.map_while(|line| {
        let line = without_bold(line);
        let word = line.trim().trim_start_matches("- ").trim();
        is_word(word).then(|| Choice {
            value: word.to_owned(),
            meaning: String::new(),
        })
    });
    Some(values.collect())
}

/// Reads list items that begin with a bold word, such as `- **on**: The device is on.`
fn bullets(description: &str) -> Option<Vec<Choice>> {
    let choices: Vec<Choice> = description.lines().filter_map(bullet).collect();
    (choices.len() > 1).then_some(choices)
}

fn bullet(line: &str) -> Option<Choice> {
    let item = line.trim().strip_prefix('-')?.trim_start();
    let (value, rest) = item.strip_prefix("**")?.split_once("**")?;
    let ends = rest.is_empty() || rest.starts_with([':', '：', ',', ' ', '.', '(']);
    (ends && is_word(value)).then(|| Choice {
        value: value.to_owned(),
        meaning: rest.trim_start_matches([':', '：', ' ']).to_owned(),
    })
}

/// Reads options in a sentence, such as `The value can be **create** or **delete**.`
fn sentence(description: &str) -> Option<Vec<Choice>> {
    let labels =
        "value can be|options are|value options|options:|possible values|取值：|取值范围：";
    let lower = description.to_lowercase();
    let after = labels
        .split('|')
        .filter_map(|label| Some(lower.find(label)? + label.len()))
        .min()?;
    let rest = description
        .get(after..)
        .filter(|_| lower.len() == description.len())?;
    let end = rest.find(". ").unwrap_or(rest.len());
    let mut parts = rest.get(..end)?.lines().next()?.split("**");
    parts.next();
    let values = parts.step_by(2).filter(|word| is_word(word));
    Some(
        values
            .map(|value| Choice {
                value: value.to_owned(),
                meaning: String::new(),
            })
            .collect(),
    )
}

/// Reads options with meanings, such as `0: enabled; 1: disabled.`
fn numbered(description: &str) -> Option<Vec<Choice>> {
    let text = without_bold(description);
    let mut choices: Vec<Choice> = Vec::new();
    for (at, colon) in text.match_indices([':', '：']) {
        let before = text.get(..at).unwrap_or_default();
        let value = trailing_digits(before);
        let rest = text.get(at + colon.len()..).unwrap_or_default();
        let word_before = before.len() > value.len()
            && before
                .get(..before.len() - value.len())
                .is_some_and(|text| {
                    text.ends_with(|char: char| {
                        char.is_alphanumeric() || matches!(char, '-' | ':' | '.')
                    })
                });
        // If the next condition is true, the colon belongs to a time of day or to a label, not to an option.
        if value.is_empty() || word_before || rest.starts_with(|char: char| char.is_ascii_digit()) {
            continue;
        }
        let end = rest.find([';', '\n', '；', '。']).unwrap_or(rest.len());
        choices.push(Choice {
            value: value.to_owned(),
            meaning: rest.get(..end).unwrap_or_default().trim().to_owned(),
        });
    }
    (choices.len() > 1).then_some(choices)
}

fn trailing_digits(text: &str) -> &str {
    let start = text
        .char_indices()
        .rev()
        .take_while(|(_, char)| char.is_ascii_digit())
        .last()
        .map_or(text.len(), |(at, _)| at);
    text.get(start..).unwrap_or_default()
}

fn is_word(text: &str) -> bool {
    (1..=40).contains(&text.len()) && is_made_of(text, "_-./")
}

#[cfg(test)]
mod tests;
