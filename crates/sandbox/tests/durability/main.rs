//! The test kills the sandbox at random moments, during starts and writes. The sandbox must keep all acknowledged
//! writes. It must store every other write completely or not at all.
//!
//! By default, the test runs a few rounds. `DURABILITY_ROUNDS=1000 cargo test -p huaweicloud-sandbox --test durability
//! -- --nocapture` runs more rounds, and shows their progress. `DURABILITY_SEED` sets the seed of the random numbers.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod program;
#[path = "../support/mod.rs"]
mod support;
mod writer;

use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use program::Program;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use writer::{Tally, Writer};

const WRITERS: u64 = 4;
/// The largest number of rounds that use the same database. After these rounds, the test begins with a new database. So
/// kills can also interrupt the creation of a database.
const ROUNDS_PER_FILE: u64 = 25;
/// The longest pause between the start of the writers and the kill. In the first round of a database, the pause can be
/// longer.
const LONGEST: Duration = Duration::from_millis(60);
/// The longest pause between the start of the program and a kill that can interrupt this start. A complete start takes
/// about this time.
const LONGEST_START: Duration = Duration::from_millis(150);

fn number(variable: &str, default: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{variable} is not a number: {text}")),
        Err(_) => default,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigkill_loses_no_acknowledged_write_and_leaves_no_incomplete_write() {
    let (rounds, seed) = (
        number("DURABILITY_ROUNDS", 10),
        number("DURABILITY_SEED", 1),
    );
    let mut random = StdRng::seed_from_u64(seed);
    let style = "{bar:40} {pos}/{len} rounds, {per_sec}, {eta} left";
    let bar = ProgressBar::new(rounds).with_style(ProgressStyle::with_template(style).unwrap());
    let mut tally = Tally::default();
    while bar.position() < rounds {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.redb");
        let here = ROUNDS_PER_FILE.min(rounds - bar.position());
        tally += one_database(&file, here, &mut random, &bar).await;
    }
    bar.finish();
    println!("{rounds} rounds (seed {seed}): {tally}");
    assert!(tally.acknowledged > 0, "no write was acknowledged: {tally}");
}

async fn one_database(file: &Path, rounds: u64, random: &mut StdRng, bar: &ProgressBar) -> Tally {
    let mut writers: Vec<_> = (0..WRITERS)
        .map(|name| Writer::new(name, StdRng::seed_from_u64(random.random())))
        .collect();
    for round in 0..rounds {
        // In the first round, this kill can interrupt the creation of the database. In a later round, it can interrupt
        // a repair of the database.
        if round == 0 || random.random_ratio(1, 8) {
            Program::kill_while_starting(file, moment(random, LONGEST_START));
        }
        let program = Program::start(file);
        for writer in &mut writers {
            writer.verify(&program).await;
        }
        let mut under_way = tokio::task::JoinSet::new();
        let shared = program.api();
        for mut writer in writers {
            let api = shared.clone();
            under_way.spawn(async move {
                writer.write(&api).await;
                writer
            });
        }
        tokio::time::sleep(moment(random, LONGEST)).await;
        // The first round continues until the program has acknowledged a write, even on a slow disk.
        while round == 0 && shared.acknowledged.load(Ordering::Relaxed) == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        program.kill();
        writers = under_way.join_all().await;
        bar.inc(1);
    }
    let program = Program::start(file);
    let mut tally = Tally::default();
    for mut writer in writers {
        writer.verify(&program).await;
        tally += writer.tally;
    }
    tally
}

fn moment(random: &mut StdRng, longest: Duration) -> Duration {
    longest.mul_f64(random.random())
}
