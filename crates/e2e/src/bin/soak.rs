//! Makes 100,000 calls through 64 tasks while tokens expire:
//! `cargo run --package huaweicloud-e2e --features soak --bin soak`.
//!
//! In the first half of the calls, tokens are valid for one second. The client knows this time, and renews each token
//! before it expires. In the second half, all tokens expire every 25 seconds, earlier than the client expects. So the
//! service refuses requests with status 401, and the client must replace the token and send the requests again.
//!
//! The exit code is not 0 if a call fails, or if the client requests two tokens at the same time. The exit code is also
//! not 0 if memory grows by 16 MiB or more.

use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use clap::Parser;
use huaweicloud_e2e::soak::{Outcome, Plan, run};
use indicatif::{ProgressBar, ProgressStyle};

/// The time between two unexpected expiries. A client replaces at most three refused tokens in a minute. So this time
/// must be longer than 20 seconds.
const BETWEEN_ENDS: Duration = Duration::from_secs(25);
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
/// In each half, memory must grow by less than this number of MiB after the first tenth of the calls. Without a leak,
/// memory can still grow a little, because of the allocator.
const FLAT: f64 = 16.0;

/// Makes many calls through tasks that share one client, while tokens expire.
#[derive(Debug, Clone, Copy, Parser)]
#[command(
    after_help = "Exit status: 0 if no call failed, tokens were renewed one at a time, and memory grew by less than \
                        16 MiB; 2 if an argument is wrong; otherwise 1.\n\n\
                        Example: soak --calls 1000000"
)]
struct Arguments {
    /// The number of calls. In the first half, tokens expire at the time that the client expects. In the second half,
    /// tokens expire earlier.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1_000..))]
    calls: u64,
    /// The number of tasks that make the calls.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    tasks: u16,
}

#[tokio::main]
async fn main() -> ExitCode {
    match halves(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("soak: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn halves(arguments: Arguments) -> Result<()> {
    let plan = |token_life| Plan {
        calls: arguments.calls / 2,
        tasks: arguments.tasks.into(),
        token_life,
    };
    half("tokens are valid for one second", plan(SECOND), false).await?;
    half(
        "tokens expire every 25 seconds without notice",
        plan(MINUTE),
        true,
    )
    .await
}

async fn half(title: &str, plan: Plan, unannounced: bool) -> Result<()> {
    let Plan {
        calls, token_life, ..
    } = plan;
    let bar = ProgressBar::new(calls).with_message(title.to_owned());
    bar.set_style(ProgressStyle::with_template(
        "{msg} {wide_bar} {pos}/{len} {per_sec} {eta}",
    )?);
    let (begin, shown) = (Instant::now(), bar.clone());
    let expired = Mutex::new(begin);
    let (early, memory) = tokio::sync::oneshot::channel();
    let early = Mutex::new(Some(early));
    let outcome = run(plan, move |number, clock| {
        shown.inc(1);
        let mut expired = expired.lock().unwrap_or_else(PoisonError::into_inner);
        if unannounced && expired.elapsed() >= BETWEEN_ENDS {
            *expired = Instant::now();
            clock.advance(token_life);
        }
        if number == calls / 10
            && let Some(early) = early.lock().unwrap_or_else(PoisonError::into_inner).take()
        {
            // `send` fails only if `half` has already returned an error and dropped the receiver.
            let _ = early.send(resident());
        }
    })
    .await?;
    bar.finish_and_clear();
    let before = memory
        .await
        .context("the run ended before a tenth of the calls")??;
    let title = format!("{title}: {calls} calls");
    judge(&title, &outcome, begin.elapsed(), before, resident()?)
}

fn judge(title: &str, outcome: &Outcome, time: Duration, before: f64, after: f64) -> Result<()> {
    let Outcome {
        failed,
        renewals,
        renewals_at_once,
        ..
    } = outcome;
    anstream::println!(
        "{title} in {:.0} s, {failed} failed, {renewals} token requests, at most {renewals_at_once} at the same time, \
         {before:.1} MiB of memory after a tenth of the calls, {after:.1} MiB at the end",
        time.as_secs_f64()
    );
    if let Some(failure) = &outcome.failure {
        bail!("{failure}");
    }
    ensure!(
        *renewals_at_once == 1,
        "tokens were not renewed one at a time"
    );
    ensure!(after - before < FLAT, "memory grew by {FLAT} MiB or more");
    Ok(())
}

/// Returns the memory of this process in MiB. The process contains the sandbox and the clients.
fn resident() -> Result<f64> {
    let status =
        std::fs::read_to_string("/proc/self/status").context("only Linux has /proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kibibytes: f64 = number
        .context("/proc/self/status contains no VmRSS")?
        .trim()
        .parse()?;
    Ok(kibibytes / 1024.0)
}
