//! Regeneration and lint, by this very program: in the profile in which people run it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::peers::Peers;
use super::report::{Budget, Row, shown};
use super::stopwatch::shortest;
use super::synthetic;
use crate::source;

const RUNS: usize = 3;
/// Operations of the made-up services.
const SIZES: [usize; 2] = [1_000, 10_000];

pub fn measure(root: &Path, scratch: &Path, peers: &Peers) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let copy = scratch.join("services");
    for service in source::select(root, &[])? {
        copy_transcript(root, &copy, &service)?;
        let budget = match service.as_str() {
            "roma-link" | "dcs" => Budget::AtMost(0.1),
            _ => Budget::None,
        };
        let times = Times::take(&copy, &service, RUNS, scratch, peers)?;
        rows.extend(times.rows(&service, budget));
    }
    rows.extend(everyday(root)?);
    let mut costs = Vec::new();
    for size in SIZES {
        let root = scratch.join(size.to_string());
        synthetic::write(&root, size)?;
        let runs = if size > 1_000 { 1 } else { RUNS };
        let times = Times::take(&root, "measured", runs, scratch, peers)?;
        let budget = if size > 1_000 {
            Budget::AtMost(0.5)
        } else {
            Budget::None
        };
        rows.extend(times.rows(&format!("{size} made-up operations"), budget));
        costs.push(times.regeneration.div_f64(size as f64));
    }
    if let [small, large] = costs[..] {
        let what = "regenerate, per operation, at 10,000 against 1,000";
        let row = Row::times(what, large, Some(small), Budget::AtMost(1.5));
        rows.push(row);
    }
    Ok(rows)
}

/// What is run again and again while a transcript is edited: over all services, and warm.
fn everyday(root: &Path) -> Result<Vec<Row>> {
    let verbs: [&[&str]; 3] = [
        &["lint"],
        &["generate", "--check"],
        &["diff", "HEAD", "--allow-breaking"],
    ];
    let rows = verbs.iter().map(|words| {
        let mut command = this()?;
        command.args(*words).arg("--root").arg(root);
        let time = shortest(RUNS, || Ok(()), &mut command)?;
        let what = format!("{} of all services", words[..words.len().min(2)].join(" "));
        Ok(Row::times(
            &what,
            time,
            None,
            Budget::Within(Duration::from_secs(1)),
        ))
    });
    rows.collect()
}

fn this() -> Result<Command> {
    let program = std::env::current_exe().context("this program cannot be found")?;
    Ok(Command::new(program))
}

/// The times of one service.
struct Times {
    lint: Duration,
    regeneration: Duration,
    peer: Option<Duration>,
}

impl Times {
    fn take(
        root: &Path,
        service: &str,
        runs: usize,
        scratch: &Path,
        peers: &Peers,
    ) -> Result<Times> {
        let verb = |verb: &str| -> Result<Command> {
            let mut command = this()?;
            command.arg(verb).arg(service).arg("--root").arg(root);
            Ok(command)
        };
        let crate_folder = root.join("crates").join(service);
        let regeneration = shortest(runs, || fresh(&crate_folder), &mut verb("generate")?)?;
        let document = crate_folder.join("openapi.json");
        let peer = match &peers.generator {
            Some(_) => {
                let out = scratch.join("peer");
                let mut command = by_peer(&document, &out, service);
                Some(shortest(runs, || fresh(&out), &mut command)?)
            }
            None => None,
        };
        Ok(Times {
            lint: shortest(runs, || Ok(()), &mut verb("lint")?)?,
            regeneration,
            peer,
        })
    }

    fn rows(&self, name: &str, budget: Budget) -> [Row; 2] {
        let what = format!("lint and regenerate {name}; peer: openapi-generator");
        let linted = Row::alone(&format!("lint {name}"), shown(self.lint));
        [
            Row::times(&what, self.regeneration, self.peer, budget),
            linted,
        ]
    }
}

/// openapi-generator's Rust client of a document.
pub fn by_peer(document: &Path, out: &Path, service: &str) -> Command {
    let mut command = Command::new("openapi-generator-cli");
    let package = format!("--additional-properties=library=reqwest,packageName=peer-{service}");
    command.args(["generate", "-g", "rust", &package, "-i"]);
    command.arg(document).arg("-o").arg(out);
    command
}

fn copy_transcript(root: &Path, copy: &Path, service: &str) -> Result<()> {
    let below = |root: &Path| root.join("openapi").join(service);
    fs::create_dir_all(below(copy))?;
    for entry in fs::read_dir(below(root))? {
        let path: PathBuf = entry?.path();
        let name = path.file_name().unwrap_or_default();
        fs::copy(&path, below(copy).join(name))?;
    }
    let errata = "openapi/ERRATA.md";
    fs::copy(root.join(errata), copy.join(errata)).context(errata)?;
    Ok(())
}

/// An empty folder.
fn fresh(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(fs::create_dir_all(folder)?)
}
