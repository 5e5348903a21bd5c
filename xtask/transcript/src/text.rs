//! Decodes the bytes of files.

/// Decodes UTF-8, or UTF-16 with a byte order mark. Some editors on Windows write UTF-16. Line ends become `\n`.
///
/// # Errors
/// Returns a message if the decoding fails, or if the text contains NUL. The function does not guess another charset.
/// After a wrong guess, `audit` would not recognise the headings of a Chinese page.
pub fn decode(bytes: &[u8]) -> Result<String, String> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        _ => utf8(bytes)?,
    };
    if text.contains('\0') {
        return Err(
            "it contains NUL bytes, so it is UTF-16 without a byte order mark, or not text"
                .to_owned(),
        );
    }
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    let text = String::from_utf16(&units).ok().filter(|_| rest.is_empty());
    text.ok_or_else(|| "it begins like UTF-16, but is not valid UTF-16".to_owned())
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
        .map(|name| format!(", and the file names the charset {name}"))
        .unwrap_or_default();
    Err(format!(
        "the byte {byte:#04x} in line {line} is not UTF-8{says}"
    ))
}

/// Returns the charset that an HTML page names, in lower case. Returns `None` if the page names no charset.
fn charset(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let (_, rest) = text.split_once("charset=")?;
    let name = rest.trim_start_matches(['"', '\'']);
    let word = |char: &char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
    let name: String = name.chars().take_while(word).take(20).collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests;
