//! Files of sections and `name = value`, read as the official SDKs read them.

use configparser::ini::Ini;
use huaweicloud_core::{Error, ErrorKind};
use std::collections::BTreeMap;
use std::path::Path;

/// Settings by section. Names of settings are in lower case, those of sections as they are written.
pub(crate) type Sections = BTreeMap<String, BTreeMap<String, String>>;

/// Every line that is no section and no comment is a setting, whose value goes to the end of the line: `#` and `;` are part of it, as
/// secrets may hold them.
pub(crate) fn parse(path: &Path, text: &str) -> Result<Sections, Error> {
    let mut ini = Ini::new_cs();
    ini.set_inline_comment_symbols(Some(&[]));
    let sections = ini.read(text.to_owned()).map_err(|error| {
        // `line 3: ...`; never more of it, which may quote the file.
        let place = error.split(':').next().unwrap_or_default();
        let message = format!("{} is not an INI file ({place})", path.display());
        Error::new(ErrorKind::Config, message)
            .with_help("write lines `[profile]` and `name = value`")
    })?;
    Ok(sections
        .into_iter()
        .map(|(name, section)| (name, settings(section)))
        .collect())
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
    fn values_go_to_the_end_of_the_line() {
        let text = "# mine\n[basic]\nAK = a:b#c;d\nsk=s=t\nempty =\nlonely\n\n[team-1]\nak: x\n";
        let sections = parse(Path::new("f"), text).unwrap();
        let basic = &sections["basic"];
        assert_eq!(basic["ak"], "a:b#c;d");
        assert_eq!(basic["sk"], "s=t");
        assert_eq!(basic.len(), 2);
        assert_eq!(sections["team-1"]["ak"], "x");
    }

    #[test]
    fn what_is_no_such_file_is_named_with_the_line_and_nothing_of_it() {
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
