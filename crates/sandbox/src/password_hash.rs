use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::random;

/// The hash of a stored password: salted PBKDF2-HMAC-SHA256. The sandbox can compare the hash with a password, but
/// cannot compute the password from the hash.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hash {
    salt: String,
    rounds: u32,
    digest: [u8; 32],
}

/// The number of rounds for new hashes. The number is small, because the passwords are only for tests and the sandbox
/// must answer quickly. Each hash contains its own number of rounds.
const ROUNDS: u32 = 1_000;

impl Hash {
    pub fn of(password: &str) -> Self {
        let salt = random::hex(32);
        Self {
            digest: digest(password, &salt, ROUNDS),
            salt,
            rounds: ROUNDS,
        }
    }

    pub fn matches(&self, password: &str) -> bool {
        digest(password, &self.salt, self.rounds)
            .ct_eq(&self.digest)
            .into()
    }
}

fn digest(password: &str, salt: &str, rounds: u32) -> [u8; 32] {
    pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(password.as_bytes(), salt.as_bytes(), rounds)
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hash(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_salted_and_hidden_and_matches_only_its_password() {
        let hash = Hash::of("Example-0001");
        assert!(hash.matches("Example-0001"));
        assert!(!hash.matches("Example-0002"));
        assert!(!hash.matches(""));
        assert_ne!(hash, Hash::of("Example-0001"), "salted");
        assert_eq!(format!("{hash:?}"), "Hash(***)");
    }
}
