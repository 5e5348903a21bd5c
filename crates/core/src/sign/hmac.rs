//! The keyed hash.

use super::canonical::hex;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// HMAC's block for SHA-256, in bytes.
const BLOCK: usize = 64;

/// The signature of a string to sign: 64 lower-case hexadecimal digits. The secret key is the HMAC key as it is.
pub fn signature(secret: &str, string_to_sign: &str) -> String {
    let key = block(secret.as_bytes());
    let mac = Hmac::<Sha256>::new((&*key).into()).chain_update(string_to_sign);
    hex(&mac.finalize().into_bytes())
}

/// The key as RFC 2104 makes a block of it. Done here because `new` cannot fail, unlike `new_from_slice`.
fn block(secret: &[u8]) -> Zeroizing<[u8; BLOCK]> {
    let mut block = Zeroizing::new([0; BLOCK]);
    if let Some(start) = block.get_mut(..secret.len()) {
        start.copy_from_slice(secret);
    } else {
        let digest = Sha256::digest(secret);
        block
            .iter_mut()
            .zip(digest)
            .for_each(|(to, from)| *to = from);
    }
    block
}
