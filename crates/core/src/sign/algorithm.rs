//! The four algorithms of signatures.

use super::hash::{Hash, hex};
use std::fmt;

/// How requests are signed.
///
/// Both clouds accept the first. The others are for installations that need them: choose one by
/// [`ConfigBuilder::signing_algorithm`](crate::ConfigBuilder::signing_algorithm).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum SigningAlgorithm {
    /// `SDK-HMAC-SHA256 Access=..`: the algorithm of the vendor's API signing guide.
    #[default]
    SdkHmacSha256,
    /// `SDK-HMAC-SM3 Access=..`: the same with the hash SM3 (GB/T 32905), for installations that require the Chinese
    /// standards.
    SdkHmacSm3,
    /// `V11-HMAC-SHA256 Credential=..`: with a key for one day, region and service, derived by HKDF (RFC 5869). It
    /// needs the region, and uses `globe` without one. It is known from the vendor's SDKs. No page describes it.
    V11HmacSha256,
    /// `SDK-HMAC-SHA256 Credential=../sdk_request`: the older form, with a key for one day, region and service, derived
    /// by a chain of HMACs. Region and service may be empty. It is known from tools for Open Telekom Cloud.
    ScopedSdkHmacSha256,
}

impl SigningAlgorithm {
    /// The first word of `Authorization` and the first line of the string to sign. The older form and the default have
    /// the same word.
    pub fn name(self) -> &'static str {
        match self {
            Self::SdkHmacSha256 | Self::ScopedSdkHmacSha256 => "SDK-HMAC-SHA256",
            Self::SdkHmacSm3 => "SDK-HMAC-SM3",
            Self::V11HmacSha256 => "V11-HMAC-SHA256",
        }
    }

    /// The hash of a body for the signature: 64 lower-case hexadecimal digits.
    pub fn payload_hash(self, body: &[u8]) -> String {
        self.hashed(body)
    }

    /// The header with the value [`UNSIGNED_PAYLOAD`](super::UNSIGNED_PAYLOAD) if the body is not signed.
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
