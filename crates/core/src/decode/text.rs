//! Decompresses a body, and converts its bytes to a string, before the body is parsed.

use miniz_oxide::inflate::{decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit};
use std::borrow::Cow;

/// Returns the body as a string, without control characters and byte order marks at its ends. Bytes that are neither
/// UTF-8 nor UTF-16 become U+FFFD or `?`. A body contains such bytes, for example, if a device sent its name in another
/// encoding.
pub(crate) fn text(body: &[u8]) -> Cow<'_, str> {
    let text = match body {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // JSON begins with an ASCII character. So if one of the first two bytes is NUL, the encoding is UTF-16.
        [first, 0, ..] if first.is_ascii_graphic() => utf16(body, u16::from_le_bytes),
        [0, first, ..] if first.is_ascii_graphic() => utf16(body, u16::from_be_bytes),
        _ => utf8(body),
    };
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(trimmed(text)),
        Cow::Owned(text) => Cow::Owned(trimmed(&text).to_owned()),
    }
}

/// Removes control characters and byte order marks at both ends.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_ascii_control() || c == '\u{feff}')
}

fn utf8(body: &[u8]) -> Cow<'_, str> {
    // One check of the whole body is faster than a check of each JSON string.
    str::from_utf8(body).map_or_else(|_| other(body), Cow::Borrowed)
}

fn utf16(body: &[u8], unit: fn([u8; 2]) -> u16) -> Cow<'_, str> {
    let (pairs, _) = body.as_chunks();
    let units = pairs.iter().map(|pair| unit(*pair));
    let text = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
    Cow::Owned(text.collect())
}

/// Reads a body that is neither UTF-8 nor UTF-16, for example Latin-1 or GBK.
///
/// In GBK, the second byte of a character can be equal to a backslash. This byte must not escape the quote after it. In
/// Latin-1, the byte is really a backslash. So the function first reads the byte as a backslash. If the result is not
/// JSON, the function replaces each GBK character by `??`. If the second result is not JSON either, the function
/// returns the first result.
fn other(body: &[u8]) -> Cow<'_, str> {
    let plain = String::from_utf8_lossy(body);
    if serde_json::from_str::<serde::de::IgnoredAny>(&plain).is_ok() {
        return plain;
    }
    let mut pairs = body.to_vec();
    let mut position = 0;
    while let [first, second, ..] = pairs.get_mut(position..).unwrap_or_default() {
        position += match (*first, *second) {
            (0x81..=0xfe, 0x40..=0x7e | 0x80..=0xfe) => {
                (*first, *second) = (b'?', b'?');
                2
            }
            _ => 1,
        };
    }
    match String::from_utf8(pairs) {
        Ok(text) if serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok() => text.into(),
        _ => plain,
    }
}

/// Returns the name of the compression. Returns `None` if the function finds no compression. `declared` is the value of
/// the header `Content-Encoding`.
///
/// The first bytes of a body show whether it is gzip, zstd or zlib (`deflate` in HTTP). No uncompressed JSON begins
/// with these bytes. For other bodies, the function returns the name in `declared`, if it is `deflate`, `br` or
/// `compress`. As an exception, a body that is empty or begins with `{`, `[`, `"` or `<` counts as not compressed.
pub(crate) fn compression(body: &[u8], declared: Option<&str>) -> Option<&'static str> {
    match (body, declared.unwrap_or_default().trim()) {
        ([0x1f, 0x8b, ..], _) => Some("gzip"),
        ([0x28, 0xb5, 0x2f, 0xfd, ..], _) => Some("zstd"),
        ([b'{' | b'[' | b'"' | b'<', ..] | [], _) => None,
        // The usual zlib header is 0x78 and a second byte. Both bytes together, as a number, are a multiple of 31.
        ([0x78, flags, ..], _) if (0x7800 + u16::from(*flags)) % 31 == 0 => Some("deflate"),
        (_, name) if name.eq_ignore_ascii_case("deflate") => Some("deflate"),
        (_, name) if name.eq_ignore_ascii_case("br") => Some("br"),
        (_, name) if name.eq_ignore_ascii_case("compress") => Some("compress"),
        _ => None,
    }
}

