//! The scope of a signature (day, region and service), and the keys that are derived for a scope.

use super::SigningAlgorithm;
use super::hash::{Hash, hex};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// Replaces an empty region in the scope of `V11HmacSha256`.
const GLOBE: &str = "globe";

/// The last part of the scope of `ScopedSdkHmacSha256`.
const TERMINATOR: &str = "sdk_request";

/// The region and the service for which a key is derived.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Scope<'a> {
    pub region: &'a str,
    pub service: &'a str,
}

impl Scope<'_> {
    /// Returns the scope as a string. The string follows the access key in `Authorization`, and is a line of the string
    /// to sign. Returns `None` if the algorithm has no scope.
    pub(super) fn text(&self, algorithm: SigningAlgorithm, date: &str) -> Option<String> {
        let (day, Self { region, service }) = (day(date), self);
        match algorithm {
            SigningAlgorithm::V11HmacSha256 => {
                let region = if region.is_empty() { GLOBE } else { region };
                Some(format!("{day}/{region}/{service}"))
            }
            SigningAlgorithm::ScopedSdkHmacSha256 => {
                Some(format!("{day}/{region}/{service}/{TERMINATOR}"))
            }
            _ => None,
        }
    }

    /// Returns the key of the HMAC, as bytes.
    pub(super) fn key(
        &self,
        algorithm: SigningAlgorithm,
        access: &str,
        secret: &str,
        date: &str,
    ) -> Zeroizing<Vec<u8>> {
        match (algorithm, self.text(algorithm, date)) {
            (SigningAlgorithm::V11HmacSha256, Some(info)) => expanded(access, secret, &info),
            (SigningAlgorithm::ScopedSdkHmacSha256, _) => self.chained(secret, date),
            _ => Zeroizing::new(secret.as_bytes().to_vec()),
        }
    }

    /// Derives the key by a chain of HMACs. The result of each HMAC is the key of the next HMAC.
    fn chained(&self, secret: &str, date: &str) -> Zeroizing<Vec<u8>> {
        let mut key = Zeroizing::new(format!("SDK{secret}").into_bytes());
        for text in [day(date), self.region, self.service, TERMINATOR] {
            let hashed = Zeroizing::new(Hash::Sha256.keyed(&key, text.as_bytes()));
            key = Zeroizing::new(hashed.to_vec());
        }
        key
    }
}

/// Derives the key by HKDF. The key is the hexadecimal digits of the result, not the bytes of the result.
fn expanded(access: &str, secret: &str, info: &str) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new([0; 32]);
    let hkdf = Hkdf::<Sha256>::new(Some(access.as_bytes()), secret.as_bytes());
    let filled = hkdf.expand(info.as_bytes(), &mut *key);
    debug_assert!(filled.is_ok(), "HKDF gives up to 255 times 32 bytes");
    Zeroizing::new(hex(&*key).into_bytes())
}

/// Returns the day of a date: `20240102` of `20240102T030405Z`.
fn day(date: &str) -> &str {
    date.get(..8).unwrap_or(date)
}
