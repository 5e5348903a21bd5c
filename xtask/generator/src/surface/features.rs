//! Lists the features of a crate. Cargo reads the features from the manifest.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Returns a block with a line for each feature, such as `default = ["rustls"]`. Without features, the block is empty.
pub fn features(folder: &Path) -> Result<String> {
    let manifest = folder.join("Cargo.toml");
    let manifest = manifest
        .canonicalize()
        .with_context(|| format!("cannot read {}", manifest.display()))?;
    let metadata = metadata(&manifest)?;
    let mut packages = metadata["packages"].as_array().into_iter().flatten();
    let of = |package: &&Value| package["manifest_path"].as_str().map(Path::new) == Some(&manifest);
    let package = packages.find(of);
    let package = package.with_context(|| format!("cargo did not find {}", manifest.display()))?;
    let features = package["features"].as_object().into_iter().flatten();
    let lines: String = features
        .map(|(name, turns_on)| format!("    {name} = {turns_on}\n"))
        .collect();
    Ok(match lines.is_empty() {
        true => lines,
        false => format!("features\n{lines}\n"),
    })
}

/// Runs `cargo metadata` without dependencies, so cargo needs neither a network nor a lock file.
fn metadata(manifest: &Path) -> Result<Value> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program)
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .arg("--manifest-path")
        .arg(manifest)
        .output()
        .context("cargo could not be run")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    serde_json::from_slice(&output.stdout).context("the output of cargo metadata is not JSON")
}
