//! Checks the form of codes, states, ids and media types. If the form is harmless, an error can show the string,
//! although a server wrote it.

/// Returns whether the code has the form of a documented code. Examples are `DCS.4201`, `ROMA.00110002`, `APIGW.0301`,
/// `dcs.08.0002`, and integers of up to six digits.
pub(super) fn is_catalogue_code(code: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match code.split_once('.') {
        Some((area, number)) => {
            // In `dcs.08.0002`, the two digits after the first dot name a part of the area `dcs`.
            let part = number.split_once('.');
            let part = part.filter(|(part, _)| part.len() == 2 && digits(part));
            let number = part.map_or(number, |(_, number)| number);
            area.len() <= 21
                && area.starts_with(|c: char| c.is_ascii_alphabetic())
                && area
                    .bytes()
                    .all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
                && (2..=12).contains(&number.len())
                && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && number.bytes().any(|byte| byte.is_ascii_digit())
        }
        None => (1..=6).contains(&code.len()) && digits(code),
    }
}

/// Returns whether the string is one short word, such as OAuth's error code `invalid_client`. The word can contain
/// digits, dots, underscores and hyphens.
pub(super) fn is_word(text: &str) -> bool {
    text.len() <= 64
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// Returns whether the string is one word of letters and `_`, like the states `RUNNING`, `creating` and `IN_PROGRESS`.
pub(crate) fn is_plain_word(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
}

/// Returns whether the id contains only visible ASCII characters, and is short enough for a line of a log.
pub(crate) fn is_header_id(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Returns whether the id begins with a UUID or with 32 hexadecimal digits. All its characters must be visible ASCII.
pub(crate) fn is_documented_id(id: &str) -> bool {
    let hexadecimal = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let plain = id.get(..32).is_some_and(hexadecimal);
    let uuid = id.get(..36).is_some_and(|uuid| {
        uuid.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && uuid.split('-').all(hexadecimal)
    });
    (plain || uuid) && is_header_id(id)
}

/// Returns whether the id has the form of IAM's trace ids, such as `token_eu-de_null_0123`.
pub(super) fn is_trace_id(id: &str) -> bool {
    let parts: Vec<&str> = id.split('_').collect();
    let number = parts.last().copied().unwrap_or_default();
    parts.len() == 4
        && parts.first() == Some(&"token")
        && is_header_id(id)
        && number.len() >= 4
        && number.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The registered top-level media types, without the types that no service uses.
const MEDIA_TYPES: [&str; 6] = [
    "application",
    "audio",
    "image",
    "multipart",
    "text",
    "video",
];

/// Returns whether the string is a media type without parameters, such as `text/html`.
pub(super) fn is_media_type(text: &str) -> bool {
    let kind = text.split_once('/').map(|(kind, _)| kind);
    text.len() <= 100
        && kind.is_some_and(|kind| {
            MEDIA_TYPES
                .iter()
                .any(|known| known.eq_ignore_ascii_case(kind))
        })
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/+-._".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_in_a_documented_form_are_accepted() {
        for code in [
            "DCS.4201",
            "ROMA.00110002",
            "APIGW.0301",
            "SCB.00000000",
            "VPC_X.12a4",
            "dcs.08.0002",
            "401",
            "111400",
        ] {
            assert!(is_catalogue_code(code), "{code}");
        }
        let other = [
            "hunter2",
            "",
            ".",
            "a.b",
            "DCS.x",
            "DCS.password",
            "DCS.1",
            "1DCS.4201",
            "1234567",
            "DCS.42 01",
            "4.2",
            "a.b.c1",
            "dcs.08.",
            "dcs.08.x",
            "dcs.8.0002",
            "dcs.08.00.02",
        ];
        for code in other {
            assert!(!is_catalogue_code(code), "{code}");
        }
    }

    #[test]
    fn only_ids_and_media_types_in_a_harmless_form_are_accepted() {
        assert!(is_documented_id(
            "3f4a2a1e-0c1b-4c5d-8e6f-7a8b9c0d1e2f-1577151374102-sandbox-romalink"
        ));
        assert!(is_documented_id("0123456789abcdef0123456789ABCDEF"));
        for id in [
            "",
            "my-password",
            "3f4a2a1e-0c1b",
            "0123456789abcdef0123456789abcdef with space",
            "éééééééééééééééééé",
        ] {
            assert!(!is_documented_id(id), "{id}");
        }
        assert!(is_header_id("abc"));
        assert!(!is_header_id(&"a".repeat(129)));
        assert!(!is_header_id("a\u{1b}[2J"));
        assert!(is_media_type("application/problem+json"));
        assert!(is_media_type("Text/HTML"));
        assert!(!is_media_type("text/html; x=\"secret\""));
        assert!(!is_media_type("hunter2/text"));
    }
}
