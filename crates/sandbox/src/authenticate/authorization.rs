//! Parses the header `Authorization` of a signed request, for all supported signature algorithms.

use huaweicloud_core::SigningAlgorithm;
use huaweicloud_core::sign::DATE_HEADER;

use super::unauthenticated;
use crate::problem::Problem;

/// The parts of the header `Authorization`.
pub(super) struct Authorization<'a> {
    pub algorithm: SigningAlgorithm,
    pub access: &'a str,
    /// The day for which the client derived the signing key. `None` if the algorithm does not derive a key.
    pub day: Option<&'a str>,
    /// The region and the service for which the client derived the signing key. Both are empty if the algorithm does
    /// not derive a key.
    pub region: &'a str,
    pub service: &'a str,
    pub signed_headers: Vec<&'a str>,
    pub signature: &'a str,
}

impl<'a> Authorization<'a> {
    pub fn parse(header: &'a str) -> Result<Self, Problem> {
        let malformed = || {
            unauthenticated(
                "Authorization must have the form `SDK-HMAC-SHA256 Access=.., SignedHeaders=.., Signature=..`, or another supported form",
            )
        };
        let (name, fields) = header.split_once(' ').ok_or_else(malformed)?;
        // If a field occurs twice, the header is ambiguous, so the field counts as missing.
        let field = |name: &str| {
            let mut found = fields
                .split(',')
                .filter_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='));
            match (found.next(), found.next()) {
                (Some(value), None) => Some(value).filter(|value| !value.is_empty()),
                _ => None,
            }
        };
        let signed = field("SignedHeaders").ok_or_else(malformed)?;
        let signature = field("Signature").ok_or_else(malformed)?;
        let signer = Signer::from_names(name, field("Access"), field("Credential"));
        let Signer {
            algorithm,
            access,
            day,
            region,
            service,
        } = signer.ok_or_else(malformed)?;
        let signed_headers: Vec<_> = signed.split(';').collect();
        if !signed_headers.contains(&DATE_HEADER) {
            return Err(unauthenticated("SignedHeaders lacks x-sdk-date"));
        }
        Ok(Self {
            algorithm,
            access,
            day,
            region,
            service,
            signed_headers,
            signature,
        })
    }
}

/// The algorithm of a signature, and the access key. The other fields are the day, the region and the service for which
/// the client derived the signing key.
struct Signer<'a> {
    algorithm: SigningAlgorithm,
    access: &'a str,
    day: Option<&'a str>,
    region: &'a str,
    service: &'a str,
}

impl<'a> Signer<'a> {
    /// Determines the algorithm, and reads the access key. `name` is the first word of the header. `access` and
    /// `credential` are the values of the fields `Access` and `Credential`.
    ///
    /// Returns `None` if no supported algorithm has this name with this combination of fields. Also returns `None` if
    /// `credential` has a wrong form.
    fn from_names(
        name: &str,
        access: Option<&'a str>,
        credential: Option<&'a str>,
    ) -> Option<Self> {
        match (name, access, credential) {
            ("SDK-HMAC-SHA256", Some(access), None) => {
                Some(Self::plain(SigningAlgorithm::SdkHmacSha256, access))
            }
            ("SDK-HMAC-SM3", Some(access), None) => {
                Some(Self::plain(SigningAlgorithm::SdkHmacSm3, access))
            }
            ("SDK-HMAC-SHA256", None, Some(credential)) => {
                let scope = credential.strip_suffix("/sdk_request")?;
                Self::scoped(SigningAlgorithm::ScopedSdkHmacSha256, scope)
            }
            ("V11-HMAC-SHA256", None, Some(credential)) => {
                Self::scoped(SigningAlgorithm::V11HmacSha256, credential)
            }
            _ => None,
        }
    }

    fn plain(algorithm: SigningAlgorithm, access: &'a str) -> Self {
        Self {
            algorithm,
            access,
            day: None,
            region: "",
            service: "",
        }
    }

    /// Parses a `Credential`, such as `AK/20240102/eu-de/dcs`. For `SDK-HMAC-SHA256`, the caller first removes the
    /// suffix `/sdk_request`.
    fn scoped(algorithm: SigningAlgorithm, credential: &'a str) -> Option<Self> {
        let parts: Vec<&str> = credential.split('/').collect();
        let [access, day, region, service] = parts[..] else {
            return None;
        };
        Some(Self {
            algorithm,
            access,
            day: Some(day),
            region,
            service,
        })
    }
}
