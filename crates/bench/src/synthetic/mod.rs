//! A service of any size, for measurements.

use std::fs;
use std::io::Result;
use std::path::Path;

/// Operations of one resource.
const OF_RESOURCE: usize = 5;
/// Resources of one chapter: 100 operations, like a long page of documentation.
const OF_CHAPTER: usize = 20;

/// Writes the transcript of a service `measured` below `root`. The number of operations is rounded to a multiple of five.
///
/// # Errors
/// If files cannot be written.
pub fn write(root: &Path, operations: usize) -> Result<()> {
    let folder = root.join("openapi/measured");
    fs::create_dir_all(&folder)?;
    // The generator expects that the crate's folder exists.
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

/// The template, once for each resource.
fn filled(template: &str, chapter: &str, resources: &[usize]) -> String {
    let template = template.replace("{chapter}", chapter);
    let of = |number: &usize| template.replace("{n}", &format!("{number:05}"));
    resources.iter().map(of).collect()
}
