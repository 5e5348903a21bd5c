//! Measures the compile time of a service crate when its dependencies are already compiled.
//!
//! The measurement compiles our crate from its package, as cargo does for users of the published crate. The package has
//! no build script. In the repository, the crate has a build script, which reads the transcript (the OpenAPI YAML
//! files of a service).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::Bench;
use super::generator::by_peer;
use super::stopwatch::{Measured, output, timed};
use super::table::{Budget, Row};

const TURNS: usize = 7;
const SERVICES: [&str; 2] = ["roma-link", "dcs"];

pub fn measure(bench: &Bench<'_>) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let packages = packaged(bench.root, &bench.scratch.join("packaged"))?;
    for service in SERVICES {
        let ours = Crate {
            folder: packages.clone(),
            package: format!("huaweicloud-{service}"),
            further: &[],
            target: bench.scratch.join("ours"),
        };
        let peer = bench.peers.generator.as_ref();
        let peer = peer.map(|_| by_generator(bench, service)).transpose()?;
        for (name, job, most) in [
            ("check", Job::Check, 0.35),
            ("release build", Job::Release, 0.2),
        ] {
            let what = format!("clean {name} of {service}; peer: openapi-generator's crate");
            let peer = peer.as_ref().map(|peer| peer.measured(job)).transpose()?;
            let times = bench
                .stopwatch
                .in_turns(&what, TURNS, ours.measured(job)?, peer)?;
            rows.push(Row::new(what, times, Budget::AtMost(most)));
        }
    }
    Ok(rows)
}

/// Generates a crate from our OpenAPI document with openapi-generator. rustc also reads the compiled dependencies of a
/// crate, which takes time. So the generated crate uses the TLS library of our crate, rustls.
fn by_generator(bench: &Bench<'_>, service: &str) -> Result<Crate> {
    let folder = bench.scratch.join(format!("crate-{service}"));
    let document = bench.root.join("crates").join(service).join("openapi.json");
    output(&mut by_peer(&document, &folder, service))?;
    Ok(Crate {
        folder,
        package: format!("peer-{service}"),
        further: &["--no-default-features", "--features", "rustls"],
        target: bench.scratch.join("theirs"),
    })
}

#[derive(Clone, Copy)]
enum Job {
    Check,
    Release,
}

/// A crate, and the folder of its compiled dependencies.
struct Crate {
    folder: PathBuf,
    package: String,
    further: &'static [&'static str],
    target: PathBuf,
}

impl Crate {
    /// Compiles the crate and its dependencies. The returned measurement compiles only the crate itself again.
    fn measured(&self, job: Job) -> Result<Measured<'_>> {
        let (words, profile): (&[&str], &[&str]) = match job {
            Job::Check => (&["check"], &[]),
            Job::Release => (&["build", "--release"], &["--release"]),
        };
        let package = ["--package", &self.package];
        let mut build = cargo(&self.folder, &self.target);
        build.args(words).args(package).args(self.further);
        output(&mut build)?;
        let mut clean = cargo(&self.folder, &self.target);
        clean.arg("clean").args(package).args(profile);
        Ok(Box::new(move || {
            output(&mut clean)?;
            timed(&mut build)
        }))
    }
}

/// Creates a workspace of the packages of `huaweicloud-core` and of the measured services, as they would be published.
/// Returns the folder of the workspace.
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
    fs::write(folder.join("Cargo.toml"), manifest)
        .context("cannot write the workspace of the packages")?;
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
