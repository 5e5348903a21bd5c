//! The four ways to sign.

use super::hash::{Hash, hex};
use std::fmt;

/// How requests are signed.
///
/// Both clouds accept the first. The others are for installations that ask for them: choose one by
/// [`ConfigBuilder::signing_algorithm`](crate::ConfigBuilder::signing_algorithm).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum SigningAlgorithm {
    /// `SDK-HMAC-SHA256 Access=..`: what the vendor's API signing guide describes.
    #[default]
    SdkHmacSha256,
    /// `SDK-HMAC-SM3 Access=..`: the same with the hash SM3 (GB/T 32905), for installations that demand the Chinese standards.
    SdkHmacSm3,
    /// `V11-HMAC-SHA256 Credential=..`: with a key for one day, region and service, derived by HKDF (RFC 5869). It needs the
    /// region, and takes `globe` without one. Known from the vendor's SDKs; no page describes it.
    V11HmacSha256,
    /// `SDK-HMAC-SHA256 Credential=../sdk_request`: the older form, with a key for one day, region and service, derived by a chain of
    /// HMACs. Region and service may be empty. Known from the tools for Open Telekom Cloud that use it.
    ScopedSdkHmacSha256,
}

impl SigningAlgorithm {
    /// The first word of `Authorization` and first line of the string to sign. The scoped form shares it with the default.
    pub fn name(self) -> &'static str {
        match self {
            Self::SdkHmacSha256 | Self::ScopedSdkHmacSha256 => "SDK-HMAC-SHA256",
            Self::SdkHmacSm3 => "SDK-HMAC-SM3",
            Self::V11HmacSha256 => "V11-HMAC-SHA256",
        }
    }

    /// The hash of a body, as the signature takes it: 64 lower-case hexadecimal digits.
    pub fn payload_hash(self, body: &[u8]) -> String {
        self.hashed(body)
    }

    /// The header that says [`UNSIGNED_PAYLOAD`](super::UNSIGNED_PAYLOAD) where the body is not signed.
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
