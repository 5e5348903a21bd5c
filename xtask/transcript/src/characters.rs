//! Defines the characters that a transcript (the OpenAPI YAML files of a service) must not contain.

/// Describes a forbidden character. Returns `None` if the character is allowed. Files can also contain `\r`.
pub(super) fn character_problem(char: char) -> Option<String> {
    let code = u32::from(char);
    let invisible = char.is_control() && !matches!(char, '\n' | '\t')
        || matches!(code, 0xad | 0x34f | 0x61c | 0x115f | 0x1160 | 0x17b4 | 0x17b5 | 0x180b..=0x180f | 0x200b..=0x200f
            | 0x2028..=0x202e | 0x2060..=0x206f | 0x3164 | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff9..=0xfffb | 0xe0000..=0xe0fff);
    // Greek, Cyrillic, Armenian, Cherokee, and styled Latin letters. Units contain `μ` and `Ω`, so both are allowed.
    let alike = matches!(code, 0x370..=0x3ff | 0x400..=0x58f | 0x13a0..=0x13ff | 0x1d400..=0x1d7ff | 0xff21..=0xff3a | 0xff41..=0xff5a)
        && !matches!(char, 'μ' | 'Ω');
    if invisible {
        Some(format!("an invisible character (U+{code:04X})"))
    } else if alike {
        Some(format!(
            "`{char}` (U+{code:04X}, which can be mistaken for a Latin letter)"
        ))
    } else {
        None
    }
}
