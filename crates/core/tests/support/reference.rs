//! A second signer, written only from the description of `SDK-HMAC-SHA256`. This signer shares only the hash function
//! SHA-256 with the signer of the crate. So the two signers are unlikely to have the same mistake.
#![allow(dead_code)]

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The request to sign. The path and the headers have the form in which they are sent. The query is not encoded.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub method: String,
    pub path: Vec<u8>,
    pub query: Vec<(String, String)>,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
    /// `true` if the signature does not cover the body.
    pub unsigned: bool,
}

/// Keeps unreserved bytes. Replaces every other byte by `%` and two upper-case hexadecimal digits.
pub fn quote(text: &[u8]) -> String {
    let mut quoted = String::new();
    for &byte in text {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                quoted.push(char::from(byte));
            }
            other => quoted += &format!("%{other:02X}"),
        }
    }
    quoted
}

fn digit(byte: Option<&u8>) -> Option<u8> {
    let digit = char::from(*byte?).to_digit(16)?;
    u8::try_from(digit).ok()
}

/// Decodes `%` and two hexadecimal digits to a byte. A `%` without two digits stays unchanged.
pub fn unquote(text: &[u8]) -> Vec<u8> {
    let (mut bytes, mut at) = (Vec::new(), 0);
    while at < text.len() {
        match (text[at], digit(text.get(at + 1)), digit(text.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(16 * high + low);
                at += 3;
            }
            (byte, ..) => {
                bytes.push(byte);
                at += 1;
            }
        }
    }
    bytes
}

/// Decodes the path once, splits it at the slashes, and encodes each piece. If the last character is not a slash, adds
/// a slash.
pub fn uri(path: &[u8]) -> String {
    // Bytes that are not UTF-8 become U+FFFD before they are encoded again.
    let text = String::from_utf8_lossy(&unquote(path)).into_owned();
    let pieces: Vec<String> = text
        .split('/')
        .map(|piece| quote(piece.as_bytes()))
        .collect();
    let joined = pieces.join("/");
    if joined.ends_with('/') {
        joined
    } else {
        joined + "/"
    }
}

/// Sorts the pairs by the code points of the name, and then of the value. Then encodes the pairs.
pub fn query(pairs: &[(String, String)]) -> String {
    let code_points = |text: &str| text.chars().map(u32::from).collect::<Vec<_>>();
    let mut sorted = pairs.to_vec();
    sorted.sort_by_key(|(name, value)| (code_points(name), code_points(value)));
    let encoded = sorted
        .iter()
        .map(|(name, value)| format!("{}={}", quote(name.as_bytes()), quote(value.as_bytes())));
    encoded.collect::<Vec<_>>().join("&")
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A hash function with results of 32 bytes and blocks of 64 bytes.
pub type Hash = fn(&[u8]) -> Vec<u8>;

pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// HMAC, exactly as RFC 2104 defines it: H(K xor opad, H(K xor ipad, text)).
pub fn hmac(hash: Hash, key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = if key.len() > 64 {
        hash(key)
    } else {
        key.to_vec()
    };
    block.resize(64, 0);
    let pad = |with: u8| block.iter().map(move |byte| byte ^ with);
    let inner: Vec<u8> = pad(0x36).chain(text.iter().copied()).collect();
    let outer: Vec<u8> = pad(0x5c).chain(hash(&inner)).collect();
    hash(&outer)
}

/// Returns the canonical request with the date `date`, and the names of the signed headers. Headers with `_` in their
/// names are not signed.
pub fn canonical(hash: Hash, date: &str, asked: &Asked) -> (String, String) {
    let mut headers: BTreeMap<String, &str> = asked
        .headers
        .iter()
        .filter(|(name, _)| !name.contains('_'))
        .map(|(name, value)| (name.to_lowercase(), value.trim()))
        .collect();
    headers.insert("x-sdk-date".to_owned(), date);
    let lines: String = headers
        .iter()
        .map(|(name, value)| format!("{name}:{value}\n"))
        .collect();
    let body = if asked.unsigned {
        "UNSIGNED-PAYLOAD".to_owned()
    } else {
        hex(&hash(&asked.body))
    };
    let names = headers.into_keys().collect::<Vec<_>>().join(";");
    let canonical = [
        asked.method.to_uppercase(),
        uri(&asked.path),
        query(&asked.query),
        lines,
        names.clone(),
        body,
    ];
    (canonical.join("\n"), names)
}

/// Signs the request `asked` with the date `date`. Returns the value of the header `Authorization`.
pub fn authorization(access: &str, secret: &str, date: &str, asked: &Asked) -> String {
    let (canonical, names) = canonical(sha256, date, asked);
    let digest = hex(&sha256(canonical.as_bytes()));
    let to_sign = format!("SDK-HMAC-SHA256\n{date}\n{digest}");
    let signature = hex(&hmac(sha256, secret.as_bytes(), to_sign.as_bytes()));
    format!("SDK-HMAC-SHA256 Access={access}, SignedHeaders={names}, Signature={signature}")
}
