//! YAML as far as settings need it: mappings, lists and texts.

use huaweicloud_core::{Error, ErrorKind};
use saphyr::{ScalarStyle, Yaml, YamlLoader};
use saphyr_parser::Parser;
use std::collections::BTreeMap;
use std::path::Path;

/// A document, or a part of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Node {
    /// Nothing, or `null`.
    #[default]
    Empty,
    /// A scalar exactly as it is written: a password of digits keeps its zeros in front.
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

/// The first document of a text.
pub(crate) fn parse(path: &Path, text: &str) -> Result<Node, Error> {
    let mut loader = YamlLoader::<Yaml<'_>>::default();
    // Else `0123` would be a number.
    loader.early_parse(false);
    let parsed = Parser::new_from_str(text).load(&mut loader, true);
    if let Err(error) = parsed.as_ref().map_err(|error| error.marker()) {
        return Err(wrong(path, error.line(), error.col()));
    }
    if let Some(error) = loader.error() {
        return Err(wrong(path, error.marker().line(), error.marker().col()));
    }
    let document = loader.into_documents().into_iter().next();
    Ok(document.as_ref().map(Node::from_yaml).unwrap_or_default())
}

/// Without the parser's own words, which may quote the file.
fn wrong(path: &Path, line: usize, column: usize) -> Error {
    let message = format!("{}:{line}:{} is not YAML", path.display(), column + 1);
    Error::new(ErrorKind::Config, message)
        .with_help("check the line's indentation, quotes and colons, and that no key comes twice")
}

impl Node {
    fn from_yaml(yaml: &Yaml<'_>) -> Self {
        match yaml {
            Yaml::Representation(text, ScalarStyle::Plain, _)
                if matches!(&**text, "" | "~" | "null" | "Null" | "NULL") =>
            {
                Self::Empty
            }
            Yaml::Representation(text, ..) => Self::Text(text.to_string()),
            Yaml::Sequence(items) => Self::List(items.iter().map(Self::from_yaml).collect()),
            Yaml::Mapping(pairs) => {
                let pair = |(key, value): (&Yaml<'_>, _)| match Self::from_yaml(key) {
                    Self::Text(key) => Some((key, Self::from_yaml(value))),
                    _ => None,
                };
                Self::Map(pairs.iter().filter_map(pair).collect())
            }
            Yaml::Tagged(_, inner) => Self::from_yaml(inner),
            Yaml::Value(_) | Yaml::Alias(_) | Yaml::BadValue => Self::Empty,
        }
    }

    /// A member of a mapping, also one that `<<` merges into it.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        let Self::Map(pairs) = self else { return None };
        let find = |name: &str| pairs.iter().find(|(known, _)| known == name);
        if let Some((_, found)) = find(key) {
            return Some(found);
        }
        match find("<<").map(|(_, merged)| merged) {
            Some(Self::List(merged)) => merged.iter().find_map(|one| one.get(key)),
            Some(merged) => merged.get(key),
            None => None,
        }
    }

    /// The names of a mapping's members.
    pub(crate) fn keys(&self) -> Vec<&str> {
        match self {
            Self::Map(pairs) => pairs.iter().map(|(key, _)| key.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// All texts below a mapping, by their path: `auth.username`, `regions.0`.
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
            Self::Empty => {}
            Self::Text(text) => {
                flat.entry(path.to_owned()).or_insert_with(|| text.clone());
            }
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    item.add_to(flat, &below(&index.to_string()));
                }
            }
            Self::Map(pairs) => {
                for (key, value) in pairs.iter().filter(|(key, _)| key != "<<") {
                    value.add_to(flat, &below(key));
                }
                // Behind the mapping's own members, which go first.
                for (_, merged) in pairs.iter().filter(|(key, _)| key == "<<") {
                    match merged {
                        Self::List(all) => all.iter().for_each(|one| one.add_to(flat, path)),
                        one => one.add_to(flat, path),
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Node {
        parse(Path::new("clouds.yaml"), text).unwrap()
    }

    #[test]
    fn texts_stay_as_they_are_written() {
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
    fn anchors_are_followed_and_merged_behind_the_own_members() {
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
    fn what_is_no_yaml_is_named_with_its_place_and_nothing_of_it() {
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
