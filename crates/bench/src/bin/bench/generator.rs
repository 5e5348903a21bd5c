//! Measures generation and lint with the program `xtask`, in the build profile that people use.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::Bench;
use super::stopwatch::{Measured, timed};
use super::table::{Budget, Row};
use super::times::Times;
use huaweicloud_bench::synthetic;

const TURNS: usize = 5;
/// For each artificial service: the number of operations, and the number of turns and the budget of the generation.
const SIZES: [(usize, usize, Budget); 2] = [
    (1_000, TURNS, Budget::None),
    (10_000, 1, Budget::AtMost(0.5)),
];

pub fn measure(bench: &Bench<'_>) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let copy = bench.scratch.join("services");
    for service in transcript::select(bench.root, &[])? {
        copy_transcript(bench.root, &copy, &service)?;
        let budget = match service.as_str() {
            "roma-link" | "dcs" => Budget::AtMost(0.1),
            _ => Budget::None,
        };
        let times = bench.regenerate(&copy, &service, TURNS)?;
        rows.push(Row::new(regenerate(&service), times, budget));
        rows.push(bench.alone(lint(&service), &copy, &["lint", &service], Budget::None)?);
    }
    rows.extend(bench.everyday()?);
    let mut costs = Vec::new();
    for (size, turns, budget) in SIZES {
        let root = bench.scratch.join(size.to_string());
        synthetic::write(&root, size)?;
        let times = bench.regenerate(&root, "measured", turns)?;
        costs.push(times.ours().div_f64(size as f64));
        let name = format!("{size} made-up operations");
        rows.push(Row::new(regenerate(&name), times, budget));
        rows.push(bench.alone(lint(&name), &root, &["lint", "measured"], Budget::None)?);
    }
    if let [small, large] = costs[..] {
        let what = "regenerate: time per operation, 10,000 operations compared with 1,000";
        let mut times = Times::default();
        times.push(large, Some(small));
        rows.push(Row::new(what, times, Budget::AtMost(1.5)));
    }
    Ok(rows)
}

fn regenerate(name: &str) -> String {
    format!("lint and regenerate {name}; peer: openapi-generator")
}

fn lint(name: &str) -> String {
    format!("lint {name}")
}

impl Bench<'_> {
    fn this(&self) -> Command {
        Command::new(self.xtask)
    }

    /// Measures the commands that a person runs after editing a transcript (the OpenAPI YAML files of a service). The
    /// commands process all services. The system has already cached the YAML files, because `copy_transcript` has read
    /// them.
    fn everyday(&self) -> Result<Vec<Row>> {
        let verbs: [&[&str]; 3] = [
            &["lint"],
            &["generate", "--check"],
            &["diff", "HEAD", "--allow-breaking"],
        ];
        let rows = verbs.iter().map(|words| {
            let what = format!("{} of all services", words[..words.len().min(2)].join(" "));
            self.alone(
                what,
                self.root,
                words,
                Budget::Within(Duration::from_secs(1)),
            )
        });
        rows.collect()
    }

    /// Measures a command of xtask that has no peer.
    fn alone(&self, what: String, root: &Path, words: &[&str], budget: Budget) -> Result<Row> {
        let mut command = self.this();
        command.args(words).arg("--root").arg(root);
        let ours = Box::new(move || timed(&mut command));
        let times = self.stopwatch.in_turns(&what, TURNS, ours, None)?;
        Ok(Row::new(what, times, budget))
    }

    /// Measures the generation of a whole crate from its transcript into an empty folder. If openapi-generator is
    /// installed, also measures how long openapi-generator takes to generate a client.
    fn regenerate(&self, root: &Path, service: &str, turns: usize) -> Result<Times> {
        let folder = root.join("crates").join(service);
        let document = folder.join("openapi.json");
        let mut generate = self.this();
        generate.args(["generate", service, "--root"]).arg(root);
        let ours = into_empty(folder, generate);
        let out = self.scratch.join("peer");
        let peer = self.peers.generator.as_ref();
        let peer = peer.map(|_| into_empty(out.clone(), by_peer(&document, &out, service)));
        self.stopwatch
            .in_turns(&regenerate(service), turns, ours, peer)
    }
}

fn into_empty(folder: PathBuf, mut command: Command) -> Measured<'static> {
    Box::new(move || {
        fresh(&folder)?;
        timed(&mut command)
    })
}

/// Returns the command that generates a Rust client from a document with openapi-generator.
pub fn by_peer(document: &Path, out: &Path, service: &str) -> Command {
    let mut command = Command::new("openapi-generator-cli");
    let package = format!("--additional-properties=library=reqwest,packageName=peer-{service}");
    command.args(["generate", "-g", "rust", &package, "-i"]);
    command.arg(document).arg("-o").arg(out);
    command
}

fn copy_transcript(root: &Path, copy: &Path, service: &str) -> Result<()> {
    for (name, text) in transcript::files::of_service(root, service).0 {
        let to = copy.join(name);
        fs::create_dir_all(to.parent().unwrap_or(copy))?;
        fs::write(to, text)?;
    }
    Ok(())
}

/// Creates an empty folder. If the folder exists, its content is deleted.
fn fresh(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(fs::create_dir_all(folder)?)
}
