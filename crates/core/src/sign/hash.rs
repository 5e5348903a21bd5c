//! The hashes SHA-256 and SM3, without a key and with a key (HMAC). Both hashes have blocks of 64 bytes and results of
//! 32 bytes.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use sm3::Sm3;
use zeroize::Zeroizing;

/// The block size of both hashes, in bytes.
const BLOCK: usize = 64;

/// The result of a hash, as bytes.
pub(super) type Hashed = [u8; 32];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    Sm3,
}

impl Hash {
    pub(super) fn digest(self, bytes: &[u8]) -> Hashed {
        match self {
            Self::Sha256 => Sha256::digest(bytes).into(),
            Self::Sm3 => Sm3::digest(bytes).into(),
        }
    }

    /// Returns the HMAC (RFC 2104) of the message `text`.
    pub(super) fn keyed(self, key: &[u8], text: &[u8]) -> Hashed {
        let key = self.block(key);
        match self {
            Self::Sha256 => {
                let mac = Hmac::<Sha256>::new((&*key).into()).chain_update(text);
                mac.finalize().into_bytes().into()
            }
            Self::Sm3 => {
                let mac = Hmac::<Sm3>::new((&*key).into()).chain_update(text);
                mac.finalize().into_bytes().into()
            }
        }
    }

    /// Returns a block that contains the key. As RFC 2104 requires, zeros follow a short key. If the key is longer than
    /// a block, its hash replaces the key. `Hmac::new` takes a whole block. Unlike `Hmac::new_from_slice`, it returns no
    /// `Result`.
    fn block(self, key: &[u8]) -> Zeroizing<[u8; BLOCK]> {
        let mut block = Zeroizing::new([0; BLOCK]);
        if let Some(start) = block.get_mut(..key.len()) {
            start.copy_from_slice(key);
        } else {
            let digest = Zeroizing::new(self.digest(key));
            block
                .iter_mut()
                .zip(digest.iter())
                .for_each(|(to, from)| *to = *from);
        }
        block
    }
}

/// Returns the bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}
