//! Bytes that somebody else wrote, as text.

/// What is in a file: UTF-8, or UTF-16 where a byte order mark says so, as editors on Windows save it. Line ends become
/// those of Unix.
///
/// # Errors
/// Why it is neither. Nothing is guessed: a page in GBK would lose its headings without a word.
pub fn decode(bytes: &[u8]) -> Result<String, String> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        _ => utf8(bytes)?,
    };
    if text.contains('\0') {
        return Err(
            "it holds zero bytes, so it is UTF-16 without a byte order mark, or no text".to_owned(),
        );
    }
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    let text = String::from_utf16(&units).ok().filter(|_| rest.is_empty());
    text.ok_or_else(|| "it begins like UTF-16 and is not".to_owned())
}

fn utf8(bytes: &[u8]) -> Result<String, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let error = match str::from_utf8(bytes) {
        Ok(text) => return Ok(text.to_owned()),
        Err(error) => error,
    };
    let (before, after) = bytes.split_at(error.valid_up_to());
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let byte = after.first().copied().unwrap_or_default();
    let says = charset(before)
        .map(|name| format!(", and it names the charset {name}"))
        .unwrap_or_default();
    Err(format!(
        "the byte {byte:#04x} in line {line} is not UTF-8{says}"
    ))
}

/// The charset that a page in HTML names in its head.
fn charset(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let (_, rest) = text.split_once("charset=")?;
    let name = rest.trim_start_matches(['"', '\'']);
    let word = |char: &char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
    let name: String = name.chars().take_while(word).take(20).collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn what_is_text_is_read() {
        let utf16 = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
            "\u{feff}a\r\n中".encode_utf16().flat_map(unit).collect()
        };
        for bytes in [
            "a\n中".as_bytes().to_vec(),
            "\u{feff}a\r\n中".as_bytes().to_vec(),
            "a\r中".as_bytes().to_vec(),
            utf16(u16::to_le_bytes),
            utf16(u16::to_be_bytes),
        ] {
            assert_eq!(decode(&bytes).as_deref(), Ok("a\n中"), "{bytes:x?}");
        }
    }

    #[test]
    fn what_is_none_says_where() {
        for (bytes, said) in [
            (
                b"a\nb \xc7\xeb".as_slice(),
                "the byte 0xc7 in line 2 is not UTF-8",
            ),
            (
                b"<meta charset=\"GBK\">\xc7",
                "the byte 0xc7 in line 1 is not UTF-8, and it names the charset gbk",
            ),
            (b"caf\xe9", "the byte 0xe9 in line 1 is not UTF-8"),
            (b"a\0b\0", "it holds zero bytes"),
            (b"\xff\xfea\0b", "it begins like UTF-16 and is not"),
        ] {
            let error = decode(bytes).unwrap_err();
            assert!(error.starts_with(said), "{error}");
        }
    }
}
