use super::decode;

#[test]
fn utf_8_and_utf_16_are_decoded() {
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
fn other_charsets_nul_bytes_and_invalid_utf_16_are_refused() {
    for (bytes, said) in [
        (
            b"a\nb \xc7\xeb".as_slice(),
            "the byte 0xc7 in line 2 is not UTF-8",
        ),
        (
            b"<meta charset=\"GBK\">\xc7",
            "the byte 0xc7 in line 1 is not UTF-8, and the file names the charset gbk",
        ),
        (b"caf\xe9", "the byte 0xe9 in line 1 is not UTF-8"),
        (b"a\0b\0", "it contains NUL bytes"),
        (
            b"\xff\xfea\0b",
            "it begins like UTF-16, but is not valid UTF-16",
        ),
    ] {
        let error = decode(bytes).unwrap_err();
        assert!(error.starts_with(said), "{error}");
    }
}
