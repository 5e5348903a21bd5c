//! Writes environment variables in the syntax of a shell or of a CI system.

use clap::ValueEnum;
use serde_json::Value;

/// The output formats that `--format` can select.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// `export NAME='value'`, for eval in sh, bash and zsh
    Sh,
    /// `set -gx NAME 'value';`, for `| source` in fish
    Fish,
    /// `$env:NAME = 'value'`, for `| Out-String | Invoke-Expression`
    Powershell,
    /// `NAME=value`, for files such as `.env` and `$GITHUB_ENV`
    Dotenv,
    /// One JSON object
    Json,
}

impl Format {
    /// Returns all variables in this format. The values must not contain line breaks, because the format `NAME=value`
    /// has no syntax for line breaks.
    pub fn write(self, variables: &[(String, String)]) -> String {
        if self == Self::Json {
            let pairs = variables.iter().cloned();
            let object: serde_json::Map<String, Value> =
                pairs.map(|(name, value)| (name, value.into())).collect();
            return format!("{}\n", Value::from(object));
        }
        let lines = variables
            .iter()
            .map(|(name, value)| self.line(name, value) + "\n");
        lines.collect()
    }

    fn line(self, name: &str, value: &str) -> String {
        match self {
            Self::Sh => format!("export {name}='{}'", value.replace('\'', r"'\''")),
            Self::Fish => {
                let value = value.replace('\\', r"\\").replace('\'', r"\'");
                format!("set -gx {name} '{value}';")
            }
            Self::Powershell => format!("$env:{name} = '{}'", value.replace('\'', "''")),
            Self::Dotenv | Self::Json => format!("{name}={value}"),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const NASTY: &str = r#"it's $HOME `id` "q" \n \' ; & | # é"#;

    #[test]
    fn fish_powershell_dotenv_and_json_keep_special_characters() {
        for (format, line) in [
            (
                Format::Fish,
                r#"set -gx N 'it\'s $HOME `id` "q" \\n \\\' ; & | # é';"#,
            ),
            (
                Format::Powershell,
                r#"$env:N = 'it''s $HOME `id` "q" \n \'' ; & | # é'"#,
            ),
            (Format::Dotenv, r#"N=it's $HOME `id` "q" \n \' ; & | # é"#),
        ] {
            assert_eq!(format.line("N", NASTY), line);
        }
        let json = Format::Json.write(&[("N".to_owned(), NASTY.to_owned())]);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["N"], NASTY);
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_reads_the_original_value() {
        let script = Format::Sh.write(&[("N".to_owned(), NASTY.to_owned())]);
        let script = format!("{script}printf %s \"$N\"");
        let mut shell = std::process::Command::new("sh");
        let output = shell.args(["-c", &script]).output().unwrap();
        assert_eq!(output.stdout, NASTY.as_bytes());
    }
}
