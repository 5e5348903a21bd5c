//! The table, on the terminal and in `BENCHMARKS.md`.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::Duration;

use super::peers::Peers;
use crate::output::{Styles, table};

/// What a ratio or a time shall be.
#[derive(Debug, Clone, Copy)]
pub enum Budget {
    /// A ratio, not more than this.
    AtMost(f64),
    /// A time, not more than this.
    Within(Duration),
    /// Whatever it is.
    None,
}

/// One measurement.
pub struct Row {
    what: String,
    ours: String,
    time: Option<Duration>,
    peer: String,
    ratio: Option<f64>,
    budget: Budget,
}

impl Row {
    /// Two times and their ratio, if there is a peer.
    pub fn times(what: &str, ours: Duration, peer: Option<Duration>, budget: Budget) -> Row {
        Row {
            what: what.to_owned(),
            ours: shown(ours),
            time: Some(ours),
            peer: peer.map_or_else(|| "-".to_owned(), shown),
            ratio: peer.map(|peer| ours.as_secs_f64() / peer.as_secs_f64()),
            budget,
        }
    }

    /// A figure that nothing is held against.
    pub fn alone(what: &str, ours: String) -> Row {
        Row {
            what: what.to_owned(),
            ours,
            time: None,
            peer: "-".to_owned(),
            ratio: None,
            budget: Budget::None,
        }
    }

    fn cells(&self) -> Vec<String> {
        let (budget, kept) = match self.budget {
            Budget::None => ("-".to_owned(), None),
            Budget::AtMost(most) => (format!("{most:.2}"), self.ratio.map(|ratio| ratio <= most)),
            Budget::Within(most) => (shown(most), self.time.map(|time| time <= most)),
        };
        let verdict = kept.map_or("", |kept| if kept { "kept" } else { "missed" });
        let ratio = self.ratio.map_or("-".to_owned(), |r| format!("{r:.3}"));
        let (what, ours, peer) = (self.what.clone(), self.ours.clone(), self.peer.clone());
        vec![what, ours, peer, ratio, budget, verdict.to_owned()]
    }
}

const HEADINGS: [&str; 6] = ["WHAT", "OURS", "PEER", "RATIO", "AT MOST", ""];

fn all(rows: &[Row]) -> Vec<Vec<String>> {
    let headings = HEADINGS.map(str::to_owned).to_vec();
    let cells = rows.iter().map(Row::cells);
    [headings].into_iter().chain(cells).collect()
}

/// For people at a terminal.
///
/// # Errors
///
/// When the writer fails.
pub fn text(out: &mut dyn Write, styles: &Styles, rows: &[Row]) -> io::Result<()> {
    table(out, styles, &all(rows))
}

/// `BENCHMARKS.md`.
pub fn markdown(rows: &[Row], machine: &[String], peers: &Peers) -> String {
    let mut text = String::from(
        "# Benchmarks\n\nWritten by `cargo xtask bench`. A ratio is our time by the peer's, both from one run on one machine; \
         the budget is what it shall be at most.\nTimes are the shortest of three runs (of one at 10,000 \
         operations): whatever else the machine does can only lengthen one.\n\nMachine and versions:\n\n",
    );
    let generator = peers
        .generator
        .iter()
        .map(|v| format!("openapi-generator {v}"));
    let python = peers
        .python
        .iter()
        .map(|v| format!("huaweicloudsdkroma {v}"));
    for line in machine.iter().cloned().chain(generator).chain(python) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "- {line}");
    }
    text.push('\n');
    for (number, cells) in all(rows).iter().enumerate() {
        let _ = writeln!(text, "| {} |", cells.join(" | ").trim_end());
        if number == 0 {
            text.push_str("|---|---|---|---|---|---|\n");
        }
    }
    text
}

/// A time with three figures, more or less.
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

    #[test]
    fn the_tables_are_golden() {
        let time = Duration::from_millis;
        let rows = [
            Row::times("kept", time(9), Some(time(90)), Budget::AtMost(0.1)),
            Row::times("missed", time(2000), Some(time(90)), Budget::AtMost(1.1)),
            Row::times("without a peer", time(9), None, Budget::AtMost(0.1)),
            Row::times("without a budget", time(9), Some(time(10)), Budget::None),
            Row::times("in time", time(900), None, Budget::Within(time(1000))),
            Row::alone("alone", "42 crates".to_owned()),
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
        };
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../../../tests/snapshots");
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
    fn a_ratio_is_held_against_its_budget() {
        let time = Duration::from_millis;
        let row = |ours, peer, budget| Row::times("x", time(ours), peer, budget).cells();
        let kept = row(9, Some(time(90)), Budget::AtMost(0.1));
        assert_eq!(kept, ["x", "9.0 ms", "90.0 ms", "0.100", "0.10", "kept"]);
        let missed = row(2000, Some(time(90)), Budget::AtMost(0.1));
        assert_eq!(
            missed,
            ["x", "2.00 s", "90.0 ms", "22.222", "0.10", "missed"]
        );
        let alone = row(9, None, Budget::AtMost(0.1));
        assert_eq!(alone, ["x", "9.0 ms", "-", "-", "0.10", ""]);
        let late = row(1100, None, Budget::Within(time(1000)));
        assert_eq!(late, ["x", "1.10 s", "-", "-", "1.00 s", "missed"]);
    }
}
