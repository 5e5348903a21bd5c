use serde::Deserialize;

/// A documented rule for a password: `x-password-rule` of the API documents.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rule {
    #[serde(default)]
    pub min_length: usize,
    #[serde(default = "unlimited")]
    pub max_length: usize,
    /// The kinds of characters that a password may hold.
    pub classes: Vec<Class>,
    /// The members of [`Class::Special`].
    #[serde(default)]
    pub specials: String,
    /// How many of the kinds it has to hold at least.
    #[serde(default)]
    pub min_classes: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Class {
    Digit,
    Upper,
    Lower,
    Special,
}

fn unlimited() -> usize {
    usize::MAX
}

impl Rule {
    /// The rule that the pages print for devices, for what has no rule in its document.
    pub fn device() -> Self {
        Self {
            min_length: 8,
            max_length: 32,
            classes: vec![Class::Digit, Class::Upper, Class::Lower, Class::Special],
            specials: "~!@#$%^&*()-_=+|[{}];:<>/?".into(),
            min_classes: 4,
        }
    }

    /// The characters of each class.
    pub fn alphabets(&self) -> Vec<Vec<char>> {
        let alphabet = |class: &Class| match class {
            Class::Digit => ('0'..='9').collect(),
            Class::Upper => ('A'..='Z').collect(),
            Class::Lower => ('a'..='z').collect(),
            Class::Special => self.specials.chars().collect(),
        };
        self.classes.iter().map(alphabet).collect()
    }

    /// # Errors
    /// What the password lacks. The text never holds any of it.
    pub fn check(&self, password: &str) -> Result<(), String> {
        let length = password.chars().count();
        if length < self.min_length || length > self.max_length {
            return Err(format!(
                "must have {} to {} characters",
                self.min_length, self.max_length
            ));
        }
        let alphabets = self.alphabets();
        if !password.chars().all(|character| {
            alphabets
                .iter()
                .any(|alphabet| alphabet.contains(&character))
        }) {
            return Err(format!("must hold only {}", self.kinds()));
        }
        let used = alphabets
            .iter()
            .filter(|alphabet| {
                password
                    .chars()
                    .any(|character| alphabet.contains(&character))
            })
            .count();
        if used < self.min_classes {
            return Err(format!(
                "must hold at least {} of {}",
                self.min_classes,
                self.kinds()
            ));
        }
        Ok(())
    }

    fn kinds(&self) -> String {
        let kind = |class: &Class| match class {
            Class::Digit => "digits".to_owned(),
            Class::Upper => "upper-case letters".to_owned(),
            Class::Lower => "lower-case letters".to_owned(),
            Class::Special => format!("special characters ({})", self.specials),
        };
        self.classes.iter().map(kind).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_four_kinds_are_asked_for() {
        let rule = Rule::device();
        assert_eq!(rule.check("Abcdef1!"), Ok(()));
        for refused in [
            "Abcdefg1",
            "abcdef1!",
            "ABCDEF1!",
            "Abcdefg!",
            "Abcde1!",
            "Abcdef1! ",
            "Äbcdef1!A",
            "",
        ] {
            assert!(rule.check(refused).is_err(), "{refused}");
        }
        assert!(rule.check(&format!("Ab1!{}", "a".repeat(28))).is_ok());
        assert!(rule.check(&format!("Ab1!{}", "a".repeat(29))).is_err());
    }

    #[test]
    fn three_of_four_are_enough_where_documented() {
        let rule = Rule {
            min_classes: 3,
            ..Rule::device()
        };
        assert_eq!(rule.check("Abcdefg1"), Ok(()));
        assert!(rule.check("abcdefg1").is_err());
    }

    #[test]
    fn the_reason_does_not_hold_the_password() {
        let reason = Rule::device().check("hunter2hunter2").unwrap_err();
        assert!(!reason.contains("hunter2"), "{reason}");
    }
}
