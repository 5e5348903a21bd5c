//! How long a service crate takes to compile when its dependencies are there already.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::generator::by_peer;
use super::peers::Peers;
use super::report::{Budget, Row};
use super::stopwatch::{output, shortest};

const RUNS: usize = 3;

pub fn measure(root: &Path, scratch: &Path, peers: &Peers) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let jobs: [(&str, &[&str], f64); 2] = [
        ("check", &["check"], 0.35),
        ("release build", &["build", "--release"], 0.2),
    ];
    for service in ["roma-link", "dcs"] {
        let peer = scratch.join(format!("crate-{service}"));
        if peers.generator.is_some() {
            let document = root.join("crates").join(service).join("openapi.json");
            output(&mut by_peer(&document, &peer, service))?;
        }
        for (name, job, most) in jobs {
            let package = format!("huaweicloud-{service}");
            let ours = time(root, &package, job, &[], &scratch.join("ours"))?;
            let theirs = match peers.generator {
                // Without TLS: only the crate itself is timed, and what it needs shall build anywhere.
                Some(_) => {
                    let package = format!("peer-{service}");
                    let plain = ["--no-default-features"];
                    Some(time(&peer, &package, job, &plain, &scratch.join("theirs"))?)
                }
                None => None,
            };
            let what = format!("clean {name} of {service}; peer: openapi-generator's crate");
            rows.push(Row::times(&what, ours, theirs, Budget::AtMost(most)));
        }
    }
    Ok(rows)
}

fn time(
    folder: &Path,
    package: &str,
    job: &[&str],
    further: &[&str],
    target: &Path,
) -> Result<std::time::Duration> {
    let cargo = || {
        let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(program);
        command.current_dir(folder);
        command.env("CARGO_TARGET_DIR", target);
        command.env("CARGO_INCREMENTAL", "0");
        command
    };
    let mut build = cargo();
    build.args(job).args(["--package", package]).args(further);
    output(&mut build)?;
    let clean = || {
        let mut clean = cargo();
        clean.args(["clean", "--package", package]);
        if job.contains(&"--release") {
            clean.arg("--release");
        }
        output(&mut clean).map(drop)
    };
    shortest(RUNS, clean, &mut build)
}
