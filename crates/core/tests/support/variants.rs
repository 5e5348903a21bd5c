//! A second implementation of the four signing algorithms. The implementation follows the standards for HMAC and HKDF,
//! and does not use the signing code of the crate.
#![allow(dead_code)]

use super::reference::{Asked, Hash, canonical, hex, hmac, sha256};
use huaweicloud_core::SigningAlgorithm;
use sm3::Digest;

pub const ALL: [SigningAlgorithm; 4] = [
    SigningAlgorithm::SdkHmacSha256,
    SigningAlgorithm::SdkHmacSm3,
    SigningAlgorithm::V11HmacSha256,
    SigningAlgorithm::ScopedSdkHmacSha256,
];

fn sm3(bytes: &[u8]) -> Vec<u8> {
    sm3::Sm3::digest(bytes).to_vec()
}

/// The access key that signs, and the region and the service that some algorithms include in the signature.
#[derive(Debug, Clone, Copy)]
pub struct Who<'a> {
    pub access: &'a str,
    pub secret: &'a str,
    pub region: &'a str,
    pub service: &'a str,
}

/// Signs the request `asked` with the date `date`. Returns the value of the header `Authorization`.
pub fn authorization(
    algorithm: SigningAlgorithm,
    who: Who<'_>,
    date: &str,
    asked: &Asked,
) -> String {
    let Who {
        access,
        secret,
        region,
        service,
    } = who;
    let day = &date[..8];
    let hash: Hash = match algorithm {
        SigningAlgorithm::SdkHmacSm3 => sm3,
        _ => sha256,
    };
    let (canonical, names) = canonical(hash, date, asked);
    let digest = hex(&hash(canonical.as_bytes()));
    let (name, credential, key) = match algorithm {
        SigningAlgorithm::SdkHmacSha256 => ("SDK-HMAC-SHA256", None, secret.as_bytes().to_vec()),
        SigningAlgorithm::SdkHmacSm3 => ("SDK-HMAC-SM3", None, secret.as_bytes().to_vec()),
        SigningAlgorithm::V11HmacSha256 => {
            let region = if region.is_empty() { "globe" } else { region };
            let info = format!("{day}/{region}/{service}");
            // RFC 5869 (HKDF): the extract step, and then the first block of the expand step.
            let extracted = hmac(sha256, access.as_bytes(), secret.as_bytes());
            let expanded = hmac(sha256, &extracted, &[info.as_bytes(), &[1]].concat());
            ("V11-HMAC-SHA256", Some(info), hex(&expanded).into_bytes())
        }
        SigningAlgorithm::ScopedSdkHmacSha256 => {
            let scope = format!("{day}/{region}/{service}/sdk_request");
            let start = format!("SDK{secret}").into_bytes();
            let key = scope
                .split('/')
                .fold(start, |key, text| hmac(sha256, &key, text.as_bytes()));
            ("SDK-HMAC-SHA256", Some(scope), key)
        }
        other => panic!("{other}"),
    };
    let scope = credential
        .as_ref()
        .map_or(String::new(), |scope| format!("{scope}\n"));
    let to_sign = format!("{name}\n{date}\n{scope}{digest}");
    let signature = hex(&hmac(hash, &key, to_sign.as_bytes()));
    let identity = match credential {
        Some(scope) => format!("Credential={access}/{scope}"),
        None => format!("Access={access}"),
    };
    format!("{name} {identity}, SignedHeaders={names}, Signature={signature}")
}
