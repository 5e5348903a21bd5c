//! Reads the INI files of the official SDKs: sections, and lines `name = value`.

use configparser::ini::Ini;
use huaweicloud_core::{Error, ErrorKind};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The settings of each section. Names of settings are in lower case. Names of sections are as written in the file.
pub(crate) type Sections = BTreeMap<String, BTreeMap<String, String>>;

/// Parses an INI file. Each line is empty, a comment, the name of a section, or a setting.
///
/// The value of a setting ends at the end of the line. The characters `#` and `;` are part of the value, because
/// secrets can contain them.
///
/// Returns an error if a section appears twice, or a setting twice in a section. Without this error, an access key of
/// one profile could be used with the secret of another profile.
pub(crate) fn parse(path: &Path, text: &str) -> Result<Sections, Error> {
    if let Some(line) = repetition(text) {
        let message = format!(
            "{}:{line} repeats a profile or one of its settings",
            path.display()
        );
        return Err(Error::new(ErrorKind::Config, message).with_help(
            "use each profile name only once, and each setting only once in a profile",
        ));
    }
    if let Some(line) = continuation(text) {
        let message = format!(
            "{}:{line} is indented, so the line continues the previous setting",
            path.display()
        );
        return Err(Error::new(ErrorKind::Config, message)
            .with_help("write each setting on one line, and begin no line with spaces or tabs"));
    }
    let mut ini = Ini::new_cs();
    ini.set_inline_comment_symbols(Some(&[]));
    let sections = ini.read(text.to_owned()).map_err(|error| {
        // The parser's error begins with the number of the line, such as `line 3:`. Our error does not show the rest,
        // because the rest can quote a secret.
        let place = error.split(':').next().unwrap_or_default();
        let message = format!("{} is not an INI file ({place})", path.display());
        Error::new(ErrorKind::Config, message)
            .with_help("write lines `[profile]` and `name = value`")
    })?;
    let mut sections: Sections = sections
        .into_iter()
        .map(|(name, section)| (name, settings(section)))
        .collect();
    // As in Python's `configparser`, the settings of the section `DEFAULT` belong to every profile.
    let shared = sections.remove("DEFAULT").unwrap_or_default();
    for (name, section) in &mut sections {
        for (key, value) in &shared {
            section.entry(key.clone()).or_insert_with(|| value.clone());
        }
        for (key, value) in section {
            if value.contains("%(") {
                let message = format!(
                    "{key} in the profile {name} of {} takes its value from another setting",
                    path.display()
                );
                return Err(Error::new(ErrorKind::Config, message)
                    .with_help("write the value itself, and `%%` for a percent sign"));
            }
            *value = value.replace("%%", "%");
        }
    }
    Ok(sections)
}

/// Returns the number of the first line that continues a setting. Such a line is indented more than the setting before
/// it.
///
/// Without this check, the first line of a secret would be used as the whole secret.
fn continuation(text: &str) -> Option<usize> {
    let mut indent = None;
    let goes_on = |line: &str| {
        let content = line.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            return false;
        }
        let own = line.len() - line.trim_start().len();
        let goes_on = indent.is_some_and(|indent| own > indent);
        indent = (!content.starts_with('[')).then_some(own);
        goes_on
    };
    let place = text.lines().position(goes_on)?;
    Some(place + 1)
}

/// Returns the number of the first line that repeats the name of a section or a setting.
fn repetition(text: &str) -> Option<usize> {
    let (mut sections, mut names) = (BTreeSet::new(), BTreeSet::new());
    let repeats = |line: &str| {
        if line.is_empty() || line.starts_with(['#', ';']) {
            return false;
        }
        if let Some(section) = line.strip_prefix('[') {
            names.clear();
            return !sections.insert(section.trim_end_matches(']').trim().to_owned());
        }
        // Settings before the first section belong to the section `default`.
        if sections.is_empty() {
            sections.insert("default".to_owned());
        }
        let name = line.split(['=', ':']).next().unwrap_or_default();
        !names.insert(name.trim().to_lowercase())
    };
    let place = text.lines().map(str::trim).position(repeats)?;
    Some(place + 1)
}

fn settings(
    section: impl IntoIterator<Item = (String, Option<String>)>,
) -> BTreeMap<String, String> {
    let given = section
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_lowercase(), value?)));
    given.filter(|(_, value)| !value.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_ends_at_the_end_of_the_line() {
        let text = "# mine\n[basic]\nAK = a:b#c;d\nsk=s=t\nempty =\nlonely\n\n[team-1]\nak: x\n";
        let sections = parse(Path::new("f"), text).unwrap();
        let basic = &sections["basic"];
        assert_eq!(basic["ak"], "a:b#c;d");
        assert_eq!(basic["sk"], "s=t");
        assert_eq!(basic.len(), 2);
        assert_eq!(sections["team-1"]["ak"], "x");
    }

    #[test]
    fn parse_refuses_duplicate_names() {
        for (text, line) in [
            ("[a]\nak = 1\n\n[a]\nsk = hunter2", 4),
            ("[a]\nak = 1\n[b]\nak=1\n  [ a ]\n", 5),
            ("[a]\nak = 1\n# ak = 2\nAK: hunter2", 4),
            ("ak = 1\n\n[default]\nsk = hunter2", 3),
        ] {
            let error = parse(Path::new("f"), text).unwrap_err().to_string();
            assert!(error.starts_with(&format!("f:{line} repeats")), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn parse_refuses_lines_that_continue_a_setting() {
        for (text, line) in [
            ("[a]\nsk = hunter2\n  hunter3", 3),
            ("[a]\n ak = 1\n\n # note\n\t\tsk = hunter2", 5),
            ("[a]\nsk =\n  hunter2", 3),
            ("[a]\nsk = hunter2\n  [b]\nak = 1", 3),
        ] {
            let error = parse(Path::new("f"), text).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("f:{line} is indented")),
                "{error}"
            );
            assert!(!error.contains("hunter"), "{error}");
        }
        let text = "  [a]\n  ak = 1\n  sk = 2\n [b]\n ak = 3\n";
        assert_eq!(parse(Path::new("f"), text).unwrap()["a"]["sk"], "2");
    }

    #[test]
    fn parse_reads_defaults_and_percent_signs_like_python_and_refuses_references() {
        let text = "[DEFAULT]\nregion = eu-de\nak = no\n[a]\nak = 1\nsk = 100%%s\n";
        let sections = parse(Path::new("f"), text).unwrap();
        let section = &sections["a"];
        assert_eq!(section["region"], "eu-de");
        assert_eq!(
            (section["ak"].as_str(), section["sk"].as_str()),
            ("1", "100%s")
        );
        assert!(!sections.contains_key("DEFAULT"));
        let error = parse(Path::new("f"), "[a]\nsk = %(ak)s\nak = hunter2").unwrap_err();
        let text = error.to_string();
        assert!(text.contains("sk in the profile a of f"), "{text}");
    }

    #[test]
    fn the_error_of_an_invalid_file_shows_no_file_content() {
        for text in [
            "[basic]\nak = a\n[hunter2\n",
            "[basic]\nak = a\n= hunter2\n",
        ] {
            let error = parse(Path::new("/x/credentials"), text).unwrap_err();
            let text = format!("{error} {error:?}");
            assert!(
                text.contains("/x/credentials") && text.contains("line 3"),
                "{text}"
            );
            assert!(!text.contains("hunter2"), "{text}");
        }
    }
}
