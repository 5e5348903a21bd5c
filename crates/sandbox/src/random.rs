//! Generates random values. The source is a cryptographic random generator, so nobody can guess a token.

use huaweicloud_openapi::{CharacterClass, PasswordRule};
use rand::RngExt as _;
use rand::seq::{IndexedRandom as _, SliceRandom as _};

const LETTERS_AND_DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Returns `digits` random hexadecimal digits.
pub(crate) fn hex(digits: usize) -> String {
    pick(b"0123456789abcdef", digits)
}

/// Returns `length` random letters and digits.
pub(crate) fn alphanumeric(length: usize) -> String {
    pick(LETTERS_AND_DIGITS, length)
}

/// Returns a value in the form of an access key: 20 upper-case letters and digits.
pub(crate) fn access_key() -> String {
    pick(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 20)
}

/// The rule for device passwords on the documentation pages. With this rule, the sandbox generates the password of the
/// user. If the OpenAPI document has no rule for the password of a device or a product, the sandbox uses this rule.
pub(crate) fn device_password_rule() -> PasswordRule {
    PasswordRule {
        min_length: 8,
        max_length: 32,
        classes: vec![
            CharacterClass::Digit,
            CharacterClass::Upper,
            CharacterClass::Lower,
            CharacterClass::Special,
        ],
        specials: "~!@#$%^&*()-_=+|[{}];:<>/?".into(),
        min_classes: 4,
    }
}

/// Generates a password that satisfies the rule. The password has at least one character of each class. Its length is
/// 24 characters, or the nearest length that the rule allows.
pub(crate) fn password(rule: &PasswordRule) -> String {
    let mut rng = rand::rng();
    let alphabets = rule.alphabets();
    let length = 24.clamp(
        rule.min_length.max(alphabets.len()),
        rule.max_length.max(alphabets.len()),
    );
    let mut characters: Vec<char> = alphabets
        .iter()
        .filter_map(|alphabet| alphabet.choose(&mut rng).copied())
        .collect();
    let all: Vec<char> = alphabets.concat();
    while characters.len() < length {
        match all.choose(&mut rng) {
            Some(character) => characters.push(*character),
            None => break,
        }
    }
    characters.shuffle(&mut rng);
    characters.into_iter().collect()
}

fn pick(alphabet: &[u8], length: usize) -> String {
    let mut rng = rand::rng();
    (0..length)
        .map(|_| char::from(alphabet[rng.random_range(0..alphabet.len())]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_passwords_satisfy_their_rule() {
        for rule in [
            device_password_rule(),
            PasswordRule {
                min_length: 16,
                max_length: 32,
                ..device_password_rule()
            },
            PasswordRule {
                max_length: 8,
                ..device_password_rule()
            },
        ] {
            for _ in 0..200 {
                assert_eq!(rule.check(&password(&rule)), Ok(()));
            }
        }
    }

    #[test]
    fn random_values_differ_and_have_the_expected_length() {
        assert_eq!(hex(32).len(), 32);
        assert_ne!(hex(32), hex(32));
        assert_ne!(alphanumeric(40), alphanumeric(40));
        assert_eq!(access_key().len(), 20);
    }
}
