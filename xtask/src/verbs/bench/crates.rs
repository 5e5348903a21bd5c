//! How long a service crate takes to compile when its dependencies are there already.
//!
//! Ours is compiled as those who depend on it get it: packaged, without the build script that watches the transcripts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::generator::by_peer;
use super::peers::Peers;
use super::report::{Budget, Row};
use super::stopwatch::{output, shortest};

const RUNS: usize = 3;
const SERVICES: [&str; 2] = ["roma-link", "dcs"];

pub fn measure(root: &Path, scratch: &Path, peers: &Peers) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let packages = packaged(root, &scratch.join("packaged"))?;
    let jobs: [(&str, &[&str], f64); 2] = [
        ("check", &["check"], 0.35),
        ("release build", &["build", "--release"], 0.2),
    ];
    for service in SERVICES {
        let peer = scratch.join(format!("crate-{service}"));
        if peers.generator.is_some() {
            let document = root.join("crates").join(service).join("openapi.json");
            output(&mut by_peer(&document, &peer, service))?;
        }
        for (name, job, most) in jobs {
            let package = format!("huaweicloud-{service}");
            let ours = time(&packages, &package, job, &[], &scratch.join("ours"))?;
            let theirs = match peers.generator {
                // With the same TLS as ours: the crates that a crate stands on are read whenever it is compiled.
                Some(_) => {
                    let package = format!("peer-{service}");
                    let rustls = ["--no-default-features", "--features", "rustls"];
                    Some(time(
                        &peer,
                        &package,
                        job,
                        &rustls,
                        &scratch.join("theirs"),
                    )?)
                }
                None => None,
            };
            let what = format!("clean {name} of {service}; peer: openapi-generator's crate");
            rows.push(Row::times(&what, ours, theirs, Budget::AtMost(most)));
        }
    }
    Ok(rows)
}

/// A workspace of the packages that would be published.
fn packaged(root: &Path, folder: &Path) -> Result<PathBuf> {
    let names = ["core"].iter().chain(&SERVICES);
    let names: Vec<String> = names.map(|name| format!("huaweicloud-{name}")).collect();
    let mut package = cargo(root, folder);
    package.args(["package", "--no-verify", "--allow-dirty"]);
    package.args(names.iter().flat_map(|name| ["--package", name]));
    output(&mut package)?;
    let folder = folder.join("package");
    let mut members = Vec::new();
    for name in &names {
        let member = format!("{name}-{}", env!("CARGO_PKG_VERSION"));
        let mut unpack = Command::new("tar");
        unpack.current_dir(&folder);
        output(unpack.args(["-xzf", &format!("{member}.crate")]))?;
        members.push(member);
    }
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n[patch.crates-io]\nhuaweicloud-core = {{ path = {:?} }}\n",
        members[0]
    );
    fs::write(folder.join("Cargo.toml"), manifest).context("the workspace of packages")?;
    Ok(folder)
}

fn cargo(folder: &Path, target: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(folder);
    command.env("CARGO_TARGET_DIR", target);
    command.env("CARGO_INCREMENTAL", "0");
    command
}

fn time(
    folder: &Path,
    package: &str,
    job: &[&str],
    further: &[&str],
    target: &Path,
) -> Result<std::time::Duration> {
    let mut build = cargo(folder, target);
    build.args(job).args(["--package", package]).args(further);
    output(&mut build)?;
    let clean = || {
        let mut clean = cargo(folder, target);
        clean.args(["clean", "--package", package]);
        if job.contains(&"--release") {
            clean.arg("--release");
        }
        output(&mut clean).map(drop)
    };
    shortest(RUNS, clean, &mut build)
}
