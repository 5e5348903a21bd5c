//! The cases for the rules of lint, in one file for each theme.

mod errors;
mod form;
mod operations;
mod schemas;

/// A string (`from`) in a file of the base document, and two replacements. If `bad` replaces the string, lint must
/// report `rule`. If `good` replaces the string, lint must report nothing.
pub struct Case {
    pub rule: &'static str,
    pub file: &'static str,
    pub from: &'static str,
    pub bad: &'static str,
    pub good: &'static str,
    /// Whether the finding must be in the changed lines. If false, the test does not check the position of the finding.
    pub near: bool,
}

const fn case(
    rule: &'static str,
    file: &'static str,
    from: &'static str,
    bad: &'static str,
    good: &'static str,
) -> Case {
    Case {
        rule,
        file,
        from,
        bad,
        good,
        near: true,
    }
}

const fn far(
    rule: &'static str,
    file: &'static str,
    from: &'static str,
    bad: &'static str,
    good: &'static str,
) -> Case {
    Case {
        rule,
        file,
        from,
        bad,
        good,
        near: false,
    }
}

/// Returns the files of the base document: a service that breaks no rule.
pub fn base() -> Vec<(String, String)> {
    let files = [
        ("service.yaml", include_str!("../base/service.yaml")),
        ("common.yaml", include_str!("../base/common.yaml")),
        ("devices.yaml", include_str!("../base/devices.yaml")),
        ("errors.yaml", include_str!("../base/errors.yaml")),
    ];
    files
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .to_vec()
}

/// Returns the text of a file of [`base`].
pub fn text_of<'f>(files: &'f mut [(String, String)], name: &str) -> &'f mut String {
    let file = files.iter_mut().find(|(other, _)| other == name);
    &mut file.unwrap().1
}

pub fn cases() -> Vec<Case> {
    [
        errors::cases(),
        form::cases(),
        operations::cases(),
        schemas::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl Case {
    /// Turns off the check of the position, because the finding is in a line above the changed lines.
    const fn above(mut self) -> Case {
        self.near = false;
        self
    }
}
