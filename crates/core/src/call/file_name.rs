//! Reads the file name in `Content-Disposition` (RFC 6266), and makes the name safe for each operating system.

use http::HeaderMap;
use http::header::CONTENT_DISPOSITION;
use percent_encoding::percent_decode_str;

/// The largest length of a file name, in bytes, without the `_` that [`safe`] puts before the name of a device.
/// Operating systems accept up to 255 bytes.
const LONGEST: usize = 200;

/// The names that Windows reserves for devices, except ports such as `com1`. Windows also reserves such a name with a
/// dot and any characters after it, such as `nul.txt`.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Returns the file name that the server states. `filename*` has priority over `filename`, because `filename*` states
/// its encoding.
pub(super) fn stated(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_DISPOSITION)?;
    let text = String::from_utf8_lossy(value.as_bytes());
    let parameters = parameters(&text);
    let of = |wanted: &str| {
        let found = parameters.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.as_str())
    };
    let extended = of("filename*").and_then(extended);
    extended.or_else(|| of("filename").map(str::to_owned))
}

/// Returns the parameters after the disposition type, with their names in lower case.
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.split_once(';').map_or("", |(_, rest)| rest);
    while let Some((name, behind)) = rest.split_once('=') {
        let name = name.trim_matches([';', ' ', '\t']).to_ascii_lowercase();
        let behind = behind.trim_start();
        let value;
        (value, rest) = match behind.strip_prefix('"') {
            Some(quoted) => unquoted(quoted),
            None => {
                let (value, rest) = behind.split_once(';').unwrap_or((behind, ""));
                (value.trim().to_owned(), rest)
            }
        };
        found.push((name, value));
    }
    found
}

/// Returns the content of a quoted string, and the rest after the closing quote. Some servers write paths with
/// backslashes that are not escape characters. So a backslash escapes only `"` and `\`.
fn unquoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return (value, text.get(at + 1..).unwrap_or_default()),
            '\\' => {
                let escaped = chars.next_if(|(_, next)| matches!(next, '"' | '\\'));
                value.push(escaped.map_or('\\', |(_, next)| next));
            }
            other => value.push(other),
        }
    }
    (value, "")
}

/// Decodes a value in the form of RFC 5987, such as `UTF-8''na%C3%AFve.csv`.
fn extended(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let (_language, text) = rest.split_once('\'')?;
    let bytes = percent_decode_str(text);
    if charset.eq_ignore_ascii_case("utf-8") {
        return bytes.decode_utf8().ok().map(Into::into);
    }
    let latin = charset.eq_ignore_ascii_case("iso-8859-1");
    latin.then(|| bytes.map(char::from).collect())
}

/// Returns a safe form of the name: one part of a path, without a special meaning on any operating system. Returns
/// `None` if no character remains after the removal of unsafe characters.
pub(super) fn safe(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next()?;
    let shown = last.chars().filter(|char| !is_unseen(*char));
    let plain: String = shown
        .map(|char| {
            if r#"<>:"|?*"#.contains(char) {
                '_'
            } else {
                char
            }
        })
        .collect();
    // A dot at the start hides the file, and Windows removes dots and spaces at the end. So this function removes dots
    // and white space at the start and at the end. The result is never `..`.
    let is_edge = |char: char| char == '.' || char.is_whitespace();
    let plain = shortened(plain.trim_matches(is_edge));
    let plain = plain.trim_matches(is_edge);
    let stem = plain.split('.').next().unwrap_or_default().trim_end();
    match (plain.is_empty(), is_device(&stem.to_lowercase())) {
        (true, _) => None,
        (_, true) => Some(format!("_{plain}")),
        _ => Some(plain.to_owned()),
    }
}

/// Returns whether a character is a control character, an invisible character, or a mark that changes the text
/// direction. The result is also `true` for U+FFFD, which replaces unreadable bytes.
fn is_unseen(char: char) -> bool {
    let marks = [
        '\u{ad}'..='\u{ad}',
        '\u{61c}'..='\u{61c}',
        '\u{180e}'..='\u{180e}',
        '\u{200b}'..='\u{200f}',
        '\u{2028}'..='\u{202e}',
        '\u{2060}'..='\u{206f}',
        '\u{feff}'..='\u{feff}',
        '\u{fff9}'..='\u{fffd}',
        '\u{e0000}'..='\u{e007f}',
    ];
    char.is_control() || marks.iter().any(|range| range.contains(&char))
}

