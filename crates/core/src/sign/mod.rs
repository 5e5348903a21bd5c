//! `SDK-HMAC-SHA256`, the signature that both clouds' gateways check.
//!
//! Pure functions: the date is given, nothing is read from a clock, and every step is public so that a server can verify
//! what a client signed. Source: the vendor's "API request signing guide" and its published example, which is among the
//! test vectors.
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

mod canonical;
mod hmac;

pub use canonical::{
    SignableRequest, canonical_query, canonical_request, canonical_uri, encode_segment,
    payload_hash, signed_headers, string_to_sign,
};
pub use hmac::signature;

use std::fmt;

/// The name of the algorithm, first word of `Authorization` and first line of the string to sign.
pub const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// The header that carries the date of the signature, `YYYYMMDDTHHMMSSZ`, and is always signed.
pub const DATE_HEADER: &str = "x-sdk-date";

/// An access key that signs.
#[derive(Clone, Copy)]
pub struct Signer<'a> {
    access: &'a str,
    secret: &'a str,
}

impl fmt::Debug for Signer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("access", &self.access)
            .finish_non_exhaustive()
    }
}

/// What a signed request carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The value of the header `Authorization`.
    pub authorization: String,
    /// The names of the signed headers: lower case, sorted, joined by `;`.
    pub signed_headers: String,
    /// The signature alone: 64 lower-case hexadecimal digits.
    pub signature: String,
}

impl<'a> Signer<'a> {
    /// Signs with this access key and its secret.
    pub fn new(access: &'a str, secret: &'a str) -> Self {
        Self { access, secret }
    }

    /// Signs a request at a date (`YYYYMMDDTHHMMSSZ`, in UTC). The request must be sent with the header `x-sdk-date` of that
    /// value; it is signed whether or not the request's list names it.
    pub fn sign(&self, request: &SignableRequest<'_>, date: &str) -> Signature {
        let (canonical, signed_headers) = canonical::with_date(request, date);
        let signature = signature(self.secret, &string_to_sign(date, &canonical));
        let access = self.access;
        let authorization = format!(
            "{ALGORITHM} Access={access}, SignedHeaders={signed_headers}, Signature={signature}"
        );
        Signature {
            authorization,
            signed_headers,
            signature,
        }
    }
}
