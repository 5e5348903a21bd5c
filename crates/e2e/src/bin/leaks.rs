//! `leaks <output> <secrets>` searches the output of tests for secrets.
//!
//! The second file lists secrets, one JSON string a line. The stems of planted secrets are searched as well.
//! The exit code is 0 if there is no secret, 1 if there is one, and 2 if a file cannot be used.
//! Of a secret that was found, only encoding, file and line are shown.

use std::collections::BTreeSet;
use std::process::ExitCode;

use aho_corasick::AhoCorasick;
use anyhow::{Context, Result, ensure};
use huaweicloud_e2e::leaks::encodings;

/// Every secret that a test chooses has one of these in it.
const STEMS: [&str; 2] = ["Planted-", "planted-"];
/// What is shorter is in every text.
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

/// The result of a search, with its message.
enum Outcome {
    Clean(String),
    Leak(String),
}

fn search() -> Result<Outcome> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let [output, secrets] = files.as_slice() else {
        anyhow::bail!(
            "it takes two files, what was printed and the secrets: leaks <output> <secrets>"
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
            "none of {} secrets in {} bytes",
            secrets.len(),
            text.len()
        )),
    })
}

fn text_of(path: &str) -> Result<String> {
    let bytes = std::fs::read(path).with_context(|| path.to_owned())?;
    ensure!(
        !bytes.is_empty(),
        "{path} is empty: nothing was printed, or not into it"
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
