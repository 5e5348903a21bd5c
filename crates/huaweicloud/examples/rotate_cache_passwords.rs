//! Sets new passwords for all caches that require a password and have a name with the given prefix. The program resets
//! eight passwords at a time, and prints the caches for which the reset failed.
//!
//! The program writes the passwords to a file. On Unix, only the owner of the file can read the file. If the result of
//! a reset is unknown, the file also contains the new password. For example, a lost answer makes the result unknown.
//!
//! cargo run --example rotate_cache_passwords -- <prefix> passwords.csv

use std::fs::OpenOptions;
use std::io::Write as _;

use anyhow::{Context as _, ensure};
use futures_util::StreamExt as _;
use huaweicloud::dcs::types::{InstanceSummary, ListInstancesParams, ResetInstancePasswordRequest};
use huaweicloud::dcs::{self, PasswordRefusal, PasswordRefused};
use huaweicloud::{Error, ErrorKind, Secret};
use rand::distr::{Alphanumeric, SampleString as _};

const AT_A_TIME: usize = 8;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let prefix = arguments
        .next()
        .context("give the prefix of the cache names")?;
    let path = arguments
        .next()
        .context("give the path of a new file for the passwords")?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path).with_context(|| path.clone())?;

    let config = huaweicloud::config::load().await?;
    let dcs = &dcs::Client::new(&config)?;
    let all = ListInstancesParams::default();
    let caches: Vec<_> = dcs.list_instances(&all).items().try_collect().await?;
    let caches = caches.into_iter().filter(|cache| is_meant(cache, &prefix));
    let mut resets = futures_util::stream::iter(caches)
        .map(|cache| async move {
            let id = cache.instance_id.unwrap_or_default();
            // The fixed end guarantees that the password contains a digit and a special character.
            let password = Alphanumeric.sample_string(&mut rand::rng(), 22) + "-7";
            let password = Secret::from(password);
            let request = ResetInstancePasswordRequest::new().with_new_password(password.clone());
            let result = dcs.reset_instance_password(&id, &request).await;
            (id, cache.name.unwrap_or_default(), password, result.err())
        })
        .buffer_unordered(AT_A_TIME);

    let (mut rotated, mut failed) = (0, Vec::new());
    while let Some((id, name, password, error)) = resets.next().await {
        let outcome = error.as_ref().map_or("rotated", outcome);
        if outcome != "refused" {
            writeln!(file, "{id},{name},{},{outcome}", password.expose())?;
        }
        match error {
            None => rotated += 1,
            Some(error) => failed.push(format!("{outcome:<8} {name}: {error}")),
        }
    }
    failed.sort();
    for line in &failed {
        println!("{line}");
    }
    println!("{rotated} new passwords in {path}, {} failed", failed.len());
    ensure!(failed.is_empty(), "not every reset succeeded");
    Ok(())
}

/// Returns whether the cache gets a new password. A cache that allows access without a password gets no password.
fn is_meant(cache: &InstanceSummary, prefix: &str) -> bool {
    let name = cache.name.as_deref().unwrap_or_default();
    name.starts_with(prefix) && cache.no_password_access.as_deref() != Some("true")
}

/// Returns `refused` if the old password is certainly still valid, otherwise `unknown`.
fn outcome(error: &Error) -> &'static str {
    let is_unknown = match error.kind() {
        ErrorKind::Timeout | ErrorKind::Transport => true,
        ErrorKind::UnexpectedAnswer | ErrorKind::Decode => true,
        ErrorKind::Service => error.status() >= Some(500),
        ErrorKind::Operation => PasswordRefused::from_error(error)
            .is_none_or(|refused| refused.reason == PasswordRefusal::Unknown),
        _ => false,
    };
    if is_unknown { "unknown" } else { "refused" }
}
