//! `leaks <output> <secrets>` searches the output of tests for secrets.
//!
//! The first file is the output. The second file lists the secrets, one JSON string in each line. The program also
//! searches for `Planted-` and `planted-`, because most secrets that tests choose contain one of these two strings.
//!
//! The exit code is 0 if the program finds no secret, and 1 if it finds a secret. The exit code is 2 if the arguments
//! are wrong, or if a file is missing, empty or invalid. The program shows only the encoding, the file and the line of
//! a secret.

use std::collections::BTreeSet;
use std::process::ExitCode;

use aho_corasick::AhoCorasick;
use anyhow::{Context, Result, ensure};
use huaweicloud_e2e::leaks::encodings;

/// Most secrets that tests choose contain one of these strings.
const STEMS: [&str; 2] = ["Planted-", "planted-"];
/// The smallest length of a secret in bytes. Shorter strings could occur in the output by chance.
const SHORTEST: usize = 8;

fn main() -> ExitCode {
    match search() {
        Ok(Outcome::Clean(message)) => {
            anstream::println!("leaks: {message}");
            ExitCode::SUCCESS
        }
        Ok(Outcome::Leak(message)) => {
            anstream::eprintln!("leaks: {message}");
            ExitCode::from(1)
        }
        Err(error) => {
            anstream::eprintln!("leaks: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// The result of a search, with the message for the user.
enum Outcome {
    Clean(String),
    Leak(String),
}

fn search() -> Result<Outcome> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let [output, secrets] = files.as_slice() else {
        anyhow::bail!(
            "two files are expected, the output and the secrets: leaks <output> <secrets>"
        );
    };
    let (text, secrets) = (text_of(output)?, listed_secrets(secrets)?);
    let needles: Vec<(&str, String)> = secrets
        .iter()
        .flat_map(|secret| encodings(secret))
        .collect();
    let searcher = AhoCorasick::new(needles.iter().map(|(_, needle)| needle))?;
    Ok(match searcher.find(&text) {
        Some(found) => {
            let line = text[..found.start()].matches('\n').count() + 1;
            let (encoding, _) = needles[found.pattern()];
            Outcome::Leak(format!(
                "{output}:{line}: a secret was printed ({encoding})"
            ))
        }
        None => Outcome::Clean(format!(
            "found none of {} secrets in {} bytes",
            secrets.len(),
            text.len()
        )),
    })
}

fn text_of(path: &str) -> Result<String> {
    let bytes = std::fs::read(path).with_context(|| path.to_owned())?;
    ensure!(
        !bytes.is_empty(),
        "{path} is empty, but it must have content"
    );
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn listed_secrets(path: &str) -> Result<BTreeSet<String>> {
    let mut secrets = BTreeSet::from(STEMS.map(str::to_owned));
    for (number, line) in (1..).zip(text_of(path)?.lines()) {
        let secret = serde_json::from_str::<String>(line).ok();
        let secret = secret.filter(|secret| secret.len() >= SHORTEST);
        secrets.insert(secret.with_context(|| {
            format!("{path}:{number}: not a JSON string of at least {SHORTEST} bytes")
        })?);
    }
    Ok(secrets)
}
