//! Reads the parts of YAML that settings need: mappings, lists and scalars.

use huaweicloud_core::{Error, ErrorKind};
use saphyr::{ScalarStyle, Yaml, YamlLoader};
use saphyr_parser::Parser;
use std::collections::BTreeMap;
use std::path::Path;

/// A YAML document, or a part of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Node {
    /// No value, or `null`.
    #[default]
    Empty,
    /// A scalar as a string, such as `eu-de`, `12` or the quoted string `"0123"`.
    Text(String),
    /// An unquoted scalar that tools for YAML 1.1 can change, such as `0123`, `1.50` or `on`. The string has the
    /// notation of the file.
    Ambiguous(String),
    List(Vec<Node>),
    /// The members of a mapping in the order of the file. Members that `<<` merges come after the mapping's own
    /// members.
    Map(Vec<(String, Node)>),
}

/// Parses a string that contains at most one document.
pub(crate) fn parse(path: &Path, text: &str) -> Result<Node, Error> {
    let mut loader = YamlLoader::<Yaml<'_>>::default();
    // Without this option, the loader would read `0123` as a number.
    loader.early_parse(false);
    let parsed = Parser::new_from_str(text).load(&mut loader, true);
    if let Err(error) = parsed.as_ref().map_err(|error| error.marker()) {
        return Err(wrong(path, error.line(), error.col()));
    }
    if let Some(error) = loader.error() {
        return Err(wrong(path, error.marker().line(), error.marker().col()));
    }
    let documents = loader.into_documents();
    if documents.len() > 1 {
        let message = format!("{} has more than one YAML document", path.display());
        let help = "remove the lines `---` between them: other tools refuse such a file";
        return Err(Error::new(ErrorKind::Config, message).with_help(help));
    }
    Ok(documents.first().map(Node::from_yaml).unwrap_or_default())
}

/// Returns the error for invalid YAML. The parser's own message is not shown, because it can quote the file.
fn wrong(path: &Path, line: usize, column: usize) -> Error {
    let message = format!("{}:{line}:{} is not YAML", path.display(), column + 1);
    Error::new(ErrorKind::Config, message)
        .with_help("check the line's indentation, quotes and colons, and that no key occurs twice")
}

impl Node {
    fn from_yaml(yaml: &Yaml<'_>) -> Self {
        match yaml {
            Yaml::Representation(text, ScalarStyle::Plain, _) => match &**text {
                "" | "~" | "null" | "Null" | "NULL" => Self::Empty,
                text if is_ambiguous(text) => Self::Ambiguous(text.to_owned()),
                text => Self::Text(text.to_owned()),
            },
            Yaml::Representation(text, ..) => Self::Text(text.to_string()),
            Yaml::Sequence(items) => Self::List(items.iter().map(Self::from_yaml).collect()),
            Yaml::Mapping(pairs) => {
                let pair = |(key, value): (&Yaml<'_>, _)| match Self::from_yaml(key) {
                    Self::Text(key) | Self::Ambiguous(key) => Some((key, Self::from_yaml(value))),
                    _ => None,
                };
                Self::Map(merged(pairs.iter().filter_map(pair).collect()))
            }
            Yaml::Tagged(_, inner) => Self::from_yaml(inner),
            Yaml::Value(_) | Yaml::Alias(_) | Yaml::BadValue => Self::Empty,
        }
    }

    /// Returns the value of this key in a mapping. `None` if the node is not a mapping, or has no such key.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        let Self::Map(pairs) = self else { return None };
        let found = pairs.iter().find(|(known, _)| known == key);
        found.map(|(_, value)| value)
    }

    /// Returns a scalar as a string. `None` if the node is empty, a list or a mapping.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Ambiguous(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the keys of a mapping.
    pub(crate) fn keys(&self) -> Vec<&str> {
        match self {
            Self::Map(pairs) => pairs.iter().map(|(key, _)| key.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// Replaces each `-` by `_` in the keys below the first two levels, as OpenStack's tools do. The names of clouds do
    /// not change.
    pub(crate) fn with_plain_keys(self) -> Self {
        self.plain_below(2)
    }

    fn plain_below(self, levels: usize) -> Self {
        match self {
            Self::Map(pairs) => {
                let plain = |(key, value): (String, Node)| {
                    let key = if levels == 0 {
                        key.replace('-', "_")
                    } else {
                        key
                    };
                    (key, value.plain_below(levels.saturating_sub(1)))
                };
                Self::Map(pairs.into_iter().map(plain).collect())
            }
            Self::List(items) => {
                let below = |item: Node| item.plain_below(levels.saturating_sub(1));
                Self::List(items.into_iter().map(below).collect())
            }
            scalar => scalar,
        }
    }

    /// Returns a key that appears twice in a mapping. [`with_plain_keys`](Self::with_plain_keys) can make two keys
    /// equal.
    pub(crate) fn repeated_key(&self) -> Option<&str> {
        match self {
            Self::Map(pairs) => {
                let twice = |(index, (key, _)): &(usize, &(String, Node))| {
                    pairs[..*index].iter().any(|(known, _)| known == key)
                };
                let repeated = pairs.iter().enumerate().find(twice);
                let below = || pairs.iter().find_map(|(_, value)| value.repeated_key());
                repeated.map(|(_, (key, _))| key.as_str()).or_else(below)
            }
            Self::List(items) => items.iter().find_map(Self::repeated_key),
            _ => None,
        }
    }

    /// Overrides this document with another document. Mappings are merged member by member. A blank value replaces
    /// nothing.
    pub(crate) fn overlay(&mut self, over: &Node) {
        match (self, over) {
            (_, over) if over.is_blank() => {}
            (Self::Map(pairs), Self::Map(over)) => {
                for (key, value) in over {
                    match pairs.iter_mut().find(|(known, _)| known == key) {
                        Some((_, known)) => known.overlay(value),
                        None => pairs.push((key.clone(), value.clone())),
                    }
                }
            }
            (this, over) => *this = over.clone(),
        }
    }

    fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// Returns all scalars in this node that are not blank. Each key is a path, such as `auth.username` or `regions.0`.
    pub(crate) fn flat(&self) -> BTreeMap<String, String> {
        let mut flat = BTreeMap::new();
        self.add_to(&mut flat, "");
        flat
    }

    fn add_to(&self, flat: &mut BTreeMap<String, String>, path: &str) {
        let below = |key: &str| match path {
            "" => key.to_owned(),
            path => format!("{path}.{key}"),
        };
        match self {
            blank if blank.is_blank() => {}
            Self::Empty => {}
            Self::Text(text) | Self::Ambiguous(text) => {
                flat.insert(path.to_owned(), text.clone());
            }
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    item.add_to(flat, &below(&index.to_string()));
                }
            }
            Self::Map(pairs) => {
                for (key, value) in pairs {
                    value.add_to(flat, &below(key));
                }
            }
        }
    }
}

