//! The four algorithms that can sign a request.

use super::hash::{Hash, hex};
use std::fmt;

/// The algorithm that signs requests.
///
/// Huawei Cloud and Open Telekom Cloud accept `SdkHmacSha256`. The other algorithms are for installations that require
/// them. To choose an algorithm, call [`ConfigBuilder::signing_algorithm`](crate::ConfigBuilder::signing_algorithm).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum SigningAlgorithm {
    /// `SDK-HMAC-SHA256 Access=..`: the algorithm of the vendor's "API request signing guide".
    #[default]
    SdkHmacSha256,
    /// `SDK-HMAC-SM3 Access=..`: like `SdkHmacSha256`, but with the hash SM3 (GB/T 32905). Installations that follow
    /// the Chinese standards require this hash.
    SdkHmacSm3,
    /// `V11-HMAC-SHA256 Credential=..`: an algorithm with a derived key, which is valid for one day, one region and one
    /// service. These three values are the scope. The key is derived by HKDF (RFC 5869).
    ///
    /// If the region is empty, the scope contains `globe` in place of the region. The vendor's SDKs use this algorithm,
    /// but no page of the documentation describes it.
    V11HmacSha256,
    /// `SDK-HMAC-SHA256 Credential=../sdk_request`: an older algorithm with a derived key, which is valid for one day,
    /// one region and one service. The key is derived by a chain of HMACs.
    ///
    /// Region and service can be empty. Some programs for Open Telekom Cloud use this algorithm.
    ScopedSdkHmacSha256,
}

impl SigningAlgorithm {
    /// Returns the first word of the header `Authorization`. This word is also the first line of the string to sign.
    /// `SdkHmacSha256` and `ScopedSdkHmacSha256` have the same first word.
    pub fn name(self) -> &'static str {
        match self {
            Self::SdkHmacSha256 | Self::ScopedSdkHmacSha256 => "SDK-HMAC-SHA256",
            Self::SdkHmacSm3 => "SDK-HMAC-SM3",
            Self::V11HmacSha256 => "V11-HMAC-SHA256",
        }
    }

    /// Returns the hash of a body for the signature: 64 lower-case hexadecimal digits.
    pub fn payload_hash(self, body: &[u8]) -> String {
        self.hashed(body)
    }

    /// Returns the name of the header that states that the body is not signed. Its value is
    /// [`UNSIGNED_PAYLOAD`](super::UNSIGNED_PAYLOAD).
    pub fn content_header(self) -> &'static str {
        match self.hash() {
            Hash::Sha256 => "x-sdk-content-sha256",
            Hash::Sm3 => "x-sdk-content-sm3",
        }
    }

    pub(super) fn hash(self) -> Hash {
        match self {
            Self::SdkHmacSm3 => Hash::Sm3,
            _ => Hash::Sha256,
        }
    }

    pub(super) fn hashed(self, bytes: &[u8]) -> String {
        hex(&self.hash().digest(bytes))
    }
}

impl fmt::Display for SigningAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Self::ScopedSdkHmacSha256 => f.write_str(" (scoped)"),
            _ => Ok(()),
        }
    }
}
