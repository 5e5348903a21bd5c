//! `x-password-rule`: what a password must be made of.

use serde_json::Value;

/// The rule as a transcript writes it.
#[derive(Debug)]
pub(super) struct PasswordRule {
    pub min_length: u64,
    pub max_length: u64,
    classes: Vec<Class>,
    specials: String,
    min_classes: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Digit,
    Upper,
    Lower,
    Special,
}

const KEYS: [&str; 5] = [
    "minLength",
    "maxLength",
    "classes",
    "specials",
    "minClasses",
];

impl PasswordRule {
    /// Reads the extension's value.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(value: &Value) -> Result<Self, String> {
        let object = value
            .as_object()
            .ok_or("x-password-rule is not a mapping")?;
        if let Some(key) = object.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(format!("x-password-rule has no key `{key}`"));
        }
        let number = |key: &str| {
            object
                .get(key)
                .and_then(Value::as_u64)
                .ok_or(format!("`{key}` is not a whole number"))
        };
        let classes = object
            .get("classes")
            .and_then(Value::as_array)
            .ok_or("`classes` is not a list")?;
        let rule = Self {
            min_length: number("minLength")?,
            max_length: number("maxLength")?,
            classes: classes.iter().map(class).collect::<Result<_, _>>()?,
            specials: object
                .get("specials")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            min_classes: number("minClasses")?,
        };
        rule.satisfiable().map(|()| rule)
    }

    fn satisfiable(&self) -> Result<(), String> {
        let count = self.classes.len() as u64;
        if self.min_length > self.max_length {
            Err("minLength is above maxLength".to_owned())
        } else if self.min_classes > count || self.min_classes > self.max_length || count == 0 {
            Err("minClasses asks for more than there is".to_owned())
        } else if self.classes.contains(&Class::Special) == self.specials.is_empty() {
            Err("`specials` and the class `special` go together".to_owned())
        } else {
            Ok(())
        }
    }

    /// Judges a password.
    ///
    /// # Errors
    /// What it lacks; never the password or a part of it.
    pub fn check(&self, password: &str) -> Result<(), String> {
        let length = password.chars().count() as u64;
        if length < self.min_length || length > self.max_length {
            return Err(format!(
                "the password has {length} characters, not {} to {}",
                self.min_length, self.max_length
            ));
        }
        if password
            .chars()
            .any(|char| !self.classes.iter().any(|class| self.holds(*class, char)))
        {
            return Err(
                "the password has a character that x-password-rule does not allow".to_owned(),
            );
        }
        let used = self
            .classes
            .iter()
            .filter(|class| password.chars().any(|char| self.holds(**class, char)))
            .count() as u64;
        if used < self.min_classes {
            return Err(format!(
                "the password has {used} kinds of characters, not {}",
                self.min_classes
            ));
        }
        Ok(())
    }

    fn holds(&self, class: Class, char: char) -> bool {
        match class {
            Class::Digit => char.is_ascii_digit(),
            Class::Upper => char.is_ascii_uppercase(),
            Class::Lower => char.is_ascii_lowercase(),
            Class::Special => self.specials.contains(char),
        }
    }
}

fn class(value: &Value) -> Result<Class, String> {
    match value.as_str() {
        Some("digit") => Ok(Class::Digit),
        Some("upper") => Ok(Class::Upper),
        Some("lower") => Ok(Class::Lower),
        Some("special") => Ok(Class::Special),
        _ => Err(format!(
            "`{value}` is not one of digit, upper, lower, special"
        )),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::PasswordRule;

    #[test]
    fn passwords_are_judged_by_length_characters_and_kinds() {
        let rule = json!({"minLength": 8, "maxLength": 12, "classes": ["digit", "upper", "lower", "special"], "specials": "#!", "minClasses": 3});
        let rule = PasswordRule::parse(&rule).unwrap();
        assert_eq!(rule.check("Example#2023"), Ok(()));
        assert_eq!(rule.check("Example2023"), Ok(()));
        for bad in [
            "Ex#2023",
            "Example#20230",
            "Example?2023",
            "example2023",
            "",
        ] {
            assert!(rule.check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn rules_that_nothing_satisfies_are_refused() {
        for bad in [
            json!(1),
            json!({"minLength": 8}),
            json!({"minLength": 9, "maxLength": 8, "classes": ["digit"], "minClasses": 1}),
            json!({"minLength": 1, "maxLength": 8, "classes": ["digit"], "minClasses": 2}),
            json!({"minLength": 1, "maxLength": 8, "classes": ["special"], "minClasses": 1}),
            json!({"minLength": 1, "maxLength": 8, "classes": ["digit"], "minClasses": 1, "specials": "#"}),
            json!({"minLength": 1, "maxLength": 8, "classes": ["digits"], "minClasses": 1}),
            json!({"minLength": 1, "maxLength": 8, "classes": ["digit"], "minClasses": 1, "other": 1}),
        ] {
            assert!(PasswordRule::parse(&bad).is_err(), "{bad}");
        }
    }
}