/// Returns the members of a mapping. The mapping's own members come first. Then come the members that `<<` merges from
/// mappings or lists of mappings.
///
/// As in YAML, an own member completely replaces a merged member. For example, an own member `auth` replaces the whole
/// merged `auth`, including its user and its password.
fn merged(pairs: Vec<(String, Node)>) -> Vec<(String, Node)> {
    let (merges, mut own): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(key, _)| key == "<<");
    for (_, merge) in merges {
        let sources = match merge {
            Node::List(items) => items,
            one => vec![one],
        };
        for source in sources {
            let Node::Map(members) = source else {
                continue;
            };
            for (key, value) in members {
                if own.iter().all(|(known, _)| *known != key) {
                    own.push((key, value));
                }
            }
        }
    }
    own
}

/// Returns whether tools for YAML 1.1 would read this unquoted string as a boolean, a date or a number. A whole number
/// that keeps its digits does not count.
fn is_ambiguous(text: &str) -> bool {
    const WORDS: [&str; 6] = ["yes", "no", "true", "false", "on", "off"];
    if WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return true;
    }
    let unsigned = text.trim_start_matches(['+', '-']);
    let numeric = |c: char| c.is_ascii_digit() || "_.:xXaAbBcCdDeEfF+-oO".contains(c);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        || !unsigned.chars().all(numeric)
        || !unsigned.contains(|c: char| c.is_ascii_digit())
    {
        return false;
    }
    // A whole number without a sign and without leading zeros keeps its digits.
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(text) {
        return text.len() > 1 && text.starts_with('0');
    }
    let is_based = |base: &str, digits: fn(&char) -> bool| {
        let rest = unsigned.strip_prefix(base);
        rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c == '_' || digits(&c)))
    };
    let groups: Vec<&str> = unsigned.split(['.', ':', '_']).collect();
    let plain_groups = groups.iter().all(|group| digits(group));
    let date: Vec<&str> = text.split('-').collect();
    let is_date = date.len() == 3 && date[0].len() == 4 && date.iter().all(|part| digits(part));
    let exponent = unsigned
        .split_once(['e', 'E'])
        .is_some_and(|(number, power)| {
            let power = power.trim_start_matches(['+', '-']);
            number.contains('.') && number.split('.').all(digits) && digits(power)
        });
    is_based("0x", |c| c.is_ascii_hexdigit())
        || is_based("0b", |c| matches!(c, '0' | '1'))
        || is_date
        || exponent
        || (plain_groups && (unsigned != text || groups.len() > 1) && !is_address(text))
}

/// Returns whether the string has at least two dots, like an IP address. Such a string is not a number.
fn is_address(text: &str) -> bool {
    text.split('.').count() > 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Node {
        parse(Path::new("clouds.yaml"), text).unwrap()
    }

    #[test]
    fn flat_keeps_the_notation_of_scalars_and_omits_null() {
        let text = "a:\n  pin: 0123\n  yes: on\n  none: ~\n  quoted: \"~\"\n  list: [1.0, x]\n";
        let flat = document(text).flat();
        let expected = [
            ("a.list.0", "1.0"),
            ("a.list.1", "x"),
            ("a.pin", "0123"),
            ("a.quoted", "~"),
            ("a.yes", "on"),
        ];
        assert_eq!(flat.len(), expected.len(), "{flat:?}");
        for (key, value) in expected {
            assert_eq!(flat[key], value);
        }
    }

    #[test]
    fn own_members_of_a_mapping_override_merged_members() {
        let text = "base: &base\n  auth: {user: u, url: far}\n  region: r\none:\n  <<: *base\n  region: own\n";
        let one = document(text).get("one").cloned().unwrap();
        assert_eq!(
            one.get("auth"),
            document(text).get("base").unwrap().get("auth")
        );
        assert_eq!(one.flat()["region"], "own");
        assert_eq!(one.flat()["auth.url"], "far");
    }

    #[test]
    fn the_error_of_invalid_yaml_shows_no_file_content_and_an_empty_file_is_valid() {
        for text in [
            "a: b\nc: \"hunter2\n",
            "a: 1\na: hunter2\n",
            "a: [hunter2\nb: *x\n",
        ] {
            let error = parse(Path::new("/x/clouds.yaml"), text).unwrap_err();
            let text = format!("{error} {error:?}");
            assert!(text.contains("/x/clouds.yaml:"), "{text}");
            assert!(!text.contains("hunter2"), "{text}");
        }
        assert_eq!(document(""), Node::Empty);
    }
}
