//! Writes an artificial service with any number of operations, for measurements.

use std::fs;
use std::io::Result;
use std::path::Path;

/// The number of operations of each resource.
const OF_RESOURCE: usize = 5;
/// The largest number of resources in a chapter. A chapter with this number has 100 operations.
const OF_CHAPTER: usize = 20;

/// Writes the transcript (the OpenAPI YAML files) of the service `measured` into `openapi/measured` in `root`.
/// The function rounds the number of operations down to a multiple of five.
///
/// # Errors
/// If a file or a folder cannot be written.
pub fn write(root: &Path, operations: usize) -> Result<()> {
    let folder = root.join("openapi/measured");
    fs::create_dir_all(&folder)?;
    // A real workspace also has a folder for the crate.
    fs::create_dir_all(root.join("crates/measured"))?;
    fs::write(folder.join("common.yaml"), include_str!("common.yaml"))?;
    let resources: Vec<usize> = (1..=operations / OF_RESOURCE).collect();
    let mut service = include_str!("service.yaml").to_owned();
    for (number, resources) in resources.chunks(OF_CHAPTER).enumerate() {
        let name = format!("chapter-{number:04}");
        service.push_str(&format!("  - name: {name}\n    description: A chapter.\n"));
        fs::write(
            folder.join(format!("{name}.yaml")),
            chapter(&name, resources),
        )?;
    }
    fs::write(folder.join("service.yaml"), service)
}

fn chapter(name: &str, resources: &[usize]) -> String {
    let paths = filled(include_str!("resource.yaml"), name, resources);
    let schemas = filled(include_str!("schemas.yaml"), name, resources);
    format!("paths:\n{paths}components:\n  schemas:\n{schemas}")
}

/// Returns one copy of the template for each resource. In each copy, the name of the chapter replaces `{chapter}`, and
/// the number of the resource replaces `{n}`.
fn filled(template: &str, chapter: &str, resources: &[usize]) -> String {
    let template = template.replace("{chapter}", chapter);
    let of = |number: &usize| template.replace("{n}", &format!("{number:05}"));
    resources.iter().map(of).collect()
}