/// Returns the body after decompression.
///
/// Returns `None` if the body is broken, if the result is larger than `limit`, or if the compression is not supported.
/// If `may_be_cut` is `true`, returns the part of a broken or too large body that could be decompressed.
pub(crate) fn decompressed(
    body: &[u8],
    kind: &str,
    limit: usize,
    may_be_cut: bool,
) -> Option<Vec<u8>> {
    let unpacked = match kind {
        "gzip" => decompress_to_vec_with_limit(behind_gzip_header(body)?, limit),
        "deflate" => decompress_to_vec_zlib_with_limit(body, limit)
            .or_else(|_| decompress_to_vec_with_limit(body, limit)),
        _ => return None,
    };
    match unpacked {
        Ok(unpacked) => Some(unpacked),
        Err(error) if may_be_cut && !error.output.is_empty() => Some(error.output),
        Err(_) => None,
    }
}

/// Returns the bytes after the gzip header (RFC 1952, section 2.3).
fn behind_gzip_header(body: &[u8]) -> Option<&[u8]> {
    let flags = *body.get(3)?;
    let mut rest = body.get(10..)?;
    if flags & 4 != 0 {
        let (length, behind) = rest.split_first_chunk()?;
        rest = behind.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    // The file name and the comment in the header end with a NUL byte.
    for flag in [8, 16] {
        if flags & flag != 0 {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = rest.get(end + 1..)?;
        }
    }
    if flags & 2 != 0 {
        rest = rest.get(2..)?;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_reads_utf8_utf16_gbk_and_latin1() {
        let json = r#"{"a": "b"}"#;
        let wide =
            |unit: fn(u16) -> [u8; 2]| -> Vec<u8> { json.encode_utf16().flat_map(unit).collect() };
        let marked = |mark: &[u8], body: &[u8]| [mark, body].concat();
        let bodies = [
            marked(&[0xef, 0xbb, 0xbf], json.as_bytes()),
            wide(u16::to_le_bytes),
            wide(u16::to_be_bytes),
            marked(&[0xff, 0xfe], &wide(u16::to_le_bytes)),
            marked(&[0xfe, 0xff], &wide(u16::to_be_bytes)),
            marked(json.as_bytes(), b"\0\0\x1a"),
        ];
        for body in &bodies {
            assert_eq!(text(body), json, "{body:?}");
        }
        // In GBK, this character has a second byte that is equal to a backslash. A quote follows the character.
        let gbk = text(b"{\"a\": \"\x81\x5c\", \"code\": \"c\"}");
        assert_eq!(gbk, r#"{"a": "??", "code": "c"}"#);
        let latin = text(b"{\"a\": \"caf\xe9 \\\"b\\\" \xe9\"}");
        assert_eq!(latin, "{\"a\": \"caf\u{fffd} \\\"b\\\" \u{fffd}\"}");
    }

    #[test]
    fn compression_is_recognized_and_gzip_and_zlib_are_decompressed() {
        let json = br#"{"a": "bbbbbbbbbbbbbbbbbbbbbbbbbb"}"#;
        let raw = miniz_oxide::deflate::compress_to_vec(json, 6);
        let gzip = |flags: u8, extra: &[u8]| {
            let head = [0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 255];
            [&head[..], extra, &raw, &[0; 8]].concat()
        };
        for body in [
            gzip(0, b""),
            gzip(8, b"name\0"),
            gzip(4 | 8 | 16 | 2, b"\x02\0xyname\0comment\0cc"),
        ] {
            let kind = compression(&body, None).unwrap();
            assert_eq!(decompressed(&body, kind, 100, false).unwrap(), json);
            assert_eq!(decompressed(&body, kind, 10, false), None);
        }
        let zlib = miniz_oxide::deflate::compress_to_vec_zlib(json, 6);
        assert_eq!(compression(&zlib, None), Some("deflate"));
        assert_eq!(decompressed(&zlib, "deflate", 100, false).unwrap(), json);
        assert_eq!(decompressed(&raw, "deflate", 100, false).unwrap(), json);
        assert_eq!(compression(b"\x1b\x05", Some("br")), Some("br"));
        assert_eq!(compression(json, Some("gzip")), None);
        for cut in 0..12 {
            let _ = decompressed(&gzip(31, b"")[..cut], "gzip", 100, true);
        }
    }
}
