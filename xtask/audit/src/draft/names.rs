//! Makes the names that a page does not state: names of operations, types and variants.

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::Value;

use crate::page::{Choice, Page};

/// The first words of page titles, each followed by the verb for the operation id.
const GERUNDS: &str = "Querying show, Obtaining show, Viewing show, Listing list, Creating create, Adding add, \
    Registering create, Modifying update, Updating update, Configuring update, Changing change, Resetting reset, \
    Deleting delete, Removing remove, Batch batch, Starting start, Stopping stop, Restarting restart, Restoring restore, \
    Downloading download, Uploading upload, Exporting export";

/// Returns the official name, if the page states one, and the operation id. If `taken` returns `true` for the id,
/// appends the path's API version, or `other` if the path has none. If the longer id is also taken, appends a number.
pub fn operation(page: &Page, taken: impl Fn(&str) -> bool) -> (Option<String>, String) {
    let named = page.name.clone().filter(|name| is_official(name));
    let id = named
        .clone()
        .unwrap_or_else(|| guessed(page))
        .to_snake_case();
    let version = page
        .path
        .split('/')
        .nth(1)
        .filter(|segment| is_version(segment));
    let version = version.unwrap_or("other").to_pascal_case().to_snake_case();
    let several = (2..100).map(|number| format!("{id}_{version}{number}"));
    let candidates = [id.clone(), format!("{id}_{version}")];
    let mut candidates = candidates.into_iter().chain(several);
    let free = candidates.find(|name| !taken(name));
    (named, free.unwrap_or(id))
}

fn is_version(segment: &str) -> bool {
    let number = segment.strip_prefix('v');
    number.is_some_and(|rest| rest.starts_with(|char: char| char.is_ascii_digit()))
}

/// Returns whether the name of a page can be the official name of an operation, unlike `en-us_topic_0057845583`.
pub fn is_official(name: &str) -> bool {
    name.starts_with(|char: char| char.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Guesses the verb of an operation id from the title or the method, and the noun from the path.
fn guessed(page: &Page) -> String {
    let title = page.title.as_ref().map_or("", |(_, title)| title.as_str());
    let mut pairs = GERUNDS.split(", ").filter_map(|pair| pair.split_once(' '));
    let by_title = pairs.find(|(gerund, _)| title.starts_with(gerund));
    let by_title = by_title.map(|(_, verb)| verb);
    let by_method = match page.method.as_str() {
        "GET" | "HEAD" => "show",
        "POST" => "create",
        "DELETE" => "delete",
        _ => "update",
    };
    let verb = by_title.unwrap_or(by_method);
    let list = page.method == "GET" && !page.path.ends_with('}') && verb == "show";
    let is_noun =
        |segment: &&str| !segment.is_empty() && !segment.contains('{') && !is_version(segment);
    let nouns = page.path.rsplit('/').filter(is_noun);
    let mut words: Vec<String> = nouns.take(2).map(|word| word.to_snake_case()).collect();
    words.reverse();
    let plural = words.last().is_some_and(|word| word.ends_with('s'));
    let last = words.last().cloned().unwrap_or_default();
    let mut words: Vec<String> = words.iter().map(|word| singular(word)).collect();
    if list && plural {
        words.pop();
        words.insert(0, "list".to_owned());
        words.push(last);
        return words.join("_");
    }
    format!("{verb}_{}", words.join("_"))
}

/// Returns the singular of a noun.
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

/// Returns the name of a type for a word: singular, in PascalCase.
pub fn pascal(word: &str) -> String {
    singular(&word.to_pascal_case())
}

/// Returns the operation id as a sentence: `Reset device authentication` for `reset_device_authentication`.
pub fn sentence(id: &str) -> String {
    let mut text = id.replace('_', " ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// Returns whether the value of an option is a word. A word can be used as a name, but a number cannot.
pub fn speaks(choice: &Choice) -> bool {
    choice
        .value
        .starts_with(|char: char| char.is_ascii_alphabetic())
}

/// Returns whether the options of a page agree with the options of a schema. The caller has already compared the
/// values. If an option is not a word, its meaning must also agree.
pub fn agree(choices: &[Choice], schema: &Value) -> bool {
    let list = |key: &str| schema.get(key).and_then(Value::as_array);
    let word = |key: &str, at: usize| {
        let word = list(key).and_then(|words| words.get(at)?.as_str());
        letters(word.unwrap_or_default())
    };
    let named = variants(choices);
    choices
        .iter()
        .zip(named)
        .enumerate()
        .all(|(at, (choice, name))| {
            let meaning = letters(&choice.meaning);
            let known = [word("x-enum-varnames", at), word("x-enum-descriptions", at)];
            let same = !meaning.is_empty()
                && (known.contains(&meaning) || known.contains(&letters(&name)));
            speaks(choice) || same
        })
}

/// Returns a string in lower case without spaces and punctuation.
fn letters(text: &str) -> String {
    let letters = text.chars().filter(|char| char.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Returns Rust names for options. If an option is a word, this word becomes the name. Otherwise, the first words of
/// the meaning become the name. If this name is impossible or already used, the name is `Value` plus the option.
pub fn variants(choices: &[Choice]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for choice in choices {
        let words = if speaks(choice) {
            &choice.value
        } else {
            &choice.meaning
        };
        let words = words.split(|char: char| !char.is_ascii_alphanumeric());
        let words = words.filter(|word| !word.is_empty());
        let first: Vec<&str> = words.take(3).collect();
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
mod tests;
