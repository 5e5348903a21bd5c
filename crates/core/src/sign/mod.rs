//! Signs requests with an access key.
//!
//! The default algorithm is `SDK-HMAC-SHA256`. The gateways of Huawei Cloud and Open Telekom Cloud accept it. Some
//! installations need one of the other three algorithms of [`SigningAlgorithm`].
//!
//! The functions do not read a clock: the caller passes the date. Public functions make the canonical request, the
//! string to sign and the signature. So a server can verify a signature.
//!
//! The default algorithm is described in the vendor's "API request signing guide". The tests include the example that
//! this guide contains.
//!
//! ```
//! use huaweicloud_core::sign::{SignableRequest, Signer, payload_hash};
//!
//! let request = SignableRequest {
//!     method: "GET",
//!     path: "/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs",
//!     query: &[("limit", "2"), ("marker", "13551d6b-755d-4757-b956-536f674975c0")],
//!     headers: &[("content-type", "application/json"), ("host", "service.region.example.com")],
//!     body_hash: &payload_hash(b""),
//! };
//! let signer = Signer::new("QTWAOYTTINDUT2QVKYUC", "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc");
//! let signature = signer.sign(&request, "20191115T033655Z");
//! assert!(signature.authorization.ends_with("Signature=7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe"));
//! ```

mod algorithm;
mod canonical;
mod hash;
mod scope;

pub use algorithm::SigningAlgorithm;
pub use canonical::{
    DATE_HEADER, SignableRequest, canonical_query, canonical_request, canonical_uri,
    encode_segment, signed_headers,
};

use hash::hex;
use scope::Scope;
use std::fmt;

/// The string that replaces the hash of a body that is not signed. The client does not sign streams and forms. It signs
/// other non-empty bodies only if they are JSON or BSON.
pub const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// Returns the hash of a body for all algorithms except [`SigningAlgorithm::SdkHmacSm3`]. The hash is SHA-256 in 64
/// lower-case hexadecimal digits.
pub fn payload_hash(body: &[u8]) -> String {
    SigningAlgorithm::default().payload_hash(body)
}

/// Signs requests with an access key.
#[derive(Clone, Copy)]
#[must_use]
pub struct Signer<'a> {
    access: &'a str,
    secret: &'a str,
    algorithm: SigningAlgorithm,
    scope: Scope<'a>,
}

impl fmt::Debug for Signer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("access", &self.access)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// A signature, and the value of the header `Authorization` that contains it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The value of the header `Authorization`.
    pub authorization: String,
    /// The names of the signed headers: in lower case, sorted, joined by `;`.
    pub signed_headers: String,
    /// The signature itself: 64 lower-case hexadecimal digits.
    pub signature: String,
}

impl<'a> Signer<'a> {
    /// Makes a signer with this access key and its secret key. The algorithm is `SDK-HMAC-SHA256`.
    pub fn new(access: &'a str, secret: &'a str) -> Self {
        Self {
            access,
            secret,
            algorithm: SigningAlgorithm::default(),
            scope: Scope::default(),
        }
    }

    /// Sets another algorithm.
    pub fn with_algorithm(mut self, algorithm: SigningAlgorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// Sets the region and the service (for example `eu-de` and `dcs`). Only the algorithms with a derived key use
    /// them.
    pub fn with_scope(mut self, region: &'a str, service: &'a str) -> Self {
        self.scope = Scope { region, service };
        self
    }

    /// Signs a request with a date (`YYYYMMDDTHHMMSSZ`, in UTC).
    ///
    /// The request must be sent with this date in the header `x-sdk-date`. The signature covers this header even if
    /// `request` does not contain it.
    pub fn sign(&self, request: &SignableRequest<'_>, date: &str) -> Signature {
        self.sign_and_show(request, date).0
    }

    /// Like [`sign`](Self::sign), but also returns the canonical request that was signed. The canonical request
    /// contains the values of the signed headers, such as a security token.
    pub(crate) fn sign_and_show(
        &self,
        request: &SignableRequest<'_>,
        date: &str,
    ) -> (Signature, String) {
        let (canonical, signed_headers) = canonical::with_date(request, date);
        let signature = self.signature(date, &self.string_to_sign(date, &canonical));
        let signed = Signature {
            authorization: self.authorization(date, &signed_headers, &signature),
            signed_headers,
            signature,
        };
        (signed, canonical)
    }

    /// Returns the string to sign. Its lines are the algorithm, the date (`YYYYMMDDTHHMMSSZ`), the scope if there is
    /// one, and the hash of the canonical request.
    pub fn string_to_sign(&self, date: &str, canonical_request: &str) -> String {
        let (name, hash) = (
            self.algorithm.name(),
            self.algorithm.hashed(canonical_request.as_bytes()),
        );
        match self.scope.text(self.algorithm, date) {
            Some(scope) => format!("{name}\n{date}\n{scope}\n{hash}"),
            None => format!("{name}\n{date}\n{hash}"),
        }
    }

    /// Returns the signature of `string_to_sign`: 64 lower-case hexadecimal digits. A derived key depends on `date`.
    pub fn signature(&self, date: &str, string_to_sign: &str) -> String {
        let key = self
            .scope
            .key(self.algorithm, self.access, self.secret, date);
        let hash = self.algorithm.hash();
        hex(&hash.keyed(&key, string_to_sign.as_bytes()))
    }

    fn authorization(&self, date: &str, signed_headers: &str, signature: &str) -> String {
        let (name, access) = (self.algorithm.name(), self.access);
        let who = match self.scope.text(self.algorithm, date) {
            Some(scope) => format!("Credential={access}/{scope}"),
            None => format!("Access={access}"),
        };
        format!("{name} {who}, SignedHeaders={signed_headers}, Signature={signature}")
    }
}
