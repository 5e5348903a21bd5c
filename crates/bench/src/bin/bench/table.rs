//! Formats the table of the measurements for the terminal and for `BENCHMARKS.md`.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::Duration;

use super::peers::Peers;
use super::times::Times;
use report::terminal::{Styles, table};

/// The budget of a measurement: a limit for its ratio or for its time.
#[derive(Debug, Clone, Copy)]
pub enum Budget {
    /// The largest allowed ratio.
    AtMost(f64),
    /// The longest allowed time.
    Within(Duration),
    /// The measurement has no budget.
    None,
}

/// One measurement, which is one row of the table.
pub struct Row {
    what: String,
    times: Times,
    budget: Budget,
}

impl Row {
    /// Creates a row. The row also shows the ratio of the times if there is a peer.
    pub fn new(what: impl Into<String>, times: Times, budget: Budget) -> Row {
        Row {
            what: what.into(),
            times,
            budget,
        }
    }

    fn cells(&self) -> Vec<String> {
        let (ours, ratio) = (self.times.ours(), self.times.ratio());
        let (budget, kept) = match self.budget {
            Budget::None => (None, None),
            Budget::AtMost(most) => (
                Some(format!("{most:.2}")),
                ratio.map(|ratio| ratio.median <= most),
            ),
            Budget::Within(most) => (Some(shown(most)), Some(ours <= most)),
        };
        let quartiles = ratio.and_then(|ratio| ratio.quartiles);
        let verdict = kept.map_or("", |kept| if kept { "kept" } else { "missed" });
        let cells = [
            Some(self.what.clone()),
            Some(shown(ours)),
            self.times.peer().map(shown),
            ratio.map(|ratio| format!("{:.3}", ratio.median)),
            quartiles.map(|(first, third)| format!("{first:.3} to {third:.3}")),
            budget,
            Some(verdict.to_owned()),
        ];
        cells
            .map(|cell| cell.unwrap_or_else(|| "-".to_owned()))
            .to_vec()
    }
}

const HEADINGS: [&str; 7] = ["WHAT", "OURS", "PEER", "RATIO", "QUARTILES", "AT MOST", ""];

fn all(rows: &[Row]) -> Vec<Vec<String>> {
    let headings = HEADINGS.map(str::to_owned).to_vec();
    let cells = rows.iter().map(Row::cells);
    [headings].into_iter().chain(cells).collect()
}

/// Prints the table for a terminal.
///
/// # Errors
/// If the writer fails.
pub fn text(out: &mut dyn Write, styles: &Styles, rows: &[Row]) -> io::Result<()> {
    table(out, styles, &all(rows))
}

/// Returns the content of `BENCHMARKS.md`.
pub fn markdown(rows: &[Row], machine: &[String], peers: &Peers) -> String {
    let mut text = String::from(
        "# Benchmarks\n\n`cargo xtask bench` without arguments writes this file. Many rows compare our code with a peer: the code that the row \
         names after `peer:`.\nThe command measures most rows in several turns. Each turn measures our code, and the peer if there is one.\nThe \
         speed of the machine can change between two turns. So a ratio is our time divided by the time of the peer in the same turn.\nThe columns \
         OURS, PEER and RATIO contain the medians of all turns.\nThe column QUARTILES contains the first and the third quartile of the ratios. The \
         column AT MOST contains the budget.\nA budget with a unit is the longest allowed time. A budget without a unit is the largest allowed \
         ratio.\nThe row `lint and regenerate 10000 made-up operations` has only one turn, so this row has no quartiles.\nThe row `regenerate: time \
         per operation` has no peer. OURS is our time per operation for 10,000 operations, and PEER for 1,000.\nThe rows about reads and writes of \
         a device use 64 connections. A time in these rows is the total time divided by the number of requests.\nPrism stores nothing. moto \
         imitates AWS, so the requests to moto read and write S3 objects instead of devices. moto stores objects in memory.\nThe rows `clean check` \
         and `clean release build` compile only the crate itself. Its dependencies are already compiled.\n\n\
         Machine and versions:\n\n",
    );
    let generator = peers
        .generator
        .iter()
        .map(|v| format!("openapi-generator {v}"));
    let python = peers
        .python
        .iter()
        .map(|v| format!("huaweicloudsdkroma {v}"));
    let prism = peers.prism.iter().map(|v| format!("Prism {v}"));
    let moto = peers.moto.iter().map(|v| format!("moto {v}"));
    let peers = generator.chain(python).chain(prism).chain(moto);
    for line in machine.iter().cloned().chain(peers) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "- {line}");
    }
    text.push('\n');
    for (number, cells) in all(rows).iter().enumerate() {
        let _ = writeln!(text, "| {} |", cells.join(" | ").trim_end());
        if number == 0 {
            text.push_str("|---|---|---|---|---|---|---|\n");
        }
    }
    text
}