fn is_device(stem: &str) -> bool {
    let port = ["com", "lpt"].iter().any(|port| {
        let number = stem.strip_prefix(port);
        number.is_some_and(|number| {
            let mut digits = number.chars();
            let digit = digits.next();
            digit.is_some_and(|c| c.is_ascii_digit() || "¹²³".contains(c))
                && digits.next().is_none()
        })
    });
    port || DEVICES.contains(&stem)
}

/// Cuts the name to the largest length. If the extension is short, the name keeps its extension.
fn shortened(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let dot = name.rfind('.').filter(|dot| name.len() - dot <= 20);
    let (stem, extension) = name.split_at(dot.unwrap_or(name.len()));
    let mut end = LONGEST - extension.len();
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", stem.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    fn name(header: &[u8]) -> Option<String> {
        let value = HeaderValue::from_bytes(header).unwrap();
        let name = stated(&HeaderMap::from_iter([(CONTENT_DISPOSITION, value)]));
        name.and_then(|name| safe(&name))
    }

    #[test]
    fn file_names_are_read_from_many_forms_of_the_header() {
        let cases: [(&str, Option<&str>); 14] = [
            ("attachment; filename=a.csv", Some("a.csv")),
            ("attachment; filename=\"a b.csv\"; size=3", Some("a b.csv")),
            ("attachment;FileName = \"a.csv\"", Some("a.csv")),
            (r#"attachment; filename="a\"b;c.csv""#, Some("a_b;c.csv")),
            (r#"attachment; filename="C:\dir\x.csv""#, Some("x.csv")),
            (
                "attachment; filename=\"EURO.txt\"; filename*=utf-8''%e2%82%ac.txt",
                Some("€.txt"),
            ),
            ("inline; filename*=ISO-8859-1'en'%A3.txt", Some("£.txt")),
            ("attachment; filename*=UTF-8''%ff; filename=b", Some("b")),
            ("attachment; filename*=koi8-r''x; filename=b", Some("b")),
            ("attachment; filename=\"unended", Some("unended")),
            ("attachment; filename=naïve.csv", Some("naïve.csv")),
            ("attachment", None),
            ("attachment; filename=", None),
            (";;=;=\"", None),
        ];
        for (header, expected) in cases {
            assert_eq!(name(header.as_bytes()).as_deref(), expected, "{header}");
        }
        assert_eq!(
            name(b"attachment; filename=caf\xe9.csv").unwrap(),
            "caf.csv"
        );
    }

    #[test]
    fn unsafe_file_names_are_made_safe() {
        let long = "a".repeat(300) + ".csv";
        let cases = [
            ("../../etc/passwd", Some("passwd")),
            ("..", None),
            (". .", None),
            ("/", None),
            ("a/", None),
            (r"..\..\x", Some("x")),
            ("C:x", Some("C_x")),
            ("nul", Some("_nul")),
            ("Con .tar.gz", Some("_Con .tar.gz")),
            ("COM1.txt", Some("_COM1.txt")),
            ("lpt¹", Some("_lpt¹")),
            ("COM10", Some("COM10")),
            ("x\0y\r\n.csv", Some("xy.csv")),
            ("x\u{202e}vsc.exe", Some("xvsc.exe")),
            (".bashrc", Some("bashrc")),
            ("a. ", Some("a")),
            ("\u{200b}", None),
        ];
        for (name, expected) in cases {
            assert_eq!(safe(name).as_deref(), expected, "{name:?}");
        }
        let short = safe(&long).unwrap();
        assert!(short.len() <= LONGEST && short.ends_with("a.csv"));
        assert!(safe(&"é".repeat(300)).unwrap().len() <= LONGEST);
    }

    proptest! {
        #[test]
        fn each_safe_name_is_one_part_of_a_path(header in prop::collection::vec(any::<u8>(), 0..60), text in "\\PC{0,400}") {
            let header = [b"a; filename=".to_vec(), header].concat();
            let value = HeaderValue::from_bytes(&header).ok();
            let stated = value.and_then(|value| stated(&HeaderMap::from_iter([(CONTENT_DISPOSITION, value)])));
            for name in [stated, Some(text)].into_iter().flatten() {
                if let Some(safe) = safe(&name) {
                    let parts: Vec<_> = std::path::Path::new(&safe).components().collect();
                    prop_assert!(matches!(parts[..], [std::path::Component::Normal(_)]), "{safe:?}");
                    prop_assert!(!safe.contains(['/', '\\', ':', '\0']) && safe.len() <= LONGEST + 1);
                    prop_assert_eq!(super::safe(&safe), Some(safe.clone()));
                }
            }
        }
    }
}
