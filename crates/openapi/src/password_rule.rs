//! Reads `x-password-rule`, the documented rule for the passwords in a field, and checks passwords against the rule.

use serde_json::Value;

use crate::grammar::ObjectKind;

/// A documented rule for passwords.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordRule {
    /// The minimum number of characters.
    pub min_length: usize,
    /// The maximum number of characters.
    pub max_length: usize,
    /// The classes of the characters that a password can contain.
    pub classes: Vec<CharacterClass>,
    /// The characters of the class [`CharacterClass::Special`].
    pub specials: String,
    /// The minimum number of different classes in a password.
    pub min_classes: usize,
}

/// A class of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CharacterClass {
    /// `0` to `9`.
    Digit,
    /// `A` to `Z`.
    Upper,
    /// `a` to `z`.
    Lower,
    /// The characters in [`PasswordRule::specials`].
    Special,
}

impl PasswordRule {
    /// Reads the value of `x-password-rule`.
    ///
    /// # Errors
    /// The value is not a valid rule, for example because no password can satisfy the rule. The string is the reason.
    pub fn parse(value: &Value) -> Result<Self, String> {
        let object = value.as_object();
        let object = object.ok_or("x-password-rule is not a mapping")?;
        let is_known = |key: &&String| {
            ObjectKind::PasswordRule
                .used_keys()
                .any(|name| name == *key)
        };
        if let Some(key) = object.keys().find(|key| !is_known(key)) {
            return Err(format!("`{key}` is not a key of x-password-rule"));
        }
        let number = |key: &str| {
            let number = object.get(key).and_then(Value::as_u64);
            let number = number.and_then(|number| usize::try_from(number).ok());
            number.ok_or(format!("`{key}` must be a non-negative integer"))
        };
        let classes = value["classes"].as_array();
        let classes = classes.ok_or("`classes` is not a list")?;
        let specials = object.get("specials").and_then(Value::as_str);
        let rule = Self {
            min_length: number("minLength")?,
            max_length: number("maxLength")?,
            classes: classes.iter().map(class).collect::<Result<_, _>>()?,
            specials: specials.unwrap_or_default().to_owned(),
            min_classes: number("minClasses")?,
        };
        rule.satisfiable().map(|()| rule)
    }

    fn satisfiable(&self) -> Result<(), String> {
        let count = self.classes.len();
        if self.min_length > self.max_length {
            Err("minLength is greater than maxLength".to_owned())
        } else if self.min_classes > count || self.min_classes > self.max_length || count == 0 {
            Err("minClasses exceeds maxLength, or `classes` is empty or too short".to_owned())
        } else if self.classes.contains(&CharacterClass::Special) == self.specials.is_empty() {
            Err("`specials` and the class `special` must occur together, or not at all".to_owned())
        } else {
            Ok(())
        }
    }

    /// The characters of each class, in the order of [`classes`](Self::classes).
    pub fn alphabets(&self) -> Vec<Vec<char>> {
        let alphabet = |class: &CharacterClass| match class {
            CharacterClass::Digit => ('0'..='9').collect(),
            CharacterClass::Upper => ('A'..='Z').collect(),
            CharacterClass::Lower => ('a'..='z').collect(),
            CharacterClass::Special => self.specials.chars().collect(),
        };
        self.classes.iter().map(alphabet).collect()
    }

    /// Checks whether a password satisfies the rule.
    ///
    /// # Errors
    /// The password does not satisfy the rule. The string states the first requirement that the password breaks, and
    /// does not quote the password.
    pub fn check(&self, password: &str) -> Result<(), String> {
        let length = password.chars().count();
        if length < self.min_length || length > self.max_length {
            let (least, most) = (self.min_length, self.max_length);
            return Err(format!("must have {least} to {most} characters"));
        }
        let alphabets = self.alphabets();
        let holds = |alphabet: &Vec<char>| password.chars().any(|char| alphabet.contains(&char));
        let known = |char: char| alphabets.iter().any(|alphabet| alphabet.contains(&char));
        if !password.chars().all(known) {
            return Err(format!("must contain only {}", self.words()));
        }
        if alphabets.iter().filter(|alphabet| holds(alphabet)).count() < self.min_classes {
            let (least, words) = (self.min_classes, self.words());
            return Err(format!("needs at least {least} of these kinds: {words}"));
        }
        Ok(())
    }

    fn words(&self) -> String {
        let word = |class: &CharacterClass| match class {
            CharacterClass::Digit => "digits".to_owned(),
            CharacterClass::Upper => "upper-case letters".to_owned(),
            CharacterClass::Lower => "lower-case letters".to_owned(),
            CharacterClass::Special => format!("special characters ({})", self.specials),
        };
        self.classes.iter().map(word).collect::<Vec<_>>().join(", ")
    }
}

fn class(value: &Value) -> Result<CharacterClass, String> {
    match value.as_str() {
        Some("digit") => Ok(CharacterClass::Digit),
        Some("upper") => Ok(CharacterClass::Upper),
        Some("lower") => Ok(CharacterClass::Lower),
        Some("special") => Ok(CharacterClass::Special),
        _ => Err(format!(
            "`{value}` is not one of digit, upper, lower, special"
        )),
    }
}

#[cfg(test)]
mod tests;
