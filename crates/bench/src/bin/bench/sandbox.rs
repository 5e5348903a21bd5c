//! Runs the bench `sandbox`, which sends requests over 64 connections. For each measurement, the bench prints the total
//! time divided by the number of requests.

use anyhow::Result;

use super::Bench;
use super::clients::{Medians, row, run};
use super::table::{Budget, Row};

const TURNS: usize = 5;

pub fn measure(bench: &Bench<'_>) -> Result<Vec<Row>> {
    let mut runs: Vec<Medians> = Vec::new();
    for turn in 0..TURNS {
        bench.stopwatch.says("sandbox", turn, TURNS);
        let order = if turn % 2 == 0 { "--sort" } else { "--sortr" };
        runs.push(run(bench.root, "sandbox", &[order])?);
    }
    let mut rows = Vec::new();
    for (what, ours, method) in [
        ("read a device", "get", "get"),
        ("write a device in memory", "put", "put"),
        ("write a device to the disk", "durable_put", "put"),
    ] {
        for (peer, name, is_there) in [
            ("Prism", "prism", bench.peers.prism.is_some()),
            ("an object of moto", "moto", bench.peers.moto.is_some()),
        ] {
            if is_there {
                let what = format!("{what}; peer: {peer}");
                let peer = format!("{name}_{method}");
                rows.push(row(&runs, &what, ours, &peer, Budget::None)?);
            }
        }
        if bench.peers.prism.is_none() && bench.peers.moto.is_none() {
            rows.push(row(&runs, what, ours, "", Budget::None)?);
        }
    }
    Ok(rows)
}
