//! Computes which number of a version must be increased because of the changes.

use std::fmt;

use crate::{Change, Verdict};

/// The three numbers of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    numbers: [u64; 3],
}

/// Which of the three numbers of a version must be increased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The first number.
    Major,
    /// The second number.
    Minor,
    /// The third number.
    Patch,
    /// No number, because nothing has changed.
    None,
}

impl Version {
    /// Parses a version such as `1.2.3`. A missing second or third number is zero. A leading `v`, a fourth number, and
    /// text after `-` or `+` are ignored. Returns `None` if one of the first three numbers is invalid.
    pub fn parse(text: &str) -> Option<Version> {
        let plain = text
            .trim()
            .trim_start_matches('v')
            .split(['-', '+'])
            .next()?;
        let mut numbers = [0; 3];
        let mut parts = plain.split('.');
        for (index, number) in numbers.iter_mut().enumerate() {
            match parts.next() {
                Some(part) => *number = part.parse().ok()?,
                None if index > 0 => {}
                None => return None,
            }
        }
        Some(Version { numbers })
    }

    /// Returns whether the version is 0.x. Such a version promises no stable API.
    pub fn is_early(self) -> bool {
        self.numbers[0] == 0
    }

    /// Returns which number of the version must be increased. Before 1.0.0, cargo treats a new second number as
    /// breaking, and a new third number as compatible. In 0.0.x, every new version is breaking.
    pub fn step(self, changes: &[Change]) -> Step {
        let worst = changes.iter().map(Change::verdict).max();
        let early = self.is_early();
        match worst {
            None => Step::None,
            Some(Verdict::Breaking) if early && self.numbers[1] == 0 => Step::Patch,
            Some(Verdict::Breaking) if early => Step::Minor,
            Some(Verdict::Breaking) => Step::Major,
            Some(Verdict::Additive) if !early => Step::Minor,
            Some(_) => Step::Patch,
        }
    }

    /// Returns the version after a step. The numbers after the increased number are zero.
    #[must_use]
    pub fn after(self, step: Step) -> Version {
        let [major, minor, patch] = self.numbers;
        let numbers = match step {
            Step::Major => [major.saturating_add(1), 0, 0],
            Step::Minor => [major, minor.saturating_add(1), 0],
            Step::Patch => [major, minor, patch.saturating_add(1)],
            Step::None => self.numbers,
        };
        Version { numbers }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.numbers;
        write!(out, "{major}.{minor}.{patch}")
    }
}

impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Step::Major => "major",
            Step::Minor => "minor",
            Step::Patch => "patch",
            Step::None => "no",
        })
    }
}
