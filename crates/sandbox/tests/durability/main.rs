//! Killed at any moment, in the middle of writes, the sandbox keeps what it acknowledged, and keeps nothing half.
//!
//! A few rounds by default. `DURABILITY_ROUNDS=1000 cargo test -p huaweicloud-sandbox --test durability -- --nocapture` makes more of them and
//! shows how far it is; `DURABILITY_SEED` chooses other moments.
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
/// The number of rounds that share a database. Then a new one is made: making it can be interrupted, too.
const ROUNDS_PER_FILE: u64 = 25;
/// The longest that writers are left in peace.
const LONGEST: Duration = Duration::from_millis(60);
/// The longest that a start is left in peace, where it is to be interrupted; about what one takes.
const LONGEST_START: Duration = Duration::from_millis(150);

fn number(variable: &str, default: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{variable} is no number: {text}")),
        Err(_) => default,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_kill_9() {
    let (rounds, seed) = (
        number("DURABILITY_ROUNDS", 10),
        number("DURABILITY_SEED", 1),
    );
    let mut random = StdRng::seed_from_u64(seed);
    let style = "{bar:40} {pos}/{len} kills, {per_sec}, {eta} left";
    let bar = ProgressBar::new(rounds).with_style(ProgressStyle::with_template(style).unwrap());
    let mut tally = Tally::default();
    while bar.position() < rounds {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.redb");
        let here = ROUNDS_PER_FILE.min(rounds - bar.position());
        tally += one_database(&file, here, &mut random, &bar).await;
    }
    bar.finish();
    println!("{rounds} kills (seed {seed}): {tally}");
    assert!(tally.acknowledged > 0, "nothing was written: {tally}");
}

async fn one_database(file: &Path, rounds: u64, random: &mut StdRng, bar: &ProgressBar) -> Tally {
    let mut writers: Vec<_> = (0..WRITERS)
        .map(|name| Writer::new(name, StdRng::seed_from_u64(random.random())))
        .collect();
    for round in 0..rounds {
        // The first start makes the database; of the others, some have to repair it.
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
        // However slow the disk is, something is written.
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
