//! What has to be done to a file of somebody else's before the YAML parser takes it.

/// Takes out a byte order mark, and from JSON the two things that YAML reads differently: tabs between the tokens, and
/// characters beyond the basic plane, which JSON escapes as two halves.
pub(super) fn tidy(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if first != Some(&b'{') {
        return bytes;
    }
    // Within a string JSON allows no plain tab, so every one stands between tokens.
    for byte in bytes.iter_mut().filter(|byte| **byte == b'\t') {
        *byte = b' ';
    }
    match String::from_utf8(bytes) {
        Ok(text) if text.contains("\\u") => join_halves(&text).into_bytes(),
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    }
}

/// `\ud83d\ude00` becomes the character itself.
fn join_halves(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        joined.push_str(before);
        if let Some(character) = pair(escape) {
            joined.push(character);
            rest = escape.get(12..).unwrap_or_default();
            continue;
        }
        // The backslash and what it escapes, which may be a backslash.
        let end = escape
            .char_indices()
            .nth(2)
            .map_or(escape.len(), |(at, _)| at);
        let (this, after) = escape.split_at(end);
        joined.push_str(this);
        rest = after;
    }
    joined.push_str(rest);
    joined
}

fn pair(escape: &str) -> Option<char> {
    let unit = |from: usize| {
        let text = escape.get(from..from + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(text, 16).ok()
    };
    let units = [unit(0)?, unit(6)?];
    // A single unit is a character of the basic plane, which YAML reads by itself.
    if !(0xd800..0xdc00).contains(&units[0]) {
        return None;
    }
    char::decode_utf16(units).next()?.ok()
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn json_becomes_yaml() {
        let cases = [
            ("\u{feff}a: 1", "a: 1"),
            ("a:\t1", "a:\t1"),
            ("{\t\"a\": 1}", "{ \"a\": 1}"),
            (r#"{"a": "\ud83d\ude00\u00e9"}"#, "{\"a\": \"😀\\u00e9\"}"),
            (r#"{"a": "\\ud83d\\ude00"}"#, r#"{"a": "\\ud83d\\ude00"}"#),
            (r#"{"a": "\ud83d"}"#, r#"{"a": "\ud83d"}"#),
            (r#"{"a": "\"#, r#"{"a": "\"#),
        ];
        for (from, to) in cases {
            assert_eq!(String::from_utf8(tidy(from.into())).unwrap(), to, "{from}");
        }
    }
}
