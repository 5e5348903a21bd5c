//! Names for what a page does not name: operations, types, variants.

use heck::{ToPascalCase, ToSnakeCase};

use crate::audit::page::{Choice, Page};

/// The verbs of operations by the first words of titles.
const GERUNDS: [(&str, &str); 22] = [
    ("Querying", "show"),
    ("Obtaining", "show"),
    ("Viewing", "show"),
    ("Listing", "list"),
    ("Creating", "create"),
    ("Adding", "add"),
    ("Registering", "create"),
    ("Modifying", "update"),
    ("Updating", "update"),
    ("Configuring", "update"),
    ("Changing", "change"),
    ("Resetting", "reset"),
    ("Deleting", "delete"),
    ("Removing", "remove"),
    ("Batch", "batch"),
    ("Starting", "start"),
    ("Stopping", "stop"),
    ("Restarting", "restart"),
    ("Restoring", "restore"),
    ("Downloading", "download"),
    ("Uploading", "upload"),
    ("Exporting", "export"),
];

/// The official name of an operation, and ours.
pub fn operation(page: &Page) -> (String, String) {
    let named = page.name.as_deref().filter(|name| is_official(name));
    let official = named.map_or_else(|| guessed(page).to_pascal_case(), str::to_owned);
    let ours = official.to_snake_case();
    (official, ours)
}

/// Pages without a speaking address are called by a number: `en-us_topic_0057845583`.
fn is_official(name: &str) -> bool {
    name.starts_with(|char: char| char.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A verb from the title or the method, and a noun from the path.
fn guessed(page: &Page) -> String {
    let title = page.title.as_ref().map_or("", |(_, title)| title.as_str());
    let by_title = GERUNDS
        .iter()
        .find(|(gerund, _)| title.starts_with(gerund))
        .map(|(_, verb)| *verb);
    let by_method = match page.method.as_str() {
        "GET" | "HEAD" => "show",
        "POST" => "create",
        "DELETE" => "delete",
        _ => "update",
    };
    let verb = by_title.unwrap_or(by_method);
    let list = page.method == "GET" && !page.path.ends_with('}') && verb == "show";
    let is_noun = |segment: &&str| {
        let version = segment
            .strip_prefix('v')
            .is_some_and(|rest| rest.starts_with(|char: char| char.is_ascii_digit()));
        !segment.is_empty() && !segment.contains('{') && !version
    };
    let nouns = page.path.rsplit('/').filter(is_noun);
    let mut words: Vec<String> = nouns.take(2).map(|word| word.to_snake_case()).collect();
    words.reverse();
    let plural = words.last().is_some_and(|word| word.ends_with('s'));
    let words: Vec<String> = words.iter().map(|word| singular(word)).collect();
    match list && plural {
        true => format!("list_{}s", words.join("_")),
        false => format!("{verb}_{}", words.join("_")),
    }
}

/// One of the things that a plural names.
pub fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    let keeps = ["ss", "us", "is", "as", "os"]
        .iter()
        .any(|ending| word.ends_with(ending));
    match word.strip_suffix('s').filter(|_| !keeps) {
        Some(stem) => stem.to_owned(),
        None => word.to_owned(),
    }
}

/// A type's name.
pub fn pascal(word: &str) -> String {
    singular(&word.to_pascal_case())
}

/// `Reset device authentication` for `reset_device_authentication`.
pub fn sentence(id: &str) -> String {
    let mut text = id.replace('_', " ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// Unique names for options: words as they are, numbers by what they mean.
pub fn variants(choices: &[Choice]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for choice in choices {
        let spoken = choice
            .value
            .starts_with(|char: char| char.is_ascii_alphabetic());
        let words = if spoken {
            &choice.value
        } else {
            &choice.meaning
        };
        let ascii: String = words
            .chars()
            .map(|char| {
                if char.is_ascii_alphanumeric() {
                    char
                } else {
                    ' '
                }
            })
            .collect();
        let first: Vec<&str> = ascii.split_whitespace().take(3).collect();
        let mut name = first.join(" ").to_pascal_case();
        let taken = names.contains(&name) || name == "Unknown" || name == "Self";
        if taken || !name.starts_with(|char: char| char.is_ascii_uppercase()) {
            name = format!("Value{}", choice.value.to_pascal_case());
        }
        names.push(name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(method: &str, path: &str, title: &str) -> String {
        operation(&Page {
            method: method.to_owned(),
            path: path.to_owned(),
            title: Some((1, title.to_owned())),
            ..Page::default()
        })
        .1
    }

    #[test]
    fn operations_are_named_by_title_and_path() {
        assert_eq!(
            named("GET", "/v2/{p}/lamps", "Querying Lamps"),
            "list_lamps"
        );
        assert_eq!(
            named("GET", "/v2/{p}/lamps/{id}", "Querying a Lamp"),
            "show_lamp"
        );
        assert_eq!(
            named("PUT", "/v2/{p}/lamps/{id}/key", "重置"),
            "update_lamp_key"
        );
        assert_eq!(
            named("POST", "/v2/{p}/lamps/{id}/key", "Resetting a Key"),
            "reset_lamp_key"
        );
    }

    #[test]
    fn numbers_get_names_from_their_meaning() {
        let choice = |value: &str, meaning: &str| Choice {
            value: value.to_owned(),
            meaning: meaning.to_owned(),
        };
        let choices = [
            choice("0", "direct connection, always"),
            choice("1", ""),
            choice("on-line", "x"),
        ];
        assert_eq!(
            variants(&choices),
            ["DirectConnectionAlways", "Value1", "OnLine"]
        );
    }
}
