//! `leaks <output> <secrets>` searches what tests printed for what they kept secret: the strings of the second file, a JSON string a line, and
//! what secrets that a test chooses have in them. It ends with 0 if there is none, with 1 if there is one, of which it shows only the encoding
//! and the place, and with 2 if there was nothing to search or to search for.

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
        Ok(Ok(clean)) => {
            anstream::println!("{clean}");
            ExitCode::SUCCESS
        }
        Ok(Err(leak)) => {
            anstream::eprintln!("leaks: {leak}");
            ExitCode::from(1)
        }
        Err(error) => {
            anstream::eprintln!("leaks: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// What was searched, or where a secret is.
fn search() -> Result<Result<String, String>> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let [output, secrets] = files.as_slice() else {
        anyhow::bail!(
            "it takes two files, what was printed and the secrets: leaks <output> <secrets>"
        );
    };
    let (text, secrets) = (read(output)?, known(secrets)?);
    let needles: Vec<(&str, String)> = secrets
        .iter()
        .flat_map(|secret| encodings(secret))
        .collect();
    let searcher = AhoCorasick::new(needles.iter().map(|(_, needle)| needle))?;
    Ok(match searcher.find(&text) {
        Some(found) => {
            let line = text[..found.start()].matches('\n').count() + 1;
            let (encoding, _) = needles[found.pattern()];
            Err(format!(
                "{output}:{line}: a secret was printed ({encoding})"
            ))
        }
        None => Ok(format!(
            "leaks: none of {} secrets in {} bytes",
            secrets.len(),
            text.len()
        )),
    })
}

fn read(path: &str) -> Result<String> {
    let bytes = std::fs::read(path).with_context(|| path.to_owned())?;
    ensure!(
        !bytes.is_empty(),
        "{path} is empty: nothing was printed, or not into it"
    );
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn known(path: &str) -> Result<BTreeSet<String>> {
    let mut secrets = BTreeSet::from(STEMS.map(str::to_owned));
    for (number, line) in (1..).zip(read(path)?.lines()) {
        let secret = serde_json::from_str::<String>(line).ok();
        let secret = secret.filter(|secret| secret.len() >= SHORTEST);
        secrets.insert(secret.with_context(|| {
            format!("{path}:{number}: not a JSON string of at least {SHORTEST} bytes")
        })?);
    }
    Ok(secrets)
}
