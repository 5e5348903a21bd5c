//! Runs benches of the crate `huaweicloud-bench`, and reads the times from their output.
//!
//! A peer is a program, a library or handwritten code that does the same work as our code.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::Bench;
use super::stopwatch::output;
use super::table::{Budget, Row};
use super::times::Times;

/// The number of turns, and the number of samples in each turn. A turn is short, so that our samples and the samples of
/// the peer are close in time.
const TURNS: usize = 50;
const SAMPLES: &str = "10";

/// The times of one run: medians, or averages for the bench `sandbox`. If divan measured a time, the key is the name of
/// the bench and the name of the function: `sign/ours`. For the other times, the key is the printed name: `put` or
/// `official`.
pub type Medians = BTreeMap<String, Duration>;

pub fn measure(bench: &Bench<'_>) -> Result<Vec<Row>> {
    let mut runs = Vec::new();
    for turn in 0..TURNS {
        bench.stopwatch.says("clients", turn, TURNS);
        // The order of the functions alternates from turn to turn. In the bench `call`, the Python SDK is always
        // measured last.
        let order = if turn % 2 == 0 { "--sort" } else { "--sortr" };
        let arguments = ["--sample-count", SAMPLES, order, "name"];
        runs.push(run(bench.root, "clients", &arguments)?);
    }
    let row = |what: &str, ours: &str, peer: &str, budget| row(&runs, what, ours, peer, budget);
    let mut rows = vec![
        row(
            "sign a request; peer: aws-sigv4",
            "sign/ours",
            "sign/aws_sigv4",
            Budget::AtMost(1.0),
        )?,
        row(
            "signed call; peer: reqwest by hand",
            "call/ours",
            "call/handwritten",
            Budget::AtMost(1.1),
        )?,
        row(
            "decode 10,000 devices; peer: serde's derive",
            "decode/ours",
            "decode/derived_serde",
            Budget::AtMost(0.9),
        )?,
        row(
            "1,000 devices by items(); peer: the same calls without items()",
            "pages/items",
            "pages/plain_calls",
            Budget::None,
        )?,
    ];
    if bench.peers.python.is_some() {
        let what = "signed call; peer: the official Python SDK";
        rows.push(row(what, "call/ours", "official", Budget::None)?);
    }
    Ok(rows)
}

/// Returns the table row that compares our times with the times of the peer in all runs. The times of the peer can be
/// missing.
pub fn row(runs: &[Medians], what: &str, ours: &str, peer: &str, budget: Budget) -> Result<Row> {
    let mut times = Times::default();
    for run in runs {
        let time = run.get(ours);
        let time = time.with_context(|| format!("the bench {ours} printed no time"))?;
        times.push(*time, run.get(peer).copied());
    }
    Ok(Row::new(what, times, budget))
}

/// Runs the benches that a feature of `huaweicloud-bench` enables.
pub fn run(root: &Path, feature: &str, arguments: &[&str]) -> Result<Medians> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut bench = Command::new(cargo);
    bench.current_dir(root).args([
        "bench",
        "--quiet",
        "-p",
        "huaweicloud-bench",
        "--features",
        feature,
        "--benches",
        "--",
    ]);
    let text = output(bench.args(arguments))?;
    Ok(parse_figures(&text).into_iter().collect())
}

/// Reads the output of divan. Each bench has a heading with its name, and then one row for each function. The third
/// column of a row is the median.
fn parse_figures(text: &str) -> Vec<(String, Duration)> {
    let (mut bench, mut times) = (String::new(), Vec::new());
    for line in text.lines() {
        let cells: Vec<&str> = line.split('│').map(str::trim).collect();
        let first = cells.first().copied().unwrap_or_default();
        match (first.strip_prefix(['├', '╰']), cells.get(2)) {
            (Some(row), Some(median)) => {
                let row = row.trim_start_matches(['─', ' ']);
                if let Some((name, _)) = row.split_once(' ') {
                    let name = format!("{bench}/{name}");
                    times.extend(duration(median).map(|time| (name, time)));
                }
            }
            (None, Some(_)) => bench = first.split(' ').next().unwrap_or_default().to_owned(),
            // The script `official.py` and the bench `sandbox` do not use divan. They print lines such as
            // `put 12.50 µs`. The parser ignores lines without a time.
            _ => {
                if let Some((name, time)) = first.split_once(' ') {
                    times.extend(duration(time).map(|time| (name.to_owned(), time)));
                }
            }
        }
    }
    times
}

/// Reads a duration such as `2.664 µs`.
fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.trim().split_once(' ')?;
    let unit = match unit {
        "ns" => 1e-9,
        "µs" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(number.parse::<f64>().ok()? * unit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parser_reads_the_medians() {
        let text = "Timer precision: 29 ns\n\
            sign          fastest       │ slowest       │ median        │ mean          │ samples │ iters\n\
            ├─ aws_sigv4  7.269 µs      │ 66.06 µs      │ 7.673 µs      │ 8.995 µs      │ 100     │ 100\n\
            ╰─ ours       664 ns        │ 18.2 µs       │ 2.664 µs      │ 2.897 µs      │ 100     │ 100\n\n\
            official 812.50 µs\n";
        let expected = [
            ("sign/aws_sigv4".to_owned(), Duration::from_nanos(7673)),
            ("sign/ours".to_owned(), Duration::from_nanos(2664)),
            ("official".to_owned(), Duration::from_nanos(812_500)),
        ];
        assert_eq!(parse_figures(text), expected);
    }
}