/// Formats a time in microseconds, milliseconds or seconds, with one or two decimals.
pub fn shown(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        s if s < 1e-3 => format!("{:.2} µs", s * 1e6),
        s if s < 1.0 => format!("{:.1} ms", s * 1e3),
        s => format!("{s:.2} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a row with times in milliseconds.
    fn row(what: &str, turns: &[(u64, Option<u64>)], budget: Budget) -> Row {
        let mut times = Times::default();
        for (ours, peer) in turns {
            times.push(
                Duration::from_millis(*ours),
                peer.map(Duration::from_millis),
            );
        }
        Row::new(what, times, budget)
    }

    #[test]
    fn the_tables_are_equal_to_their_snapshots() {
        let rows = [
            row("kept", &[(9, Some(90))], Budget::AtMost(0.1)),
            row("missed", &[(2000, Some(90)); 3], Budget::AtMost(1.1)),
            row("without a peer", &[(9, None)], Budget::AtMost(0.1)),
            row(
                "without a budget",
                &[(9, Some(10)), (8, Some(10)), (5, Some(10)), (4, Some(10))],
                Budget::None,
            ),
            row(
                "in time",
                &[(900, None)],
                Budget::Within(Duration::from_secs(1)),
            ),
            row("alone", &[(42, None)], Budget::None),
        ];
        let shown = |styles: &Styles| {
            let mut out = Vec::new();
            text(&mut out, styles, &rows)
                .map(|()| String::from_utf8_lossy(&out).replace('\u{1b}', "␛"))
        };
        let machine = ["2 cores".to_owned(), "rustc 1.0".to_owned()];
        let peers = Peers {
            generator: Some("7.0".to_owned()),
            python: None,
            prism: Some("5.0".to_owned()),
            moto: None,
        };
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            insta::assert_snapshot!("bench", shown(&Styles::plain()).unwrap_or_default());
            insta::assert_snapshot!(
                "bench_coloured",
                shown(&Styles::coloured()).unwrap_or_default()
            );
            insta::assert_snapshot!("bench_markdown", markdown(&rows, &machine, &peers));
        });
    }

    #[test]
    fn the_table_compares_a_median_with_its_budget() {
        let cells = |turns: &[(u64, Option<u64>)], budget| row("x", turns, budget).cells();
        let kept = cells(&[(9, Some(90))], Budget::AtMost(0.1));
        let expected = ["x", "9.0 ms", "90.0 ms", "0.100", "-", "0.10", "kept"];
        assert_eq!(kept, expected);
        let turns = [(2000, Some(90)), (9, Some(90)), (2000, Some(90))];
        let missed = cells(&turns, Budget::AtMost(0.1));
        let quartiles = "11.161 to 22.222";
        let expected = [
            "x", "2.00 s", "90.0 ms", "22.222", quartiles, "0.10", "missed",
        ];
        assert_eq!(missed, expected);
        let alone = cells(&[(9, None)], Budget::AtMost(0.1));
        assert_eq!(alone, ["x", "9.0 ms", "-", "-", "-", "0.10", ""]);
        let late = cells(&[(1100, None)], Budget::Within(Duration::from_secs(1)));
        assert_eq!(late, ["x", "1.10 s", "-", "-", "-", "1.00 s", "missed"]);
    }
}
